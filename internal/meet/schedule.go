package meet

import (
	"context"
	"slices"

	"slotfinder/internal/civil"
	"slotfinder/internal/civil/zone"
)

// The bounds of a schedule. They keep what one person sets from becoming a load
// on every search of the others.
const (
	MaxRanges  = 6   // of one weekday
	MaxLunch   = 240 // minutes
	MaxDaysOff = 366 // in all
)

const (
	wholeDay = int(civil.Day) // in minutes on the wall
	noHours  = "field.no_hours"
)

// Schedule is the working time that somebody has set in the app, on the person's
// own clock. A range that runs over midnight belongs to the day it starts on and
// ends beyond 24:00.
type Schedule struct {
	Week   [7][]civil.Range // by time.Weekday; a day without ranges is free
	Lunch  civil.Range      // left out of every day; zero = none
	Zone   string           // IANA name, instead of the profile's zone; "" = the profile's
	Prefer civil.Range      // when meetings are rather begun, so that the rest stays for focus; zero = any time
	Off    []civil.Period   // days off, chronological
}

// Validate reports what is wrong with a schedule as an Invalid Error, whose
// fields are the weekdays ("mo" … "su"), lunch, zone, prefer and off.
func (s Schedule) Validate() error { return InvalidFields(s.faults()) }

func (s Schedule) faults() map[string]string {
	faults := map[string]string{}
	for weekday, ranges := range s.Week {
		if !soundRanges(ranges) {
			faults[weekdays[weekday]] = "field.ranges"
		}
	}
	if !slices.ContainsFunc(s.Week[:], func(r []civil.Range) bool { return len(r) > 0 }) {
		faults["mo"] = noHours
	}
	none := civil.Range{}
	if s.Lunch != none && (!soundRange(s.Lunch) || s.Lunch.End-s.Lunch.Start > MaxLunch) {
		faults["lunch"] = "field.lunch"
	}
	if s.Prefer != none && (!soundRange(s.Prefer) || s.Prefer.End > wholeDay) {
		faults["prefer"] = "field.hours"
	}
	if _, err := zone.Load(s.Zone); s.Zone != "" && err != nil {
		faults["zone"] = "field.tz"
	}
	if key := offFault(s.Off); key != "" {
		faults["off"] = key
	}
	return faults
}

// soundRanges reports whether the ranges of a weekday are in order and apart.
// One that runs into the next day may overlap with that day's: time at work is
// the union of both.
func soundRanges(ranges []civil.Range) bool {
	for i, r := range ranges {
		if !soundRange(r) || i > 0 && r.Start < ranges[i-1].End {
			return false
		}
	}
	return len(ranges) <= MaxRanges
}

func soundRange(r civil.Range) bool {
	return 0 <= r.Start && r.Start < wholeDay && r.Start < r.End && r.End <= r.Start+wholeDay
}

func offFault(off []civil.Period) string {
	total := 0
	for _, p := range off {
		if p.Last.Before(p.First) {
			return "field.to_before_from"
		}
		total += p.Days()
	}
	if total > MaxDaysOff {
		return "field.too_many_days_off"
	}
	return ""
}

// Everyone stands for a portal's default where a person could stand. No user has
// this id.
const Everyone int64 = 0

// Hours reads the working time that people have set in the app.
type Hours interface {
	// Schedules returns what these people of the portal have set and, under
	// Everyone, what an administrator has set for those who have not. Who has set
	// nothing is not in the map. An error means that nobody's working time is
	// known, so nobody may be called free.
	Schedules(ctx context.Context, portal string, people []int64) (map[int64]Schedule, error)
}

// Schedules keeps the working time that people set. A member with the user
// Everyone is the portal's default.
type Schedules interface {
	Hours
	// SaveSchedule inserts or replaces. NotFound: there is no such portal.
	SaveSchedule(ctx context.Context, m Member, s Schedule) error
	// DeleteSchedule does nothing when there is none.
	DeleteSchedule(ctx context.Context, m Member) error
}

// Workday is a day with the hours at work on its clock, as far as they lie on it:
// a range over midnight is in two days.
type Workday struct {
	Date  civil.Date
	Hours []civil.Range // minutes from midnight, within the day, chronological
}
