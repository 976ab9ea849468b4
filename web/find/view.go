package find

import (
	"slices"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
	"slotfinder/templates/part"
	"slotfinder/web"
)

// today is the viewer's day, for a query that may be wrong.
func (h *Handlers) today(v *web.Identity, query meet.Query) civil.Date {
	zone := query.Zone
	if zone == nil {
		zone = web.ZoneOf(v, time.UTC)
	}
	return civil.DateOf(h.Site.Now().In(zone))
}

// attendeesOf are the people of a resolved query as pages show them.
func attendeesOf(q meet.Query, attendees []meet.Attendee, me meet.Member) []part.Person {
	people := make([]part.Person, len(attendees))
	for i, attendee := range attendees {
		people[i] = web.NewAttendee(attendee, me)
		people[i].Grouped = !attendee.Required && !slices.Contains(q.Optional, attendee.ID)
	}
	web.PhotoSprite(people)
	return people
}
