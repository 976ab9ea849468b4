package find

import (
	"slices"
	"sort"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	"slotfinder/templates/part"
)

// day is a column of the board. Places on it are minutes from the first clock
// reading shown, so that a day on which the clocks change looks like the others.
type day struct {
	key        string    // YYYY-MM-DD in the viewer's zone
	noon       time.Time // in the viewer's zone
	start, end time.Time // the part shown; end exclusive
	from, to   int       // the same as clock readings
	even       bool      // the clocks don't change in the part shown
	lanes      [][]piece // of each person, in the order of Result.people
	steps      []step    // how many are free
	most       int       // the largest of them
	blocks     []block
	chosen     *piece
	slots      int
	today      bool
	on         bool // the day that narrow screens show
	shown      bool // on the board
}

// piece is a part of a day: [a, b) in minutes from the beginning of the part shown, by
// the clock, and [from, till) by the time that passes. They differ where the clocks change.
type piece struct {
	a, b       int
	from, till int
	kind       Kind
	free       bool
}

// step is a part of a day in which the same number of people are free.
type step struct{ a, b, free int }

// block is a part of a day that can be chosen.
type block struct {
	a, b       int
	everybody  bool   // all needed can; else almost all
	parts      []step // of one that all needed can, by how many are free
	start, end time.Time
	url        string
	missing    []meet.Verdict // few who can't come to the slot it leads to; nil of many
}

func newDay(noon time.Time, from, to, people int) *day {
	year, month, date := noon.Date()
	at := func(minutes int) time.Time { return time.Date(year, month, date, 0, minutes, 0, 0, noon.Location()) }
	start, _ := locale.Passes(at(from))
	_, end := locale.Passes(at(to))
	return &day{
		key: noon.Format(time.DateOnly), noon: noon, start: start, end: end,
		from: from, to: to, even: end.Sub(start) == time.Duration(to-from)*time.Minute, lanes: make([][]piece, people),
	}
}

func (d *day) width() int { return d.to - d.from }

// clip returns where [start, end) lies on the day, nil when it does not.
func (d *day) clip(start, end time.Time) *piece {
	if !start.Before(d.end) || !end.After(d.start) {
		return nil
	}
	p := piece{a: 0, b: d.width(), till: minutes(d.end.Sub(d.start))}
	if start.After(d.start) {
		p.a, p.from = d.place(start), minutes(start.Sub(d.start))
	}
	if end.Before(d.end) {
		p.b, p.till = d.endPlace(end), minutes(end.Sub(d.start))
	}
	if !d.even {
		d.cover(&p)
	}
	if p.b <= p.a { // an hour that the clocks skip
		return nil
	}
	return &p
}

// endPlace is where something ends that lasts until then: an end at the moment in which the
// clock is put back is where the clock stood before.
func (d *day) endPlace(end time.Time) int {
	if d.even {
		return d.place(end)
	}
	return d.place(end.Add(-time.Minute)) + 1
}

// cover widens a piece over all that the clock shows during it. One that runs from the
// first of two 02:30 into the second 02:15 shows everything from 02:00 to 03:00.
func (d *day) cover(p *piece) {
	start, end := d.after(p.from), d.after(p.till)
	_, change := start.ZoneBounds()
	if !change.After(start) || !change.Before(end) {
		return
	}
	if back := d.place(change); back < d.place(change.Add(-time.Minute)) {
		p.a, p.b = min(p.a, back), max(p.b, d.place(change.Add(-time.Minute))+1)
	}
}

// twice reports whether the clock shows a step twice that day: then it has no one answer
// to who is free.
func (d *day) twice(s step) bool {
	return !d.even && (locale.Twice(d.instant(s.a)) || locale.Twice(d.instant(s.b-1)) || locale.Twice(d.instant(s.b)))
}

// after is the instant so many minutes after the beginning of the part shown.
func (d *day) after(minutes int) time.Time {
	return d.start.Add(time.Duration(minutes) * time.Minute)
}

func minutes(d time.Duration) int { return int(d / time.Minute) }

func (d *day) place(t time.Time) int {
	if d.even { // much faster
		return int(t.Sub(d.start) / time.Minute)
	}
	t = t.In(d.noon.Location())
	return t.Hour()*60 + t.Minute() - d.from
}

// instant is the inverse of place. Of a reading that comes twice it is the first.
func (d *day) instant(minutes int) time.Time {
	year, month, date := d.noon.Date()
	first, _ := locale.Passes(time.Date(year, month, date, 0, d.from+minutes, 0, 0, d.noon.Location()))
	return first
}

