package sweep

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"slotfinder/internal/civil"
)

// oracle answers a question by looking at every minute on its own, and asks package time
// what each clock shows. It shares no step with the engine.
type oracle struct {
	in   Input
	from civil.Minute
	ok   [][]bool // by person and minute, counted from from: available
	may  []bool   // by minute: allowed by the seeker
}

func ask(in Input) *oracle {
	r := in.Rules
	o := &oracle{in: in, from: civil.Floor(time.Date(r.From.Year, r.From.Month, r.From.Day-3, 0, 0, 0, 0, time.UTC))}
	days := 6
	for d := r.From; d != r.To; d = tomorrow(d) {
		days++
	}
	o.may = make([]bool, days*1440)
	for m := range o.may {
		o.may[m] = r.allow(o.from + civil.Minute(m))
	}
	for _, p := range in.People {
		ok := make([]bool, len(o.may))
		for m := range ok {
			ok[m] = r.available(p, o.from+civil.Minute(m))
		}
		o.ok = append(o.ok, ok)
	}
	return o
}

func tomorrow(d civil.Date) civil.Date {
	return civil.DateOf(time.Date(d.Year, d.Month, d.Day+1, 9, 0, 0, 0, time.UTC))
}

func yesterday(d civil.Date) civil.Date {
	return civil.DateOf(time.Date(d.Year, d.Month, d.Day-1, 9, 0, 0, 0, time.UTC))
}

// reading is what the clock of a zone shows at an instant.
func reading(zone *time.Location, m civil.Minute) (civil.Date, int) {
	t := time.Unix(int64(m)*60, 0).In(zone)
	return civil.DateOf(t), t.Hour()*60 + t.Minute()
}

func dayNumber(d civil.Date) int { return d.Year*10000 + int(d.Month)*100 + d.Day }

func (r Rules) allow(m civil.Minute) bool {
	d, clock := reading(r.Zone, m)
	return dayNumber(d) >= dayNumber(r.From) && dayNumber(d) <= dayNumber(r.To) &&
		r.Days[time.Date(d.Year, d.Month, d.Day, 9, 0, 0, 0, time.UTC).Weekday()] &&
		clock >= r.Hours.Start && clock < r.Hours.End && int(m) >= int(r.Now)+r.Notice
}

func (r Rules) available(p Person, m civil.Minute) bool {
	if p.Unknown || r.Work && p.Hours != nil && !p.Hours.working(reading(p.Zone, m)) {
		return false
	}
	for _, b := range p.Blocks {
		counts := b.Start < b.End && (b.Row == 0 || !slices.Contains(r.Ignore, b.Row))
		if b.Kind&Absent == 0 && (r.TentativeFree && b.Kind&Tentative != 0 || r.AllDayFree && b.Kind&AllDay != 0) {
			counts = false
		}
		if counts && int(m) >= int(b.Start)-r.Buffer && int(m) < int(b.End)+r.Buffer {
			return false
		}
	}
	return true
}

func (h *Hours) working(d civil.Date, clock int) bool {
	for _, r := range h.rangesOf(d) {
		if clock >= r.Start && clock < r.End {
			return true
		}
	}
	for _, r := range h.rangesOf(yesterday(d)) {
		if clock+1440 >= r.Start && clock+1440 < r.End {
			return true
		}
	}
	return false
}

func (h *Hours) rangesOf(d civil.Date) []civil.Range {
	for _, off := range h.Off {
		if off == d {
			return nil
		}
	}
	for _, off := range h.Holidays {
		if off.Month == d.Month && off.Day == d.Day {
			return nil
		}
	}
	ranges := h.Week[time.Date(d.Year, d.Month, d.Day, 9, 0, 0, 0, time.UTC).Weekday()]
	for _, on := range h.Workdays {
		if on.Month == d.Month && on.Day == d.Day && len(ranges) == 0 {
			return h.Extra
		}
	}
	return ranges
}

