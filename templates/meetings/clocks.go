package meetings

import (
	"context"
	"slices"
	"strings"
	"time"

	"slotfinder/internal/locale"
	"slotfinder/templates/part"
)

// mostClocks is how many other clocks are shown.
const mostClocks = 6

// elsewhere is a time on the clocks of those who read another one than the reader's.
func elsewhere(ctx context.Context, people []part.Person, at time.Time, zone *time.Location) string {
	c := locale.From(ctx)
	var texts []string
	for _, p := range people {
		if p.Zone == nil || sameClock(at, p.Zone, zone) {
			continue
		}
		text := c.Time(at.In(p.Zone)) + " " + c.City(p.Zone)
		if !slices.Contains(texts, text) && len(texts) < mostClocks {
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, " · ")
}

func sameClock(at time.Time, a, b *time.Location) bool {
	_, one := at.In(a).Zone()
	_, other := at.In(b).Zone()
	return one == other
}
