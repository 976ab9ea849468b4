package bitrix24

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"slotfinder/internal/meet"
)

// event writes an entry of the same hour, 14:00 to 15:00 UTC on 10 March 2026 by
// default, on a server that is so many seconds ahead of UTC.
func event(layout string, at time.Time, server int) string {
	write := func(t time.Time) string { return strings.ReplaceAll(t.Format(layout), "/", `\/`) }
	return fmt.Sprintf(`{"ID":"5","NAME":"x","DATE_FROM":"%s","DATE_TO":"%s","DATE_FROM_TS_UTC":"%d","DATE_TO_TS_UTC":"%d","DT_SKIP_TIME":"N","TZ_FROM":"UTC","TZ_TO":"UTC","ACCESSIBILITY":"busy"}`,
		write(at), write(at.Add(time.Hour)), at.Unix()-int64(server), at.Unix()-int64(server)+3600)
}

// The same calendar in portals of all cultures and server zones, with dates that
// can be read both ways, gives the same instants.
func TestCulture(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 10, 14, 0, 0, 0, time.UTC)
	for _, culture := range layouts {
		for _, server := range []int{0, 10800, -18000, 14 * 3600, -11 * 3600} {
			t.Run(fmt.Sprint(culture.layout, " server ", server), func(t *testing.T) {
				t.Parallel()
				f := newFake(map[string]func(request) answer{"calendar.accessibility.get": ok(
					`{"result":{"1":[` + event(culture.layout, at, server) + `]}}`)})
				got, err := f.client(t).Busy(t.Context(), anna, everyone(t, 1), between(t, "2026-01-01 00:00", "2026-12-31 00:00"), false)
				if err != nil || show(got[1]) != "03-10 14:00 - 03-10 15:00 #5" {
					t.Errorf("got %s, %v", show(got[1]), err)
				}
				if f.count() != 1 {
					t.Errorf("%d requests: the answer itself tells the order", f.count())
				}
			})
		}
	}
}

// recurring is an instance whose numbers tell nothing: they are the series'.
const recurring = `{"ID":"4","DATE_FROM":"03\/10\/2026 02:00:00 pm","DATE_TO":"03\/10\/2026 03:00:00 pm","DATE_FROM_TS_UTC":"1756702800","DATE_TO_TS_UTC":"2145992400","DT_SKIP_TIME":"N","TZ_FROM":"UTC","TZ_TO":"UTC","ACCESSIBILITY":"busy"}`

func TestUndecidedOrder(t *testing.T) {
	t.Parallel()
	const march, october = "03-10 14:00 - 03-10 15:00 #4", "10-03 14:00 - 10-03 15:00 #4"
	tests := []struct {
		name, more, own, want string
		requests              []string
	}{
		{
			"no hint anywhere", ``, `{"result":[]}`, "unknown: unreadable",
			[]string{"calendar.accessibility.get", "calendar.event.get"},
		},
		{
			"the member's own calendar: month first", ``,
			`{"result":[{"DATE_FROM":"03\/05\/2026 09:00:00 am","DATE_FROM_FORMATTED":"Thu Mar 05 2026 09:00:00"},{"DATE_FROM":"04\/04\/2026","DATE_FROM_FORMATTED":"Sat Apr 04 2026"}]}`,
			march,
			[]string{"calendar.accessibility.get", "calendar.event.get"},
		},
		{
			"the member's own calendar: day first", ``,
			`{"result":[{"DATE_FROM":"05\/03\/2026","DATE_FROM_FORMATTED":"Thu Mar 05 2026"}]}`,
			october,
			[]string{"calendar.accessibility.get", "calendar.event.get"},
		},
		{
			"the member's own calendar can't be read", ``, `{"error":"ACCESS_DENIED"}`, "unknown: unreadable",
			[]string{"calendar.accessibility.get", "calendar.event.get"},
		},
		{
			"a day above 12 in somebody else's calendar", `,"2":[{"DATE_FROM":"03\/20\/2026 02:00:00 pm","DATE_TO":"03\/20\/2026 03:00:00 pm"}]`, ``,
			march,
			[]string{"calendar.accessibility.get"},
		},
		{
			"an absence with its numbers", `,"2":[{"FROM_HR":true,"DT_FROM":"05\/03\/2026","DT_TO":"06\/03\/2026","FROM":1772658000,"TO":1772744400}]`, ``,
			october,
			[]string{"calendar.accessibility.get"},
		},
		{
			"one damaged row doesn't turn the others round",
			`,"2":[{"DATE_FROM":"20\/03\/2026","DATE_TO":"20\/03\/2026"},` + strings.Repeat(`{"DATE_FROM":"03\/20\/2026","DATE_TO":"03\/20\/2026","DT_SKIP_TIME":"Y"},`, 3) + `{"DATE_FROM":"03\/21\/2026","DATE_TO":"03\/21\/2026"}]`, ``,
			march,
			[]string{"calendar.accessibility.get"},
		},
		{
			"as much for one as for the other", `,"2":[{"DATE_FROM":"20\/03\/2026","DATE_TO":"20\/03\/2026"},{"DATE_FROM":"03\/20\/2026","DATE_TO":"03\/20\/2026"}]`, `{"result":[]}`,
			"unknown: unreadable",
			[]string{"calendar.accessibility.get", "calendar.event.get"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(map[string]func(request) answer{
				"calendar.accessibility.get": ok(`{"result":{"1":[` + recurring + `]` + test.more + `}}`),
				"calendar.event.get":         ok(test.own),
			})
			got, err := f.client(t).Busy(t.Context(), anna, everyone(t, 1), between(t, "2026-01-01 00:00", "2026-12-31 00:00"), false)
			if err != nil || show(got[1]) != test.want {
				t.Errorf("got %q, %v; want %q", show(got[1]), err, test.want)
			}
			if got := f.methods(); !slices.Equal(got, test.requests) {
				t.Errorf("requests %v, want %v", got, test.requests)
			}
		})
	}
}

