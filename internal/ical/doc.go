// Package ical writes calendar files: events that a person saves in a calendar of
// their own, whatever program that is.
//
//	ical.go   Event and how some become a file
//	zone.go   the clock of an event's zone, and its rules
//
// The form is RFC 5545 (iCalendar) with METHOD:PUBLISH: events to be kept, not
// invitations to be answered, so there is neither an organizer nor an attendee in it.
// Times are in UTC, which every program reads and which needs no zone definitions; those of a
// meeting that was booked are on the clock of its zone, whose rules the file then has.
// arran4/golang-ical escapes and folds; what it does not do is done here: texts of
// others lose their control characters, so that no text can begin a line of its own.
package ical
