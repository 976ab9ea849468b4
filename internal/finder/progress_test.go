package finder

import (
	"context"
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
)

// slowReader reads one calendar after the other, and is asked for a wider span when
// nothing is found, as the Finder does.
type slowReader struct{ *office }

func (r slowReader) Busy(ctx context.Context, m meet.Member, people []meet.Resident, during civil.Span, fresh bool) (map[int64]meet.Availability, error) {
	for range people {
		meet.CalendarsRead(ctx, 1)
	}
	meet.CalendarsRead(ctx, 0)
	return r.office.Busy(ctx, m, people, during, fresh)
}

// TestWatch: whoever watches hears first of the people, then of each calendar, and
// not of what is read beyond them.
func TestWatch(t *testing.T) {
	t.Parallel()
	o := newOffice()
	f := Finder{Directory: o, Calendar: slowReader{o}, Hours: o, Now: func() time.Time { return friday }}
	for _, c := range []struct {
		name, query string
		want        []string
	}{
		{"a slot is found", "who=8", []string{"2 people, 0 of 2", "2 people, 1 of 2", "2 people, 2 of 2"}},
		{"somebody has left", "opt=9,8", []string{"3 people, 0 of 2", "3 people, 1 of 2", "3 people, 2 of 2"}},
		{"none is found, and later days are read", "who=9", []string{"2 people, 0 of 1", "2 people, 1 of 1"}},
	} {
		values, err := url.ParseQuery(c.query)
		if err != nil {
			t.Fatal(err)
		}
		q, err := meet.ParseQuery(values)
		if err != nil {
			t.Fatal(err)
		}
		var heard []string
		ctx := meet.Watch(t.Context(), func(p meet.Progress) {
			if p.Query.Zone == nil || p.Query.From.Year == 0 {
				t.Errorf("%s: the query is not resolved", c.name)
			}
			heard = append(heard, fmt.Sprintf("%d people, %d of %d", len(p.People), p.Read, p.Asked))
		})
		if _, err := f.Find(ctx, meet.Member{Portal: "p", User: 7}, q); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, heard); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// TestWatchBelongsToASearch: what is read outside of one is nobody's progress.
func TestWatchBelongsToASearch(t *testing.T) {
	t.Parallel()
	meet.CalendarsRead(t.Context(), 3)
	meet.CalendarsRead(meet.Watch(t.Context(), func(p meet.Progress) { t.Errorf("heard %v", p) }), 3)
}
