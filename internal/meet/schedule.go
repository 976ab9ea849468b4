package meet

import (
	"slices"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/civil/zone"
	"slotfinder/internal/sweep"
)

// The bounds of a schedule. They keep what one person sets from becoming a load
// on every search of the others.
const (
	MaxRanges  = 6   // of one weekday
	MaxLunch   = 240 // minutes
	MaxDaysOff = 366 // in all
)

const (
	day     = 24 * 60 // minutes
	noHours = "field.no_hours"
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
func (s Schedule) Validate() error { return invalid(s.faults()) }

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
	if s.Prefer != none && (!soundRange(s.Prefer) || s.Prefer.End > day) {
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
	return 0 <= r.Start && r.Start < day && r.Start < r.End && r.End <= r.Start+day
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

// hours is the schedule as the engine reads it. The portal's holidays hold for
// everybody; its extra working days don't: whoever sets weekdays means those.
func (s Schedule) hours(office Office) *sweep.Hours {
	h := &sweep.Hours{Holidays: office.Holidays}
	for weekday, ranges := range s.Week {
		h.Week[weekday] = carve(ranges, s.Lunch)
	}
	for _, p := range s.Off {
		for d := p.First; !p.Last.Before(d); d = d.Add(1) {
			h.Off = append(h.Off, d)
		}
	}
	return h
}

// everyone is the schedule as the portal's default: the company's extra working
// days then hold, with the hours of the first working day of the week.
func (s Schedule) everyone(office Office) *sweep.Hours {
	h := s.hours(office)
	h.Workdays = office.Workdays
	for i := range h.Week {
		if ranges := h.Week[(i+1)%7]; len(ranges) > 0 {
			h.Extra = ranges
			break
		}
	}
	return h
}

// carve leaves the hole out of ranges. On the clock it comes once a day, also
// in the part of a range that lies after midnight.
func carve(ranges []civil.Range, hole civil.Range) []civil.Range {
	var left []civil.Range
	for _, r := range ranges {
		for from := hole.Start - day; from < r.End && hole.Start < hole.End; from += day {
			to := from + hole.End - hole.Start
			if to <= r.Start {
				continue
			}
			if r.Start < from {
				left = append(left, civil.Range{Start: r.Start, End: from})
			}
			r.Start = max(r.Start, to)
		}
		if r.Start < r.End {
			left = append(left, r)
		}
	}
	return left
}

// prefer is the preferred time of day on the clock of a viewer in another zone,
// by the distance of the two clocks at an instant. It is a wish that orders slots
// and rules none out, so a range that would lie on both sides of the viewer's
// midnight, which the engine does not know, is dropped.
func (s Schedule) prefer(home, viewer *time.Location, at civil.Minute) civil.Range {
	_, here := at.Time().In(home).Zone()
	_, there := at.Time().In(viewer).Zone()
	length := s.Prefer.End - s.Prefer.Start
	start := ((s.Prefer.Start+(there-here)/60)%day + day) % day
	if length == 0 || start+length > day {
		return civil.Range{}
	}
	return civil.Range{Start: start, End: start + length}
}

// schedule is the portal's working time as if somebody had set it.
func (o Office) schedule() Schedule {
	return Schedule{Week: o.hours().Week}
}
