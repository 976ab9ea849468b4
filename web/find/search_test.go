package find

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/inflight"
	"slotfinder/internal/meet"
	"slotfinder/web"
)

// slowSearch is a search that takes an hour unless its context ends.
type slowSearch struct {
	began, ended atomic.Int32
	after        time.Duration
}

func (l *slowSearch) look(ctx context.Context) (outcome, error) {
	l.began.Add(1)
	defer l.ended.Add(1)
	select {
	case <-time.After(l.after):
		return outcome{departments: map[int64]string{1: "found"}}, nil
	case <-ctx.Done():
		return outcome{}, web.SlowPortal(ctx.Err())
	}
}

var questionOfAnna = inflight.Key{Member: anna, Question: "who=2"}

// group is what a product has of searches, with questions as short as a line.
type group struct{ *inflight.Searches[outcome] }

// ask is one request.
func (g group) ask(ctx context.Context, key inflight.Key, l *slowSearch, p patience) (outcome, bool) {
	one := g.Join(ctx, key, l.look)
	found, done := p.wait(ctx, one)
	g.Leave(key, one, ctx.Err() != nil, done)
	return found, done
}

func newSearches() group {
	return group{inflight.New[outcome](inflight.Limits{Time: web.RequestLimit, Idle: idleSearchLife, Member: memberSearches, All: mostSearches}, slog.New(slog.DiscardHandler))}
}

var (
	plain  = patience{most: web.RequestLimit}
	script = patience{most: firstLook}
)

// TestSearchIsSharedAndFetchedOnce: those who ask the same meanwhile get the same
// answer, those who ask later another one.
func TestSearchIsSharedAndFetchedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, l := newSearches(), &slowSearch{after: 2 * time.Second}
		if _, done := s.ask(t.Context(), questionOfAnna, l, script); done {
			t.Fatal("an answer before its time")
		}
		for range 3 {
			go func() {
				if found, done := s.ask(t.Context(), questionOfAnna, l, plain); !done || found.departments[1] != "found" {
					t.Errorf("%v, %v", found, done)
				}
			}()
		}
		time.Sleep(3 * time.Second)
		if l.began.Load() != 1 || s.Len() != 0 {
			t.Errorf("%d searches, %d kept", l.began.Load(), s.Len())
		}
		s.ask(t.Context(), questionOfAnna, l, plain)
		if l.began.Load() != 2 {
			t.Errorf("%d searches in all", l.began.Load())
		}
	})
}

// TestSearchIsOfOneMember: whoever asks the same with other eyes gets other answers.
func TestSearchIsOfOneMember(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, l := newSearches(), &slowSearch{after: 2 * time.Second}
		for _, m := range []meet.Member{anna, boris, foreign} {
			s.ask(t.Context(), inflight.Key{Member: m, Question: "who=2"}, l, script)
		}
		if synctest.Wait(); l.began.Load() != 3 {
			t.Errorf("%d searches for three people", l.began.Load())
		}
		time.Sleep(time.Minute)
	})
}

// TestSearchesEndWithTheServer: nothing goes on behind a server that was stopped.
func TestSearchesEndWithTheServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, l := newSearches(), &slowSearch{after: time.Hour}
		s.ask(t.Context(), questionOfAnna, l, script)
		waits := make(chan error, 1)
		go func() {
			found, _ := s.ask(t.Context(), inflight.Key{Member: boris, Question: "who=2"}, l, plain)
			waits <- found.err
		}()
		synctest.Wait()
		s.Close()
		if l.began.Load() != 2 || l.ended.Load() != 2 {
			t.Errorf("%d searches began, %d ended", l.began.Load(), l.ended.Load())
		}
		if err := <-waits; !errors.Is(err, context.Canceled) {
			t.Errorf("who waited got %v", err)
		}
		found, done := s.ask(t.Context(), inflight.Key{Member: boris, Question: "who=3"}, l, plain)
		if !done || meet.KindOf(found.err) != meet.Unavailable || l.began.Load() != 2 {
			t.Errorf("after the end: %v, %v, %d searches", found.err, done, l.began.Load())
		}
	})
}

