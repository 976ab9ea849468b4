// Package sweep is the engine: busy spans and rules in, windows, slots and
// explanations out. It is pure: no clock, no I/O, no memory between questions.
//
// # Map
//
//   - input.go, answer.go: the question and the answer.
//   - search.go: Prepare, which reads the whole input once; the demands.
//   - window.go, slot.go: the answer's windows and slots, and Check, which is
//     how a booking asks whether a slot is still among them.
//   - attend.go: how each person stands to a slot, and over time.
//   - explain.go: who is unavailable at an instant, and by which rule.
//   - date.go, clock.go, hours.go, grid.go: days, zones, working time, starts.
//   - shade.go, row.go, tally.go: the bits it is all counted with.
//
// # Time
//
// Everything is in whole minutes of absolute time. Clock readings (the viewer's
// days and hours, people's working hours, the starts of the grid) are turned
// into instants by one rule: an instant belongs to a range of a clock if and only
// if the clock shows a time in that range at that instant. So a shift from 02:00
// to 03:00 lasts no minute in the night in which the clock jumps from 02:00 to
// 03:00, and two hours in the night in which it shows that hour twice; of a
// start that the clock shows twice both instants are starts. A range over
// midnight belongs to the day it starts on, where the day before a day is the
// one before it in the calendar (also in Samoa, which had no 30 December 2011).
//
// # How it counts
//
// For each person the engine paints one row of bits: one per five minutes of
// the time looked at, and one per start of the grid. A set bit says that the
// person cannot: not in any of those minutes, not for the whole slot at that
// start. Nearly all meetings begin and end on five minutes; for those that do
// not, the minutes that fill no cell are kept apart (the fringe), so that
// answers are exact to the minute. The rows are then added up as 64 counters at
// a time (carry-save, see tally), and a demand — all of the required, N of all,
// N of these — is a comparison of the counts with a constant.
package sweep
