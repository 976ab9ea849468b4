package part

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"slotfinder/internal/civil/zone"
	"slotfinder/internal/locale"
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

// ordinaryZones are offered in the search form beside those of the people asked; any
// other zone can be given in the URL, or chosen for one's own hours.
var ordinaryZones = []string{
	"Pacific/Honolulu", "America/Anchorage", "America/Los_Angeles", "America/Denver", "America/Chicago", "America/New_York",
	"America/Sao_Paulo", "Atlantic/Azores", "Europe/London", "Europe/Lisbon", "Europe/Berlin", "Europe/Paris", "Europe/Madrid",
	"Europe/Rome", "Europe/Warsaw", "Europe/Kyiv", "Europe/Istanbul", "Europe/Moscow", "Asia/Dubai", "Asia/Yekaterinburg",
	"Asia/Almaty", "Asia/Karachi", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Novosibirsk", "Asia/Bangkok", "Asia/Shanghai",
	"Asia/Singapore", "Asia/Tokyo", "Asia/Vladivostok", "Australia/Sydney", "Pacific/Auckland",
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

// ZoneOptions lists zones from west to east, the chosen one and the people's among
// them. Each is there once, though it may have several names: by the chosen one, if
// it is that.
func ZoneOptions(ctx context.Context, chosen string, people []Person, at time.Time) []Option {
	return zoneOptions(ctx, chosen, people, ordinary(), at)
}

// AllZoneOptions lists every zone that there is, as ZoneOptions does.
func AllZoneOptions(ctx context.Context, chosen string, at time.Time) []Option {
	return zoneOptions(ctx, chosen, nil, slices.Concat(ordinary(), everywhere()), at)
}

// everywhere are all zones of places.
var everywhere = sync.OnceValue(func() []*time.Location {
	var zones []*time.Location
	for _, name := range zone.Names() {
		if !strings.Contains(name, "/") || strings.HasPrefix(name, "Etc/") || zone.Canonical(name) != name {
			continue
		}
		if known, err := zone.Load(name); err == nil {
			zones = append(zones, known)
		}
	}
	return zones
})

func zoneOptions(ctx context.Context, chosen string, people []Person, others []*time.Location, at time.Time) []Option {
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
	var options []Option
	var kept []*time.Location
	for _, z := range append(zones, others...) {
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
		options = append(options, Option{z.String(), ZoneLabel(c, z, at), z.String() == chosen})
	}
	return options
}
