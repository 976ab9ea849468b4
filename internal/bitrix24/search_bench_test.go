package bitrix24

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
	"slotfinder/internal/sweep"
)

// march is the month that bigAnswer fills, in which the clocks of most zones change.
func march(days int) civil.Span {
	first := time.Date(2026, 3, 9, 0, 0, 0, 0, time.UTC)
	return civil.Span{Start: civil.Floor(first), End: civil.Floor(first.AddDate(0, 0, days))}
}

// question is one search: when can three in five people meet for an hour, within the
// working hours of all of them? That is what the engine's own table asks.
type question struct {
	days   int
	people []meet.Resident
	off    []meet.Block // what lies outside of working hours
}

func ask(tb testing.TB, people, days int) question {
	q := question{days: days, people: everyone(tb, people)}
	work := civil.Set{}
	for day := range days {
		at := time.Date(2026, 3, 9+day, 9, 0, 0, 0, q.people[0].Zone)
		if weekday := at.Weekday(); weekday != time.Saturday && weekday != time.Sunday {
			work = append(work, civil.Outward(at, at.Add(9*time.Hour)))
		}
	}
	for _, free := range civil.Union(march(days)).Subtract(work) {
		q.off = append(q.off, meet.Block{Span: free})
	}
	return q
}

const (
	hour        = 60
	quarter     = 15
	bestOffered = 50
)

func (q question) quorum() int { return (3*len(q.people) + 4) / 5 }

// input is the question to the engine, about these calendars.
func (q question) input(found map[int64]meet.Availability) sweep.Input {
	in := sweep.Input{Rules: sweep.Rules{
		Zone: time.UTC, From: civil.Date{Year: 2026, Month: 3, Day: 9}, To: civil.Date{Year: 2026, Month: 3, Day: 9}.Add(q.days - 1),
		Duration: hour, Step: quarter, Hours: civil.Range{End: 24 * hour}, Quorum: q.quorum(),
		Days: [7]bool{true, true, true, true, true, true, true}, Work: true,
	}}
	var hours sweep.Hours
	for day := time.Monday; day <= time.Friday; day++ {
		hours.Week[day] = []civil.Range{{Start: 9 * hour, End: 18 * hour}}
	}
	for _, p := range q.people {
		one := sweep.Person{ID: p.ID, Zone: p.Zone, Hours: &hours, Unknown: found[p.ID].Unknown != ""}
		for _, b := range found[p.ID].Blocks {
			one.Blocks = append(one.Blocks, sweep.Block{Span: b.Span, Row: b.Row})
		}
		in.People = append(in.People, one)
	}
	return in
}

// ours goes all the way from the portal's answer to the engine's.
func (q question) ours(tb testing.TB, body []byte) ([]civil.Span, map[int64]meet.Availability) {
	evidence := dateOrderVotes{window: windowFor(march(q.days))}
	if walkAnswer(body, &evidence) != nil {
		tb.Fatal("walk")
	}
	found, err := newAnswerReader(evidence.winner(), nil, q.people, march(q.days)).read(tb.Context(), body)
	if err != nil {
		tb.Fatal(err)
	}
	search := sweep.Prepare(q.input(found))
	return search.Answer().Windows, found
}

// theirs decodes with encoding/json into strings, and sweeps over calendars whose times are
// already parsed: parsing dates the usual way would cost more than all the rest.
func (q question) theirs(tb testing.TB, body []byte, ready map[int64]meet.Availability) []civil.Span {
	if _, err := decodePlainly(body); err != nil {
		tb.Fatal(err)
	}
	return q.textbook(ready)
}

// step is where the number of people who are busy changes.
type step struct {
	at civil.Minute
	by int
}

// textbook merges each person's blocks, sorts all their ends, and counts: once for
// the windows, and once with the starts that each block makes impossible, for the
// best of them.
func (q question) textbook(ready map[int64]meet.Availability) (windows []civil.Span) {
	var ends, starts []step
	for _, p := range q.people {
		blocks := slices.Concat(q.off, ready[p.ID].Blocks)
		ends = appendMerged(ends, blocks, 0)
		starts = appendMerged(starts, blocks, hour-1)
	}
	byTime := func(a, b step) int { return cmp.Compare(a.at, b.at) }
	slices.SortFunc(ends, byTime)
	slices.SortFunc(starts, byTime)
	during, busy, since := march(q.days), 0, march(q.days).Start
	most := len(q.people) - q.quorum()
	for _, e := range append(ends, step{during.End, len(q.people) + 1}) {
		good := busy <= most
		if busy += e.by; good == (busy <= most) {
			continue
		}
		if good && e.at > since {
			windows = append(windows, civil.Span{Start: since, End: e.at})
		}
		since = e.at
	}
	q.best(starts)
	return longWindows(windows)
}