// Once known, a portal's order serves answers without evidence for as long as availability is
// cached. Evidence in an answer beats it, and callers that want fresh availability get a fresh
// order as well.
func TestOrderIsRemembered(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	clear := event("02/01/2006 15:04:05", time.Date(2026, 3, 20, 14, 0, 0, 0, time.UTC), 0)
	availability := func(r request) answer {
		if r.params["users"].([]any)[0] == 1.0 {
			return answer{body: `{"result":{"1":[` + clear + `]}}`}
		}
		return answer{body: fmt.Sprintf(`{"result":{"%v":[%s]}}`, r.params["users"].([]any)[0], recurring)}
	}
	f := newFake(map[string]func(request) answer{"calendar.accessibility.get": availability, "calendar.event.get": ok(`{"result":[]}`)})
	c := f.client(t)
	c.cfg.Now = func() time.Time { return now }
	c.calendars.now, c.portals.now = c.cfg.Now, c.cfg.Now
	const march, october, unreadable = "03-20 14:00 - 03-20 15:00 #5", "10-03 14:00 - 10-03 15:00 #4", "unknown: unreadable"
	steps := []struct {
		name     string
		later    time.Duration
		person   int64
		fresh    bool
		want     string
		requests int
	}{
		{"nothing known", 0, 2, false, unreadable, 2},
		{"the answer tells it", 0, 1, false, march, 1},
		{"remembered", 0, 3, false, october, 1},
		{"fresh: nothing remembered counts", time.Second, 3, true, unreadable, 2},
		{"fresh, and the answer tells it", 0, 1, true, march, 1},
		{"still remembered", availabilityTTL, 4, false, october, 1},
		{"too old", time.Second, 5, false, unreadable, 2},
	}
	for _, step := range steps {
		now = now.Add(step.later)
		before := f.count()
		got, err := c.Busy(t.Context(), anna, []meet.Resident{{ID: step.person, Zone: time.UTC}}, between(t, "2026-01-01 00:00", "2026-12-31 00:00"), step.fresh)
		if err != nil || show(got[step.person]) != step.want {
			t.Errorf("%s: got %q, %v; want %q", step.name, show(got[step.person]), err, step.want)
		}
		if requests := f.count() - before; requests != step.requests {
			t.Errorf("%s: %d requests, want %d: %v", step.name, requests, step.requests, f.methods())
		}
	}
	if got := c.portals.get("other").dateOrder(time.Time{}); got != unknownOrder {
		t.Errorf("another portal got order %d", got)
	}
}

// Dates that are the same both ways need no order.
func TestSymmetricDates(t *testing.T) {
	t.Parallel()
	f := newFake(map[string]func(request) answer{"calendar.accessibility.get": ok(
		`{"result":{"1":[{"ID":"4","DATE_FROM":"03\/03\/2026","DATE_TO":"04\/04\/2026","DT_SKIP_TIME":"Y"}]}}`)})
	got, err := f.client(t).Busy(t.Context(), anna, []meet.Resident{{ID: 1, Zone: time.UTC}}, between(t, "2026-01-01 00:00", "2026-12-31 00:00"), false)
	if err != nil || show(got[1]) != "03-03 00:00 - 04-05 00:00 all-day #4" {
		t.Errorf("got %q, %v", show(got[1]), err)
	}
}
