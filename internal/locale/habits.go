package locale

import (
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/language"
)

// Habits are how a reader wants clocks and weeks, whatever is usual in their language. What
// is empty is as usual.
type Habits struct {
	Clock string // "12" or "24" hours
	Week  string // its first day: one of WeekStarts
}

// WeekStarts are the days on which weeks begin somewhere, by their names in parameters.
var WeekStarts = []struct {
	Name string
	Day  time.Weekday
}{{"mo", time.Monday}, {"su", time.Sunday}, {"sa", time.Saturday}}

// customs is what differs by region: the generated table.
type customs struct {
	Hour12   map[string]string       `json:"hour12"`   // by language, the regions with a clock of 12 hours
	FirstDay map[string]time.Weekday `json:"firstDay"` // by region, where it is not Monday
}

var regional = sync.OnceValue(func() (all customs) {
	read("regions.json", &all)
	return all
})

// In returns the language as it is used in the region that an Accept-Language header names
// with it, as en-US does. Without one nothing differs.
func (c *Catalogue) In(accept string) *Catalogue {
	tags, _, err := language.ParseAcceptLanguage(accept)
	if err != nil {
		return c
	}
	own, _ := c.tag.Base()
	for _, tag := range tags {
		base, _ := tag.Base()
		region, sure := tag.Region()
		if base != own || sure != language.Exact {
			continue
		}
		hour12 := slices.Contains(strings.Fields(regional().Hour12[base.String()]), region.String())
		first, other := regional().FirstDay[region.String()]
		if !other {
			first = time.Monday
		}
		if hour12 == c.hour12 && first == c.FirstDay {
			return c
		}
		there := *c
		there.hour12, there.FirstDay = hour12, first
		return &there
	}
	return c
}

// As returns the language with somebody's habits. Those that make no sense count for nothing.
func (c *Catalogue) As(h Habits) *Catalogue {
	other := *c
	if h.Clock == "12" || h.Clock == "24" {
		other.hour12, other.habits.Clock = h.Clock == "12", h.Clock
	}
	for _, start := range WeekStarts {
		if h.Week == start.Name {
			other.FirstDay, other.habits.Week = start.Day, h.Week
		}
	}
	if other.habits == c.habits {
		return c
	}
	return &other
}

// Habits returns what As was told.
func (c *Catalogue) Habits() Habits { return c.habits }

// AtPortal returns the language with the first day of the week of the reader's portal. What
// they have chosen themselves stays.
func (c *Catalogue) AtPortal(first time.Weekday) *Catalogue {
	if c.habits.Week != "" || first == c.FirstDay {
		return c
	}
	other := *c
	other.FirstDay = first
	return &other
}

// Into returns another language for a text that the same reader sends to somebody: with the
// habits that they have chosen.
func (c *Catalogue) Into(tag string) *Catalogue {
	if tag == c.Tag {
		return c
	}
	return For(tag).As(c.habits)
}
