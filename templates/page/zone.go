package page

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"

	"slotfinder/internal/civil/zone"
	"slotfinder/internal/locale"
)

const (
	early     = 8 * 60  // clock readings before this one are marked
	late      = 19 * 60 // and from this one on
	mostZones = 3       // further clocks over the board
	mostNames = 3       // cities named for one clock
)

// ZoneLabel returns the city and the offset that the zone has at an instant, as in
// "Berlin (UTC+1)". A zone that is nothing but an offset has no city: "UTC−5".
func ZoneLabel(c *locale.Catalogue, zone *time.Location, at time.Time) string {
	city, offset := c.City(zone), locale.Offset(at.In(zone))
	if locale.Cityless(zone) {
		return city
	}
	return city + " (" + offset + ")"
}

// clock is one clock reading that some people share.
type clock struct {
	zone   *time.Location
	places []*time.Location // one for each zone among the people's
	people []Person
	start  time.Time // of the slot, on this clock
	early  bool
	late   bool
}

// clocksAt groups people by what their clocks show at start, west first.
func clocksAt(people []Person, start, end time.Time) []clock {
	byOffset := map[int]int{}
	var clocks []clock
	for _, p := range people {
		if p.Zone == nil || p.Unknown == "unknown_person" {
			continue
		}
		_, offset := start.In(p.Zone).Zone()
		i, known := byOffset[offset]
		if !known {
			i = len(clocks)
			byOffset[offset] = i
			clocks = append(clocks, newClock(p.Zone, start, end))
		}
		clocks[i].add(p)
	}
	sort.SliceStable(clocks, func(i, j int) bool { return offsetOf(clocks[i]) < offsetOf(clocks[j]) })
	return clocks
}

func newClock(zone *time.Location, start, end time.Time) clock {
	c := clock{zone: zone, start: start.In(zone)}
	from := c.start.Hour()*60 + c.start.Minute()
	to := from + int(end.Sub(start).Minutes())
	c.early, c.late = from < early, from >= early && to > late
	return c
}

func (c *clock) add(p Person) {
	c.people = append(c.people, p)
	if !slices.ContainsFunc(c.places, func(z *time.Location) bool { return z.String() == p.Zone.String() }) {
		c.places = append(c.places, p.Zone)
	}
}

func offsetOf(c clock) int {
	_, offset := c.start.Zone()
	return offset
}

// label names the cities of a clock: all of them or the first ones and how many more.
func (c clock) label(ctx context.Context) string {
	var cities []string
	for _, zone := range c.places {
		if city := locale.From(ctx).City(zone); !slices.Contains(cities, city) { // a zone may have two names
			cities = append(cities, city)
		}
	}
	if len(cities) <= mostNames {
		return strings.Join(cities, ", ")
	}
	return fmt.Sprintf("%s +%d", strings.Join(cities[:mostNames-1], ", "), len(cities)-mostNames+1)
}

// otherZones are the zones shown over the board beside the viewer's: one for each
// offset, the outermost ones when there are too many.
func otherZones(people []Person, home *time.Location, at time.Time) []*time.Location {
	_, here := at.In(home).Zone()
	var zones []*time.Location
	for _, c := range clocksAt(people, at, at) {
		if offsetOf(c) != here {
			zones = append(zones, c.zone)
		}
	}
	if len(zones) > mostZones {
		zones = append(zones[:1:1], zones[len(zones)-mostZones+1:]...)
	}
	return zones
}

// ordinaryZones are offered in the form beside those of the people asked; any
// other zone can be given in the URL.
var ordinaryZones = []string{
	"Pacific/Honolulu", "America/Anchorage", "America/Los_Angeles", "America/Denver", "America/Chicago", "America/New_York",
	"America/Sao_Paulo", "Atlantic/Azores", "Europe/London", "Europe/Lisbon", "Europe/Berlin", "Europe/Paris", "Europe/Madrid",
	"Europe/Rome", "Europe/Warsaw", "Europe/Kyiv", "Europe/Istanbul", "Europe/Moscow", "Asia/Dubai", "Asia/Yekaterinburg",
	"Asia/Almaty", "Asia/Karachi", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Novosibirsk", "Asia/Bangkok", "Asia/Shanghai",
	"Asia/Singapore", "Asia/Tokyo", "Asia/Vladivostok", "Australia/Sydney", "Pacific/Auckland",
}

// option is an entry of a select.
type option struct {
	value, label string
	chosen       bool
}

// ordinary are the ordinary zones, loaded once: reading one from the disk takes
// longer than writing a whole row of the board.
var ordinary = sync.OnceValue(func() []*time.Location {
	var zones []*time.Location
	for _, name := range ordinaryZones {
		if known, err := zone.Load(name); err == nil {
			zones = append(zones, known)
		}
	}
	return zones
})

// zoneOptions lists zones from west to east, the chosen one and the people's among
// them. Each is there once, though it may have several names: by the chosen one, if
// it is that.
func zoneOptions(ctx context.Context, chosen string, people []Person, at time.Time) []option {
	var zones []*time.Location
	if own, err := zone.Load(chosen); err == nil {
		zones = append(zones, own)
	}
	for _, p := range people {
		if p.Zone != nil {
			zones = append(zones, p.Zone)
		}
	}
	c, listed := locale.From(ctx), map[string]bool{}
	var options []option
	var kept []*time.Location
	for _, z := range append(zones, ordinary()...) {
		rules, label := zone.Canonical(z.String()), ZoneLabel(c, z, at)
		if !listed[rules] && !listed[label] {
			kept = append(kept, z)
		}
		listed[rules], listed[label] = true, true
	}
	slices.SortFunc(kept, func(a, b *time.Location) int {
		_, east := at.In(a).Zone()
		_, more := at.In(b).Zone()
		return cmp.Or(cmp.Compare(east, more), cmp.Compare(a.String(), b.String()))
	})
	for _, z := range kept {
		options = append(options, option{z.String(), ZoneLabel(c, z, at), z.String() == chosen})
	}
	return options
}

// mostDisputed bounds the zones that a note names.
const mostDisputed = 5

// disputed names the zones for which the portal's time zone data differs from ours.
func (r *Result) disputed(ctx context.Context) string {
	c := locale.From(ctx)
	var places []string
	for _, name := range r.facts.Disputed {
		place := name
		if known, err := zone.Load(name); err == nil {
			place = c.City(known) + " (" + name + ")"
		}
		places = append(places, place)
	}
	if more := len(places) - mostDisputed; more > 0 {
		places = append(places[:mostDisputed], fmt.Sprintf("+%d", more))
	}
	return strings.Join(places, ", ")
}
