package audit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// world is a log with a clock that stands still until it is moved.
type world struct {
	*Log
	out bytes.Buffer
	now time.Time
}

func newWorld() *world {
	w := &world{now: time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)}
	w.Log = New(slog.New(slog.NewJSONHandler(&w.out, nil)), []byte("key"), func() time.Time { return w.now })
	return w
}

// lines are the lines written so far, without what every line has.
func (w *world) lines(t *testing.T) []map[string]any {
	t.Helper()
	var all []map[string]any
	for text := range strings.Lines(w.out.String()) {
		line := map[string]any{}
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Fatal(err)
		}
		if line["msg"] != "security" || line["level"] != "INFO" {
			t.Errorf("%v", line)
		}
		delete(line, "msg")
		delete(line, "level")
		delete(line, "time")
		all = append(all, line)
	}
	return all
}

func TestLineTellsWhatIsKnown(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.Record(Entry{Event: SignedIn, Portal: "m1", User: 7, Address: "192.0.2.1"})
	w.Record(Entry{Event: CrossSite, Reason: "error.cross_site", Address: "192.0.2.1"})
	w.Record(Entry{Event: Revoked, Portal: "m1"})
	got := w.lines(t)
	hash, _ := got[0]["address"].(string)
	want := []map[string]any{
		{"event": "signed_in", "portal": "m1", "user": 7.0, "address": hash},
		{"event": "cross_site", "reason": "error.cross_site", "address": hash},
		{"event": "revoked", "portal": "m1"},
	}
	if diff := cmp.Diff(want, got); diff != "" || len(hash) != 16 || strings.Contains(w.out.String(), "192.0.2") {
		t.Errorf("address %q: %s", hash, diff)
	}
	(*Log)(nil).Record(Entry{Event: SignedIn})
}

func TestFloodGetsFewLinesAndACount(t *testing.T) {
	t.Parallel()
	w := newWorld()
	for range 100_000 {
		w.Record(Entry{Event: RateLimited, Address: "192.0.2.1"})
	}
	got := w.lines(t)
	if n := len(got); n != linesPerWindow+11 || got[n-1]["count"] != 65536.0 {
		t.Errorf("%d lines, the last %v", n, got[n-1])
	}
	t.Logf("figure: 100,000 refusals of one address get %d lines", len(got))
	w.out.Reset()
	w.Record(Entry{Event: RateLimited, Address: "192.0.2.2"})
	w.Record(Entry{Event: SignedIn, Address: "192.0.2.1"})
	w.now = w.now.Add(window)
	w.Record(Entry{Event: RateLimited, Address: "192.0.2.1"})
	if n := len(w.lines(t)); n != 3 {
		t.Errorf("%d of three others are written", n)
	}
}

func TestManyAddressesTakeBoundedMemory(t *testing.T) {
	t.Parallel()
	w := newWorld()
	for i := range 3 * maxWindows {
		w.Record(Entry{Event: LaunchRefused, Address: fmt.Sprint(i)})
	}
	if n := len(w.windows); n > maxWindows+1 {
		t.Errorf("%d sources are remembered", n)
	}
	t.Logf("figure: of %d sources %d are remembered", 3*maxWindows, len(w.windows))
	if n := len(w.lines(t)); n > maxWindows+linesPerWindow+16 {
		t.Errorf("%d lines", n)
	}
	w.now = w.now.Add(window)
	w.Record(Entry{Event: LaunchRefused, Address: "new"})
	if n := len(w.windows); n > 2 {
		t.Errorf("%d sources are remembered after a minute", n)
	}
}

func TestManyAtOnceAreAllCounted(t *testing.T) {
	t.Parallel()
	w := newWorld()
	var running sync.WaitGroup
	for range 64 {
		running.Go(func() { w.Record(Entry{Event: CrossSite, Address: "a"}) })
	}
	running.Wait()
	got := w.lines(t)
	if n := len(got); n != linesPerWindow+1 {
		t.Errorf("%d lines", n)
	}
}
