package bitrix24

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
	"slotfinder/internal/portalsim"
)

// What is read is what was sent, in whatever culture the portal writes its dates.
func TestCreatedEventIsReadBack(t *testing.T) {
	t.Parallel()
	for _, culture := range []portalsim.Culture{portalsim.CultureDMY, portalsim.CultureMDY, portalsim.CultureISO, portalsim.CultureSlash} {
		d := newDesk(t, culture)
		sent := planned()
		sent.Start, sent.End = time.Date(2026, 7, 2, 13, 0, 0, 0, time.UTC), time.Date(2026, 7, 2, 14, 5, 0, 0, time.UTC)
		id := d.create(t, sent)
		want := sent
		want.ID, want.Row, want.Host, want.Meeting, want.Remind, want.CRM = id, id, 1, true, nil, nil
		want.Invited = []meet.Invited{
			{User: 1, Row: id, Answer: meet.AnswerAccepted}, {User: 2, Row: d.row(t, 2), Answer: meet.AnswerNone}, {User: 3, Row: d.row(t, 3), Answer: meet.AnswerNone},
		}
		// Only the reading of a single event says where the portal shows it to the reader.
		want.URL = fmt.Sprintf("https://portal.example/company/personal/user/1/calendar/?EVENT_ID=%d", id)
		if diff := cmp.Diff(want, d.read(t, id)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", culture, diff)
		}
		d.portal.Answer(2, int(id), "Y")
		d.portal.Answer(3, int(id), "N")
		want.Invited[1].Answer, want.Invited[2].Answer = meet.AnswerAccepted, meet.AnswerDeclined
		want.URL = ""
		events, err := d.events.OwnEvents(t.Context(), d.as(1), sent.Span())
		if diff := cmp.Diff([]meet.Event{want}, events); diff != "" || err != nil {
			t.Errorf("%s: own (-want +got): %v\n%s", culture, err, diff)
		}
		// In an attendee's calendar it has a row of its own. The simulator tells no description there.
		want.Row, want.Description, want.Marker, want.Color = d.row(t, 2), "", "", ""
		want.URL = fmt.Sprintf("https://portal.example/company/personal/user/2/calendar/?EVENT_ID=%d", want.Row)
		got, err := d.events.EventByID(t.Context(), d.as(2), want.Row)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: attendee's (-want +got): %v\n%s", culture, err, diff)
		}
		want.URL = ""
		events, err = d.events.OwnEvents(t.Context(), d.as(2), sent.Span())
		if diff := cmp.Diff([]meet.Event{want}, events); diff != "" || err != nil {
			t.Errorf("%s: attendee's own (-want +got): %v\n%s", culture, err, diff)
		}
	}
}

