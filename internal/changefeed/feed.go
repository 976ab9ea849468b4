package changefeed

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"slotfinder/internal/meet"
	"slotfinder/internal/rescue"
)

const (
	// pollEvery is how often the log is read for changes of other processes.
	pollEvery = time.Second

	// Quiet is the least time between two changes of a portal that one process
	// publishes. One meeting of five people is five events within a second.
	Quiet = time.Second

	// Recent is how old the data of a new listener may be: availability is cached for 15
	// seconds, reading it and building the page takes up to ten, and the clocks of
	// processes differ a little.
	Recent = 30 * time.Second

	// lookback is how far back the log is read. No change is missed as long as the clocks
	// of processes differ by less.
	lookback = 5 * time.Minute

	// logTimeout is how long the database may take.
	logTimeout = 5 * time.Second
)

// Log is where the processes record which portals changed. Its numbers are about unix
// milliseconds and grow with every change of the same portal.
type Log interface {
	// RecordChange returns the number of the new change. meet.NotFound: the portal
	// has gone.
	RecordChange(ctx context.Context, portal string, now time.Time) (seq int64, err error)
	// Changes returns the last change of all portals that have one above a number.
	Changes(ctx context.Context, above int64) (map[string]int64, error)
}

// Config is what a Feed needs; all of it is required.
type Config struct {
	ChangeLog Log
	// Forget drops what this process remembers of a portal's calendars.
	Forget func(portal string)
	Now    func() time.Time
	Log    *slog.Logger
}

// Feed is this process's end of the changes. It is safe for concurrent use.
type Feed struct {
	config   Config
	listened chan struct{} // signals Run that somebody listens
	ended    chan struct{} // closed when Run ends
	writers  sync.WaitGroup

	mu         sync.Mutex
	latest     map[string]int64 // last known change of a portal
	listeners  map[string]map[*Listener]bool
	publishing map[string]bool // portals with a writer; true: changed again meanwhile
}

// New makes a Feed that hears of other processes while Run runs.
func New(config Config) *Feed {
	return &Feed{
		config: config, listened: make(chan struct{}, 1), ended: make(chan struct{}),
		latest: map[string]int64{}, listeners: map[string]map[*Listener]bool{}, publishing: map[string]bool{},
	}
}

// Run reads the changes of other processes until ctx ends. Then it ends all listeners,
// and returns when everything that was published has been recorded. It must be called
// once.
func (f *Feed) Run(ctx context.Context) {
	defer f.end()
	for {
		select {
		case <-ctx.Done():
			return
		case <-f.listened:
			f.pollWhileListened(ctx)
		}
	}
}

// pollWhileListened reads the log as long as somebody listens.
func (f *Feed) pollWhileListened(ctx context.Context) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for healthy := true; f.hasListeners(); {
		err := rescue.Err(func() error { return f.poll(ctx) })()
		if err != nil && healthy && ctx.Err() == nil {
			f.config.Log.Error("looking for changes", "error", err) // once, not every second
		}
		healthy = err == nil
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (f *Feed) hasListeners() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.listeners) > 0
}

// poll passes on what the log has, and drops what is older than anybody asks for.
func (f *Feed) poll(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, logTimeout)
	defer cancel()
	oldest := f.numberBefore(lookback)
	changed, err := f.config.ChangeLog.Changes(ctx, oldest)
	if err != nil {
		return err
	}
	for portal, seq := range changed {
		f.passOn(portal, seq)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for portal, seq := range f.latest {
		if seq <= oldest {
			delete(f.latest, portal)
		}
	}
	return nil
}

// numberBefore is the number that a change had some time ago.
func (f *Feed) numberBefore(ago time.Duration) int64 {
	return f.config.Now().Add(-ago).UnixMilli()
}

// passOn notifies the listeners of a change unless it is known. It forgets first: a
// listener must not find old data once it has been notified.
func (f *Feed) passOn(portal string, seq int64) {
	f.mu.Lock()
	known := f.latest[portal] >= seq
	f.mu.Unlock()
	if known {
		return
	}
	f.config.Forget(portal)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.latest[portal] = max(f.latest[portal], seq)
	for l := range f.listeners[portal] {
		l.notify(seq)
	}
}

// Publish says that something in the portal's calendars has changed, and returns before
// anybody has been notified. Of many changes within a second only the first and the last
// are passed on.
func (f *Feed) Publish(portal string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed() {
		return
	}
	if _, busy := f.publishing[portal]; busy {
		f.publishing[portal] = true
		return
	}
	f.publishing[portal] = false
	f.writers.Go(rescue.Func(rescue.Log(f.config.Log, "publishing changes"), func() { f.publish(portal) }))
}

// publish records and passes on a portal's changes until none came for a while.
func (f *Feed) publish(portal string) {
	record := rescue.Func(rescue.Log(f.config.Log, "publishing a change"), func() { f.record(portal) })
	for again := true; again; again = f.changedAgain(portal) {
		record()
		pause := time.NewTimer(Quiet)
		select {
		case <-pause.C:
		case <-f.ended: // the last change is still recorded
			pause.Stop()
		}
	}
}

func (f *Feed) changedAgain(portal string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	again := f.publishing[portal]
	if again {
		f.publishing[portal] = false
	} else {
		delete(f.publishing, portal)
	}
	return again
}

// record records a change and notifies the listeners here, even when the other processes
// can't be reached.
func (f *Feed) record(portal string) {
	ctx, cancel := context.WithTimeout(context.Background(), logTimeout)
	defer cancel()
	seq, err := f.config.ChangeLog.RecordChange(ctx, portal, f.config.Now())
	if err != nil {
		seq = f.numberBefore(0)
		if meet.KindOf(err) != meet.NotFound { // nobody listens to a portal that has gone
			f.config.Log.Error("publishing a change", "portal", portal, "error", err)
		}
	}
	f.passOn(portal, seq)
}

// end ends all listeners and waits for what is being recorded.
func (f *Feed) end() {
	f.mu.Lock()
	close(f.ended)
	f.mu.Unlock()
	f.writers.Wait()
}

// closed reports whether Run has ended. mu is held.
func (f *Feed) closed() bool {
	select {
	case <-f.ended:
		return true
	default:
		return false
	}
}
