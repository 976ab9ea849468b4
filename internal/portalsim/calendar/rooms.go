package calendar

import (
	"strconv"

	"slotfinder/internal/portalsim/portal"
)

func (c *Calendar) room(id int) *portal.Room {
	for _, room := range c.Rooms {
		if room.ID == id {
			return room
		}
	}
	return nil
}

// book reserves the room that e's location names, adds the booking's ID to the
// location, and returns it. Like Bitrix24 it never checks whether the room is
// free. The location of an unknown room stays as it is.
func (c *Calendar) book(e *portal.Event) []int {
	room, old := portal.RoomOf(e.Location)
	if c.room(room) == nil || e.Type == "location" {
		return nil
	}
	booking := *e
	booking.ID, booking.Parent, booking.Type = 0, 0, "location"
	booking.Owner, booking.Section = room, room
	booking.Name, booking.Location, booking.Status = c.nameOf(e.Creator), "", ""
	booking.Meeting, booking.Private = false, false
	if kept := c.Row(old); kept != nil && kept.Type == "location" && kept.Owner == room {
		booking.ID, booking.Parent = kept.ID, kept.ID
		*kept = booking
	} else {
		c.insert(&booking)
	}
	e.Location = portal.RoomPrefix + strconv.Itoa(room) + "_" + strconv.Itoa(booking.ID)
	return []int{booking.ID}
}

// release gives up the room that e booked.
func (c *Calendar) release(e *portal.Event) {
	if _, booking := portal.RoomOf(e.Location); booking != 0 {
		if row := c.Row(booking); row != nil && row.Type == "location" {
			row.Deleted = true
		}
	}
}

func (c *Calendar) nameOf(user int) string {
	u := c.User(user)
	if u == nil {
		return ""
	}
	return u.FullName()
}
