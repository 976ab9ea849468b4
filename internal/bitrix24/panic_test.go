package bitrix24

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"slotfinder/internal/meet"
	"slotfinder/internal/rescue"
)

// trap gives tokens, and panics at the calls with the numbers that are set, as a decoder might on
// an answer that nobody foresaw.
type trap struct {
	*fake
	asked atomic.Int64
	on    func(n int64) bool
}

func (f *trap) Token(ctx context.Context, m meet.Member) (string, string, error) {
	if f.on(f.asked.Add(1)) {
		panic("an answer that nobody foresaw")
	}
	return f.fake.Token(ctx, m)
}

// trapped returns a client of a portal with empty calendars in which something panics.
func trapped(t *testing.T, on func(n int64) bool) *Client {
	f := newFake(map[string]func(request) answer{"calendar.accessibility.get": func(r request) answer {
		var calendars []string
		for _, user := range r.params["users"].([]any) {
			calendars = append(calendars, fmt.Sprintf(`"%.0f":[]`, user))
		}
		return answer{body: `{"result":{` + strings.Join(calendars, ",") + `}}`}
	}})
	c := f.client(t)
	c.cfg.Tokens = &trap{fake: f, on: on}
	return c
}

// TestPanicMakesPeopleUnknown: a panic while an answer is read makes its people unknown, and
// nobody else. The program goes on.
func TestPanicMakesPeopleUnknown(t *testing.T) {
	t.Parallel()
	c := trapped(t, func(n int64) bool { return n == 1 })
	var people []meet.Resident
	for id := range int64(2 * peoplePerRequest) {
		people = append(people, meet.Resident{ID: id + 1, Zone: time.UTC})
	}
	during := between(t, "2026-11-24 00:00", "2026-11-25 00:00")
	found, err := c.Busy(t.Context(), anna, people, during, false)
	if err != nil {
		t.Fatal(err)
	}
	if n := countKnown(found); n != peoplePerRequest {
		t.Errorf("%d of %d people are known", n, len(people))
	}
	t.Logf("figure: a panic while 1 of 2 chunks is read: %d of %d people are known, the program lives", countKnown(found), len(people))
}

// TestPanicInASharedReadingIsAnError: a panic in a shared read is an error for all who share it.
// The next read works.
func TestPanicInASharedReadingIsAnError(t *testing.T) {
	t.Parallel()
	c := trapped(t, func(n int64) bool { return n <= 2 })
	_, err := c.Everybody(t.Context(), anna)
	var fault *rescue.Panic
	if !errors.As(err, &fault) || meet.KindOf(err) != meet.Internal {
		t.Errorf("error %v", err)
	}
	during := between(t, "2026-11-24 00:00", "2026-11-25 00:00")
	someone := []meet.Resident{{ID: 7, Zone: time.UTC}}
	if _, err := c.Busy(t.Context(), anna, someone, during, false); !errors.As(err, &fault) || meet.KindOf(err) != meet.Internal {
		t.Errorf("error %v", err)
	}
	if found, err := c.Busy(t.Context(), anna, someone, during, false); err != nil || countKnown(found) != 1 {
		t.Errorf("afterwards: %v %v", found, err)
	}
	t.Logf("figure: 2 panics in readings that are shared: 2 errors, the next one goes well")
}