// enough reports whether the people who are there meet all demands.
func (o *oracle) enough(there func(person int) bool) bool {
	n := 0
	found := map[int64]bool{}
	for i, p := range o.in.People {
		if there(i) {
			n++
			found[p.ID] = true
		} else if p.Required {
			return false
		}
	}
	for _, any := range o.in.Rules.Any {
		k := 0
		for _, id := range any.IDs {
			if found[id] {
				k++
			}
		}
		if k < any.N {
			return false
		}
	}
	return n >= o.in.Rules.Quorum
}

func (o *oracle) windows() []civil.Span {
	var windows []civil.Span
	begin := -1
	for m := 0; m <= len(o.may); m++ {
		good := m < len(o.may) && o.may[m] && o.enough(func(p int) bool { return o.ok[p][m] })
		switch {
		case good && begin < 0:
			begin = m
		case !good && begin >= 0:
			if m-begin >= o.in.Rules.Duration {
				windows = append(windows, civil.Span{Start: o.from + civil.Minute(begin), End: o.from + civil.Minute(m)})
			}
			begin = -1
		}
	}
	return windows
}

// there reports whether the person is available for the whole slot.
func (o *oracle) there(p int, start civil.Minute) bool {
	for m := int(start - o.from); m < int(start-o.from)+o.in.Rules.Duration; m++ {
		if !o.ok[p][m] {
			return false
		}
	}
	return true
}

// candidates returns the starts that the seeker's own limits leave.
func (o *oracle) candidates() []civil.Minute {
	var starts []civil.Minute
next:
	for m := 0; m+o.in.Rules.Duration <= len(o.may); m++ {
		if _, clock := reading(o.in.Rules.Zone, o.from+civil.Minute(m)); clock%o.in.Rules.Step != 0 {
			continue
		}
		for n := m; n < m+o.in.Rules.Duration; n++ {
			if !o.may[n] {
				continue next
			}
		}
		starts = append(starts, o.from+civil.Minute(m))
	}
	return starts
}

func (o *oracle) slots() []civil.Span {
	var slots []civil.Span
	for _, start := range o.candidates() {
		if o.enough(func(p int) bool { return o.there(p, start) }) {
			slots = append(slots, civil.Span{Start: start, End: start + civil.Minute(o.in.Rules.Duration)})
		}
	}
	return slots
}

func spansOf(slots []Slot) []civil.Span {
	var spans []civil.Span
	for _, s := range slots {
		spans = append(spans, s.Span)
	}
	return spans
}

// same fails the test unless the engine and the oracle agree on everything.
func same(t interface{ Fatalf(string, ...any) }, in Input) {
	o, s := ask(in), Prepare(in)
	a := s.Answer()
	if diff := cmp.Diff(o.windows(), a.Windows, noneIsEmpty); diff != "" {
		t.Fatalf("windows (-oracle +engine):\n%s", diff)
	}
	listed := o.slots()
	if diff := cmp.Diff(listed, spansOf(a.Slots), noneIsEmpty); diff != "" {
		t.Fatalf("slots (-oracle +engine):\n%s", diff)
	}
	for _, start := range o.candidates() {
		slot := civil.Span{Start: start, End: start + civil.Minute(in.Rules.Duration)}
		var free []int64
		for i, p := range in.People {
			if o.there(i, start) {
				free = append(free, p.ID)
			}
		}
		if diff := cmp.Diff(free, s.Attendance(slot).Free, noneIsEmpty); diff != "" {
			t.Fatalf("free at %v (-oracle +engine):\n%s", slot.Start.Time(), diff)
		}
		if s.Check(start) != slices.Contains(listed, slot) {
			t.Fatalf("check of %v is %v, but not listed so", start.Time(), s.Check(start))
		}
	}
}

var noneIsEmpty = cmp.Transformer("none", func(s []civil.Span) []civil.Span {
	if s == nil {
		return []civil.Span{}
	}
	return s
})

func TestEngineAgreesWithOracle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { same(t, questions(t)) })
}
