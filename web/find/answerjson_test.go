package find

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/finder"
	"slotfinder/internal/meet"
	"slotfinder/web"
)

// parsed is what programs read of an answer.
type parsed struct {
	Total    int
	Complete *bool
	Windows  []web.WindowJSON
	Slots    []slotJSON
	Near     []slotJSON
	Series   []seriesJSON
	Cut      []string
}

func written(t *testing.T, a meet.Answer) parsed {
	t.Helper()
	var out bytes.Buffer
	if err := writeAnswer(&out, a, time.Time{}); err != nil {
		t.Fatal(err)
	}
	var p parsed
	if err := json.Unmarshal(out.Bytes(), &p); err != nil {
		t.Fatalf("%v in %s", err, out.String())
	}
	return p
}

// idle is a company of people who never have anything to do.
type idle struct{ meet.Directory }

func (idle) People(_ context.Context, _ meet.Member, ids []int64) (map[int64]meet.Person, error) {
	people := map[int64]meet.Person{}
	for _, id := range ids {
		people[id] = meet.Person{ID: id, Active: true, Zone: "UTC"}
	}
	return people, nil
}

func (idle) Office(context.Context, meet.Member) (meet.Office, error) {
	return meet.Office{WorkEnd: 24 * 60, Zone: time.UTC}, nil
}

func (idle) Busy(_ context.Context, _ meet.Member, people []meet.Resident, _ civil.Span, _ bool) (map[int64]meet.Availability, error) {
	found := map[int64]meet.Availability{}
	for _, p := range people {
		found[p.ID] = meet.Availability{}
	}
	return found, nil
}

func (idle) Schedules(context.Context, string, []int64) (map[int64]meet.Schedule, error) {
	return nil, nil
}

// Programs are told what was not looked for to the end.
func TestCutPartsStandInJSON(t *testing.T) {
	t.Parallel()
	whole := longAnswer(t, 1)
	if got := written(t, whole).Cut; got != nil {
		t.Errorf("nothing was cut, but %v", got)
	}
	whole.Cut = []meet.Part{meet.PartSeries, meet.PartRelax}
	if got := written(t, whole).Cut; !slices.Equal(got, []string{"series", "relax"}) {
		t.Errorf("cut: %v", got)
	}
}

// longAnswer is one about so many people with 26,000 slots.
func longAnswer(t *testing.T, people int) meet.Answer {
	t.Helper()
	now := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	finder := &finder.Finder{Directory: idle{}, Calendar: idle{}, Hours: idle{}, Now: func() time.Time { return now }}
	q := meet.NewQuery()
	q.Me, q.Step, q.From, q.To = false, 5, civil.Date{Year: 2026, Month: 12, Day: 1}, civil.Date{Year: 2027, Month: 3, Day: 2}
	for id := range people {
		q.Required = append(q.Required, int64(id+1))
	}
	a, err := finder.Find(t.Context(), meet.Member{User: 1}, q)
	if err != nil || len(a.Found.Slots) < 26_000 {
		t.Fatalf("%d slots, %v", len(a.Found.Slots), err)
	}
	return a
}

// TestAnswersAreListedUpToABound: the first slots are listed as long as there is room
// for them and for all who are named in them; total counts all, windows are whole.
func TestAnswersAreListedUpToABound(t *testing.T) {
	t.Parallel()
	most := 0
	for _, c := range []struct {
		name          string
		slots, people int
		listed        int
		complete      bool
	}{
		{"none", 0, 3, 0, true},
		{"few", 1999, 2, 1999, true},
		{"just enough", 2000, 2, 2000, true},
		{"one more", 2001, 2, 2000, false},
		{"just enough people", 400, 500, 400, true},
		{"too many people", 401, 500, 400, false},
		{"very many", 26_000, 498, 401, false},
	} {
		a := longAnswer(t, c.people)
		a.Found.Slots = a.Found.Slots[:c.slots]
		a.Found.Windows = slices.Repeat([]civil.Span{{Start: 0, End: 60}}, 5000)
		p := written(t, a)
		most = max(most, len(p.Slots))
		if len(p.Slots) != c.listed || p.Total != c.slots || p.Complete == nil || *p.Complete != c.complete || len(p.Windows) != 5000 {
			t.Errorf("%s: %d of %d listed, complete %v, %d windows", c.name, len(p.Slots), p.Total, p.Complete, len(p.Windows))
		}
		for i, s := range p.Slots {
			if s.Rank != a.Found.Slots[i].Rank {
				t.Fatalf("%s: slot %d has rank %d", c.name, i, s.Rank)
			}
		}
	}
	t.Logf("figure: of up to 26,000 slots, for up to 500 people, at most %d are listed", most)
}

// TestSeriesAreListedUpToABound: they name who misses which week.
func TestSeriesAreListedUpToABound(t *testing.T) {
	t.Parallel()
	a := longAnswer(t, 2)
	miss := meet.Series{Misses: slices.Repeat([]meet.Miss{{Busy: make([]int64, 500)}}, 26)}
	a.Found.Series = slices.Repeat([]meet.Series{miss}, 100)
	if p := written(t, a); len(p.Series) != 200_000/(26*500) || *p.Complete {
		t.Errorf("%d series, complete %v", len(p.Series), *p.Complete)
	}
}

// counted counts what is written, and fails after some bytes.
type counted struct{ writes, largest, bytes, most int }

var errFull = errors.New("full")

func (c *counted) Write(p []byte) (int, error) {
	c.writes++
	c.bytes += len(p)
	c.largest = max(c.largest, len(p))
	if c.bytes > c.most {
		return 0, errFull
	}
	return len(p), nil
}

// TestAnswersAreWrittenAsTheyAreMade: in small pieces, and no further than anybody
// reads; the answer never stands in memory as a whole.
func TestAnswersAreWrittenAsTheyAreMade(t *testing.T) {
	a := longAnswer(t, 498)
	all := &counted{most: 1 << 30}
	grown := allocated(func() {
		if err := writeAnswer(all, a, time.Time{}); err != nil {
			t.Error(err)
		}
	})
	if all.largest > 64<<10 || all.bytes < 500_000 || grown > 40<<20 {
		t.Errorf("%d bytes in pieces of up to %d, %d MB passed through memory", all.bytes, all.largest, grown>>20)
	}
	some := &counted{most: 100_000}
	if err := writeAnswer(some, a, time.Time{}); !errors.Is(err, errFull) || some.bytes > 200_000 {
		t.Errorf("%v after %d bytes", err, some.bytes)
	}
}
