// Package sweep is the engine: busy spans and rules in; windows, slots, ways out
// and explanations out. It is pure: no clock, no I/O, no memory of other
// questions but the one that Search.Reset is asked to keep.
//
// # Map
//
//   - input.go, answer.go: the question and the answer.
//   - search.go: Prepare reads the whole input once; the demands.
//   - stop.go: how a search is ended.
//   - window.go, slot.go: the answer's windows, slots and nearest candidates, and
//     Check, by which a booking asks whether a slot is still listed.
//   - rank.go: which slot is best, and the reasons given for it.
//   - prospect.go, relax.go, split.go: the ways out when nothing fits.
//   - series.go, rotation.go: the same hour over several weeks, or by turns.
//   - attend.go, explain.go: how each person stands to a slot, over time, and by
//     which rule somebody is unavailable at an instant.
//   - hours.go, shift.go, grid.go: working time, starts.
//   - canvas.go, shade.go, row.go, tally.go: the bits it is all counted with: how
//     they are laid out, how a person is painted, how many are counted.
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
// In a series a reading that a day skips is a miss, and of one that it shows
// twice the first is meant.
//
// # Ranking
//
// Slots are ranked by tiers: fewer required people missing (none, among slots;
// it matters for the nearest candidates), then fewer people short of the quorum
// and the groups, then fewer people missing at all. No cost outweighs a person.
// Within a tier the lower cost wins, then the earlier start. A cost is in
// minutes of trouble; what concerns people is averaged over those who come, so
// that a large group does not drown the rest.
//
// weightWorst: each minute that the worst-off person sits outside 09:00 to 18:00
// on that person's own clock counts four times, since fairness is about the one
// who bears most; half an hour at dawn for one outweighs a day's waiting.
//
// weightMean: the same minutes of the average person count twice, so that of two
// slots equally bad for the worst-off the one that spares the others wins.
//
// weightFocus: a free stretch of two hours or more is focus time. What a slot
// leaves of it in pieces shorter than that is lost, and counts minute for
// minute. Free time is read off the cells (see below), so it is exact to these; it
// orders slots and never decides whether one is free.
//
// weightSliver: a gap of less than half an hour that is left before or after the
// slot counts a quarter of an hour: too short to work in, long enough to miss.
//
// weightTentative: running over a tentative event that the rules let through
// costs two hours. It may turn into a real one, and then the meeting moves.
//
// weightPrefer: each minute between the slot and the seeker's preferred time of
// day counts once. It is a wish, so it yields to the comfort of others.
//
// weightLater: each day of waiting counts twenty minutes: enough to decide
// between equals, not enough to send somebody to the office at eight.
//
// The first twelve places are then spread: within a tier the next place goes to
// the cheapest slot of a day and part of the day (before 11, noon, from 14, from
// 17 o'clock) that has been shown least. The first place is not affected.
//
// # Ways out
//
// Search.Relax offers single changes that help, and pairs only if none does. Its
// costs order them: letting tentative events through asks nothing of anybody
// (20); a shorter meeting costs the minutes it loses; wider hours are a nuisance
// that grows with every hour (30, and 10 for each); a later range is a delay
// (40); a meeting without somebody needs talking to that person (50); all-day
// events are often real (60); leaving working hours is the last thing to ask (80).
// All counts are exact: each change is asked as a question of its own, in the memory
// of the one before. How many slots there would be without each of the people, or each
// pair of them, is read off the starts at which exactly one, or two, are missing; the
// longest time that fits is found by halving. That is some seventy questions where
// nothing helps. Nobody is made optional who is the only one asked: a meeting of nobody
// is none.
//
// # How it ends
//
// A search may be one of 500 people in 50 groups, for somebody who has gone away long
// ago. So Input.Stop is asked for every person that is painted, weighed or looked
// through, every group that is counted, every start that is looked at on its own and
// every question that is put for a way out. What happens between two asks is bounded
// by the axis, which callers keep below nine months, and by one person's blocks or the
// starts of the axis: some milliseconds. Once Stop has said true nothing is asked nor
// begun any more; the Answer says Stopped and nothing else.
//
// Series, rotation, ways out and split take longer than all the rest and are worth less.
// Each has a stop function of its own, which says that it has been enough. They end with
// what they have, if that is true by itself (a series, a change with its number of
// slots), and say that they were cut. The engine knows no clock: what a budget is, its
// callers say.
//
// # How it counts
//
// Each person is painted on a sheet of bits: one per cell, which is five minutes,
// and one per slot that would begin in that cell. A set bit says that the person
// cannot: not in any minute of the cell, not for the whole slot. Nearly all
// meetings begin and end on cells; for those that do not, the minutes that fill
// no cell are kept apart (the fringe), so that answers are exact to the minute.
// Where slots themselves need not begin or end on five minutes (a step or a
// length of seven), cells are single minutes, and there is no fringe.
//
// From the sheet the bits go into a row: the cells, and of the second half only
// the starts of the grid, turned so that several words of them share one (see
// seat). The rows of sixteen people stand side by side in a tile, and only the
// words that anybody's working hours reach are kept: in the others, a third of
// the time or more in most offices, everybody is missing. While a tile is at hand it is
// added up, as 64 counters at a time (carry-save, see tally), and a demand — all of
// the required, N of all, N of these — is a comparison of the counts with a
// constant. Of a tile's people those who do not belong to a demand are masked out.
// Where it is for most people but not for all, the few others are counted, and
// taken away from all, unless all are in one tile. The best starts are found level
// by level: those with the lowest count, bit by bit from the highest plane down,
// then the next. Each of a tile's sixteen places takes a sixth of a byte per five minutes,
// or less, with starts every quarter of an hour; 1¼ bytes at most, with cells and
// starts of single minutes.
//
// # How fast it is
//
// BenchmarkTable measures, after comparing the answers, nanoseconds per busy
// interval for windows of everybody, windows of a quorum, counts and the best 50.
// On one core of a shared EPYC machine, where the textbook's sort, merge and sweep
// takes 230 to 340:
//
//	                    S     M     L    XL   (5 to 5,000 people, 14 to 92 days)
//	cold              9.9   5.6   5.5   7.8   from spans as they come, shuffled or not
//	warm              4.7   1.0   0.1   0.1   one who had to come need not
//	first              80    11   6.6   8.3   cold, with days and hours to lay out
//	ranked             60    10   9.2    12   cold, with what the best cost, and reasons
//	× textbook         29    40    44    31   cold; shuffled 29, 40, 45, 31
//	× PostgreSQL    1,000 1,400 1,700     –   multiranges
//	× slot-calculator 8,300 5,600   –     –   which finds windows of all only
//	× cal.com      11,000 15,000    –     –   its published slot code; windows of all only
//
// The textbook itself takes a tenth more or less from run to run, so that its row
// does too: 28 to 31 in S. That is 24 groups asked about in turn: one group's 280
// intervals, measured again and again, a processor knows by heart, and then the
// textbook's sort costs half. A search of S takes less than three microseconds;
// painting and counting are half of that, and the rest, two sets of windows and the
// best starts, grows with the days, not with the people. Warm is at its best when few
// people change: with half of them changed, all rows are counted again, which alone
// takes 1.5 in S, 0.8 in M and 0.6 in L. XL does not fit into the caches, and varies
// with who else uses the machine's memory.
//
// What was tried, and measured here. A row per person with starts counted by division
// beside cells painted in 8 what now takes 4 without the fringe, since both halves of
// a sheet share shifts and address, and a loop without calls keeps what it needs in
// registers. Dividing by five with one multiplication, which also tells whether there
// is a remainder (see fifth), took a tenth off a cold M. Leaving the loop at a block
// that is not plain is no slower than putting it aside, and needs fewer registers; a
// table of masks instead of shifts gained nothing. A block that begins or ends within
// a cell took over ten times as long as a plain one, so that the one in sixteen of L
// was two fifths of its painting; nearly all of that were branches nobody can foresee,
// and without these it takes a third. To paint all blocks by that rule, though, costs
// each half as much again. Two people lifted into a tile at a time take hardly longer
// than one, where a tile is larger than the nearest cache. To write down which words
// are in doubt before looking at them is slower than to look. Rows in one piece,
// summed from sixteen places, counted half as fast as tiles. Adding eight people at a
// time instead of sixteen costs large groups nothing and small ones half as much;
// copying the members into a tile of their own, instead of masking the others, nearly
// doubles the time to count a changed S. Asking again what the seeker allows, clearing
// something for every cell of the axis, and sorting the best starts by count were a
// third of S. Weighing each person and candidate through the tile and a clock cost a
// ranked M twice its search; a row spread out once per person, and clocks read once
// per zone, left a third of that.
//
// A whole answer of the worst case that may be asked, 500 people with full calendars in
// 50 groups over 92 days, with a start every five minutes and all ways out tried in
// vain, takes one to three seconds (BenchmarkWorstCase). Groups are sums over many starts
// at a time like all other demands, also in the ways out; they were once counted for each
// start and change, which took a minute for 28 groups over 31 days. That the engine asks
// whether to stop can't be measured in the table.
//
// What was weighed and not built: a difference array over minutes, which needs
// each person's blocks merged first, so sorted (a radix sort does not pay for
// lists of a few hundred), and moves five times the memory; merging people k
// ways, which is the textbook's sweep with a heap for its sort; a row of minutes
// throughout, which is simpler, having no fringe, but five times as much to count;
// rows of starts alone, which give the slots but not the windows. Zones are
// looked up once per change of a clock (see civil.Clock), not once per event, and
// working hours are painted once per zone and schedule.
package sweep
