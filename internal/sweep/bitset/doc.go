// Package bitset is the engine's machinery: it holds, for many people and a stretch of
// time, one bit for "cannot", and counts how many people have it set. It knows spans of
// minutes, but no calendars, rules, zones or clocks.
//
// # The way through
//
// A Layout is made of an axis (the time that is looked at), the starts at which a slot
// may begin, and the length of a slot. It divides the axis into cells of five minutes
// and says which bit of a Row stands for which cell or start.
//
// A Painter paints one person after another on a Sheet. A block of time sets the bits of
// the cells that it fills, and of the starts whose slot it would disturb. Minutes that do
// not fill a cell are kept as a Partial, so that answers stay exact to the minute.
//
// What is painted is lifted into a Matrix, which holds the rows of all people. A Tally
// counts, for all bits at once, how many of some people are missing.
//
// # Map
//
//   - row.go: Row, and what can be done with one.
//   - layout.go: Layout: cells, starts, and the bits that stand for them.
//   - pack.go: how the starts are packed into the words of a row.
//   - sheet.go: Sheet, what one person is painted on.
//   - painter.go: Painter, Partial and Background.
//   - matrix.go: Matrix, the rows of all people, sixteen side by side.
//   - tally.go, compare.go: Tally: counting, and comparing the counts.
//
// All minutes are absolute (minutes since 1970-01-01T00:00Z), all spans half-open. A set
// bit always means "not available". Nothing here may be used by two goroutines at once.
// docs/engine.md says why it is built this way, and what was measured.
package bitset
