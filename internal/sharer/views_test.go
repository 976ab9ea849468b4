package sharer_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"slotfinder/internal/meet"
	"slotfinder/internal/sharer"
)

// steps is a Links and Meter that notes what it is asked, and can fail to write.
type steps struct {
	meet.Links
	meet.Meter
	broken error

	mu    sync.Mutex
	taken []string
}

func (s *steps) note(step string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken = append(s.taken, step)
}

// written returns the writes since the last call.
func (s *steps) written() (list []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, step := range s.taken {
		if step != "find" {
			list = append(list, step)
		}
	}
	s.taken = nil
	return list
}

func (s *steps) LinkByToken(ctx context.Context, hash string) (meet.Link, error) {
	s.note("find")
	return s.Links.LinkByToken(ctx, hash)
}

func (s *steps) CountOpens(ctx context.Context, opens []meet.Opens) error {
	if s.broken != nil {
		return s.broken
	}
	s.note(fmt.Sprint("opens of ", len(opens)))
	return s.Links.CountOpens(ctx, opens)
}

func (s *steps) Tally(ctx context.Context, counters []meet.Counter, now time.Time) ([]int64, error) {
	if s.broken != nil {
		return nil, s.broken
	}
	for _, c := range counters {
		s.note("tally " + c.Key + c.Portal)
	}
	return s.Meter.Tally(ctx, counters, now)
}

// noting lets a Sharer's steps be looked at.
func noting(s *sharer.Sharer) *steps {
	noted := &steps{Links: s.Links, Meter: s.Meter}
	s.Links, s.Meter = noted, noted
	return noted
}