// What is not there, or hidden, is a null with status 200. PHP may write it as nothing else.
func TestNoEventIsNotFound(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"result":null,"time":{}}`, `{"result":[]}`, `{"result":false}`, `{"result":""}`, `{"result":{"ID":"12","DELETED":"Y"}}`} {
		f := newFake(map[string]func(request) answer{"calendar.event.getbyid": ok(body)})
		_, err := NewEvents(f.client(t)).EventByID(t.Context(), anna, 12)
		if meet.KindOf(err) != meet.NotFound || f.count() != 1 {
			t.Errorf("%s: %v, %d requests", body, err, f.count())
		}
	}
	d := newDesk(t, portalsim.CultureDMY)
	if _, err := d.events.EventByID(t.Context(), d.as(1), 999_999); meet.KindOf(err) != meet.NotFound {
		t.Errorf("got %v", err)
	}
	id := d.create(t, planned())
	d.portal.Change(func(p *portalsim.Portal) { p.Users[0].HiddenFrom = []int{4} })
	if _, err := d.events.EventByID(t.Context(), d.as(4), id); meet.KindOf(err) != meet.NotFound {
		t.Errorf("hidden: got %v", err)
	}
}

// A portal that can't be asked has not said that an event is gone.
func TestFailedReadingIsNotNotFound(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]func(request) answer{
		"gateway": status(502, "<html>"), "closed": ok("<html>"), "half": ok(`{"result":{"ID":"12"`), "refused": status(400, `{"error":"","error_description":"x"}`),
		"no token": status(401, `{"error":"NO_AUTH_FOUND"}`), "odd record": ok(`{"result":{"ID":"12","ATTENDEE_LIST":[[]]}}`), "odd list": ok(`{"result":["x"]}`),
		"no times": ok(`{"result":{"ID":"12","PARENT_ID":"12"}}`),
	} {
		f := newFake(map[string]func(request) answer{"calendar.event.getbyid": broken, "calendar.event.get": broken})
		s := NewEvents(f.client(t))
		if name != "odd list" {
			if _, err := s.EventByID(t.Context(), anna, 12); err == nil || meet.KindOf(err) == meet.NotFound || meet.KindOf(err) == meet.Uncertain {
				t.Errorf("%s: event: %v", name, err)
			}
		}
		if name == "no times" || name == "odd record" {
			continue // a record where a list belongs
		}
		if _, err := s.MarkedEvent(t.Context(), anna, "abc", planned().Span()); err == nil || meet.KindOf(err) == meet.NotFound {
			t.Errorf("%s: marker: %v", name, err)
		}
		if _, err := s.OwnEvents(t.Context(), anna, planned().Span()); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// Of a colleague's event that isn't open to all there are times, and no texts or people.
func TestMaskedEvent(t *testing.T) {
	t.Parallel()
	d := newDesk(t, portalsim.CultureDMY)
	id := d.create(t, planned())
	got, err := d.events.EventByID(t.Context(), d.as(4), id)
	if err != nil {
		t.Fatal(err)
	}
	want := planned()
	if got.ID != id || got.Host != 1 || !got.Start.Equal(want.Start) || !got.End.Equal(want.End) || !got.Meeting {
		t.Errorf("got %+v", got)
	}
	if strings.Contains(got.Title, "Plän") || got.Description != "" || got.Marker != "" || got.Place != "" || got.Invited != nil {
		t.Errorf("too much is told: %+v", got)
	}
}

// All-day events last until their last day has ended, also where a zone is left over whose
// clock changes that day, and entries of series have bare dates.
func TestAllDayEvents(t *testing.T) {
	t.Parallel()
	day := func(month time.Month, day int) time.Time { return time.Date(2026, month, day, 0, 0, 0, 0, time.UTC) }
	for _, culture := range []portalsim.Culture{portalsim.CultureDMY, portalsim.CultureMDY, portalsim.CultureSlash} {
		d := newDesk(t, culture)
		one := d.portal.AddEvent(portalsim.Event{Owner: 1, AllDay: true, From: portalsim.On(2026, 7, 3).At(0, 0), To: portalsim.On(2026, 7, 3).At(0, 0)})
		three := d.portal.AddEvent(portalsim.Event{Owner: 1, AllDay: true, From: portalsim.On(2026, 7, 6).At(0, 0), To: portalsim.On(2026, 7, 8).At(0, 0)})
		series := d.portal.AddEvent(portalsim.Event{
			Owner: 1, AllDay: true, From: portalsim.On(2026, 7, 9).At(0, 0), To: portalsim.On(2026, 7, 9).At(0, 0),
			Rule: &portalsim.Rule{Freq: "DAILY", Interval: 2, Count: 2},
		})
		got, err := d.events.OwnEvents(t.Context(), d.as(1), civil.Outward(day(7, 1), day(7, 30)))
		if err != nil {
			t.Fatal(err)
		}
		type brief struct {
			id         int64
			start, end time.Time
			series     bool
		}
		var list []brief
		for _, e := range got {
			if !e.AllDay || e.Meeting || e.Invited != nil || e.Host != 1 {
				t.Errorf("got %+v", e)
			}
			list = append(list, brief{e.ID, e.Start, e.End, e.Series})
		}
		want := []brief{
			{int64(one), day(7, 3), day(7, 4), false},
			{int64(three), day(7, 6), day(7, 9), false},
			{int64(series), day(7, 9), day(7, 10), true},
			{int64(series), day(7, 11), day(7, 12), true},
		}
		if diff := cmp.Diff(want, list, cmp.AllowUnexported(brief{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", culture, diff)
		}
	}
	berlin := zoneNamed(t, "Europe/Berlin")
	for _, date := range []string{"Sun Mar 29 2026", "Sun Oct 25 2026"} {
		got, err := readRecord(t, fmt.Sprintf(`{"ID":"5","PARENT_ID":"5","OWNER_ID":"7","DT_SKIP_TIME":"Y","TZ_FROM":"Europe\/Berlin","TZ_TO":"Europe\/Berlin",
			"DATE_FROM_FORMATTED":%q,"DATE_TO_FORMATTED":%q}`, date, date))
		start, end := got.Start.In(berlin), got.End.In(berlin)
		if err != nil || !start.AddDate(0, 0, 1).Equal(end) || start.Hour() != 0 || start.Format("Mon Jan 02 2006") != date {
			t.Errorf("%s: %v to %v, %v", date, start, end, err)
		}
	}
}

// readRecord reads an event of a portal that knows just this one.
func readRecord(t *testing.T, record string) (meet.Event, error) {
	t.Helper()
	f := newFake(map[string]func(request) answer{"calendar.event.getbyid": ok(`{"result":` + record + `}`)})
	return NewEvents(f.client(t)).EventByID(t.Context(), anna, 5)
}

// Each entry of a series comes by itself, at its own time: the clock reading stays when the
// clock changes.
func TestOwnEventsOfASeries(t *testing.T) {
	t.Parallel()
	d := newDesk(t, portalsim.CultureMDY)
	id := d.portal.AddEvent(portalsim.Event{
		Owner: 1, Name: "Weekly", ZoneFrom: "Europe/Berlin", ZoneTo: "Europe/Berlin",
		From: portalsim.On(2026, 10, 12).At(9, 0), To: portalsim.On(2026, 10, 12).At(10, 0), Rule: &portalsim.Rule{Freq: "WEEKLY", Interval: 1},
	})
	got, err := d.events.OwnEvents(t.Context(), d.as(1), civil.Outward(time.Date(2026, 10, 19, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)))
	if err != nil || len(got) != 2 {
		t.Fatalf("%d events, %v", len(got), err)
	}
	for i, want := range []time.Time{time.Date(2026, 10, 19, 7, 0, 0, 0, time.UTC), time.Date(2026, 10, 26, 8, 0, 0, 0, time.UTC)} {
		if e := got[i]; !e.Start.Equal(want) || e.End.Sub(e.Start) != time.Hour || !e.Series || e.ID != int64(id) || e.Zone != "Europe/Berlin" {
			t.Errorf("entry %d: %+v", i, e)
		}
	}
	if e := d.read(t, int64(id)); !e.Series || !e.Start.Equal(time.Date(2026, 10, 12, 7, 0, 0, 0, time.UTC)) {
		t.Errorf("the series itself: %+v", e)
	}
}

// Own events are those of the span alone, in order of their start. What can't be read is left out.
func TestOwnEventsOfASpan(t *testing.T) {
	t.Parallel()
	record := func(id int, from, to string) string {
		return fmt.Sprintf(`{"ID":"%d","PARENT_ID":"%d","DT_SKIP_TIME":"N","TZ_FROM":"UTC","TZ_TO":"UTC","DATE_FROM_FORMATTED":"Wed Jul 01 2026 %s","DATE_TO_FORMATTED":"Wed Jul 01 2026 %s","RRULE":"","ATTENDEE_LIST":[]}`, id, id, from, to)
	}
	body := `{"result":[` + strings.Join([]string{
		record(1, "12:00:00", "13:00:00"), // ends the span
		record(2, "13:00:00", "14:00:00"), // begins after it
		record(3, "08:00:00", "09:00:00"), // ends where it begins
		record(4, "08:30:00", "09:00:01"),
		record(5, "10:00:00", "10:30:00"),
		record(6, "09:30:00", "18:00:00"),
		strings.Replace(record(7, "10:00:00", "11:00:00"), "Wed Jul", "Wed Juli", 1),
		strings.Replace(record(8, "10:00:00", "11:00:00"), `"DT_SKIP_TIME"`, `"DELETED":"Y","DT_SKIP_TIME"`, 1),
		record(9, "10:00:00", "10:00:00"), // of no length
		`{"ID":"10"}`, `null`,
	}, ",") + `]}`
	f := newFake(map[string]func(request) answer{"calendar.event.get": ok(body)})
	at := func(hour int) time.Time { return time.Date(2026, 7, 1, hour, 0, 0, 0, time.UTC) }
	got, err := NewEvents(f.client(t)).OwnEvents(t.Context(), anna, civil.Outward(at(9), at(13)))
	var ids []int64
	for _, e := range got {
		ids = append(ids, e.ID)
	}
	if diff := cmp.Diff([]int64{4, 6, 5, 1}, ids); diff != "" || err != nil {
		t.Errorf("(-want +got): %v\n%s", err, diff)
	}
	want := map[string]any{"auth": "fresh", "type": "user", "ownerId": 7.0, "from": "2026-06-30", "to": "2026-07-02"}
	if diff := cmp.Diff(want, f.requests[0].params); diff != "" || f.count() != 1 {
		t.Errorf("%d requests, asked for (-want +got):\n%s", f.count(), diff)
	}
	// PHP makes an object of a list with gaps.
	f.answers["calendar.event.get"] = ok(`{"result":{"1":` + record(1, "12:00:00", "13:00:00") + `}}`)
	if got, err := NewEvents(f.client(t)).OwnEvents(t.Context(), anna, civil.Outward(at(9), at(13))); len(got) != 1 || err != nil {
		t.Errorf("object: %v, %v", got, err)
	}
}

// The English date counts. Without it, and without knowing which of day and month comes first, a
// date that could be two days is none.
func TestDateOrderOfEvents(t *testing.T) {
	t.Parallel()
	march := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	february := time.Date(2026, 2, 3, 10, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		local, plain string
		order        order
		want         time.Time // zero: unreadable
	}{
		{`03\/02\/2026 10:00:00 am`, "Mon Mar 02 2026 10:00:00", unknownOrder, march},
		{`02\/03\/2026 10:00:00`, "Mon Mar 02 2026 10:00:00", unknownOrder, march},
		{`03\/02\/2026 10:00:00 am`, "Mon Mar 02 2026 10:00:00", dayFirst, march}, // the portal's culture has changed
		{"2. mars 2026 10:00", "Mon Mar 02 2026 10:00:00", unknownOrder, march},
		{`03\/02\/2026 10:00:00 am`, "", monthFirst, march},
		{`03\/02\/2026 10:00:00`, "", dayFirst, february},
		{`03\/02\/2026 10:00:00`, "", unknownOrder, time.Time{}},
		{`03\/02\/2026 10:00:00`, "Mån mars 02 2026 10:00:00", unknownOrder, time.Time{}},
		{"02.03.2026 10:00:00", "", unknownOrder, march},
		{"2026-03-02 10:00:00", "", unknownOrder, march},
		{"", "", dayFirst, time.Time{}},
	} {
		record := fmt.Sprintf(`{"ID":"5","PARENT_ID":"5","TZ_FROM":"UTC","TZ_TO":"UTC","DATE_FROM":"%s","DATE_TO":"%s","DATE_FROM_FORMATTED":"%s","DATE_TO_FORMATTED":"%s"}`, c.local, c.local, c.plain, c.plain)
		f := newFake(map[string]func(request) answer{"calendar.event.getbyid": ok(`{"result":` + record + `}`)})
		client := f.client(t)
		if c.order != unknownOrder {
			client.portals.get(anna.Portal).learnOrder(c.order, time.Now())
		}
		got, err := NewEvents(client).EventByID(t.Context(), anna, 5)
		if !got.Start.Equal(c.want) || !got.End.Equal(c.want) || (err != nil) != c.want.IsZero() {
			t.Errorf("%s / %s: %v, %v", c.local, c.plain, got.Start, err)
		}
	}
}

// Each end is read on its own clock, on one that nobody knows, or on none, in UTC.
func TestClocksOfEvents(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, to   string
		start, end int // hours in UTC
	}{
		{`"Europe\/Berlin"`, `"Europe\/Berlin"`, 8, 9},
		{`"Europe\/Berlin"`, `"Europe\/London"`, 8, 10},
		{`"Asia\/Calcutta"`, `"Asia\/Tbilisi"`, 4, 7},
		{"null", "null", 10, 11},
		{`"Mars\/Base"`, `""`, 10, 11},
	} {
		got, err := readRecord(t, `{"ID":"5","PARENT_ID":"0","OWNER_ID":"9","TZ_FROM":`+c.from+`,"TZ_TO":`+c.to+
			`,"DATE_FROM_FORMATTED":"Wed Jul 01 2026 10:00:00","DATE_TO_FORMATTED":"Wed Jul 01 2026 11:00:00"}`)
		if err != nil || got.Start.Hour() != c.start || got.End.Hour() != c.end || got.ID != 5 || got.Host != 9 {
			t.Errorf("%s, %s: %+v, %v", c.from, c.to, got, err)
		}
	}
}

// People come with what they answered, in any of PHP's forms; an answer nobody knows is none.
func TestAnswersOfTheInvited(t *testing.T) {
	t.Parallel()
	got, err := readRecord(t, `{"ID":5,"PARENT_ID":4,"MEETING_HOST":"1","IS_MEETING":true,"DATE_FROM":"01.07.2026 10:00:00","DATE_TO":"01.07.2026 11:00:00","RRULE":[],
		"ATTENDEE_LIST":{"0":{"id":1,"entryId":"4","status":"H"},"1":{"id":"2","entryId":5,"status":"Y"},"2":{"id":3,"status":"N"},"4":{"id":4,"entryId":null,"status":"Q"},"5":{"id":5,"status":"?"},"6":{"id":6}}}`)
	want := []meet.Invited{
		{User: 1, Row: 4, Answer: meet.AnswerAccepted},
		{User: 2, Row: 5, Answer: meet.AnswerAccepted},
		{User: 3, Answer: meet.AnswerDeclined},
		{User: 4, Answer: meet.AnswerNone},
		{User: 5, Answer: meet.AnswerNone},
		{User: 6, Answer: meet.AnswerNone},
	}
	if diff := cmp.Diff(want, got.Invited); diff != "" || err != nil || got.ID != 4 || got.Row != 5 || got.Series || !got.Meeting || got.Host != 1 {
		t.Errorf("%v, %+v (-want +got):\n%s", err, got, diff)
	}
}

// The marker is the last line of the description, whatever Bitrix24 did to its ends.
func TestSplitMarker(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, description, marker string }{
		{"", "", ""},
		{"D", "D", ""},
		{"Slotfinder abc", "", "abc"},
		{"D\n\nSlotfinder abc", "D", "abc"},
		{"D\r\n\r\nSlotfinder abc\r\n", "D", "abc"},
		{"D\n\nSlotfinder abc \n\n", "D", "abc"},
		{"D\nSlotfinder abc", "D", "abc"},
		{"Slotfinder abc\nD", "Slotfinder abc\nD", ""},
		{"D Slotfinder abc", "D Slotfinder abc", ""},
		{"D\nSlotfinder", "D\nSlotfinder", ""},
		{"D\nSlotfinder a b", "D\nSlotfinder a b", ""},
		{"D\n[B]Slotfinder abc[/B]", "D\n[B]Slotfinder abc[/B]", ""},
		{"D\nSlotfinder abc[/B]", "D\nSlotfinder abc[/B]", ""},
		{"D\nslotfinder abc", "D\nslotfinder abc", ""},
		{"D\n\nSlotfinder one\n\nSlotfinder two", "D\n\nSlotfinder one", "two"},
	} {
		if description, marker := splitMarker(c.text); description != c.description || marker != c.marker {
			t.Errorf("%q: %q, %q", c.text, description, marker)
		}
	}
}

// An event is found by its marker, and by nothing that looks like it, on the days around
// where it should be.
func TestMarkedEvent(t *testing.T) {
	t.Parallel()
	d := newDesk(t, portalsim.CultureMDY)
	e := planned()
	marker := e.Marker
	find := func(user int64, marker string, during civil.Span) (int64, error) {
		t.Helper()
		before := len(d.sent)
		id, err := d.events.MarkedEvent(t.Context(), d.as(user), marker, during)
		if len(d.sent) != before+1 {
			t.Errorf("%d requests", len(d.sent)-before)
		}
		return id, err
	}
	for _, text := range []struct{ title, description, marker string }{
		{"Slotfinder " + marker, "D", ""},
		{marker, marker, marker + "0"},
		{"T", "Slotfinder " + marker + "\nD", ""},
		{"T", "D Slotfinder " + marker, ""},
		{"T", "D\n\nSlotfinder " + marker, "other"},
		{"T", "", marker[:3]},
		{"T", "", ""},
	} {
		like := planned()
		like.Title, like.Description, like.Marker = text.title, text.description, text.marker
		d.create(t, like)
	}
	if id, err := find(1, marker, e.Span()); meet.KindOf(err) != meet.NotFound || id != 0 {
		t.Errorf("found %d, %v", id, err)
	}
	if id, err := find(1, "", e.Span()); meet.KindOf(err) != meet.NotFound {
		t.Errorf("no marker: found %d, %v", id, err)
	}
	want := d.create(t, e)
	if id, err := find(1, marker, e.Span()); id != want || err != nil {
		t.Errorf("found %d, %v; want %d", id, err, want)
	}
	if id, err := find(4, marker, e.Span()); meet.KindOf(err) != meet.NotFound {
		t.Errorf("in another calendar: %d, %v", id, err)
	}
	shifted := func(days int) civil.Span {
		return civil.Outward(e.Start.AddDate(0, 0, days), e.End.AddDate(0, 0, days))
	}
	for _, days := range []int{-1, 1} {
		if id, err := find(1, marker, shifted(days)); id != want || err != nil {
			t.Errorf("%d days away: %d, %v", days, id, err)
		}
	}
	for _, days := range []int{-5, 5} {
		if id, err := find(1, marker, shifted(days)); meet.KindOf(err) != meet.NotFound {
			t.Errorf("%d days away: %d, %v", days, id, err)
		}
	}
	sent := d.sent[len(d.sent)-1]
	if sent["from"] != "2026-07-05" || sent["to"] != "2026-07-07" || sent["ownerId"] != 1.0 || sent["type"] != "user" {
		t.Errorf("asked for %v", sent)
	}
	if err := d.events.DeleteEvent(t.Context(), d.as(1), want); err != nil {
		t.Fatal(err)
	}
	if id, err := find(1, marker, e.Span()); meet.KindOf(err) != meet.NotFound {
		t.Errorf("deleted: %d, %v", id, err)
	}
}

// In an attendee's calendar the organiser's event is found, too; a deleted one isn't.
func TestMarkedEventOfAnAttendee(t *testing.T) {
	t.Parallel()
	f := newFake(map[string]func(request) answer{"calendar.event.get": ok(`{"result":[{"ID":"7","PARENT_ID":"7","DELETED":"Y","DESCRIPTION":"Slotfinder abc"},
		{"ID":"6","PARENT_ID":"6","~DESCRIPTION":"Slotfinder abc"},{"ID":"5","PARENT_ID":"4","DESCRIPTION":"D\r\n\r\nSlotfinder abc"}]}`)})
	if id, err := NewEvents(f.client(t)).MarkedEvent(t.Context(), anna, "abc", planned().Span()); id != 4 || err != nil {
		t.Errorf("found %d, %v", id, err)
	}
}
