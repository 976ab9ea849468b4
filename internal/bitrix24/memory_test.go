package bitrix24

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sync/semaphore"

	"slotfinder/internal/meet"
)

// flood is one or several portals whose answers never end. It counts the bytes of answers that
// are still in memory.
type flood struct {
	mu         sync.Mutex
	held, most map[string]int // by host; "" is all of them
}

func newFlood() *flood {
	return &flood{held: map[string]int{}, most: map[string]int{}}
}

func (f *flood) add(host string, n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, key := range []string{"", host} {
		f.held[key] += n
		f.most[key] = max(f.most[key], f.held[key])
	}
}

// RoundTrip implements http.RoundTripper.
func (f *flood) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, ContentLength: -1, Body: &endlessAnswer{flood: f, host: r.URL.Host}}, nil
}

// endlessAnswer is one of its answers. Each piece takes a moment, so that all answers of a test
// with a fake clock grow side by side.
type endlessAnswer struct {
	flood *flood
	host  string
	given int
}

var blanks = strings.Repeat(" ", 32<<10)

func (t *endlessAnswer) Read(b []byte) (int, error) {
	time.Sleep(time.Millisecond) // only in tests with a fake clock
	n := copy(b, `{"result":{"1":[`[min(t.given, 16):])
	n += copy(b[n:], blanks)
	t.given += n
	t.flood.add(t.host, n)
	return n, nil
}

func (t *endlessAnswer) Close() error {
	t.flood.add(t.host, -t.given)
	t.given = 0
	return nil
}

// hosts gives each portal its own endpoint.
type hosts struct{ Tokens }

func (h hosts) Token(_ context.Context, m meet.Member) (string, string, error) {
	return "https://" + m.Portal + ".example/rest/", "t", nil
}

// However many portals send endless answers at once, these stay within the memory allowed for
// them, and all of it is given back.
func TestFloodsShareBoundedMemory(t *testing.T) {
	t.Parallel()
	const portals, requests, slack = 4, 3, smallAnswer + 32<<10
	tests := []struct {
		name     string
		all, own int64
	}{
		{"all portals' bound", 10 << 20, 1 << 40},
		{"a portal's bound", 1 << 40, 4 << 20},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFlood()
				c := New(Config{Tokens: hosts{}, HTTP: &http.Client{Transport: f}, Rand: func() float64 { return 0.5 }})
				c.memory = semaphore.NewWeighted(test.all)
				for id := range portals {
					c.portals.get(fmt.Sprint("p", id)).memory = semaphore.NewWeighted(test.own)
				}
				var wg sync.WaitGroup
				for id := range portals * requests {
					wg.Go(func() {
						m := meet.Member{Portal: fmt.Sprint("p", id%portals), User: int64(id + 1)}
						if _, err := c.Busy(t.Context(), m, everyone(t, 1), between(t, "2026-03-01 00:00", "2026-03-02 00:00"), true); err == nil {
							t.Error("an answer without end was accepted")
						}
					})
				}
				wg.Wait()
				for host, most := range f.most {
					bound := test.own + requests*slack
					if host == "" {
						bound = test.all + portals*requests*slack
					}
					if int64(most) > bound {
						t.Errorf("host %q: %d bytes at once, more than %d", host, most, bound)
					}
				}
				if f.most[""] < 3<<20 {
					t.Errorf("only %d bytes at once: no flood", f.most[""])
				}
				if !c.memory.TryAcquire(test.all) {
					t.Error("not all was given back")
				}
				for id := range portals {
					if !c.portals.get(fmt.Sprint("p", id)).memory.TryAcquire(test.own) {
						t.Errorf("portal %d: not all was given back", id)
					}
				}
			})
		})
	}
}

// allocated returns how many bytes do allocates, those that it drops included. Nothing else may
// run at the same time.
func allocated(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// pieces repeats a text without end, and keeps it in memory only once.
type pieces struct {
	piece string
	at    int
}

func (p *pieces) Read(b []byte) (n int, _ error) {
	for n < len(b) {
		copied := copy(b[n:], p.piece[p.at:])
		n += copied
		p.at = (p.at + copied) % len(p.piece)
	}
	return n, nil
}

// answering is a portal with one answer: head, then so many times the piece.
func answering(head, piece string, times int, tail string) *http.Client {
	return &http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
		all := io.MultiReader(strings.NewReader(head), io.LimitReader(&pieces{piece: strings.Repeat(piece, 1000)}, int64(times*len(piece))), strings.NewReader(tail))
		return &http.Response{StatusCode: http.StatusOK, ContentLength: -1, Body: io.NopCloser(all)}, nil
	})}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// What a hostile answer allocates is bounded, whatever it is made of. Not parallel:
