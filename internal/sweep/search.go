package sweep

import (
	"slices"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/sweep/bitset"
)

// Find answers one question. It is Prepare and Answer in one.
func Find(in Input) Answer { return Prepare(in).Answer() }

// Search is a prepared question. It serves one goroutine; the input must not change
// while it is in use.
type Search struct {
	in    Input
	stop  stopper // asks in.Stop
	frame frame
	clock civil.Clock // of the viewer
	axis  civil.Span
	grid  grid

	clocks   map[*time.Location]civil.Clock // by zone, over the axis
	offHours map[schedule]*offHours         // painted on this frame so far
	byPerson []*offHours                    // of each person; nil of those whose calendar is unknown
	inUse    []*offHours                    // each of these once
	round    int                            // number of questions answered on this frame
	layout   *bitset.Layout                 // of the rows
	painter  *bitset.Painter
	matrix   bitset.Matrix // the rows of all people
	everyone []int32       // the indices of all people
	missing  bitset.Tally  // how many of all people are missing

	limits  limits
	allowed civil.Set  // where the seeker lets a slot lie
	offered bitset.Row // the starts of slots that lie there

	demands []demand
	met     bitset.Row // where every demand is met, by cells and by starts
	open    bitset.Row // where, beyond that, a slot may start
	doubt   doubt
	lines   []timeline // by person, made when first asked for

	memory memory
}

// memory is what a search would otherwise allocate again and again. What it holds between
// two uses means nothing.
type memory struct {
	members    []int32        // of the demands
	tallies    []bitset.Tally // of the demands that are not for everyone
	others     bitset.Tally   // of those who are in no demand
	left       bitset.Row     // starts that are not among the fewest yet
	level      bitset.Row     // starts that are added to the fewest
	free       civil.Set      // windows before they are clipped
	candidates []candidate
}

// frame is what decides where the cells and starts of the rows lie. Off-hours painted on
// it are kept as long as it does not change.
type frame struct {
	zone           *time.Location
	from, last     civil.Date // both inclusive
	step, duration int        // minutes
}

// limits is what decides, on a frame, where the seeker lets a slot lie.
type limits struct {
	from, to civil.Date // both inclusive
	days     [7]bool
	hours    civil.Range
	first    civil.Minute // nothing starts before it
}

// Prepare reads the whole input once. What Answer, Attendance, Check and the others then
// tell does not read people's blocks again, except for their timelines, which are made
// when first asked for.
func Prepare(in Input) *Search {
	s := &Search{}
	s.reset(in)
	return s
}

// reset makes the search one for another input. It is Prepare in the memory of the
// earlier search. If days, zone, step and duration are the same, the starts and the
// off-hours of the same *Hours are kept, too.
func (s *Search) reset(in Input) {
	s.begin(in)
	s.layOut()
	s.paint()
	s.meetDemands()
}

// begin takes an input. A search that was stopped is half done, so nothing of it is kept.
func (s *Search) begin(in Input) {
	if s.stop.stopped {
		*s = Search{}
	}
	s.in, s.stop = in, stopper{ask: in.Stop}
}

// refine makes the search one for another input that differs from the one before in who
// is Required and in the rules that refines names, and in nothing else. It reads no block
// again, unless it was stopped.
func (s *Search) refine(in Input) {
	if s.stop.stopped {
		s.reset(in)
		return
	}
	s.begin(in)
	s.applyLimits()
	s.meetDemands()
}

// refines reports whether the rules differ from the other ones only in Hours, Days, Now,
// Notice, Quorum, Any and Prefer, so that the same people need not be painted again.
func (r Rules) refines(other *Rules) bool {
	return r.frame() == other.frame() && r.To == other.To &&
		r.Work == other.Work && r.TentativeFree == other.TentativeFree && r.AllDayFree == other.AllDayFree &&
		r.Buffer == other.Buffer && slices.Equal(r.Ignore, other.Ignore)
}

// frame returns the frame of the rules.
func (r *Rules) frame() frame {
	return frame{r.Zone, r.From, r.To.Add(7 * max(0, r.Weeks-1)), r.Step, r.Duration}
}

// layOut finds out which instants are looked at and where slots may lie.
func (s *Search) layOut() {
	if f := s.in.Rules.frame(); s.frame != f {
		*s = Search{in: s.in, stop: s.stop, frame: f, clocks: map[*time.Location]civil.Clock{}, offHours: map[schedule]*offHours{}}
		s.clock = civil.NewClock(f.zone, civil.Around(f.from, f.last))
		days := s.clock.Instants(civil.Union(civil.Span{Start: f.from.Wall(0), End: f.last.Add(1).Wall(0)}))
		if len(days) > 0 {
			s.axis = wholeCells(civil.Span{Start: days[0].Start, End: days[len(days)-1].End})
		}
		s.grid = newGrid(s.clock, s.axis, f.step)
		s.layout = bitset.NewLayout(s.axis, s.grid.starts, civil.Minute(f.duration))
		s.painter = bitset.NewPainter(s.layout)
	}
	s.applyLimits()
}

// wholeCells widens a span to multiples of the usual cell.
func wholeCells(s civil.Span) civil.Span {
	const cell = bitset.CellMinutes
	floor := func(m civil.Minute) civil.Minute { return m - (m%cell+cell)%cell }
	return civil.Span{Start: floor(s.Start), End: floor(s.End + cell - 1)}
}

// applyLimits finds out where the seeker lets a slot lie.
func (s *Search) applyLimits() {
	r := &s.in.Rules
	l := limits{r.From, r.To, r.Days, r.Hours, r.Now + civil.Minute(r.Notice)}
	if s.limits != l {
		s.limits, s.allowed = l, s.allow(r)
		s.offered = bitset.Zeros(s.offered, s.layout.Width())
		s.layout.Mark(s.allowed, s.offered)
	}
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

// slot returns the slot of a start.
func (s *Search) slot(start int) civil.Span {
	at := s.grid.starts[start]
	return civil.Span{Start: at, End: at + s.layout.Duration()}
}

// cannot reports whether a person is missing in the slot of a start.
func (s *Search) cannot(person, start int) bool { return s.matrix.Has(person, s.layout.Bit(start)) }
