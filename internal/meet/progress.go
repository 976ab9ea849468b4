package meet

import (
	"context"
	"sync"
)

// Progress is how far a search has come.
type Progress struct {
	Query  Query      // resolved; only together with People
	People []Attendee // nil until the portal has said who they are
	Asked  int        // calendars to be read
	Read   int        // of those, how many have been
}

// watch follows one search. Its zero pointer follows nothing.
type watch struct {
	mu   sync.Mutex
	at   Progress
	tell func(Progress)
}

type watchKey struct{}

// Watch returns a context in which Finder.Find tells how far it has come. tell must
// be quick; it is called from several goroutines, one at a time.
func Watch(ctx context.Context, tell func(Progress)) context.Context {
	return context.WithValue(ctx, watchKey{}, &watch{tell: tell})
}

func watchOf(ctx context.Context) *watch {
	w, _ := ctx.Value(watchKey{}).(*watch)
	return w
}

// CalendarsRead is for a Calendar to tell, while Busy is at work, that n more of the
// calendars it was asked for have been read. Those that could not be read don't count.
func CalendarsRead(ctx context.Context, n int) {
	if w := watchOf(ctx); w != nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		// What is read beyond what was asked for first is of no interest to who waits.
		if read := min(w.at.Read+n, w.at.Asked); read != w.at.Read {
			w.at.Read = read
			w.tell(w.at)
		}
	}
}

// ReadingBegins is for Finder to tell whose calendars are about to be read.
func ReadingBegins(ctx context.Context, q Query, people []Attendee) {
	w := watchOf(ctx)
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.at = Progress{Query: q, People: people}
	for _, a := range people {
		if a.Unknown == "" {
			w.at.Asked++
		}
	}
	w.tell(w.at)
}

type memoryKey struct{}

// FromMemory returns a context in which adapters answer only from what they
// remember: whatever they would have to ask a portal for fails with Unavailable.
func FromMemory(ctx context.Context) context.Context {
	return context.WithValue(ctx, memoryKey{}, true)
}

// OnlyMemory reports whether a context is one of FromMemory.
func OnlyMemory(ctx context.Context) bool { return ctx.Value(memoryKey{}) != nil }