// TestUnaskedSearchEnds: nobody waits any more, and after a moment neither do we.
func TestUnaskedSearchEnds(t *testing.T) {
	for _, c := range []struct {
		name         string
		takes        time.Duration
		again        []time.Duration // pauses after which the page asks again
		began, ended int32
		kept         int // after the last pause and a second
	}{
		{"never asked again", time.Hour, nil, 1, 0, 1},
		{"done, never fetched", 500 * time.Millisecond, nil, 1, 1, 1},
		{"asked in time", time.Hour, []time.Duration{idleSearchLife - 1}, 1, 0, 1},
		{"asked too late", time.Hour, []time.Duration{idleSearchLife + 1}, 2, 1, 1},
		{"fetched", time.Second, []time.Duration{2 * time.Second}, 1, 1, 0},
		{"kept no longer", time.Second, []time.Duration{idleSearchLife + 1}, 2, 1, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, l := newSearches(), &slowSearch{after: c.takes}
				s.ask(t.Context(), questionOfAnna, l, script)
				for _, pause := range c.again {
					time.Sleep(pause)
					s.ask(t.Context(), questionOfAnna, l, script)
				}
				time.Sleep(500 * time.Millisecond)
				synctest.Wait()
				if l.began.Load() != c.began || l.ended.Load() != c.ended || s.Len() != c.kept {
					t.Errorf("%d of %d ended, %d kept; want %d of %d, %d", l.ended.Load(), l.began.Load(), s.Len(), c.ended, c.began, c.kept)
				}
				time.Sleep(idleSearchLife)
				synctest.Wait()
				if l.ended.Load() != l.began.Load() || s.Len() != 0 {
					t.Errorf("at the end %d of %d have ended, %d are kept", l.ended.Load(), l.began.Load(), s.Len())
				}
			})
		})
	}
}

// TestSearchOfSomebodyWhoLeft: it ends at once, unless somebody else waits for it.
func TestSearchOfSomebodyWhoLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, l := newSearches(), &slowSearch{after: time.Hour}
		staying, leave := context.WithCancel(t.Context())
		going, goNow := context.WithCancel(t.Context())
		for _, ctx := range []context.Context{staying, going} {
			go s.ask(ctx, questionOfAnna, l, plain)
		}
		time.Sleep(time.Second)
		goNow()
		if synctest.Wait(); l.ended.Load() != 0 {
			t.Error("it ended although somebody waits")
		}
		leave()
		if synctest.Wait(); l.began.Load() != 1 || l.ended.Load() != 1 || s.Len() != 0 {
			t.Errorf("%d of %d ended, %d kept", l.ended.Load(), l.began.Load(), s.Len())
		}
	})
}

// TestSearchIsBounded: whatever a page asks, and at how many instances, it has an
// answer after nine seconds.
func TestSearchIsBounded(t *testing.T) {
	for name, c := range map[string]struct {
		p    patience
		want time.Duration
	}{
		"without script":          {plain, web.RequestLimit},
		"elsewhere for 8 seconds": {patience{most: nextLook, spent: 8 * time.Second, asks: true, seen: unnamed}, time.Second},
		"elsewhere for too long":  {patience{most: nextLook, spent: web.RequestLimit, asks: true, seen: unnamed}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, l := newSearches(), &slowSearch{after: time.Hour}
				began := time.Now()
				found, done := s.ask(t.Context(), questionOfAnna, l, c.p)
				var fault *meet.Error
				if !done || !errors.As(found.err, &fault) || fault.Key != "error.portal_slow" {
					t.Errorf("%v, %v", found.err, done)
				}
				if took := time.Since(began); took != c.want {
					t.Errorf("it took %s, want %s", took, c.want)
				}
				synctest.Wait() // what it left behind would keep the test from ending
			})
		})
	}
}

// TestPageHearsOfProgress: a page that asks again is answered when there is news, the
// news that it missed included.
func TestPageHearsOfProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSearches()
		tell := make(chan meet.Progress)
		one := s.Join(t.Context(), questionOfAnna, func(ctx context.Context) (outcome, error) {
			for p := range tell {
				meet.ReadingBegins(ctx, p.Query, p.People)
			}
			return outcome{}, nil
		})
		people := []meet.Attendee{{}, {}}
		ask := func(seen int) (took time.Duration) {
			began := time.Now()
			if _, done := (patience{most: nextLook, seen: seen, asks: true}).wait(t.Context(), one); done {
				t.Error("done before its time")
			}
			return time.Since(began)
		}
		if took := ask(unnamed); took != nextLook {
			t.Errorf("no news took %s", took)
		}
		go func() {
			time.Sleep(time.Second)
			tell <- meet.Progress{People: people, Asked: 2}
		}()
		if took := ask(unnamed); took != time.Second {
			t.Errorf("the people took %s", took)
		}
		if took := ask(unnamed); took != 0 {
			t.Errorf("what was missed took %s", took)
		}
		if took := ask(0); took != nextLook {
			t.Errorf("no news took %s", took)
		}
		go func() {
			time.Sleep(time.Second)
			close(tell)
		}()
		began := time.Now()
		if _, done := (patience{most: nextLook, asks: true}).wait(t.Context(), one); !done || time.Since(began) != time.Second {
			t.Errorf("the end took %s", time.Since(began))
		}
		s.Leave(questionOfAnna, one, false, true)
	})
}

