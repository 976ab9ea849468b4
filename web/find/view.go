package find

import (
	"slices"

	"slotfinder/internal/meet"
	"slotfinder/templates/part"
	"slotfinder/web"
)

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
