package bitrix24

import (
	"context"
	"slices"
	"sync"
	"time"

	"slotfinder/internal/civil/zone"
	"slotfinder/internal/meet"
)

// Portals have their own time zone data, which may be older or newer than ours (FACTS.md
// fact 41). A zone is disputed when a portal's offsets differ from ours: those of the token
// user's clock today, or the distance from it to an event's clock on the event's day.

// changeMargin is how many seconds before and after a change of a clock nothing is compared.
// The portal takes offsets at the reading of its server's clock, which may be a day away
// (FACTS.md fact 42).
const changeMargin = 26 * 60 * 60

// maxDisputes bounds the disputes that are remembered, over all portals. With one more all
// of them are forgotten, and logged again.
const maxDisputes = 10_000

// disputes are the portals and zones that were logged.
type disputes struct {
	mu     sync.Mutex
	logged map[dispute]bool
}

type dispute struct{ portal, zone string }

// firstTime reports whether a dispute was not logged yet, and notes that it is now.
func (d *disputes) firstTime(one dispute) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.logged[one] {
		return false
	}
	if d.logged == nil || len(d.logged) >= maxDisputes {
		d.logged = map[dispute]bool{}
	}
	d.logged[one] = true
	return true
}

// logDisputes logs the disputed zones of a portal, each once.
func (c *Client) logDisputes(ctx context.Context, portal string, zones []string) {
	for _, name := range zones {
		if c.disputes.firstTime(dispute{portal, name}) {
			c.cfg.Log.WarnContext(ctx, "bitrix24: the portal's time zone data and ours disagree; one of them is old",
				"portal", portal, "zone", name, "tzdata", zone.Describe())
		}
	}
}

// disputedZones returns the zone of loc if the portal's offset for it, in seconds east of UTC
// now, is not ours.
func disputedZones(loc *time.Location, offset int, now time.Time) []string {
	at := now.Unix()
	ours, steady := newWallClock(loc, at-2*changeMargin, at+2*changeMargin).offsetAt(at)
	if !steady || ours == int64(offset) {
		return nil
	}
	return []string{loc.String()}
}

// viewerZone returns the token user's zone, if it is known without a request, and whether it
// is disputed. Of the account that reads for a company only the profile is known.
func (c *Client) viewerZone(m meet.Member) (home *time.Location, disputed bool) {
	if o, known := c.offices.get(m); known && o.viewer.zoneNamed {
		return o.viewer.zone, len(o.Disputed) > 0
	}
	profile, _ := c.profiles.get(m)
	home, _ = zone.Load(profile.Zone)
	return home, false
}

// compareClocks compares the portal's distance between an event's clock and the token user's
// with ours, and notes the outcome.
func (r *answerReader) compareClocks(e *entry, event clockReading, start int64) {
	if r.home == nil || event.wallClock == r.home || start < r.start || start >= r.end {
		return
	}
	claimed, told := parseWhole(e.value[fromShift])
	there, steady1 := event.offsetAt(start)
	here, steady2 := r.home.offsetAt(start)
	switch {
	case !told || !steady1 || !steady2:
	case claimed == there-here:
		r.homeConfirmed = true
	case event.name != "" && !slices.Contains(r.current.disputed, event.name):
		r.current.disputed = append(r.current.disputed, event.name)
	}
}

// resolveDisputes decides which zone is disputed when the distance between an event's clock
// and the token user's differs: the event's zone, or the token user's if the distances to
// several zones differ and none agrees.
func (r *answerReader) resolveDisputes() {
	var zones []string
	for _, s := range r.persons {
		zones = append(zones, s.disputed...)
	}
	slices.Sort(zones)
	if !r.homeDisputed && (r.homeConfirmed || len(slices.Compact(zones)) < 2) {
		return
	}
	for _, s := range r.persons {
		if len(s.disputed) > 0 {
			s.disputed = []string{r.home.name}
		}
	}
}
