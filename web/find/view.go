package find

import (
	"slices"
	"time"

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
		Hours: [2]int{q.Hours.Start, q.Hours.End}, Days: q.Days, WeekStart: a.WeekStart, Weeks: q.Weeks, Quorum: q.Quorum,
		People: form.People, Slots: slotsOf(a.Found.Slots), Eyes: string(a.View), Disputed: a.Disputed, Why: string(a.Found.Why), Near: slotsOf(a.Found.Near),
		Missing: func(start, end time.Time) []page.Missing { return missingOf(a.Verdicts(start, end)) },
	}
	for _, w := range a.Found.Windows {
		f.Windows = append(f.Windows, page.Window{Start: w.Start.Time(), End: w.End.Time()})
	}
	for _, series := range a.Found.Series {
		f.Series = append(f.Series, seriesOf(series))
	}
	for _, t := range a.Found.Rotation {
		f.Rotation = append(f.Rotation, page.Turn{Start: t.Start.Time(), End: t.End.Time(), Early: t.Early, Late: t.Late})
	}
	for _, r := range a.Relax {
		f.Relax = append(f.Relax, relaxationOf(r))
	}
	for _, session := range a.Split {
		f.Split = append(f.Split, sessionOf(q, session, form.Choice))
	}
	for _, part := range a.Cut {
		f.Cut = append(f.Cut, string(part))
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

func slotsOf(slots []meet.Slot) []page.Slot {
	out := make([]page.Slot, len(slots))
	for i, slot := range slots {
		out[i] = page.Slot{Start: slot.Start.Time(), End: slot.End.Time(), Rank: slot.Rank, For: slot.For}
		for _, reason := range slot.Reasons {
			out[i].Reasons = append(out[i].Reasons, string(reason))
		}
	}
	return out
}

func missingOf(verdicts []meet.Verdict) []page.Missing {
	out := make([]page.Missing, len(verdicts))
	for i, v := range verdicts {
		out[i] = page.Missing{ID: v.Person, Rule: string(v.Rule)}
	}
	return out
}

func seriesOf(s meet.Series) page.Series {
	out := page.Series{Start: s.Start.Time(), End: s.End.Time(), Weeks: s.Weeks, OK: s.OK}
	for _, miss := range s.Misses {
		out.Misses = append(out.Misses, page.SeriesMiss{Date: miss.Date.String(), People: miss.Busy, Rule: miss.Reason})
	}
	return out
}

func relaxationOf(r meet.Relaxation) page.Relaxation {
	q := r.Query
	return page.Relaxation{
		Change: string(r.Change), Person: r.Person, With: string(r.With), WithPerson: r.WithPerson, Slots: r.Slots, URL: web.FindURL(q),
		Duration: q.Duration, Hours: [2]int{q.Hours.Start, q.Hours.End},
		From: q.From.Noon(q.Zone), To: q.To.Noon(q.Zone),
	}
}

// sessionOf leads to a search for those who come to one session of a meeting that
// is split, with its time chosen.
func sessionOf(q meet.Query, session meet.SplitPart, choice page.Choice) page.Session {
	q.Me, q.Selection, q.Quorum = false, meet.Selection{Required: session.People}, 0
	start := session.Start.Time()
	url := page.Choice{View: choice.View, Slot: start}.Append(q.Values().Encode())
	return page.Session{Start: start, End: session.End.Time(), People: session.People, URL: url}
}
