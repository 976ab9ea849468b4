package sweep

import (
	"slices"
	"time"

	"slotfinder/internal/span"
)

// Find answers one question. It is Prepare and Answer in one.
func Find(in Input) Answer { return Prepare(in).Answer() }

// Search is a prepared question. It serves one goroutine; the input must not
// change while it is in use.
type Search struct {
	in      Input
	clock   Clock     // of the viewer
	axis    span.Span // the instants looked at: the range and, for a series, its later weeks
	allowed span.Set  // where a slot may lie as far as the seeker is concerned
	grid    grid
	canvas  canvas

	rows    []row // per person
	fringe  []fringe
	all     tally // how many of all people are missing
	demands []demand
	met     row    // where every demand is met, by cells and by starts
	open    row    // where, beyond that, a slot may start
	lines   []line // per person, made when first asked for
}

// demand asks for a number of people out of some. The required people are one
// (all of them), the quorum is one, and so is each AnyOf.
type demand struct {
	members []int32 // indices into Input.People
	need    int
	missing *tally
}

// Prepare reads the whole input once. Questions that Answer, Attendance, Check
// and the others then answer do not look at people's blocks again, except for
// the time lines that are made of them when first asked for.
func Prepare(in Input) *Search {
	s := &Search{in: in}
	s.layOut()
	s.paint()
	s.muster()
	return s
}

// layOut finds out which instants are looked at and where slots may lie.
func (s *Search) layOut() {
	r := &s.in.Rules
	last := r.To.Add(7 * max(0, r.Weeks-1))
	s.clock = NewClock(r.Zone, around(r.From, last))
	days := s.clock.Instants(span.Union(span.Span{Start: r.From.wall(0), End: last.Add(1).wall(0)}))
	if len(days) > 0 {
		s.axis = cells(span.Span{Start: days[0].Start, End: days[len(days)-1].End})
	}
	s.allowed = s.offered(r)
	s.grid = newGrid(s.clock, s.axis, r.Step)
	s.canvas = newCanvas(s.axis, &s.grid, r.Duration)
}

// cells widens a span to whole cells.
func cells(s span.Span) span.Span {
	floor := func(m span.Minute) span.Minute { return m - (m%cell+cell)%cell }
	return span.Span{Start: floor(s.Start), End: floor(s.End + cell - 1)}
}

// offered returns where the rules' range, days, hours and notice let a slot lie.
func (s *Search) offered(r *Rules) span.Set {
	var walls span.Set
	for d := r.From; !r.To.Before(d); d = d.Add(1) {
		if r.Days[d.Weekday()] {
			walls = walls.Append(span.Span{
				Start: d.wall(0) + span.Minute(r.Hours.Start),
				End:   d.wall(0) + span.Minute(r.Hours.End),
			})
		}
	}
	future := span.Span{Start: r.Now + span.Minute(r.Notice), End: s.axis.End}
	return s.clock.Instants(walls).Clip(future)
}

// paint makes the rows of all people.
func (s *Search) paint() {
	memory := make(row, len(s.in.People)*s.canvas.width)
	s.rows = make([]row, len(s.in.People))
	outside := shifts{}
	for i := range s.in.People {
		r := memory[i*s.canvas.width:][:s.canvas.width]
		s.rows[i] = r
		p := &s.in.People[i]
		if p.Unknown {
			s.canvas.shade(r, s.axis)
			continue
		}
		if s.in.Rules.Work && p.Hours != nil {
			outside.of(s, p).onto(&s.canvas, r)
		}
		for b := range p.Blocks {
			if s.in.Rules.blocks(&p.Blocks[b]) {
				s.canvas.shade(r, s.in.Rules.widened(p.Blocks[b].Span))
			}
		}
		s.fringe = s.canvas.settle(r, i, s.fringe)
	}
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
func (r *Rules) widened(s span.Span) span.Span {
	return span.Span{Start: s.Start - span.Minute(r.Buffer), End: s.End + span.Minute(r.Buffer)}
}

// shifts are the working hours met so far. Most people of a portal share them,
// so each is translated into instants once.
type shifts map[shift]shade

type shift struct {
	zone  *time.Location
	hours *Hours
}

// shade is a painted row that can be laid under many people.
type shade struct {
	row  row
	edge []fringe
}

// of returns everything outside the person's working hours, painted.
func (known shifts) of(s *Search, p *Person) shade {
	key := shift{p.Zone, p.Hours}
	if painted, ok := known[key]; ok {
		return painted
	}
	free := span.Union(s.axis).Subtract(s.shift(p))
	painted := shade{row: make(row, s.canvas.width)}
	for _, f := range free {
		s.canvas.shade(painted.row, f)
	}
	painted.edge = s.canvas.settle(painted.row, 0, nil)
	known[key] = painted
	return painted
}

// shift returns when the person works, within the axis.
func (s *Search) shift(p *Person) span.Set {
	return atWork(p.Hours, NewClock(p.Zone, s.axis), s.axis)
}

// onto lays the shade under a person about to be painted.
func (o shade) onto(c *canvas, r row) {
	copy(r, o.row)
	for _, f := range o.edge {
		c.touch(int(f.cell), int(f.minutes))
	}
}

// muster counts who is missing where, and finds where every demand is met.
func (s *Search) muster() {
	everyone := s.members(func(*Person) bool { return true })
	s.all.count(s.canvas.width, s.rows)
	required := s.members(func(p *Person) bool { return p.Required })
	s.ask(required, len(required))
	if q := s.in.Rules.Quorum; q > 0 {
		s.ask(everyone, q)
	}
	for _, any := range s.in.Rules.Any {
		s.ask(s.members(func(p *Person) bool { return slices.Contains(any.IDs, p.ID) }), any.N)
	}
	s.met = make(row, s.canvas.width)
	s.met[:s.canvas.offset/64].fill(0, s.canvas.cells)
	s.met[s.canvas.offset/64:].fill(0, len(s.grid.starts))
	enough := make(row, s.canvas.width)
	for _, d := range s.demands {
		d.missing.atMost(len(d.members)-d.need, enough)
		s.met.and(enough)
	}
	s.open = make(row, s.canvas.width)
	s.starts(s.allowed, s.in.Rules.Duration, s.open)
	s.open.and(s.met)
}

// members returns the indices of the people that belong.
func (s *Search) members(belongs func(*Person) bool) []int32 {
	var members []int32
	for i := range s.in.People {
		if belongs(&s.in.People[i]) {
			members = append(members, int32(i))
		}
	}
	return members
}

// ask adds a demand and counts who of its members is missing.
func (s *Search) ask(members []int32, need int) {
	d := demand{members: members, need: need, missing: &s.all}
	if len(members) != len(s.rows) {
		rows := make([]row, len(members))
		for i, m := range members {
			rows[i] = s.rows[m]
		}
		d.missing = &tally{}
		d.missing.count(s.canvas.width, rows)
	}
	s.demands = append(s.demands, d)
}

// starts marks the starts whose whole slot lies in one of the spans.
func (s *Search) starts(in span.Set, duration int, r row) {
	for _, w := range in {
		r.fill(s.canvas.offset+s.grid.rank(w.Start), s.canvas.offset+s.grid.rank(w.End-span.Minute(duration)+1))
	}
}
