// Package span holds half-open intervals of whole minutes and their algebra.
// It is pure and knows nothing of people, calendars or time zones.
//
//   - span.go: Minute, an instant; Span, one interval; rounding outward.
//   - set.go: Set, many intervals in order, and what can be done with two of
//     them: Union, Subtract, Intersect, Clip, Covers.
//
// Everything in Slotfinder that says "from … to" is a Span, so touching is
// never overlapping, and an interval without length holds nothing.
package span
