package find

import (
	"context"
	"slices"
	"time"

	"github.com/a-h/templ"

	"slotfinder/internal/locale"
	"slotfinder/templates/part"
)

// mostTold is how many clocks the text of a time names.
const mostTold = 8

// box takes a time into those to be shared or copied. The same time may have several on a
// page; the script keeps them alike.
type box struct {
	place      string // where it stands, for its id
	start, end time.Time
	again      bool // another box of the page has the time: without script there is but one
	off        bool // the time is no offer
}

func (t box) id() string { return t.place + "-" + t.start.UTC().Format(slotLayout) }

func (t box) label(ctx context.Context) string {
	c := locale.From(ctx)
	return c.T("tick.label", "day", c.DayShort(t.start), "times", c.TimeRange(t.start, t.end))
}

// told is what the tray says of a time, and the line that is copied.
func (r *Result) told(ctx context.Context, t box) templ.Attributes {
	c := locale.From(ctx)
	return templ.Attributes{
		"data-when": c.DayShort(t.start) + " " + c.Time(t.start),
		"data-line": part.TimeLine(c, t.start, r.answer.Query.Duration, r.everyClock(t.start)),
	}
}

// tallies are the texts of the tray by their plural forms, with {n} for the number.
func tallies(ctx context.Context) templ.Attributes {
	forms := templ.Attributes{}
	for form, text := range locale.From(ctx).Forms("tick.count") {
		forms["data-"+form] = text
	}
	return forms
}

// canTick reports whether there are times to be shared.
func (r *Result) canTick() bool { return len(r.answer.Found.Slots) > 0 }

// boxed reports whether a time has a box on a card or in the list.
func (r *Result) boxed(start time.Time) bool {
	return r.onCard(start) || r.listsBest(start)
}

func (r *Result) onCard(start time.Time) bool {
	return slices.ContainsFunc(r.cards, func(k card) bool { return k.start.Equal(start) })
}

// everyClock are the zones of a time for the text that goes to everybody: the reader's, then
// one for each other clock, west first.
func (r *Result) everyClock(start time.Time) []*time.Location {
	zones := []*time.Location{r.zone}
	_, here := start.In(r.zone).Zone()
	for _, c := range clocksAt(r.places(), start, start) {
		if offsetOf(c) != here && len(zones) < mostTold {
			zones = append(zones, c.zone)
		}
	}
	return zones
}

// places has one person of each zone: many people share few clocks.
func (r *Result) places() []part.Person {
	if r.onePerZone == nil {
		r.onePerZone = []part.Person{}
		seen := map[string]bool{}
		for _, p := range r.people {
			if p.Zone != nil && p.Unknown != "unknown_person" && !seen[p.Zone.String()] {
				seen[p.Zone.String()] = true
				r.onePerZone = append(r.onePerZone, p)
			}
		}
	}
	return r.onePerZone
}
