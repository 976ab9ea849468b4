package sweep

import (
	"slices"
	"time"

	"slotfinder/internal/civil"
)

// Find answers one question. It is Prepare and Answer in one.
func Find(in Input) Answer { return Prepare(in).Answer() }

// Search is a prepared question. It serves one goroutine; the input must not
// change while it is in use.
type Search struct {
	in      Input
	brake   brake // of in.Stop
	frame   frame
	clock   civil.Clock // of the viewer
	clocks  map[*time.Location]civil.Clock
	axis    civil.Span // the instants looked at: the range and, for a series, its later weeks
	grid    grid
	canvas  canvas
	shifts  shifts
	wish    wish
	allowed civil.Set // where a slot may lie as far as the seeker is concerned
	offered row       // the starts of slots that do

	tiles    tile     // of all people, sixteen in each
	worn     []*shade // by person; nil of those whose calendar is unknown
	shades   []*shade // each that is worn once
	round    int      // number of searches in this memory
	fringe   []fringe
	everyone []int32
	all      tally // how many of all people are missing
	demands  []demand
	roll     []int32 // memory of members
	tallies  []tally // of the demands that are not for everyone
	others   tally   // memory of ask
	met      row     // where every demand is met, by cells and by starts
	open     row     // where, beyond that, a slot may start
	thin     thin
	free     civil.Set // memory of windows
	one      row       // memory of row
	list     []candidate
	lines    []line // per person, made when first asked for
}

// frame is what decides where the cells and starts of the rows lie. Working
// hours painted on it are kept as long as it does not change.
type frame struct {
	zone           *time.Location
	from, last     civil.Date
	step, duration int
}

// wish is what decides, on a frame, where the seeker lets a slot lie.
type wish struct {
	from, to civil.Date
	days     [7]bool
	hours    civil.Range
	soonest  civil.Minute
}

// demand asks for a number of people out of some. The required people are one
// (all of them), the quorum is one, and so is each AnyOf.
type demand struct {
	members []int32 // indices into Input.People
	need    int
	missing *tally
}

// spare returns how many of the members may be missing.
func (d *demand) spare() int { return len(d.members) - d.need }

// Prepare reads the whole input once. Questions that Answer, Attendance, Check
// and the others then answer do not look at people's blocks again, except for
// the time lines that are made of them when first asked for.
func Prepare(in Input) *Search {
	s := &Search{}
	s.Reset(in)
	return s
}

// Reset makes the search one for another input. It is Prepare, but if days, zone,
// step and duration are those of the earlier search it does so in the memory of
// that one, and keeps the starts and the painted working hours of the same *Hours.
func (s *Search) Reset(in Input) {
	s.begin(in)
	s.layOut()
	s.paint()
	s.muster()
}

// begin takes an input. What a search that was stopped left half done is no memory
// to go on with.
func (s *Search) begin(in Input) {
	if s.brake.on {
		*s = Search{}
	}
	s.in, s.brake = in, brake{ask: in.Stop}
}

// Refine makes the search one for an input with the same people, hours and
// blocks, and the same rules but for Hours, Days, Now, Notice, Quorum, Any, Weeks
// of 0 or 1, and who is Required. It reads no block again, unless it was stopped.
func (s *Search) Refine(in Input) {
	if s.brake.on {
		s.Reset(in)
		return
	}
	s.begin(in)
	s.hear()
	s.muster()
}

// layOut finds out which instants are looked at and where slots may lie.
func (s *Search) layOut() {
	r := s.in.Rules
	f := frame{r.Zone, r.From, r.To.Add(7 * max(0, r.Weeks-1)), r.Step, r.Duration}
	if s.frame != f {
		*s = Search{in: s.in, brake: s.brake, frame: f, clocks: map[*time.Location]civil.Clock{}, shifts: shifts{}}
		s.clock = civil.NewClock(f.zone, civil.Around(f.from, f.last))
		days := s.clock.Instants(civil.Union(civil.Span{Start: f.from.Wall(0), End: f.last.Add(1).Wall(0)}))
		if len(days) > 0 {
			s.axis = cells(civil.Span{Start: days[0].Start, End: days[len(days)-1].End}, usual)
		}
		s.grid = newGrid(s.clock, s.axis, f.step)
		s.canvas = newCanvas(s.axis, &s.grid, f.duration)
	}
	s.hear()
}

