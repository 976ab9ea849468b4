package portalsim

import (
	"strconv"
	"strings"
)

// Sections are not kept one by one: everybody has exactly one, with an ID made
// of the owner's. Rooms are sections by themselves.
const (
	userSections    = 100_000
	groupSections   = 200_000
	companySections = 300_000
)

func sectionOf(kind string, owner int) int {
	switch kind {
	case "user":
		return userSections + owner
	case "group":
		return groupSections + owner
	case "location":
		return owner
	default:
		return companySections + owner
	}
}

// roomPrefix begins a LOCATION that books a room: calendar_<room>, and once it is
// booked calendar_<room>_<booking>.
const roomPrefix = "calendar_"

// roomOf splits a location into the room and the booking; room is 0 when it is
// plain text, booking when nothing is booked.
func roomOf(location string) (room, booking int) {
	rest, found := strings.CutPrefix(location, roomPrefix)
	if !found {
		return 0, 0
	}
	first, second, _ := strings.Cut(rest, "_")
	room, _ = strconv.Atoi(first)
	booking, _ = strconv.Atoi(second)
	return room, booking
}

func (p *Portal) room(id int) *Room {
	for _, room := range p.Rooms {
		if room.ID == id {
			return room
		}
	}
	return nil
}

// book reserves the room that e's location names and completes the location with
// the booking's ID, which it returns. It never asks whether the room is free. An
// unknown room stays a location of two parts: not booked.
func (p *Portal) book(e *Event) []int {
	room, old := roomOf(e.Location)
	if p.room(room) == nil || e.Type == "location" {
		return nil
	}
	booking := *e
	booking.ID, booking.Parent, booking.Type = 0, 0, "location"
	booking.Owner, booking.Section = room, room
	booking.Name, booking.Location, booking.Status = p.nameOf(e.Creator), "", ""
	booking.Meeting, booking.Private = false, false
	if kept := p.row(old); kept != nil && kept.Type == "location" && kept.Owner == room {
		booking.ID, booking.Parent = kept.ID, kept.ID
		*kept = booking
	} else {
		p.insert(&booking)
	}
	e.Location = roomPrefix + strconv.Itoa(room) + "_" + strconv.Itoa(booking.ID)
	return []int{booking.ID}
}

// release gives up the room that e booked.
func (p *Portal) release(e *Event) {
	if _, booking := roomOf(e.Location); booking != 0 {
		if row := p.row(booking); row != nil && row.Type == "location" {
			row.Deleted = true
		}
	}
}

func (p *Portal) nameOf(user int) string {
	u := p.user(user)
	if u == nil {
		return ""
	}
	return strings.TrimSpace(u.Name + " " + u.LastName)
}
