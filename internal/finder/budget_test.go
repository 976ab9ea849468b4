package finder

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"testing"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
)

// stopwatch is a clock that is looked at, and what happens at some of the looks.
type stopwatch struct {
	looks  int
	at     int           // the look after which
	then   func()        // this happens
	passes time.Duration // and so much time has passed
}

func (s *stopwatch) now() time.Time {
	s.looks++
	if s.looks <= s.at {
		return friday
	}
	if s.then != nil {
		s.then()
	}
	return friday.Add(s.passes)
}

// question finds with a clock for two people who are busy all day: all that could help
// is looked for.
func (s *stopwatch) question(ctx context.Context, t *testing.T, query string) (meet.Answer, error) {
	t.Helper()
	o := newOffice()
	whole := civil.Span{Start: minute("2026-11-01T00:00"), End: minute("2027-03-01T00:00")}
	o.busy[7] = meet.Availability{Blocks: []meet.Block{{Span: whole}}}
	o.busy[8] = meet.Availability{Blocks: []meet.Block{{Span: whole}}}
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	q, err := meet.ParseQuery(values)
	if err != nil {
		t.Fatal(err)
	}
	f := Finder{Directory: o, Calendar: o, Hours: o, Now: s.now}
	return f.Find(ctx, meet.Member{Portal: "p", User: 7}, q)
}

const hard = "who=8&from=2026-11-27&to=2026-11-28&weeks=3&tz=UTC&hours=09:00-12:00"

// Whenever a search is cancelled, it ends with an error, and at once: the engine looks
// at the clock for each person and start, and once more at most for each part's budget.
func TestCancelledSearchIsAnErrorAndEndsAtOnce(t *testing.T) {
	t.Parallel()
	whole := stopwatch{at: 1 << 30}
	if a, err := whole.question(t.Context(), t, hard); err != nil || len(a.Cut) > 0 || whole.looks < 50 {
		t.Fatalf("%v, cut: %v, %d looks at the clock", err, a.Cut, whole.looks)
	}
	for at := range whole.looks {
		ctx, cancel := context.WithCancel(t.Context())
		s := stopwatch{at: at, then: cancel}
		a, err := s.question(ctx, t, hard)
		if !errors.Is(err, context.Canceled) || meet.KindOf(err) != meet.Unavailable {
			t.Fatalf("cancelled after look %d: %v", at, err)
		}
		if a.People != nil || a.Found.Windows != nil || a.Found.Slots != nil || a.Found.Near != nil || a.Relax != nil {
			t.Fatalf("cancelled after look %d, and yet it answers %+v", at, a)
		}
		if s.looks > at+2 {
			t.Fatalf("cancelled after look %d, it looked until %d", at, s.looks)
		}
	}
	t.Logf("figure: cancelled at each of %d places, a search ends by the second look after that", whole.looks)
}

// A search whose time is over while calendars are read is an error, too, also where all
// that is missing would be a later range.
func TestSearchThatEndsWhileReadingIsAnError(t *testing.T) {
	t.Parallel()
	for _, at := range []int{1, 2} {
		o := newOffice()
		all := civil.Span{Start: minute("2026-11-01T00:00"), End: minute("2027-03-01T00:00")}
		o.busy[8] = meet.Availability{Blocks: []meet.Block{{Span: all}}}
		ctx, cancel := context.WithCancel(t.Context())
		f := Finder{Directory: o, Calendar: &closing{office: o, at: at, end: cancel}, Hours: o, Now: func() time.Time { return friday }}
		q := meet.NewQuery()
		q.Required = []int64{8}
		if _, err := f.Find(ctx, meet.Member{Portal: "p", User: 7}, q); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled in reading %d: %v", at, err)
		}
	}
}

// closing is a calendar during one reading of which everybody goes away.
type closing struct {
	*office
	reading, at int
	end         func()
}

func (c *closing) Busy(ctx context.Context, m meet.Member, people []meet.Resident, during civil.Span, fresh bool) (map[int64]meet.Availability, error) {
	if c.reading++; c.reading == c.at {
		c.end()
	}
	return c.office.Busy(ctx, m, people, during, fresh)
}

// Of what takes too long an answer has what was found, and says that this is not all.
func TestAnswerSaysWhatWasCut(t *testing.T) {
	t.Parallel()
	whole := stopwatch{at: 1 << 30}
	full, err := whole.question(t.Context(), t, hard)
	if err != nil || len(full.Relax)+len(full.Found.Series) == 0 {
		t.Fatalf("%v, %+v", err, full)
	}
	seen := map[string]bool{}
	for at := 1; at < whole.looks; at++ {
		s := stopwatch{at: at, passes: time.Minute}
		a, err := s.question(t.Context(), t, hard)
		if err != nil {
			t.Fatalf("time over after look %d: %v", at, err)
		}
		seen[fmt.Sprint(a.Cut)] = true
		if len(a.Relax) < len(full.Relax) && !slices.Contains(a.Cut, meet.PartRelax) {
			t.Fatalf("time over after look %d: %d changes of %d, cut %v", at, len(a.Relax), len(full.Relax), a.Cut)
		}
		if len(a.Found.Series) < len(full.Found.Series) && !slices.Contains(a.Cut, meet.PartSeries) {
			t.Fatalf("time over after look %d: %d series of %d, cut %v", at, len(a.Found.Series), len(full.Found.Series), a.Cut)
		}
		if len(a.Found.Near) != len(full.Found.Near) {
			t.Fatalf("time over after look %d: %d near, not %d", at, len(a.Found.Near), len(full.Found.Near))
		}
	}
	if !seen["[relax]"] || !seen["[series]"] || !seen["[split]"] {
		t.Errorf("cut: %v", seen)
	}
}

// Where the portal does not tell the days after those asked for, the answer says that
// not every change was tried.
func TestUnreadLaterRangeIsSaid(t *testing.T) {
	t.Parallel()
	o := newOffice()
	o.busy[8] = meet.Availability{Blocks: []meet.Block{{Span: civil.Span{Start: minute("2026-11-01T00:00"), End: minute("2026-12-01T00:00")}}}}
	q := meet.NewQuery()
	q.Required = []int64{8}
	q.From, q.To = civil.Date{Year: 2026, Month: 11, Day: 30}, civil.Date{Year: 2026, Month: 11, Day: 30}
	c := &closing{office: o, at: 2, end: func() { o.err = &meet.Error{Kind: meet.Unavailable, Key: "error.portal_down"} }}
	f := Finder{Directory: o, Calendar: c, Hours: o, Now: func() time.Time { return friday }}
	a, err := f.Find(t.Context(), meet.Member{Portal: "p", User: 7}, q)
	if err != nil || !slices.Equal(a.Cut, []meet.Part{meet.PartRelax}) {
		t.Errorf("%v, cut: %v", err, a.Cut)
	}
}