// appendMerged appends the ends of the blocks' union, each begun so much
// earlier. It sorts the blocks.
func appendMerged(steps []step, blocks []meet.Block, earlier civil.Minute) []step {
	slices.SortFunc(blocks, func(a, b meet.Block) int { return cmp.Compare(a.Start, b.Start) })
	for i := 0; i < len(blocks); {
		start, end := blocks[i].Start-earlier, blocks[i].End
		for i++; i < len(blocks) && blocks[i].Start-earlier <= end; i++ {
			end = max(end, blocks[i].End)
		}
		steps = append(steps, step{start, 1}, step{end, -1})
	}
	return steps
}

// best returns the starts with the fewest people busy.
func (q question) best(starts []step) []step {
	var list []step
	busy, i := 0, 0
	for at := march(q.days).Start; at+hour <= march(q.days).End; at += quarter {
		for ; i < len(starts) && starts[i].at <= at; i++ {
			busy += starts[i].by
		}
		list = append(list, step{at, busy})
	}
	slices.SortStableFunc(list, func(a, b step) int { return cmp.Compare(a.by, b.by) })
	return list[:min(bestOffered, len(list))]
}

// longWindows joins windows that touch, and drops those in which no meeting fits.
func longWindows(windows []civil.Span) []civil.Span {
	joined := windows[:0]
	for _, w := range windows {
		if last := len(joined) - 1; last >= 0 && joined[last].End == w.Start {
			joined[last].End = w.End
		} else {
			joined = append(joined, w)
		}
	}
	return slices.DeleteFunc(joined, func(w civil.Span) bool { return w.Len() < hour })
}

// BenchmarkSearch measures a whole search, from the portal's answer in hand to the
// engine's, against encoding/json and a textbook sweep, after comparing what they
// find. The goal is a ratio of at most 0.2. It is strict: the textbook gets its times
// for nothing.
func BenchmarkSearch(b *testing.B) {
	for _, people := range []int{60, 500} {
		q := ask(b, people, 31)
		body := bigAnswer(people, q.days, false)
		windows, ready := q.ours(b, body)
		if diff := gocmp.Diff(q.theirs(b, body, ready), windows); diff != "" || len(windows) == 0 {
			b.Fatalf("%d windows (-textbook +ours):\n%s", len(windows), diff)
		}
		b.Run(fmt.Sprint(people, "×", q.days), func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			compare(b, "×encoding/json+textbook", func() { q.ours(b, body) }, func() { q.theirs(b, body, ready) })
		})
	}
}

// compare reports how long ours takes in units of theirs. They run side by side, so
// that a busy machine is fair to both, and the shortest time counts, as other work
// only ever adds.
func compare(b *testing.B, unit string, ours, theirs func()) (best time.Duration) {
	best, other := time.Hour, time.Hour
	for n := 0; b.Loop(); n++ {
		began := time.Now()
		ours()
		best = min(best, time.Since(began))
		if n%8 == 0 {
			b.StopTimer()
			began = time.Now()
			theirs()
			other = min(other, time.Since(began))
			b.StartTimer()
		}
	}
	b.ReportMetric(float64(best)/float64(other), unit)
	return best
}

// The textbook is no straw man: minute by minute it is right.
func TestTextbook(t *testing.T) {
	t.Parallel()
	q := ask(t, 9, 7)
	body := bigAnswer(9, 7, true)
	windows, ready := q.ours(t, body)
	var want []civil.Span
	for at := march(7).Start; at < march(7).End; at++ {
		free := 0
		for _, p := range q.people {
			if !slices.ContainsFunc(slices.Concat(q.off, ready[p.ID].Blocks), func(b meet.Block) bool { return b.Start <= at && at < b.End }) {
				free++
			}
		}
		if free >= q.quorum() {
			want = append(want, civil.Span{Start: at, End: at + 1})
		}
	}
	want = longWindows(want)
	if diff := gocmp.Diff(want, windows); diff != "" || len(want) == 0 || !json.Valid(body) {
		t.Errorf("engine (-want +got):\n%s", diff)
	}
	if diff := gocmp.Diff(want, q.textbook(ready)); diff != "" {
		t.Errorf("textbook (-want +got):\n%s", diff)
	}
}
