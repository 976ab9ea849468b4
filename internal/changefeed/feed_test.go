package changefeed_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"maps"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/changefeed"
	"slotfinder/internal/meet"
)

// memoryLog is a Log in memory that all processes of a test share.
type memoryLog struct {
	mu      sync.Mutex
	changes map[string]int64
	fault   error
	looks   int
	records int
}

func (l *memoryLog) RecordChange(_ context.Context, portal string, now time.Time) (int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fault != nil {
		return 0, l.fault
	}
	l.records++
	l.changes[portal] = max(l.changes[portal]+1, now.UnixMilli())
	return l.changes[portal], nil
}

func (l *memoryLog) Changes(_ context.Context, above int64) (map[string]int64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.looks++
	if l.fault != nil {
		return nil, l.fault
	}
	found := maps.Clone(l.changes)
	maps.DeleteFunc(found, func(_ string, seq int64) bool { return seq <= above })
	return found, nil
}

func (l *memoryLog) fail(fault error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fault = fault
}

// looked returns how often somebody looked, once everybody is idle.
func (l *memoryLog) looked() int {
	synctest.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.looks
}

// recorded returns how often somebody wrote.
func (l *memoryLog) recorded() int {
	synctest.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.records
}

// last returns the number of a portal's last change.
func (l *memoryLog) last(portal string) int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.changes[portal]
}

// process is one of the instances.
type process struct {
	*changefeed.Feed
	mu        sync.Mutex
	forgotten []string
	log       bytes.Buffer
	stop      func() // ends it and waits
}

func start(t *testing.T, l *memoryLog) *process {
	p := &process{}
	p.Feed = changefeed.New(changefeed.Config{
		ChangeLog: l, Now: time.Now, Log: slog.New(slog.NewTextHandler(&p.log, nil)),
		Forget: func(portal string) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.forgotten = append(p.forgotten, portal)
		},
	})
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { p.Run(ctx) })
	p.stop = func() {
		cancel()
		running.Wait()
	}
	t.Cleanup(p.stop)
	return p
}

// forgot returns what was forgotten since it was asked last.
func (p *process) forgot() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := strings.Join(p.forgotten, " ")
	p.forgotten = nil
	return all
}

// news is what a listener gets once everybody is idle: "" nothing, "news", or "end".
func news(l *changefeed.Listener) string {
	synctest.Wait()
	select {
	case <-l.Changes:
		return "news"
	default:
	}
	select {
	case <-l.Ended:
		return "end"
	default:
		return ""
	}
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s: %s", what, diff)
	}
}

// in runs a test in a bubble, with one log.
func in(t *testing.T, body func(t *testing.T, l *memoryLog)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { body(t, &memoryLog{changes: map[string]int64{}}) })
}

func TestAChangeReachesEverybodyInItsPortal(t *testing.T) {
	t.Parallel()
	in(t, func(t *testing.T, l *memoryLog) {
		a, b := start(t, l), start(t, l)
		here, there, foreign := a.Listen("p1", 0), b.Listen("p1", 0), b.Listen("p2", 0)
		same(t, "nothing has happened", "", news(here)+news(there)+news(foreign))
		a.Publish("p1")
		same(t, "the same process at once", "news", news(here))
		same(t, "it has forgotten", "p1", a.forgot())
		same(t, "the other one not yet", "", news(there))
		time.Sleep(time.Second)
		same(t, "the other one within a second", "news", news(there))
		same(t, "it has forgotten, too", "p1", b.forgot())
		same(t, "the other portal", "", news(foreign))
		time.Sleep(time.Minute)
		same(t, "once", "", news(here)+news(there)+a.forgot()+b.forgot())
	})
}

// TestForgettingComesFirst: whoever is notified finds no old data any more.
func TestForgettingComesFirst(t *testing.T) {
	t.Parallel()
	in(t, func(t *testing.T, l *memoryLog) {
		var listener *changefeed.Listener
		told := "never asked"
		b := changefeed.New(changefeed.Config{
			ChangeLog: l, Now: time.Now, Log: slog.New(slog.DiscardHandler),
			Forget: func(string) {
				select {
				case <-listener.Changes:
					told = "already"
				default:
					told = "not yet"
				}
			},
		})
		listener = b.Listen("p1", 0)
		defer listener.Stop()
		b.Publish("p1")
		same(t, "after all", "news", news(listener))
		same(t, "when it was forgotten", "not yet", told)
		time.Sleep(changefeed.Quiet)
	})
}

func TestABurstIsPassedOnTwice(t *testing.T) {
	t.Parallel()
	in(t, func(t *testing.T, l *memoryLog) {
		p := start(t, l)
		listener := p.Listen("p1", 0)
		for range 50 {
			p.Publish("p1")
		}
		same(t, "the first", "news", news(listener))
		same(t, "no second yet", "", news(listener))
		time.Sleep(changefeed.Quiet)
		same(t, "the last", "news", news(listener))
		time.Sleep(time.Minute)
		same(t, "and no more", "", news(listener))
		same(t, "written down", 2, l.recorded())
		p.Publish("p1")
		same(t, "the next burst begins at once", "news", news(listener))
	})
}

