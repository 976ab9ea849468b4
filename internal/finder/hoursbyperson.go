package finder

import (
	"slices"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
	"slotfinder/internal/sweep"
)

// hoursByPerson says whose working time holds: a person's own, else the portal's default,
// else what Bitrix24 says. The default's days off are the company's and hold for
// all. Equal hours are the same pointer, since the engine
// paints each only once.
type hoursByPerson struct {
	own  map[int64]*sweep.Hours
	rest *sweep.Hours
}

func newHoursByPerson(office meet.Office, schedules map[int64]meet.Schedule) hoursByPerson {
	r := hoursByPerson{own: map[int64]*sweep.Hours{}, rest: officeHours(office)}
	company, set := schedules[meet.Everyone]
	if set {
		r.rest = companyHours(company, office)
	}
	for id, s := range schedules {
		if id != meet.Everyone {
			s.Off = append(slices.Clone(s.Off), company.Off...)
			r.own[id] = ownHours(s, office)
		}
	}
	return r
}

func (r hoursByPerson) of(person int64) *sweep.Hours {
	if own := r.own[person]; own != nil {
		return own
	}
	return r.rest
}

// ownHours is the schedule as the engine reads it. The portal's holidays hold for
// everybody; its extra working days don't: whoever sets weekdays means those.
func ownHours(s meet.Schedule, office meet.Office) *sweep.Hours {
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

// companyHours is the schedule as the portal's default: the company's extra working
// days then hold, with the hours of the first working day of the week.
func companyHours(s meet.Schedule, office meet.Office) *sweep.Hours {
	h := ownHours(s, office)
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

// preferred is the preferred time of day on the clock of a viewer in another zone,
// by the distance of the two clocks at an instant. It is a wish that orders slots
// and rules none out, so a range that would lie on both sides of the viewer's
// midnight, which the engine does not know, is dropped.
func preferred(s meet.Schedule, home, viewer *time.Location, at civil.Minute) civil.Range {
	_, here := at.Time().In(home).Zone()
	_, there := at.Time().In(viewer).Zone()
	length := s.Prefer.End - s.Prefer.Start
	start := ((s.Prefer.Start+(there-here)/60)%day + day) % day
	if length == 0 || start+length > day {
		return civil.Range{}
	}
	return civil.Range{Start: start, End: start + length}
}

// officeHours is the portal's working time as everybody has it in their own zone.
func officeHours(o meet.Office) *sweep.Hours {
	day := []civil.Range{{Start: o.WorkStart, End: o.WorkEnd}}
	h := &sweep.Hours{Extra: day}
	for weekday, free := range o.Weekend {
		if !free {
			h.Week[weekday] = day
		}
	}
	h.Holidays, h.Workdays = o.Holidays, o.Workdays
	return h
}

// officeSchedule is the portal's working time as if somebody had set it.
func officeSchedule(o meet.Office) meet.Schedule {
	return meet.Schedule{Week: officeHours(o).Week}
}
