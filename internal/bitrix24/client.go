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

// Tokens gives access tokens and the REST root (with a trailing slash) they are
// good for. Its errors are meet.Errors.
type Tokens interface {
	Token(ctx context.Context, m meet.Member) (endpoint, token string, err error)
	// Renew is called when the portal refused the stale token, or moved. It gives
	// another one, which may have been fetched meanwhile by somebody else.
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
	flights  singleflight.Group
	room     *semaphore.Weighted // bytes of all answers in memory

	offices     *cache[meet.Member, office]
	persons     *cache[acquaintance, meet.Person]
	everybody   *cache[meet.Member, []meet.Person]
	departments *cache[meet.Member, []meet.Department]
	calendars   *cache[acquaintance, calendar]
	profiles    *cache[meet.Member, meet.Profile]
}

// acquaintance is a person as a member sees him. What was read with one member's
// token answers only those who read as this member: what a portal tells depends on
// who asks.
type acquaintance struct {
	member meet.Member
	person int64
}

// How long things are remembered, and how much of them.
const (
	rosterAge   = 5 * time.Minute  // people, departments, settings
	calendarAge = 15 * time.Second // availability
	profileAge  = 10 * time.Minute // whether somebody is an administrator

	personsKept = 400_000   // units of 200 bytes, over all members
	officesKept = 10_000    // members
	blocksKept  = 1_000_000 // blocks, over all members; 16 bytes each
)

// patience is how long one question to a portal may take altogether, retries
// included, when the caller doesn't want it sooner. A page has ten seconds.
const patience = 8 * time.Second

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
		room:        semaphore.NewWeighted(roomOfAll),
		offices:     newCache[meet.Member, office](cfg.Now, rosterAge, officesKept),
		persons:     newCache[acquaintance, meet.Person](cfg.Now, rosterAge, personsKept),
		everybody:   newCache[meet.Member, []meet.Person](cfg.Now, rosterAge, personsKept),
		departments: newCache[meet.Member, []meet.Department](cfg.Now, rosterAge, personsKept),
		calendars:   newCache[acquaintance, calendar](cfg.Now, calendarAge, blocksKept),
		profiles:    newCache[meet.Member, meet.Profile](cfg.Now, profileAge, officesKept),
	}
}

// Forget drops the availability that is remembered of a portal, because something
// changed in one of its calendars. Reads under way are not remembered either.
func (c *Client) Forget(portal string) {
	c.portals.get(portal).turn(c.cfg.Now())
	c.calendars.drop(func(a acquaintance) bool { return a.member.Portal == portal })
}
