package bitrix24

import (
	"context"
	"slices"
	"sync"
	"time"

	"slotfinder/internal/civil/zone"
	"slotfinder/internal/meet"
)

// Portals have time zone data of their own, and it may be older than ours, or newer.
// What they say about clocks is compared with our rules: how far the token user's clock
// is ahead of UTC today, and that of an event ahead of the token user's on its day.

// unsettled is how close to a change of a clock nothing is compared. The portal takes
// offsets at the reading of its server's clock, which may be a day away.
const unsettled = 26 * 60 * 60

// mostDisputes bounds what is remembered of warnings, over all portals; then they begin
// anew.
const mostDisputes = 10_000

// disputes are the portals and zones of which the log has been told.
type disputes struct {
	mu   sync.Mutex
	told map[dispute]bool
}

type dispute struct{ portal, zone string }

// first reports whether a dispute is heard of for the first time.
func (d *disputes) first(one dispute) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.told[one] {
		return false
	}
	if d.told == nil || len(d.told) >= mostDisputes {
		d.told = map[dispute]bool{}
	}
	d.told[one] = true
	return true
}

// warn tells the log of zones whose clocks a portal reads otherwise, once for each.
func (c *Client) warn(ctx context.Context, portal string, zones []string) {
	for _, name := range zones {
		if c.disputes.first(dispute{portal, name}) {
			c.cfg.Log.WarnContext(ctx, "bitrix24: the portal's time zone data and ours disagree; one of them is old",
				"portal", portal, "zone", name, "tzdata", zone.Describe())
		}
	}
}

// disputed is the zone of a clock, if the portal says that it is so many seconds ahead
// of UTC now and our rules don't.
func disputed(loc *time.Location, offset int, now time.Time) []string {
	at := now.Unix()
	ours, settled := newWallClock(loc, at-2*unsettled, at+2*unsettled).offsetAt(at)
	if !settled || ours == int64(offset) {
		return nil
	}
	return []string{loc.String()}
}

// homeOf is the zone of the token user, as far as it is known without asking for it, and
// whether its clock is disputed. The account that reads for a company has told its profile.
func (c *Client) homeOf(m meet.Member) (home *time.Location, disputed bool) {
	if o, known := c.offices.get(m); known && o.viewer.named {
		return o.viewer.zone, len(o.Disputed) > 0
	}
	profile, _ := c.profiles.get(m)
	home, _ = zone.Load(profile.Zone)
	return home, false
}

// compare notes whether the portal's distance from an event's clock to the token user's
// is ours.
func (r *reading) compare(e *entry, event shown, start int64) {
	if r.home == nil || event.wallClock == r.home || start < r.since || start >= r.till {
		return
	}
	claimed, told := digits(e.value[fromShift])
	there, settled1 := event.offsetAt(start)
	here, settled2 := r.home.offsetAt(start)
	switch {
	case !told || !settled1 || !settled2:
	case claimed == there-here:
		r.agreed = true
	case event.name != "" && !slices.Contains(r.current.disputed, event.name):
		r.current.disputed = append(r.current.disputed, event.name)
	}
}

// settleDisputes decides whose clock is disputed when an event's and the token user's
// don't fit: the event's, unless that of the token user fits no other either.
func (r *reading) settleDisputes() {
	var zones []string
	for _, s := range r.persons {
		zones = append(zones, s.disputed...)
	}
	slices.Sort(zones)
	if !r.homeDisputed && (r.agreed || len(slices.Compact(zones)) < 2) {
		return
	}
	for _, s := range r.persons {
		if len(s.disputed) > 0 {
			s.disputed = []string{r.home.name}
		}
	}
}
