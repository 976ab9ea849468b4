package bulletin

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"slotfinder/internal/meet"
	"slotfinder/internal/rescue"
)

const (
	// pollEvery is how often the changes of other processes are looked for.
	pollEvery = time.Second

	// Quiet is the least time between two changes that one process publishes of a
	// portal. One meeting of five people is five events within a second.
	Quiet = time.Second

	// Recent is how old what a new listener knows may be: availability is
	// remembered for 15 seconds, reading it and building the page takes up to ten,
	// and clocks of processes differ a little.
	Recent = 30 * time.Second

	// memory is how long changes are looked back for. Clocks of processes may
	// differ by nearly as much without a change being missed.
	memory = 5 * time.Minute

	// ledgerLimit is how long the database may take.
	ledgerLimit = 5 * time.Second
)

// Ledger is where the processes write down which portals changed. Its numbers are
// about unix milliseconds and grow with every change of the same portal.
type Ledger interface {
	// RecordChange returns the number of the new change. meet.NotFound: the portal
	// has gone.
	RecordChange(ctx context.Context, portal string, now time.Time) (seq int64, err error)
	// Changes returns the last change of all portals that have one above a number.
	Changes(ctx context.Context, above int64) (map[string]int64, error)
}

// Config is what a Board needs; all of it is required.
type Config struct {
	Ledger Ledger
	// Forget drops what this process remembers of a portal's calendars.
	Forget func(portal string)
	Now    func() time.Time
	Log    *slog.Logger
}

// Board is this process's part of the bulletin. It is safe for concurrent use.
type Board struct {
	config Config
	wanted chan struct{} // somebody listens
	ended  chan struct{} // closed when Run ends
	posts  sync.WaitGroup

	mu        sync.Mutex
	latest    map[string]int64 // last known change of a portal
	listeners map[string]map[*Listener]bool
	posting   map[string]bool // portals being published; true: changed again meanwhile
}

// New makes a Board that hears of other processes while Run runs.
func New(config Config) *Board {
	return &Board{
		config: config, wanted: make(chan struct{}, 1), ended: make(chan struct{}),
		latest: map[string]int64{}, listeners: map[string]map[*Listener]bool{}, posting: map[string]bool{},
	}
}

// Run looks for the changes of other processes until ctx ends. Then all listeners
// are dismissed, and Run returns when what was published has been written down. It
// must be called once.
func (b *Board) Run(ctx context.Context) {
	defer b.end()
	for {
		select {
		case <-ctx.Done():
			return
		case <-b.wanted:
			b.watch(ctx)
		}
	}
}

// watch looks into the ledger as long as somebody listens.
func (b *Board) watch(ctx context.Context) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for well := true; b.heard(); {
		err := rescue.Err(func() error { return b.look(ctx) })()
		if err != nil && well && ctx.Err() == nil {
			b.config.Log.Error("looking for changes", "error", err) // once, not every second
		}
		well = err == nil
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (b *Board) heard() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.listeners) > 0
}

// look learns what the ledger says, and drops what is older than anybody asks for.
func (b *Board) look(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, ledgerLimit)
	defer cancel()
	oldest := b.past(memory)
	changed, err := b.config.Ledger.Changes(ctx, oldest)
	if err != nil {
		return err
	}
	for portal, seq := range changed {
		b.learn(portal, seq)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for portal, seq := range b.latest {
		if seq <= oldest {
			delete(b.latest, portal)
		}
	}
	return nil
}

// past is the number that a change had some time ago.
func (b *Board) past(ago time.Duration) int64 { return b.config.Now().Add(-ago).UnixMilli() }

// learn passes a change on unless it is known. A listener must not find what it
// has just been told about still remembered, so forgetting comes first.
func (b *Board) learn(portal string, seq int64) {
	b.mu.Lock()
	known := b.latest[portal] >= seq
	b.mu.Unlock()
	if known {
		return
	}
	b.config.Forget(portal)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.latest[portal] = max(b.latest[portal], seq)
	for l := range b.listeners[portal] {
		l.tell(seq)
	}
}

// Publish says that something in the portal's calendars has changed, and returns
// before anybody has been told. Of many changes within a second only the first and
// the last are passed on.
func (b *Board) Publish(portal string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed() {
		return
	}
	if _, busy := b.posting[portal]; busy {
		b.posting[portal] = true
		return
	}
	b.posting[portal] = false
	b.posts.Go(rescue.Func(rescue.Log(b.config.Log, "publishing changes"), func() { b.post(portal) }))
}

// post publishes a portal's changes until none came for a while.
func (b *Board) post(portal string) {
	record := rescue.Func(rescue.Log(b.config.Log, "publishing a change"), func() { b.record(portal) })
	for again := true; again; again = b.changedAgain(portal) {
		record()
		pause := time.NewTimer(Quiet)
		select {
		case <-pause.C:
		case <-b.ended: // the last change is still written down
			pause.Stop()
		}
	}
}

func (b *Board) changedAgain(portal string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	again := b.posting[portal]
	if again {
		b.posting[portal] = false
	} else {
		delete(b.posting, portal)
	}
	return again
}

// record writes a change down and tells the listeners here. They are told even
// when the other processes can't be.
func (b *Board) record(portal string) {
	ctx, cancel := context.WithTimeout(context.Background(), ledgerLimit)
	defer cancel()
	seq, err := b.config.Ledger.RecordChange(ctx, portal, b.config.Now())
	if err != nil {
		seq = b.past(0)
		if meet.KindOf(err) != meet.NotFound { // a portal that has gone has nobody to be told
			b.config.Log.Error("publishing a change", "portal", portal, "error", err)
		}
	}
	b.learn(portal, seq)
}

// end dismisses everybody and waits for what is being written.
func (b *Board) end() {
	b.mu.Lock()
	close(b.ended)
	b.mu.Unlock()
	b.posts.Wait()
}

// closed reports whether Run has ended. mu is held.
func (b *Board) closed() bool {
	select {
	case <-b.ended:
		return true
	default:
		return false
	}
}
