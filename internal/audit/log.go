package audit

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"math/bits"
	"sync"
	"time"
)

// Bounds, so that a flood of refusals fills neither the log nor the memory.
const (
	// linesPerWindow is how many lines one kind of event from one address gets in a window.
	// After these only the 64th, the 128th and so on are written, each with the number so
	// far.
	linesPerWindow = 32

	// window is how long events are counted together.
	window = time.Minute

	// maxWindows is how many pairs of event and address are counted separately; further
	// addresses count as one.
	maxWindows = 8192
)

// Entry is an event with what is known about it. Fields that are not known stay empty.
type Entry struct {
	Event   Event
	Portal  string // its key
	User    int64
	Reason  string // a fixed word, such as the key of an error; never what somebody wrote
	Address string // of the visitor; only its hash is written
}

// Log writes entries. It is safe for concurrent use; a nil Log writes nothing.
type Log struct {
	log *slog.Logger
	key []byte
	now func() time.Time

	mu          sync.Mutex
	windows     map[windowKey]windowCount
	lastRemoval time.Time
}

// windowKey says which events are counted together.
type windowKey struct {
	event   Event
	address string // hashed
}

// windowCount is the number of events since the window began.
type windowCount struct {
	since time.Time
	n     uint64
}

// New returns a Log that writes to log and hashes addresses with key.
func New(log *slog.Logger, key []byte, now func() time.Time) *Log {
	return &Log{log: log, key: key, now: now, windows: map[windowKey]windowCount{}}
}

// Record writes an entry, unless the address has had its share of lines.
func (l *Log) Record(e Entry) {
	if l == nil {
		return
	}
	address := l.hash(e.Address)
	n := l.countUp(windowKey{e.Event, address})
	if n > linesPerWindow && bits.OnesCount64(n) > 1 {
		return
	}
	fields := []slog.Attr{slog.String("event", string(e.Event))}
	if e.Portal != "" {
		fields = append(fields, slog.String("portal", e.Portal))
	}
	if e.User != 0 {
		fields = append(fields, slog.Int64("user", e.User))
	}
	if e.Reason != "" {
		fields = append(fields, slog.String("reason", e.Reason))
	}
	if address != "" {
		fields = append(fields, slog.String("address", address))
	}
	if n > linesPerWindow {
		fields = append(fields, slog.Uint64("count", n))
	}
	l.log.LogAttrs(context.Background(), slog.LevelInfo, "security", fields...)
}

// hash is a visitor's address as it is written.
func (l *Log) hash(address string) string {
	if address == "" {
		return ""
	}
	mac := hmac.New(sha256.New, l.key)
	mac.Write([]byte(address))
	return hex.EncodeToString(mac.Sum(nil)[:8])
}

// countUp counts one more event and returns the number in the current window.
func (l *Log) countUp(k windowKey) uint64 {
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	t, known := l.windows[k]
	if !known && len(l.windows) >= maxWindows {
		l.removeExpired(now)
	}
	if !known && len(l.windows) >= maxWindows {
		k.address = ""
		t = l.windows[k]
	}
	if now.Sub(t.since) >= window {
		t = windowCount{since: now}
	}
	t.n++
	l.windows[k] = t
	return t.n
}

// removeExpired drops the windows that are over, at most once a second.
func (l *Log) removeExpired(now time.Time) {
	if now.Sub(l.lastRemoval) < time.Second {
		return
	}
	l.lastRemoval = now
	for k, t := range l.windows {
		if now.Sub(t.since) >= window {
			delete(l.windows, k)
		}
	}
}
