// Package sweep is the engine: busy spans and rules in; windows, slots, ways out and
// explanations out. It is pure: it reads no clock, does no I/O, and remembers no earlier
// question. docs/engine.md tells how it works, what was measured, and why the weights of
// the ranking are what they are.
//
// # Use
//
// Find answers an Input with an Answer. Prepare returns the Search, which can also be
// asked for more: Check, Attendance, Verdicts, Explain, Timeline, Remarks, Burdens, Relax,
// Split, Instead.
//
// # Time
//
// Everything is in whole minutes of absolute time. Spans are half-open: the start belongs
// to them, the end does not. Clock readings (the viewer's days and hours, people's working
// hours, the starts of slots) become instants by one rule: an instant belongs to a range
// of a clock if and only if the clock shows a time in that range at that instant. So a
// shift from 02:00 to 03:00 has no minute in the night in which the clock jumps from 02:00
// to 03:00, and lasts two hours in the night in which the clock shows that hour twice. A
// range over midnight belongs to the day it starts on.
//
// # Map
//
//   - input.go, answer.go: the question and the answer.
//   - search.go: Search and Prepare; which instants are searched.
//   - demand.go: who must come: everybody required, a quorum, N of a group.
//   - paint.go, offhours.go: people's calendars and working hours become bits.
//   - partialcells.go, windows.go: windows, exact to the minute.
//   - slots.go: Answer and Check; the nearest candidates; why there is no slot.
//   - rank.go, cost.go: which slot is best, and the reasons given for it.
//   - comfort.go, breaks.go: how gladly people meet at an hour of their own clock, and how long
//     they sit in a row.
//   - remark.go: what distinguishes proposals that are shown together, and whom a slot costs what.
//   - relax.go, whatif.go, split.go: the ways out when nothing fits.
//   - series.go, rotation.go: the same hour over several weeks, or by turns.
//   - attendance.go, timeline.go, explain.go: how each person stands to a slot and over
//     time, and by which rule they are unavailable.
//   - hours.go, grid.go: working time and starts as instants.
//   - stop.go: how a search is ended early.
//   - bitset/: the machinery that counts people for many starts at once.
package sweep
