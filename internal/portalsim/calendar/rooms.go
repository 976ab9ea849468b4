package calendar

import (
	"strconv"

	"slotfinder/internal/portalsim/portal"
)

func (p *Calendar) room(id int) *portal.Room {
	for _, room := range p.Rooms {
		if room.ID == id {
			return room
		}
	}
	return nil
}

// book reserves the room that e's location names, adds the booking's ID to the
// location, and returns it. Like Bitrix24 it never checks whether the room is
// free. The location of an unknown room stays as it is.
func (p *Calendar) book(e *portal.Event) []int {
	room, old := portal.RoomOf(e.Location)
	if p.room(room) == nil || e.Type == "location" {
		return nil
	}
	booking := *e
	booking.ID, booking.Parent, booking.Type = 0, 0, "location"
	booking.Owner, booking.Section = room, room
	booking.Name, booking.Location, booking.Status = p.nameOf(e.Creator), "", ""
	booking.Meeting, booking.Private = false, false
	if kept := p.Row(old); kept != nil && kept.Type == "location" && kept.Owner == room {
		booking.ID, booking.Parent = kept.ID, kept.ID
		*kept = booking
	} else {
		p.insert(&booking)
	}
	e.Location = portal.RoomPrefix + strconv.Itoa(room) + "_" + strconv.Itoa(booking.ID)
	return []int{booking.ID}
}

// release gives up the room that e booked.
func (p *Calendar) release(e *portal.Event) {
	if _, booking := portal.RoomOf(e.Location); booking != 0 {
		if row := p.Row(booking); row != nil && row.Type == "location" {
			row.Deleted = true
		}
	}
}

func (p *Calendar) nameOf(user int) string {
	u := p.User(user)
	if u == nil {
		return ""
	}
	return u.FullName()
}
