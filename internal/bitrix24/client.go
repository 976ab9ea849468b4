package bitrix24

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"time"

	"golang.org/x/sync/semaphore"
	"golang.org/x/sync/singleflight"

	"slotfinder/internal/meet"
)

// Tokens gives access tokens, each with the REST root (with a trailing slash) that it is
// good for. Its errors are meet.Errors.
type Tokens interface {
	Token(ctx context.Context, m meet.Member) (endpoint, token string, err error)
	// Renew is called when the portal refused the stale token, or moved. It returns
	// another one, which another caller may have fetched meanwhile.
	Renew(ctx context.Context, m meet.Member, stale string) (endpoint, token string, err error)
}

// Config is what a Client needs.
type Config struct {
	Tokens Tokens
	HTTP   *http.Client     // must not follow redirects; default NewHTTPClient(false)
	Now    func() time.Time // default time.Now
	Rand   func() float64   // in [0, 1), safe for concurrent use; spreads retries; default math/rand
	Log    *slog.Logger     // default: nothing is logged
}

// Client reads from all portals. It implements meet.Directory, meet.Calendar and
// meet.Profiles and is safe for concurrent use.
type Client struct {
	cfg      Config
	portals  portals
	disputes disputes
	reads    singleflight.Group  // under way, see coalesce
	memory   *semaphore.Weighted // bytes of all answers in memory

	offices     *cache[meet.Member, office]
	persons     *cache[personKey, meet.Person]
	everybody   *cache[meet.Member, []meet.Person]
	departments *cache[meet.Member, []meet.Department]
	calendars   *cache[personKey, cachedCalendar]
	profiles    *cache[meet.Member, meet.Profile]
}

// personKey is a person as a member sees them. What was read for one member never answers
// another: what a portal tells depends on who asks (FACTS.md fact 27).
type personKey struct {
	member meet.Member
	person int64
}

// How long answers stay in the caches, and how large these are.
const (
	directoryTTL    = 5 * time.Minute  // people, departments, settings
	availabilityTTL = 15 * time.Second // availability
	profileTTL      = 10 * time.Minute // whether a person is an administrator

	personCacheSize = 400_000   // units of 200 bytes, over all members
	memberCacheSize = 10_000    // members
	blockCacheSize  = 1_000_000 // blocks of 16 bytes, over all members
)

// readTimeout is how long one read from a portal may take, retries included, unless the
// caller's deadline is earlier. A page has ten seconds, of which two are left to compute and
// to show what was read, also on a machine that is busy.
const readTimeout = 7 * time.Second

var (
	_ meet.Directory = (*Client)(nil)
	_ meet.Calendar  = (*Client)(nil)
	_ meet.Profiles  = (*Client)(nil)
)

// New returns a client.
func New(cfg Config) *Client {
	if cfg.HTTP == nil {
		cfg.HTTP = NewHTTPClient(false)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Rand == nil {
		cfg.Rand = rand.Float64
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Client{
		cfg:         cfg,
		portals:     portals{now: cfg.Now, known: map[string]*portal{}},
		memory:      semaphore.NewWeighted(maxMemory),
		offices:     newCache[meet.Member, office](cfg.Now, directoryTTL, memberCacheSize),
		persons:     newCache[personKey, meet.Person](cfg.Now, directoryTTL, personCacheSize),
		everybody:   newCache[meet.Member, []meet.Person](cfg.Now, directoryTTL, personCacheSize),
		departments: newCache[meet.Member, []meet.Department](cfg.Now, directoryTTL, personCacheSize),
		calendars:   newCache[personKey, cachedCalendar](cfg.Now, availabilityTTL, blockCacheSize),
		profiles:    newCache[meet.Member, meet.Profile](cfg.Now, profileTTL, memberCacheSize),
	}
}

// Forget drops the cached availability of a portal, because something changed in one of
// its calendars. What reads under way find is not cached either.
func (c *Client) Forget(portal string) {
	c.portals.get(portal).invalidate(c.cfg.Now())
	c.calendars.removeIf(func(k personKey) bool { return k.member.Portal == portal })
}