func TestNobodyPollsForNobody(t *testing.T) {
	t.Parallel()
	in(t, func(t *testing.T, l *memoryLog) {
		p := start(t, l)
		time.Sleep(time.Hour)
		same(t, "before", 0, l.looked())
		first, second := p.Listen("p1", 0), p.Listen("p1", 0)
		time.Sleep(10*time.Second + time.Millisecond)
		same(t, "while two listen", 11, l.looked())
		first.Stop()
		second.Stop()
		second.Stop()
		time.Sleep(time.Hour)
		same(t, "afterwards", 11, l.looked())
		p.Listen("p1", 0)
		same(t, "again", 12, l.looked())
	})
}

func TestWhichChangesANewListenerGets(t *testing.T) {
	t.Parallel()
	ago := func(d time.Duration) int64 { return time.Now().Add(-d).UnixMilli() }
	for _, test := range []struct {
		name    string
		changed time.Duration // how long ago; 0: never
		since   time.Duration // 0: a new page
		want    string
	}{
		{"a new page, never", 0, 0, ""},
		{"a new page, long ago", time.Minute, 0, ""},
		{"a new page, just before", 10 * time.Second, 0, "news"},
		{"back, nothing missed", time.Minute, 30 * time.Second, ""},
		{"back, it was the last one known", time.Minute, time.Minute, ""},
		{"back, one missed", time.Minute, 61 * time.Second, "news"},
		{"back, never", 0, 4 * time.Minute, ""},
		{"back after longer than anybody remembers", 0, 6 * time.Minute, "news"},
	} {
		for _, looking := range []bool{false, true} {
			t.Run(test.name, func(t *testing.T) {
				t.Parallel()
				in(t, func(t *testing.T, l *memoryLog) {
					time.Sleep(time.Hour) // the bubble's clock starts at a whole second
					if test.changed > 0 {
						l.changes["p1"] = ago(test.changed)
					}
					p := start(t, l)
					if looking { // it is known before anybody asks
						p.Listen("p2", 0)
						synctest.Wait()
					}
					var since int64
					if test.since > 0 {
						since = ago(test.since)
					}
					listener := p.Listen("p1", since)
					same(t, test.name, test.want, news(listener))
					time.Sleep(10 * time.Second)
					same(t, "later", "", news(listener))
				})
			})
		}
	}
}

// TestReconnecting: with the number of the last change nothing comes twice and
// nothing is lost.
func TestReconnecting(t *testing.T) {
	t.Parallel()
	in(t, func(t *testing.T, l *memoryLog) {
		a, b := start(t, l), start(t, l)
		first := a.Listen("p1", 0)
		a.Publish("p1")
		seq := <-first.Changes
		first.Stop()
		again := b.Listen("p1", seq)
		same(t, "it starts there", seq, again.Since)
		time.Sleep(3 * time.Second)
		same(t, "nothing twice", "", news(again))
		again.Stop()
		a.Publish("p1")
		time.Sleep(3 * time.Second)
		same(t, "nothing lost", "news", news(b.Listen("p1", seq)))
	})
}

func TestTheLastChangeReplacesOlderOnes(t *testing.T) {
	t.Parallel()
	in(t, func(t *testing.T, l *memoryLog) {
		p := start(t, l)
		slow := p.Listen("p1", 0)
		for range 5 {
			p.Publish("p1")
			time.Sleep(2 * time.Second)
		}
		same(t, "the number", l.last("p1"), <-slow.Changes)
		same(t, "no other", "", news(slow))
	})
}

func TestTheEndIsPromptAndLosesNothing(t *testing.T) {
	t.Parallel()
	in(t, func(t *testing.T, l *memoryLog) {
		p := start(t, l)
		listener := p.Listen("p1", 0)
		p.Publish("p1")
		same(t, "the first", "news", news(listener))
		p.Publish("p1") // within the quiet second
		before := time.Now()
		p.stop()
		same(t, "it does not wait", time.Duration(0), time.Since(before))
		same(t, "what was published is written down", 2, l.recorded())
		same(t, "the last news", "news", news(listener))
		same(t, "ended", "end", news(listener))
		listener.Stop()
		same(t, "a late listener is ended", "end", news(p.Listen("p1", 0)))
		p.Publish("p1")
		synctest.Wait()
		same(t, "nothing is written any more", 2, l.recorded())
	})
}

func TestListenersHereAreNotifiedWithoutTheLog(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		fault error
		lines int // in the log, for one look and one record
	}{
		{"the database is down", errors.New("down"), 2},
		{"the portal has gone", meet.Errorf(meet.NotFound, "error.portal_unknown", "gone"), 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			in(t, func(t *testing.T, l *memoryLog) {
				p := start(t, l)
				listener := p.Listen("p1", 0)
				synctest.Wait()
				l.fail(test.fault)
				time.Sleep(5*time.Second + time.Millisecond)
				p.Publish("p1")
				same(t, "those here are told", "news", news(listener))
				time.Sleep(time.Minute)
				l.fail(nil)
				time.Sleep(2 * time.Second)
				p.Publish("p1")
				same(t, "all is well again", "news", news(listener))
				p.stop()
				same(t, "lines in the log", test.lines, strings.Count(p.log.String(), "\n"))
			})
		})
	}
}
