package find

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"slotfinder/internal/civil/zone"
	"slotfinder/internal/locale"
	"slotfinder/templates/part"
)

const (
	early     = 8 * 60  // clock readings before this one are marked
	late      = 19 * 60 // and from this one on
	mostZones = 3       // further clocks over the board
	mostNames = 3       // cities named for one clock
)

// clock is one clock reading that some people share.
type clock struct {
	zone   *time.Location
	places []*time.Location // one for each zone among the people's
	people []part.Person
	start  time.Time // of the slot, on this clock
	early  bool
	late   bool
}

// clocksAt groups people by what their clocks show at start, west first.
func clocksAt(people []part.Person, start, end time.Time) []clock {
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

func (c *clock) add(p part.Person) {
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
func otherZones(people []part.Person, home *time.Location, at time.Time) []*time.Location {
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

// mostDisputed bounds the zones that a note names.
const mostDisputed = 5

// disputed names the zones for which the portal's time zone data differs from ours.
func (r *Result) disputed(ctx context.Context) string {
	c := locale.From(ctx)
	var places []string
	for _, name := range r.answer.Disputed {
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
