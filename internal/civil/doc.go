// Package civil is the vocabulary of time that everything else speaks. It is pure: it
// computes with the values it is given, and reads neither a clock nor a file.
//
// Absolute time, the same for everybody:
//
//   - span.go: Minute, an instant; Span, the time from one instant to another.
//   - set.go: Set, many spans in order, and what can be done with two of them: Union,
//     Subtract, Intersect, Clip, Covers.
//
// Time as a calendar or a clock on the wall shows it, which means an instant only
// together with a zone:
//
//   - date.go: Date, a day; its noon and its first instant in a zone.
//   - range.go: Range, from one clock reading to another; Period, days in a row;
//     YearDay, a day of every year.
//   - clock.go: Clock, which translates between readings and instants in one zone.
//
// Everything that says "from … to" in absolute time is a Span. Its end does not belong to
// it, so spans that touch don't overlap, and a span without length holds nothing.
//
// Zones themselves are loaded by civil/zone, which carries the rules of time zones.
package civil