// settle writes what is counted.
func settle(t *testing.T, s *sharer.Sharer) {
	t.Helper()
	if err := s.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// Nobody who looks waits for a writer: what they do is written by Settle, and what is
// refused is not even written there, nor looked for.
func TestRefusedLooksWriteNothing(t *testing.T) {
	t.Parallel()
	s, _, _ := newSharer(t)
	_, token := made(t, s, twoDays)
	noted := noting(s)
	s.Limits = sharer.Limits{Address: 100, Misses: 50, Link: 1000, Portal: 1000}
	looks := func(token, from string, n int) {
		t.Helper()
		for range n {
			if o, err := s.View(t.Context(), token, from); err == nil {
				s.Opened(o)
			}
		}
	}
	looks(token, "a", 100)
	looks("guess", "b", 50)
	if got := noted.written(); len(got) != 0 {
		t.Errorf("150 looks wait for %q", got)
	}
	for range 3 {
		settle(t, s)
	}
	got := noted.written()
	if len(got) > 6 {
		t.Errorf("150 looks are written as %q", got)
	}
	looks(token, "a", 1000)
	if len(noted.taken) > 0 {
		t.Errorf("looks that are refused for their address ask the database: %q", noted.taken[:1])
	}
	looks("guess", "b", 40)
	settle(t, s)
	if got := noted.written(); len(got) != 0 {
		t.Errorf("refused looks are written: %q", got)
	}
	t.Logf("figure: 150 looks are written in %d steps, 1,040 refused ones in %d", len(got), len(noted.written()))
	if links, _, err := s.All(t.Context(), owner, 1); err != nil || links[0].Opens != 100 {
		t.Errorf("%+v, %v", links, err)
	}
}

// A few looks are of no interest to other processes.
func TestFewLooksLeaveNoRow(t *testing.T) {
	t.Parallel()
	s, _, _ := newSharer(t)
	_, token := made(t, s, twoDays)
	noted := noting(s)
	for n := range 50 {
		look(t, s, token)
		_, _ = s.View(t.Context(), "guess", fmt.Sprint("visitor ", n))
	}
	settle(t, s)
	if got := noted.written(); len(got) != 0 {
		t.Errorf("written: %q", got)
	}
}

// The limits hold for all processes together, and for each of them while the database
// is away.
func TestLimitsOfAllProcesses(t *testing.T) {
	t.Parallel()
	one, _, c := newSharer(t)
	_, token := made(t, one, twoDays)
	noted := noting(one)
	one.Limits = sharer.Limits{Address: 40, Misses: 40, Link: 40, Portal: 40}
	two := &sharer.Sharer{Links: noted, Meter: noted, Finder: one.Finder, Seal: one.Seal, Random: one.Random, Now: one.Now, Limits: one.Limits}
	admitted := func(rounds int) (n int) {
		for range rounds {
			for _, s := range []*sharer.Sharer{one, two} {
				if _, err := s.View(t.Context(), token, "a"); err == nil {
					n++
				} else if meet.KindOf(err) != meet.Busy {
					t.Fatal(err)
				}
				if err := s.Settle(t.Context()); err != nil && !errors.Is(err, noted.broken) {
					t.Fatal(err)
				}
			}
		}
		return n
	}
	if n := admitted(100); n < 36 || n > 44 {
		t.Errorf("%d looks are admitted where 40 are allowed", n)
	}
	c.pass(2 * time.Minute)
	noted.broken = errors.New("no database")
	if n := admitted(100); n != 80 {
		t.Errorf("without a database each of two processes admits 40, together %d", n)
	}
}

// What can't be written is not lost to the owner, and written once.
func TestOpensOutliveAFailure(t *testing.T) {
	t.Parallel()
	s, _, _ := newSharer(t)
	_, token := made(t, s, twoDays)
	o := look(t, s, token)
	noted := noting(s)
	noted.broken = errors.New("no database")
	for range 3 {
		s.Opened(o)
		if err := s.Settle(t.Context()); err == nil {
			t.Error("no error")
		}
	}
	noted.broken = nil
	for range 3 {
		settle(t, s)
	}
	if links, _, err := s.All(t.Context(), owner, 1); err != nil || links[0].Opens != 3 {
		t.Errorf("%+v, %v", links, err)
	}
}

// Run writes soon, not too often, and what is left at the end.
func TestLooksAreWrittenSoon(t *testing.T) {
	t.Parallel()
	s, _, _ := newSharer(t)
	_, token := made(t, s, twoDays)
	o := look(t, s, token)
	synctest.Test(t, func(t *testing.T) {
		noted := noting(s)
		noted.Links = countsOpens{noted.Links}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan bool)
		go func() {
			s.Run(ctx, func(err error) { t.Error(err) })
			close(ended)
		}()
		for range 10_000 { // a second's worth
			s.Opened(o)
			time.Sleep(100 * time.Microsecond)
		}
		synctest.Wait()
		if n := len(noted.written()); n < 10 || n > 50 {
			t.Errorf("%d writes in a second", n)
		}
		time.Sleep(time.Second)
		if n := len(noted.written()); n > 1 {
			t.Errorf("%d writes of nothing", n)
		}
		s.Opened(o)
		stop()
		<-ended
		if got := noted.written(); len(got) != 1 || !strings.HasPrefix(got[0], "opens") {
			t.Errorf("at the end %q are written", got)
		}
	})
}

// countsOpens keeps the database out of a bubble of time.
type countsOpens struct{ meet.Links }

func (countsOpens) CountOpens(context.Context, []meet.Opens) error { return nil }

// However many addresses look, and however many links are looked at, what is kept of
// it stays small.
func TestLooksKeepLittle(t *testing.T) {
	t.Parallel()
	s, _, c := newSharer(t)
	_, token := made(t, s, twoDays)
	for round := range 3 {
		for n := range 2 * sharer.ViewsCounted {
			s.Admit(fmt.Sprint("visitor ", round, " ", n), fmt.Sprint("link ", round, " ", n))
			s.OpenedLink(owner, fmt.Sprint(round, " ", n))
		}
		if n := s.Counters(); n > 2*sharer.ViewsCounted+4 {
			t.Errorf("%d counters", n)
		}
		if n := s.Waiting(); n > sharer.OpensWaiting {
			t.Errorf("%d links wait for their looks to be written", n)
		}
	}
	t.Logf("figure: %d visitors of as many links: %d counters, %d links wait to be written", 6*sharer.ViewsCounted, s.Counters(), s.Waiting())
	c.pass(3 * time.Minute)
	if _, err := s.View(t.Context(), token, "late"); err != nil {
		t.Errorf("three minutes later: %v", err)
	}
}
