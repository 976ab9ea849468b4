package bitrix24

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
)

func TestCacheIsBounded(t *testing.T) {
	t.Parallel()
	now := time.Unix(0, 0)
	c := newCache[int, string](func() time.Time { return now }, time.Minute, 10)
	for i := range 100 {
		c.put(i, "x", 3, now)
	}
	if c.weight > 10 || len(c.items) != 3 || c.byAge.Len() != 3 {
		t.Errorf("weight %d, %d items, %d in line", c.weight, len(c.items), c.byAge.Len())
	}
	if _, ok := c.get(99); !ok {
		t.Error("the youngest is gone")
	}
	c.put(99, "y", 3, now.Add(time.Second))
	c.put(99, "old", 3, now)
	if v, _ := c.get(99); v != "y" || len(c.items) != 3 {
		t.Errorf("got %q: an older reading replaced a younger one", v)
	}
	now = now.Add(2 * time.Minute)
	c.put(1, "x", 1, now)
	if len(c.items) != 1 || c.weight != 1 {
		t.Errorf("%d items, weight %d: what is too old stays", len(c.items), c.weight)
	}
	c.removeIf(func(int) bool { return true })
	if len(c.items) != 0 || c.weight != 0 || c.byAge.Len() != 0 {
		t.Error("drop left something")
	}
}

func TestIdlePortalsAreForgotten(t *testing.T) {
	t.Parallel()
	now := time.Unix(0, 0)
	p := portals{now: func() time.Time { return now }, known: map[string]*portal{}}
	for i := range 1000 {
		p.get(fmt.Sprint(i))
	}
	now = now.Add(portalIdle / 2)
	busy := p.get("7")
	now = now.Add(portalIdle/2 + 2*time.Second)
	p.get("new")
	if len(p.known) != 2 || p.get("7") != busy {
		t.Errorf("%d portals are kept", len(p.known))
	}
}

// slowly answers after a second of the fake clock.
func slowly(f func(request) answer) func(request) answer {
	return func(r request) answer {
		a := f(r)
		a.after = time.Second
		return a
	}
}

func TestIdenticalReadingsAreShared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake(map[string]func(request) answer{
			"calendar.accessibility.get": slowly(freeAll), "batch": slowly(ok(berlinSettings)),
		})
		c := f.client(t)
		during := between(t, "2026-03-01 00:00", "2026-03-15 00:00")
		var wait sync.WaitGroup
		for range 20 {
			wait.Go(func() {
				if got, err := c.Busy(t.Context(), anna, everyone(t, 5), during, false); err != nil || len(got) != 5 {
					t.Error(got, err)
				}
				if _, err := c.Office(t.Context(), anna); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if f.count() != 2 {
			t.Errorf("requests %v", f.methods())
		}
		for range 3 { // but a fresh one is everybody's own
			wait.Go(func() { _, _ = c.Busy(t.Context(), anna, everyone(t, 5), during, true) })
		}
		wait.Wait()
		if f.count() != 5 {
			t.Errorf("requests %v", f.methods())
		}
	})
}

// What was read while the portal's calendars changed is not cached, and a search that begins
// after the change doesn't join that read.
func TestForgetDuringAReading(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake(map[string]func(request) answer{"calendar.accessibility.get": slowly(freeAll)})
		c := f.client(t)
		during := between(t, "2026-03-01 00:00", "2026-03-15 00:00")
		var wait sync.WaitGroup
		ask := func() { _, _ = c.Busy(t.Context(), anna, everyone(t, 5), during, false) }
		wait.Go(ask)
		time.Sleep(500 * time.Millisecond)
		c.Forget(anna.Portal)
		time.Sleep(100 * time.Millisecond)
		wait.Go(ask)
		wait.Wait()
		if f.count() != 2 {
			t.Errorf("%d requests, want 2", f.count())
		}
		ask()
		if f.count() != 2 {
			t.Errorf("%d requests, want 2: the second reading is good", f.count())
		}
		if known, ok := c.calendars.get(personKey{anna, 1}); !ok || known.during != during {
			t.Error("nothing remembered")
		}
	})
}

// One chunk never answers: the others are there before the caller's time is up.
func TestSlowPortalGivesTheRest(t *testing.T) {
	t.Parallel()
	for _, limit := range []time.Duration{0, 5 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(map[string]func(request) answer{"calendar.accessibility.get": func(r request) answer {
				if r.params["users"].([]any)[0] == 1.0 {
					return answer{status: -1}
				}
				return freeAll(r)
			}})
			ctx, most := t.Context(), readTimeout
			if limit > 0 {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, limit)
				defer cancel()
				most = limit
			}
			began := time.Now()
			got, err := f.client(t).Busy(ctx, anna, everyone(t, 50), between(t, "2026-03-01 00:00", "2026-03-15 00:00"), false)
			if err != nil || got[1].Unknown != meet.UnknownPortal || got[50].Unknown != "" {
				t.Errorf("got %v, %v, %v", got[1], got[50], err)
			}
			if took := time.Since(began); took > most {
				t.Errorf("took %v", took)
			}
		})
	}
}

func TestCallerWhoGoesAwayDoesNotSpoilTheOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake(map[string]func(request) answer{"batch": slowly(ok(berlinSettings))})
		c := f.client(t)
		ctx, cancel := context.WithCancel(t.Context())
		var wait sync.WaitGroup
		wait.Go(func() {
			if _, err := c.Office(ctx, anna); err == nil {
				t.Error("the caller who left got an answer")
			}
		})
		synctest.Wait()
		wait.Go(func() {
			if _, err := c.Office(t.Context(), anna); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		cancel()
		wait.Wait()
		if f.count() != 1 {
			t.Errorf("%d requests", f.count())
		}
	})
}

// Neither tokens nor titles, names or the portal's texts are ever logged.
func TestLogsTellNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake(map[string]func(request) answer{
			"calendar.accessibility.get": inTurn(
				status(503, `{"error":"QUERY_LIMIT_EXCEEDED","error_description":"Geheimnis"}`),
				ok(`{"result":{"1":[{"ID":"1","NAME":"Geheimnis","DATE_FROM":"Geheimnis"}]}}`)),
			"batch": status(403, `{"error":"Geheimnis war hier","error_description":"Geheimnis"}`),
		})
		f.token = "geheim-token"
		var log bytes.Buffer
		c := f.client(t)
		c.cfg.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		during := civil.Span{Start: 0, End: 1000}
		if got, err := c.Busy(t.Context(), anna, everyone(t, 1), during, false); err != nil || got[1].Unknown != meet.UnknownUnreadable {
			t.Errorf("got %v, %v", got, err)
		}
		_, _ = c.Office(t.Context(), anna)
		if text := strings.ToLower(log.String()); !strings.Contains(text, "query_limit_exceeded") || strings.Contains(text, "geheim") {
			t.Errorf("log:\n%s", log.String())
		}
	})
}