// it counts all allocations.
func TestHostileAnswersAllocateLittle(t *testing.T) {
	during := between(t, "2026-03-01 00:00", "2026-03-15 00:00")
	busy := func(c *Client) error {
		_, err := c.Busy(t.Context(), anna, everyone(t, 1), during, true)
		return err
	}
	people := func(c *Client) error {
		_, err := c.People(t.Context(), anna, []int64{1})
		return err
	}
	const page, end = `{"result":{"result":{"c0":`, `},"result_error":[],"result_total":[],"result_next":[]}}`
	tests := []struct {
		name              string
		ask               func(*Client) error
		head, piece, tail string
		times             int
		mebibytes         uint64
		err               error
	}{
		{"availability without end", busy, `{"result":{"1":[`, `{"ID":"1"},`, ``, 1 << 40, 50, errTooLarge},
		{"people without end", people, page + `[`, `{},`, ``, 1 << 40, 25, errTooLarge},
		{"millions of empty people", people, page + `[`, `{},`, `{}]` + end, 1 << 19, 80, errNotJSON},
		{"millions of numbered people", people, page + `{"1":{}`, `,"2":{}`, `}` + end, 1 << 18, 80, errNotJSON},
		{"the same page again and again", people, `{"result":{"result":{"c0":[]`, `,"c1":0`, end, 1 << 18, 20, nil},
		{"a name of megabytes", people, page + `[{"ID":"1","NAME":"`, `\u202e`, `"}]` + end, 1 << 18, 20, nil},
	}
	for _, test := range tests {
		c := New(Config{Tokens: newFake(nil), HTTP: answering(test.head, test.piece, test.times, test.tail), Rand: func() float64 { return 0 }})
		var err error
		used := allocated(func() { err = test.ask(c) })
		if !errors.Is(err, test.err) {
			t.Errorf("%s: %v, want %v", test.name, err, test.err)
		}
		t.Logf("%s: %d MiB", test.name, used>>20)
		if used > test.mebibytes<<20 {
			t.Errorf("%s: %d MiB allocated, more than %d", test.name, used>>20, test.mebibytes)
		}
	}
}

// An entry of absurd length makes a person unreadable. Of thousands of zones that don't exist not
// all are looked up.
func TestAbsurdEntries(t *testing.T) {
	t.Parallel()
	entry := func(name, zone string) string {
		return `{"ID":"5","NAME":"` + name + `","DATE_FROM":"10.03.2026 14:00:00","DATE_TO":"10.03.2026 15:00:00","DT_SKIP_TIME":"N","TZ_FROM":"` + zone + `","TZ_TO":"` + zone + `"}`
	}
	var zones []string
	for n := range 3 * maxZones {
		zones = append(zones, strings.Replace(entry("x", fmt.Sprint("Mars/", n)), `"DT_SKIP`, `"~USER_OFFSET_FROM":0,"~USER_OFFSET_TO":0,"DT_SKIP`, 1))
	}
	const read, unreadable = "03-10 14:00 - 03-10 15:00 #5", "unknown: unreadable"
	people := []meet.Resident{{ID: 1, Zone: time.UTC}, {ID: 2, Zone: time.UTC}, {ID: 3, Zone: time.UTC}, {ID: 4, Zone: time.UTC}}
	f := newFake(map[string]func(request) answer{"batch": ok(berlinSettings), "calendar.accessibility.get": ok(`{"result":{
		"1":[` + entry(long("x", entryLimit), "UTC") + `],"2":[` + entry(long("x", entryLimit/2), "UTC") + `],
		"3":[` + entry("x", long("x", 1000)) + `],"4":[` + strings.Join(zones, ",") + `]}}`)})
	c := f.client(t)
	got, err := c.Busy(t.Context(), anna, people, between(t, "2026-03-01 00:00", "2026-03-15 00:00"), false)
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[int64]string{1: unreadable, 2: read, 3: unreadable} {
		if show(got[id]) != want {
			t.Errorf("person %d: got %q, want %q", id, show(got[id]), want)
		}
	}
	if n := len(got[4].Blocks); n != 3*maxZones {
		t.Errorf("person 4: %d blocks, want them by their distance to the token user's zone", n)
	}
}