// TestPanicOfASearch is an error of ours, and not the end of the program.
func TestPanicOfASearch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSearches()
		one := s.Join(t.Context(), questionOfAnna, func(context.Context) (outcome, error) { panic("canary") })
		found, done := plain.wait(t.Context(), one)
		s.Leave(questionOfAnna, one, false, done)
		if !done || found.err == nil || meet.KindOf(found.err) != meet.Internal || s.Len() != 0 {
			t.Errorf("%v, %v", found.err, done)
		}
	})
}

func TestQuestionIsWhatIsAsked(t *testing.T) {
	t.Parallel()
	values := url.Values{"who": {"2"}, "dur": {"30"}, "view": {"heat"}, "slot": {"x"}, "day": {"x"}, "open": {"1"}, "left": {"9"}, "q": {"ann"}, "find": {"1"}}
	if got := question(values).Encode(); got != "dur=30&who=2" {
		t.Errorf("asked: %s", got)
	}
	if values.Get("view") != "heat" {
		t.Error("what was sent has been changed")
	}
}

// TestPatience: only who can ask again is asked to.
func TestPatience(t *testing.T) {
	t.Parallel()
	s := &Handlers{Site: &web.Server{Config: web.Config{Now: func() time.Time { return time.Time{} }}}}
	for _, c := range []struct {
		name   string
		header map[string]string
		want   patience
	}{
		{"anybody", nil, plain},
		{"another cookie", map[string]string{"Cookie": "other=1"}, plain},
		{"our script has run", map[string]string{"Cookie": "script=1"}, script},
		{"htmx", map[string]string{"HX-Request": "true"}, script},
		{"again", map[string]string{"HX-Request": "true", "X-Reading": "1500 12"}, patience{most: nextLook, spent: 1500 * time.Millisecond, seen: 12, asks: true}},
		{"again, unnamed", map[string]string{"HX-Request": "true", "X-Reading": "400 -1"}, patience{most: nextLook, spent: firstLook, seen: unnamed, asks: true}},
		{"a lie", map[string]string{"X-Reading": "-5000 2"}, patience{most: nextLook, seen: 2, asks: true}},
		{"a great lie", map[string]string{"X-Reading": "9000000000000000 2"}, patience{most: nextLook, spent: web.RequestLimit, seen: 2, asks: true}},
		{"nonsense", map[string]string{"X-Reading": "x"}, patience{most: nextLook, asks: true}},
	} {
		r := httptest.NewRequest(http.MethodGet, "/find", nil)
		for name, value := range c.header {
			r.Header.Set(name, value)
		}
		if got := s.patience(echo.New().NewContext(r, httptest.NewRecorder())); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
	p := patience{began: time.Unix(10, 0), spent: 400 * time.Millisecond}
	if got := p.mark(time.Unix(12, 0), meet.Progress{Read: 7, People: []meet.Attendee{}}); got != "2400 7" {
		t.Errorf("mark %q", got)
	}
}

// TestSearchesInTheBackgroundAreBounded: of one member and in all; who is refused takes
// nothing from the others, and there is room again when the searches end.
func TestSearchesInTheBackgroundAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, l := newSearches(), &slowSearch{after: time.Hour}
		kinds := func(n int, key func(i int) inflight.Key) (refused []meet.Kind) {
			for i := range n {
				if found, done := s.ask(t.Context(), key(i), l, patience{most: time.Millisecond}); done {
					refused = append(refused, meet.KindOf(found.err))
				}
			}
			return refused
		}
		mine := func(i int) inflight.Key { return inflight.Key{Member: anna, Question: strings.Repeat("x", i)} }
		if got := kinds(memberSearches+2, mine); !slices.Equal(got, []meet.Kind{meet.Busy, meet.Busy}) {
			t.Errorf("of one member: %v", got)
		}
		if got := kinds(1, mine); len(got) > 0 {
			t.Errorf("the same question: %v", got)
		}
		others := func(i int) inflight.Key {
			return inflight.Key{Member: meet.Member{Portal: "p", User: int64(i + 100)}, Question: "x"}
		}
		if got := kinds(mostSearches-memberSearches+1, others); !slices.Equal(got, []meet.Kind{meet.Unavailable}) {
			t.Errorf("of all: %v", got)
		}
		t.Logf("figure: in the background %d searches of one member and %d in all, the next ones are refused", memberSearches, mostSearches)
		time.Sleep(idleSearchLife + time.Second)
		if synctest.Wait(); s.Len() != 0 || l.began.Load() != l.ended.Load() || l.began.Load() != mostSearches {
			t.Errorf("%d kept, %d of %d ended", s.Len(), l.ended.Load(), l.began.Load())
		}
		if got := kinds(1, mine); len(got) > 0 {
			t.Errorf("afterwards: %v", got)
		}
		time.Sleep(idleSearchLife + time.Second)
	})
}
