package find

import (
	"slices"

	"slotfinder/internal/meet"
	"slotfinder/templates/page"
	"slotfinder/web"
)

// factsOf tells the page what was found.
func factsOf(a meet.Answer, form page.Form) page.Facts {
	q := a.Query
	f := page.Facts{
		Query: form.Values.Encode(), Choice: form.Choice, Zone: q.Zone, Now: a.AsOf,
		From: q.From.Noon(q.Zone), To: q.To.Noon(q.Zone), Duration: q.Duration, Step: q.Step,
		Hours: q.Hours, Days: q.Days, WeekStart: a.WeekStart, Weeks: q.Weeks, Quorum: q.Quorum,
		People: form.People, Windows: a.Found.Windows, Slots: a.Found.Slots, View: a.View, Disputed: a.Disputed, Why: a.Found.Why, Near: a.Found.Near,
		Series: a.Found.Series, Rotation: a.Found.Rotation, Cut: a.Cut,
		Missing: a.Verdicts,
	}
	for _, r := range a.Relax {
		f.Relax = append(f.Relax, relaxationOf(r))
	}
	for _, session := range a.Split {
		f.Split = append(f.Split, sessionOf(q, session, form.Choice))
	}
	return f
}

func peopleOf(a meet.Answer, me meet.Member) []page.Person {
	people := attendeesOf(a.Query, a.People, me)
	for i := range people {
		people[i].Stretches = stretchesOf(a.Timeline(i))
	}
	return people
}

// attendeesOf are the people of a resolved query, without their calendars.
func attendeesOf(q meet.Query, attendees []meet.Attendee, me meet.Member) []page.Person {
	people := make([]page.Person, len(attendees))
	for i, attendee := range attendees {
		p := web.NewPerson(attendee.ID, attendee.Person, me, attendee.Required)
		p.Grouped = !attendee.Required && !slices.Contains(q.Optional, attendee.ID)
		p.Zone, p.Unknown = attendee.Zone, string(attendee.Unknown)
		people[i] = p
	}
	web.PhotoSprite(people)
	return people
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
	case s&meet.StateDecided != 0:
		return page.Busy
	case s&meet.StateUnsure != 0:
		return page.Tentative
	case s&(meet.StateBooked|meet.StateWholeDay) != 0:
		return page.Busy
	}
	return page.Outside
}

func relaxationOf(r meet.Relaxation) page.Relaxation {
	q := r.Query
	return page.Relaxation{
		Change: r.Change, Person: r.Person, With: r.With, WithPerson: r.WithPerson, Slots: r.Slots, URL: web.FindURL(q),
		Duration: q.Duration, Hours: q.Hours,
		From: q.From.Noon(q.Zone), To: q.To.Noon(q.Zone),
	}
}

// sessionOf leads to a search for those who come to one session of a meeting that
// is split, with its time chosen.
func sessionOf(q meet.Query, session meet.SplitPart, choice page.Choice) page.Session {
	q.Me, q.Selection, q.Quorum = false, meet.Selection{Required: session.People}, 0
	url := page.Choice{View: choice.View, Slot: session.Start.Time()}.Append(q.Values().Encode())
	return page.Session{SplitPart: session, URL: url}
}
