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

// Bounds of the log, so that a flood of refusals neither fills it nor our memory.
const (
	// linesPerWindow is how many lines one kind of event from one address gets in a minute.
	// Of what follows in that minute the 64th, the 128th and so on are written, each with
	// the number so far.
	linesPerWindow = 32

	// window is that minute.
	window = time.Minute

	// maxWindows is how many pairs of event and address are told apart at a time; further
	// ones count as one address.
	maxWindows = 8192
)

// Entry is an event with what is known about it. Fields that are not known stay empty.
type Entry struct {
	Event   Event
	Portal  string // its key
	User    int64
	Reason  string // a word of ours, such as the key of an error; never what somebody wrote
	Address string // of the visitor; only its hash is written
}

// Log writes entries. It is safe for concurrent use; a nil Log writes nothing.
type Log struct {
	log *slog.Logger
	key []byte
	now func() time.Time

	mu          sync.Mutex
	windows     map[counted]count
	lastRemoval time.Time
}

// counted is whose events of one kind are counted together.
type counted struct {
	event   Event
	address string // hashed
}

// count counts the events of a source since a moment.
type count struct {
	since time.Time
	n     uint64
}

// New returns a Log that writes to log and hashes addresses with key.
func New(log *slog.Logger, key []byte, now func() time.Time) *Log {
	return &Log{log: log, key: key, now: now, windows: map[counted]count{}}
}

// Record writes an entry, unless its source has had its share of lines.
func (l *Log) Record(e Entry) {
	if l == nil {
		return
	}
	address := l.hash(e.Address)
	n := l.countUp(counted{e.Event, address})
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

// countUp adds one to a source's events of this minute and returns their number.
func (l *Log) countUp(s counted) uint64 {
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	t, known := l.windows[s]
	if !known && len(l.windows) >= maxWindows {
		l.removeExpired(now)
	}
	if !known && len(l.windows) >= maxWindows {
		s.address = ""
		t = l.windows[s]
	}
	if now.Sub(t.since) >= window {
		t = count{since: now}
	}
	t.n++
	l.windows[s] = t
	return t.n
}

// removeExpired forgets the sources whose minute is over, at most once a second.
func (l *Log) removeExpired(now time.Time) {
	if now.Sub(l.lastRemoval) < time.Second {
		return
	}
	l.lastRemoval = now
	for s, t := range l.windows {
		if now.Sub(t.since) >= window {
			delete(l.windows, s)
		}
	}
}
