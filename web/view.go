package web

import (
	"slices"
	"time"

	"slotfinder/internal/meet"
	"slotfinder/templates/page"
)

// factsOf tells the page what was found.
func factsOf(a meet.Answer, form page.Form) page.Facts {
	q := a.Query
	f := page.Facts{
		Query: form.Values.Encode(), Choice: form.Choice, Zone: q.Zone, Now: a.AsOf,
		From: noonOf(q.From, q.Zone), To: noonOf(q.To, q.Zone), Duration: q.Duration, Step: q.Step,
		Hours: [2]int{q.Hours.Start, q.Hours.End}, Days: q.Days, Weeks: q.Weeks, Quorum: q.Quorum,
		People: form.People, Slots: slotsOf(a.Found.Slots), Near: slotsOf(a.Found.Near),
		Attendance: func(start, end time.Time) page.Attendance {
			return attendanceOf(a.AttendanceAt(start, end))
		},
	}
	for _, w := range a.Found.Windows {
		f.Windows = append(f.Windows, page.Window{Start: w.Start.Time(), End: w.End.Time()})
	}
	for _, series := range a.Found.Series {
		f.Series = append(f.Series, seriesOf(series))
	}
	for _, r := range a.Relax {
		f.Relax = append(f.Relax, relaxationOf(r))
	}
	return f
}

func peopleOf(a meet.Answer, me meet.Member) []page.Person {
	people := make([]page.Person, len(a.People))
	for i, attendee := range a.People {
		p := newPerson(attendee.ID, attendee.Person, me, attendee.Required)
		p.Zone, p.Unknown, p.Stretches = attendee.Zone, string(attendee.Unknown), stretchesOf(a.Timeline(i))
		people[i] = p
	}
	return people
}

func newPerson(id int64, p meet.Person, me meet.Member, required bool) page.Person {
	return page.Person{ID: id, Name: p.Name, Position: p.Position, Photo: photoOf(p, me), Required: required, Me: id == me.User}
}

func stretchesOf(states []meet.Stretch) []page.Stretch {
	out := make([]page.Stretch, len(states))
	for i, s := range states {
		out[i] = page.Stretch{Start: s.Start.Time(), End: s.End.Time(), Kind: kindOf(s.State), Free: s.State&meet.StateMissing == 0}
	}
	return out
}

// kindOf returns the strongest thing that can be said of a state.
func kindOf(s meet.State) page.Kind {
	switch {
	case s&meet.StateUnread != 0:
		return page.Unread
	case s&meet.StateAway != 0:
		return page.Away
	case s&meet.StateUnsure != 0:
		return page.Tentative
	case s&(meet.StateBooked|meet.StateWholeDay) != 0:
		return page.Busy
	}
	return page.Outside
}

func slotsOf(slots []meet.Slot) []page.Slot {
	out := make([]page.Slot, len(slots))
	for i, slot := range slots {
		out[i] = page.Slot{Start: slot.Start.Time(), End: slot.End.Time(), Rank: slot.Rank}
		for _, reason := range slot.Reasons {
			out[i].Reasons = append(out[i].Reasons, string(reason))
		}
	}
	return out
}

// attendanceOf names everybody who is not free once, with the strongest reason.
func attendanceOf(a meet.Attendance) page.Attendance {
	out := page.Attendance{Free: a.Free}
	named := slices.Clone(a.Free)
	add := func(ids []int64, kind page.Kind) {
		for _, id := range ids {
			if !slices.Contains(named, id) {
				named = append(named, id)
				out.Missing = append(out.Missing, page.Missing{ID: id, Kind: kind})
			}
		}
	}
	add(a.Unknown, page.Unread)
	add(a.Busy, page.Busy)
	add(a.Tentative, page.Tentative)
	add(a.Outside, page.Outside)
	return out
}

func seriesOf(s meet.Series) page.Series {
	out := page.Series{Start: s.Start.Time(), End: s.End.Time(), Weeks: s.Weeks, OK: s.OK}
	for _, miss := range s.Misses {
		out.Misses = append(out.Misses, page.SeriesMiss{Date: miss.Date.String(), People: miss.Busy, Reason: miss.Reason})
	}
	return out
}

func relaxationOf(r meet.Relaxation) page.Relaxation {
	q := r.Query
	return page.Relaxation{
		Change: string(r.Change), Person: r.Person, Slots: r.Slots, URL: findURL(q),
		Duration: q.Duration, Hours: [2]int{q.Hours.Start, q.Hours.End},
		From: noonOf(q.From, q.Zone), To: noonOf(q.To, q.Zone),
	}
}

func noonOf(d meet.Date, zone *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, zone)
}
