package sweep

import (
	"testing"
	"time"

	"slotfinder/internal/civil"
)

// worst lists the largest questions that may be asked: 500 people over 92 days with a
// start every five minutes, in 50 groups of which half must come.
var worst = []struct {
	name   string
	busy   func(person, hour int) bool // of the hours of the year
	change func(*Rules)
}{
	{"full", func(int, int) bool { return true }, nil},
	{"nearly full", func(p, h int) bool { return (h*7+p*3)%11 < 8 }, nil},
	{"nearly full, minutes", func(p, h int) bool { return (h*7+p*3)%11 < 8 }, func(r *Rules) { r.Duration = 59 }},
	{"free", func(int, int) bool { return false }, nil},
	{"half a year of weeks", func(p, h int) bool { return (h*7+p*3)%11 < 3 }, func(r *Rules) { r.Weeks = 26 }},
	{"tentative", func(p, h int) bool { return (h+p)%3 == 0 }, func(r *Rules) { r.TentativeFree = true }},
}

// worstCase makes one of them. Meetings last most of an hour, to an odd minute.
func worstCase(busy func(person, hour int) bool, change func(*Rules)) Input {
	const people, days, groups = 500, 92, 50
	in := Input{Rules: rules("2026-03-01")}
	r := &in.Rules
	r.To, r.Step = r.From.Add(days-1), 5
	if change != nil {
		change(r)
	}
	span0 := r.From.Wall(0)
	zones := []*time.Location{time.UTC, zone("Europe/Berlin"), zone("Asia/Kolkata"), zone("America/New_York")}
	office := everyDay(civil.Range{Start: 8 * 60, End: 20 * 60})
	for p := range people {
		person := Person{ID: int64(p + 1), Required: p == 0, Zone: zones[p%len(zones)], Hours: office}
		for h := range (2*days + 7*max(0, r.Weeks-1)) * 24 {
			if busy(p, h) {
				start := span0 + civil.Minute(h*60+p%3)
				b := Block{Span: civil.Span{Start: start, End: start + 60}}
				if p < people/10 || r.TentativeFree {
					b.Kind = Tentative
				}
				person.Blocks = append(person.Blocks, b)
			}
		}
		in.People = append(in.People, person)
	}
	for g := range groups {
		some := AnyOf{N: people / 2}
		for p := range people {
			if p != g && p != g+1 {
				some.IDs = append(some.IDs, int64(p+1))
			}
		}
		r.Any = append(r.Any, some)
	}
	return in
}

// BenchmarkWorstCase measures whole answers, with all ways out where nothing is free. It
// also tells the longest time in which the engine did not ask whether to stop.
//
//	go test ./internal/sweep -run '^$' -bench WorstCase -benchtime 1x
func BenchmarkWorstCase(b *testing.B) {
	for _, c := range worst {
		b.Run(c.name, func(b *testing.B) {
			in := worstCase(c.busy, c.change)
			var longest time.Duration
			for b.Loop() {
				last := time.Now()
				in.Stop = func() bool {
					now := time.Now()
					longest, last = max(longest, now.Sub(last)), now
					return false
				}
				whole(in)
				in.Stop()
			}
			b.ReportMetric(float64(longest.Microseconds())/1000, "ms-unasked")
		})
	}
}

// whole does all that is done for one answer.
func whole(in Input) (a Answer, relax []Relaxation, split []Part) {
	s := Prepare(in)
	if a = s.Answer(); len(a.Slots) == 0 {
		relax, _ = s.Relax(late, nil)
		split, _ = s.Split(nil)
	}
	return a, relax, split
}

// Starts are counted many at a time. The engine asks whether to stop for each start and
// each group that it counts on its own, so even while it tries every change it asks far
// fewer times than 26,000 starts times 50 groups.
func TestWorkOfTheWorstCase(t *testing.T) {
	t.Parallel()
	in := worstCase(worst[0].busy, worst[0].change)
	asked, began := 0, time.Now()
	in.Stop = func() bool { asked++; return false }
	if a, relax, _ := whole(in); len(a.Slots)+len(relax) > 0 {
		t.Fatalf("%d slots, %d changes: not the worst case", len(a.Slots), len(relax))
	}
	if asked < 1000 || asked > 100_000 {
		t.Errorf("asked %d times", asked)
	}
	t.Logf("figure: %d busy people, %d groups, 92 days, a start every %d minutes, every change tried: %s, asked %d times whether to stop", len(in.People), len(in.Rules.Any), in.Rules.Step, time.Since(began).Round(10*time.Millisecond), asked)
}
