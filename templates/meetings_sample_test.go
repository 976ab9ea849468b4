package templates_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/a-h/templ"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
	"slotfinder/templates/layout"
	"slotfinder/templates/meetings"
)

// bookingForm is the form of a time that suits everybody.
func bookingForm(t testing.TB) meetings.Form {
	f := sample(t, 5, 5)
	start := civil.Floor(sampleNow.Add(26 * time.Hour))
	return meetings.Form{
		Query:  url.Values{"who": {"1,2"}, "opt": {"3"}, "dur": {"60"}, "from": {"2026-11-23"}, "to": {"2026-11-27"}, "tz": {"Europe/Berlin"}},
		Values: url.Values{"title": {"Aurora review"}}, Key: "k-1", Time: civil.Span{Start: start, End: start + 60}, Zone: f.Zone,
		People: f.people(), Free: true, Checked: sampleNow, Back: "/find?" + f.Query,
	}
}

// sampleMeeting is a meeting with an answer of each kind.
func sampleMeeting(t testing.TB, state meet.MeetingState) meetings.Meeting {
	people := sample(t, 5, 5).people()
	m := meetings.Meeting{
		ID: "m_7Q2x", State: state, Mine: true, Fault: "error.meeting_not_made",
		Event: meet.Event{
			ID: 1213, Host: people[0].ID, Title: "Aurora review with a title that is rather long: " + longWord, Meeting: true, Zone: "Europe/Berlin",
			Start: sampleNow.Add(26 * time.Hour), End: sampleNow.Add(27 * time.Hour), Place: "Fjord, second floor", Description: "Open points.\nSlides are in the drive.",
		},
	}
	answers := []meet.EventAnswer{meet.AnswerAccepted, meet.AnswerAccepted, meet.AnswerDeclined, meet.AnswerNone}
	for i, p := range people {
		answer := answers[i%len(answers)]
		m.Event.Invited = append(m.Event.Invited, meet.Invited{User: p.ID, Answer: answer})
		m.People = append(m.People, meetings.Answered{Person: p, Answer: answer, Host: i == 0})
	}
	return m
}

// meetingSamples are the pages of meetings in all states.
func meetingSamples(t testing.TB, frame layout.Frame) map[string]templ.Component {
	wrong, taken, unsuited := bookingForm(t), bookingForm(t), bookingForm(t)
	wrong.Values = url.Values{"title": {""}, "where": {"calendar_3"}, "description": {"Kept"}, "remind": {"15"}, "importance": {"high"}, "video": {"1"}}
	wrong.Errors = map[string]string{
		"title": "meetings.fault.title", "where": "meetings.fault.where", "description": "meetings.fault.description", "remind": "meetings.fault.remind",
		"importance": "meetings.fault.importance", "color": "meetings.fault.color", "crm": "meetings.fault.crm", "weeks": "meetings.fault.weeks", "start": "meetings.fault.start",
	}
	taken.Free, taken.Taken = false, true
	for i := range civil.Minute(3) {
		taken.Next = append(taken.Next, civil.Span{Start: taken.Time.Start + 90*(i+1), End: taken.Time.End + 90*(i+1)})
	}
	unsuited.Free, unsuited.Next, unsuited.Without = false, taken.Next, "/meetings/new?who=1&opt=2,3"
	unsuited.Missing = []meet.Verdict{{Person: unsuited.People[1].ID, Rule: "busy"}, {Person: unsuited.People[2].ID, Rule: "outside"}}
	zone := zone(t, "Europe/Berlin")
	page := func(state meet.MeetingState) meetings.View {
		return meetings.View{Meeting: sampleMeeting(t, state), Zone: zone}
	}
	booked, failed, invited := page(meet.MeetingConfirmed), page(meet.MeetingFailed), page(meet.MeetingConfirmed)
	booked.Done, booked.Meeting.Event.URL = meetings.DoneKey("booked"), "https://company.bitrix24.com/company/personal/user/1/calendar/?EVENT_ID=1213"
	booked.Differs = []string{"meetings.differs.time", "meetings.differs.people"}
	failed.Form = url.Values{"title": {"Aurora review"}, "key": {"k-1"}}
	invited.Meeting.Mine, invited.Meeting.Own = false, meet.AnswerNone
	list := meetings.ListView{Zone: zone, Done: meetings.DoneKey("cancelled")}
	for i, state := range []meet.MeetingState{meet.MeetingConfirmed, meet.MeetingSent, meet.MeetingConfirmed} {
		m := sampleMeeting(t, state)
		m.ID += string(rune('0' + i))
		m.Mine = i < 2
		m.Own = meet.AnswerDeclined
		list.Meetings = append(list.Meetings, m)
	}
	list.Meetings[2].Event.AllDay, list.Meetings[2].Event.Title = true, ""
	move := meetings.MoveView{Meeting: sampleMeeting(t, meet.MeetingConfirmed), Zone: zone, Times: taken.Next, Search: "/find?who=1&ignore=1213"}
	none := move
	none.Times, none.Taken = nil, true
	show := func(c templ.Component) templ.Component { return layout.Standalone(frame, c) }
	return map[string]templ.Component{
		"meeting-new":       show(meetings.NewPage(bookingForm(t))),
		"meeting-errors":    show(meetings.NewPage(wrong)),
		"meeting-taken":     show(meetings.NewPage(taken)),
		"meeting-unsuited":  show(meetings.NewPage(unsuited)),
		"meeting":           show(meetings.Page(booked)),
		"meeting-checking":  show(meetings.Page(page(meet.MeetingSent))),
		"meeting-failed":    show(meetings.Page(failed)),
		"meeting-cancelled": show(meetings.Page(page(meet.MeetingCancelled))),
		"meeting-invited":   show(meetings.Page(invited)),
		"meetings":          show(meetings.List(list)),
		"meetings-none":     show(meetings.List(meetings.ListView{Zone: zone})),
		"meeting-move":      show(meetings.MovePage(move)),
		"meeting-move-none": show(meetings.MovePage(none)),
	}
}