// hear finds out where the seeker lets a slot lie.
func (s *Search) hear() {
	r := &s.in.Rules
	w := wish{r.From, r.To, r.Days, r.Hours, r.Now + civil.Minute(r.Notice)}
	if s.wish != w {
		s.wish, s.allowed = w, s.allow(r)
		s.offered = zeros(s.offered, s.canvas.width)
		s.canvas.mark(s.allowed, s.offered)
	}
}

// cells widens a span to whole cells.
func cells(s civil.Span, cell civil.Minute) civil.Span {
	floor := func(m civil.Minute) civil.Minute { return m - (m%cell+cell)%cell }
	return civil.Span{Start: floor(s.Start), End: floor(s.End + cell - 1)}
}

// allow returns where the rules' range, days, hours and notice let a slot lie.
func (s *Search) allow(r *Rules) civil.Set {
	var walls civil.Set
	midnight, weekday := r.From.Wall(0), r.From.Weekday()
	for range r.To.Sub(r.From) + 1 {
		if r.Days[weekday] {
			walls = walls.Append(civil.Span{Start: midnight + civil.Minute(r.Hours.Start), End: midnight + civil.Minute(r.Hours.End)})
		}
		midnight, weekday = midnight+civil.Day, (weekday+1)%7
	}
	future := civil.Span{Start: r.Now + civil.Minute(r.Notice), End: s.axis.End}
	return s.clock.Instants(walls).Clip(future)
}

// paint makes the tiles of all people, and counts each while it is at hand.
func (s *Search) paint() {
	c, people := &s.canvas, s.in.People
	c.wipe(s.fringe)
	s.everyone, s.fringe, s.lines = s.everyone[:0], s.fringe[:0], nil
	s.dress()
	size := len(c.lit)
	n := (len(people) + wide - 1) / wide * size
	s.tiles = slices.Grow(s.tiles[:0], n)[:n]
	s.all.clear(c, len(people))
	for first := 0; first < len(people) && !s.brake.on; first += wide {
		t, last := s.tiles[first/wide*size:][:size], min(first+wide, len(people))
		var who places
		for i := first; i < last; i++ {
			s.everyone = append(s.everyone, int32(i))
			who.add(int32(i))
		}
		for i := first; i < last && !s.brake.pulled(); i += 2 { // who has nobody beside him is lifted with what was there before
			s.person(i)
			c.next()
			if i+1 < last {
				s.person(i + 1)
			}
			c.lift(t, i)
		}
		s.all.add(t, &who)
	}
}

// person paints one person on the sheet.
func (s *Search) person(i int) {
	p, c, o := &s.in.People[i], &s.canvas, s.worn[i]
	if p.Unknown {
		c.sheet.fill(ofCells, 0, len(c.sheet)*64)
		c.sheet.fill(ofStarts, 0, len(c.sheet)*64)
		return
	}
	copy(c.sheet, o.sheet)
	for _, f := range o.edge {
		c.touch(int(f.cell), f.minutes)
	}
	c.paint(p.Blocks, &s.in.Rules)
	s.fringe = c.settle(i, s.fringe)
}

// lacks returns a word of a person's row.
func (s *Search) lacks(person, word int) uint64 {
	k := s.canvas.place[word]
	if k < 0 {
		return ^uint64(0)
	}
	return s.tiles[person/wide*len(s.canvas.lit)+int(k)][person%wide]
}

// row returns a person's row, which is good until the next call.
func (s *Search) row(person int) row {
	c := &s.canvas
	s.one = slices.Grow(s.one[:0], c.width)[:c.width]
	tile := s.tiles[person/wide*len(c.lit):][:len(c.lit)]
	for k, w := range c.lit {
		s.one[w] = tile[k][person%wide]
	}
	for _, w := range c.dark {
		s.one[w] = ^uint64(0)
	}
	return s.one
}

// cannot reports whether a person is missing in the slot at a start.
func (s *Search) cannot(person, start int) bool {
	bit := int(s.canvas.bits[start])
	return s.lacks(person, bit>>6)>>(bit&63)&1 == 1
}