// count works out how many of these people are free in each part of the day, and
// the largest of these numbers. Somebody whose calendar is unknown is never free.
// With few people, a part ends where somebody else becomes free, so that it can name
// who is free.
func (d *day) count(people []part.Person, rows []int) (steps []step, most int) {
	change := make([]int, d.width()+1)
	others := make([]bool, d.width()+1) // whether other people are free from here on
	for _, i := range rows {
		if people[i].Unknown != "" {
			continue
		}
		change[0]++
		end := 0
		for _, p := range sorted(d.lanes[i]) {
			if p.free || p.b <= end {
				continue
			}
			change[max(p.a, end)]--
			change[p.b]++
			others[max(p.a, end)], others[p.b] = true, true
			end = p.b
		}
	}
	free := 0
	for minute, by := range change[:d.width()] {
		free += by
		if minute == 0 || by != 0 || others[minute] && len(rows) <= mostNamed {
			steps = append(steps, step{a: minute, free: free})
		}
		steps[len(steps)-1].b = minute + 1
		most = max(most, free)
	}
	return steps, most
}

// coarse replaces very many steps by quarters of an hour. Each shows the fewest people
// who are free in it.
func coarse(steps []step) []step {
	if len(steps) <= mostSteps {
		return steps
	}
	var rough []step
	for _, s := range steps {
		for a := s.a / 15 * 15; a < s.b; a += 15 {
			if n := len(rough) - 1; n >= 0 && rough[n].a == a {
				rough[n].free = min(rough[n].free, s.free)
			} else {
				rough = append(rough, step{a, a + 15, s.free})
			}
		}
	}
	return rough
}

// away returns the indexes of those who are not free at a place.
func (d *day) away(place int) (rows []int) {
	for i, lane := range d.lanes {
		for _, p := range lane {
			if !p.free && p.a <= place && place < p.b {
				rows = append(rows, i)
				break
			}
		}
	}
	return rows
}

func sorted(lane []piece) []piece {
	if slices.IsSortedFunc(lane, byStart) {
		return lane
	}
	lane = slices.Clone(lane)
	slices.SortFunc(lane, byStart)
	return lane
}

func byStart(p, q piece) int { return p.a - q.a }

// blocksOf returns what can be chosen on a day: the windows or, on a day without
// any, the parts in which almost everybody can.
func (r *Result) blocksOf(d *day) []block {
	var blocks []block
	first := sort.Search(len(r.answer.Found.Windows), func(i int) bool { return r.answer.Found.Windows[i].End.Time().After(d.start) })
	for _, w := range r.answer.Found.Windows[first:] {
		start, end := w.In(r.zone)
		if !start.Before(d.end) {
			break
		}
		if p := d.clip(start, end); p != nil {
			if start, ok := r.firstSlot(w); ok {
				if len(blocks) == mostBlocks {
					return blocks // the list under the board has the others
				}
				blocks = append(blocks, block{a: p.a, b: p.b, everybody: true, parts: d.between(p.a, p.b), start: d.after(p.from), end: d.after(p.till), url: r.slotURL(start)})
			}
		}
	}
	if len(blocks) == 0 && len(r.people) > 1 {
		return r.almost(d)
	}
	return blocks
}

// between are the steps of a part of the day; those with as many free people are one.
func (d *day) between(a, b int) (parts []step) {
	for _, s := range d.steps {
		s.a, s.b = max(s.a, a), min(s.b, b)
		switch n := len(parts) - 1; {
		case s.a >= s.b:
		case n >= 0 && (parts[n].free == s.free || n == mostParts-1):
			parts[n].b, parts[n].free = s.b, min(parts[n].free, s.free)
		default:
			parts = append(parts, s)
		}
	}
	return parts
}

// firstSlot is the first start on the grid in a window.
func (r *Result) firstSlot(w civil.Span) (time.Time, bool) {
	slots := r.answer.Found.Slots
	i := sort.Search(len(slots), func(i int) bool { return slots[i].Start >= w.Start })
	if i == len(slots) || slots[i].End > w.End {
		return time.Time{}, false
	}
	return slots[i].Start.Time(), true
}

// almost finds the parts of a day, long enough for a meeting, in which at least
// 85 % of the people are free.
func (r *Result) almost(d *day) []block {
	enough := max(1, (len(r.people)*85+99)/100)
	if len(r.people) < 7 {
		enough = len(r.people) - 1
	}
	var blocks []block
	for i := 0; i < len(d.steps) && len(blocks) < mostBlocks; {
		a := d.steps[i].a
		for i < len(d.steps) && d.steps[i].free >= enough {
			i++
		}
		b := d.width()
		if i < len(d.steps) {
			b = d.steps[i].a
			i++
		}
		onGrid := d.onGrid(a, r.answer.Query.Step)
		start := d.instant(onGrid)
		if onGrid+r.answer.Query.Duration > b || start.Before(r.answer.AsOf) {
			continue
		}
		blocks = append(blocks, block{a: a, b: b, start: d.instant(a), end: d.instant(b), url: r.slotURL(start), missing: r.few(start)})
	}
	return blocks
}

// few are those who can't come to a slot at start; nil when there are too many
// people to name any.
func (r *Result) few(start time.Time) []meet.Verdict {
	if len(r.people) > mostNamed {
		return nil
	}
	return r.answer.Verdicts(start, start.Add(time.Duration(r.answer.Query.Duration)*time.Minute))
}

// onGrid moves a place on to the next start that the search allows.
func (d *day) onGrid(minutes, step int) int {
	step = max(step, 1)
	return (d.from+minutes+step-1)/step*step - d.from
}
