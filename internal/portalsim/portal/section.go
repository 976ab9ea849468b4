package portal

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

// SectionOf is the calendar of an owner: a user, a group, the company or a room.
func SectionOf(kind string, owner int) int {
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

// RoomPrefix begins a LOCATION that books a room: calendar_<room>, and once it is
// booked calendar_<room>_<booking>.
const RoomPrefix = "calendar_"

// RoomOf splits a location into the room and the booking; room is 0 when it is
// plain text, booking when nothing is booked.
func RoomOf(location string) (room, booking int) {
	rest, found := strings.CutPrefix(location, RoomPrefix)
	if !found {
		return 0, 0
	}
	first, second, _ := strings.Cut(rest, "_")
	room, _ = strconv.Atoi(first)
	booking, _ = strconv.Atoi(second)
	return room, booking
}