// blocks reports whether the block counts under the rules.
func (r *Rules) blocks(b *Block) bool {
	switch {
	case b.Empty(), r.ignores(b):
		return false
	case b.Kind&Absent != 0:
		return true
	default:
		return !(r.TentativeFree && b.Kind&Tentative != 0) && !(r.AllDayFree && b.Kind&AllDay != 0)
	}
}

// ignores reports whether the block is part of the meeting that is being moved.
func (r *Rules) ignores(b *Block) bool { return b.Row != 0 && slices.Contains(r.Ignore, b.Row) }

// widened returns the time that a block at s takes, with the buffer.
func (r *Rules) widened(s civil.Span) civil.Span {
	return civil.Span{Start: s.Start - civil.Minute(r.Buffer), End: s.End + civil.Minute(r.Buffer)}
}

// muster finds where every demand is met.
func (s *Search) muster() {
	if s.brake.pulled() {
		return
	}
	if s.summon(); s.brake.on {
		return
	}
	s.met = append(s.met[:0], s.canvas.used...)
	for _, d := range s.demands {
		d.missing.keepAtMost(d.spare(), s.met)
	}
	s.open = append(s.open[:0], s.offered...)
	s.open[s.canvas.offset:].and(s.met[s.canvas.offset:])
}

// summon makes the demands, and counts who of their members is missing.
func (s *Search) summon() {
	r := &s.in.Rules
	s.demands, s.roll = s.demands[:0], s.roll[:0]
	s.tallies = slices.Grow(s.tallies[:0], 2+len(r.Any)) // demands keep pointers into it
	required := s.everyone
	if s.optional() {
		required = s.members(s.required)
	}
	s.ask(required, len(required))
	if r.Quorum > 0 {
		s.ask(s.everyone, r.Quorum)
	}
	if len(r.Any) > 0 {
		s.summonGroups()
	}
}

// summonGroups makes the demands of the rules' groups.
func (s *Search) summonGroups() {
	place := make(map[int64]int, len(s.in.People))
	for i := range s.in.People {
		place[s.in.People[i].ID] = i
	}
	belongs := make([]bool, len(s.in.People))
	for _, any := range s.in.Rules.Any {
		if s.brake.pulled() {
			return
		}
		clear(belongs)
		for _, id := range any.IDs {
			if i, asked := place[id]; asked {
				belongs[i] = true
			}
		}
		s.ask(s.members(func(i int) bool { return belongs[i] }), any.N)
	}
}

// optional reports whether somebody need not come.
func (s *Search) optional() bool {
	for i := range s.in.People {
		if !s.in.People[i].Required {
			return true
		}
	}
	return false
}

// required reports whether a person must come.
func (s *Search) required(i int) bool { return s.in.People[i].Required }

// members returns the indices of the people that belong; until the next summons.
func (s *Search) members(belongs func(i int) bool) []int32 {
	first := len(s.roll)
	for i := range s.in.People {
		if belongs(i) {
			s.roll = append(s.roll, int32(i))
		}
	}
	return s.roll[first:len(s.roll):len(s.roll)]
}

// ask adds a demand and counts who of its members is missing. Of most people it
// counts the few others, and takes these away from all.
func (s *Search) ask(members []int32, need int) {
	d := demand{members: members, need: need, missing: &s.all}
	if len(members) != len(s.in.People) {
		s.tallies = s.tallies[:len(s.tallies)+1] // with the memory it had
		d.missing = &s.tallies[len(s.tallies)-1]
		if len(s.in.People) <= wide || 2*len(members) < len(s.in.People) {
			d.missing.count(&s.canvas, s.tiles, members)
		} else {
			s.others.count(&s.canvas, s.tiles, s.strangers(members))
			d.missing.without(&s.all, &s.others)
		}
	}
	s.demands = append(s.demands, d)
}

// strangers returns the indices of the people who are no members, in order like
// these; until the next summons.
func (s *Search) strangers(members []int32) []int32 {
	first := len(s.roll)
	for i := range s.everyone {
		if len(members) > 0 && members[0] == int32(i) {
			members = members[1:]
		} else {
			s.roll = append(s.roll, int32(i))
		}
	}
	return s.roll[first:]
}
