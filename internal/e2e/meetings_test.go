package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/portalsim"
)

// meetingQuery asks for three people in the coming week; 2 signs in.
func meetingQuery() string { return harness.ComingWeek() + "&who=2,5&opt=6" }

// firstSlot is the first time that the search finds.
func firstSlot(p *harness.Product, client *http.Client, query string) harness.Slot {
	p.T.Helper()
	answer := p.Find(client, query)
	if len(answer.Slots) == 0 {
		p.T.Fatal("no time suits")
	}
	return answer.Slots[0]
}

// bookingForm is the form that books a time.
func bookingForm(query string, start time.Time, key string) url.Values {
	values, _ := url.ParseQuery(query)
	values.Set("start", start.Format(time.RFC3339))
	values.Set("title", "Aurora review")
	values.Set("key", key)
	return values
}

// eventsTitled are the rows of a title in somebody's calendar.
func eventsTitled(p *harness.Product, user int, title string) (rows []portalsim.Event) {
	for _, e := range p.Company.EventsOf(user) {
		if e.Name == title {
			rows = append(rows, e)
		}
	}
	return rows
}

// TestMeetingIsBooked: a time that was found becomes one event in everybody's calendar, on
// the clock of its host, and is taken then.
func TestMeetingIsBooked(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	query := meetingQuery()
	slot := firstSlot(p, client, query)
	form := bookingForm(query, slot.Start, "k1")
	form.Set("description", "Bring 📎 \"quotes\" $result[0] <b>\n[URL=https://evil.example]x[/URL]")
	form.Set("where", "Fjord")
	form.Set("importance", "high")
	form.Set("remind", "15")
	p.Company.Reset()
	response, body := p.Send(client, "/meetings", form, "Accept", harness.AsJSON)
	if response.StatusCode != http.StatusCreated {
		t.Fatalf("%s: %s", response.Status, body)
	}
	if n := len(p.Company.Requests()); n > 4 {
		t.Errorf("a booking cost %d requests", n)
	}
	m := harness.Decode[harness.Meeting](t, body)
	if m.State != "confirmed" || m.Title != "Aurora review" || !m.Start.Equal(slot.Start) || !m.End.Equal(slot.End) || m.Zone != "Europe/Berlin" || len(m.People) != 3 {
		t.Errorf("booked: %+v", m)
	}
	for user, status := range map[int]string{2: "H", 5: "Q", 6: "Q"} {
		rows := eventsTitled(p, user, "Aurora review")
		if len(rows) != 1 || rows[0].Status != status || rows[0].ZoneFrom != "Europe/Berlin" || rows[0].Location != "Fjord" || rows[0].Importance != "high" {
			t.Errorf("in the calendar of %d: %+v", user, rows)
		}
	}
	if _, body := p.Get(client, "/meetings/"+m.ID, harness.AsPage); !strings.Contains(body, "Bring 📎") || strings.Contains(body, "<b>\n") {
		t.Error("the page has not what was typed")
	}
	there := fmt.Sprintf("http://%s/company/personal/user/2/calendar/?EVENT_ID=%d", p.Company.Host, m.Event)
	if page := p.Text(client, "/meetings/"+m.ID, harness.AsPage); !strings.Contains(page, there) {
		t.Errorf("the page doesn't lead to %s", there)
	}
	if again := p.Find(client, query); len(again.Slots) > 0 && again.Slots[0].Start.Equal(slot.Start) {
		t.Error("the time is free although it was booked")
	}
	list := harness.Decode[struct{ Meetings []harness.Meeting }](t, p.Text(client, "/meetings", harness.AsJSON))
	if !slices.ContainsFunc(list.Meetings, func(one harness.Meeting) bool { return one.ID == m.ID }) {
		t.Errorf("not among the coming meetings: %+v", list)
	}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	file := p.Text(client, "/meetings/"+m.ID+".ics", "text/calendar")
	if want := "DTSTART;TZID=Europe/Berlin:" + slot.Start.In(berlin).Format("20060102T150405") + "\r\n"; !strings.Contains(file, want) || strings.Count(file, "BEGIN:VTIMEZONE") != 1 {
		t.Errorf("no %q in %s", want, file)
	}
}

// TestTakenTime: who comes second is told, with the next three times, and loses nothing
// that they typed.
func TestTakenTime(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	anna, marta := p.SignIn(2), p.SignIn(5)
	query := meetingQuery() + "&me=0"
	slot := firstSlot(p, anna, query)
	p.Send(anna, "/meetings", bookingForm(query, slot.Start, "k1"), "Accept", harness.AsJSON)
	form := bookingForm(query, slot.Start, "k2")
	form.Set("title", "Marta’s own")
	response, body := p.Send(marta, "/meetings", form, "Accept", harness.AsJSON)
	next := harness.Decode[struct{ Next []harness.Interval }](t, body).Next
	if response.StatusCode != http.StatusConflict || len(next) != 3 {
		t.Errorf("%s: %s", response.Status, body)
	}
	response, body = p.Send(marta, "/meetings", form, "Accept", harness.AsPage)
	if response.StatusCode != http.StatusConflict || !strings.Contains(body, "Marta’s own") || strings.Count(body, "<time datetime") < 3 {
		t.Errorf("%s: %.600s", response.Status, body)
	}
	if rows := eventsTitled(p, 5, "Marta’s own"); len(rows) > 0 {
		t.Errorf("booked all the same: %+v", rows)
	}
	form.Set("start", next[0].Start.Format(time.RFC3339))
	if response, body = p.Send(marta, "/meetings", form, "Accept", harness.AsJSON); response.StatusCode != http.StatusCreated {
		t.Errorf("the next time: %s: %s", response.Status, body)
	}
}

// TestWrongMeetingForms: what is wrong is said at its field, and what was typed stays.
func TestWrongMeetingForms(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	query := meetingQuery()
	slot := firstSlot(p, client, query)
	for name, value := range map[string]string{
		"title": "", "where": "calendar_3", "importance": "urgent", "remind": "soon", "color": "red", "crm": "X_1", "start": "tomorrow", "weeks": "3",
	} {
		form := bookingForm(query, slot.Start, "k")
		form.Set("description", "kept")
		form.Set(name, value)
		response, body := p.Send(client, "/meetings", form, "Accept", harness.AsJSON)
		wrong := harness.Decode[struct {
			Error struct{ Fields map[string]string }
		}](t, body)
		if response.StatusCode != http.StatusUnprocessableEntity || wrong.Error.Fields[name] == "" {
			t.Errorf("%s=%s: %s %s", name, value, response.Status, body)
		}
		response, body = p.Send(client, "/meetings", form, "Accept", harness.AsPage)
		if response.StatusCode != http.StatusUnprocessableEntity || name != "start" && !strings.Contains(body, "kept") {
			t.Errorf("%s=%s as a page: %s", name, value, response.Status)
		}
	}
	if n := len(eventsTitled(p, 2, "Aurora review")); n > 0 {
		t.Errorf("%d were booked", n)
	}
}

// TestFormSentTwiceBooksOnce: the same form is the same meeting, one after the other and at
// the same time.
func TestFormSentTwiceBooksOnce(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	query := meetingQuery()
	form := bookingForm(query, firstSlot(p, client, query).Start, "once")
	ids := make(chan string, 8)
	for range cap(ids) {
		go func() {
			_, body := p.Send(client, "/meetings", form, "Accept", harness.AsJSON)
			ids <- harness.Decode[harness.Meeting](t, body).ID
		}()
	}
	first := <-ids
	for range cap(ids) - 1 {
		if id := <-ids; id != first || id == "" {
			t.Errorf("meetings %q and %q of one form", first, id)
		}
	}
	if n := len(eventsTitled(p, 2, "Aurora review")); n != 1 {
		t.Errorf("%d events", n)
	}
}

// TestMeetingMoves: it moves to a time that is free but for itself, and everything else of
// it stays; it is cancelled for all.
func TestMeetingMovesAndEnds(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	query := strings.Replace(meetingQuery(), "step=30", "step=10", 1)
	slot := firstSlot(p, client, query)
	form := bookingForm(query, slot.Start, "k")
	form.Set("where", "Fjord")
	_, body := p.Send(client, "/meetings", form, "Accept", harness.AsJSON)
	m := harness.Decode[harness.Meeting](t, body)
	to := slot.Start.Add(10 * time.Minute) // over its own time
	free := p.Find(client, query+"&ignore="+strconv.FormatInt(m.Event, 10))
	suits := slices.ContainsFunc(free.Slots, func(s harness.Slot) bool { return s.Start.Equal(to) })
	response, body := p.Send(client, "/meetings/"+m.ID+"/move", url.Values{"start": {to.Format(time.RFC3339)}, "key": {"m"}}, "Accept", harness.AsJSON)
	moved := harness.Decode[harness.Meeting](t, body)
	switch {
	case suits && (response.StatusCode != http.StatusOK || !moved.Start.Equal(to) || moved.Zone != m.Zone):
		t.Errorf("moved: %s %s", response.Status, body)
	case !suits && response.StatusCode != http.StatusConflict:
		t.Errorf("moved to a time that is taken: %s %s", response.Status, body)
	}
	for _, user := range []int{2, 5, 6} {
		if rows := eventsTitled(p, user, "Aurora review"); len(rows) != 1 || rows[0].Location != "Fjord" {
			t.Errorf("in the calendar of %d: %+v", user, rows)
		}
	}
	stranger := p.SignIn(7)
	for _, path := range []string{"", "/move", ".ics"} {
		if response, _ := p.Get(stranger, "/meetings/"+m.ID+path, harness.AsJSON); response.StatusCode != http.StatusNotFound {
			t.Errorf("a stranger gets %s: %s", path, response.Status)
		}
	}
	for _, path := range []string{"/move", "/cancel", "/answer"} {
		if response, _ := p.Send(stranger, "/meetings/"+m.ID+path, url.Values{"start": {to.Format(time.RFC3339)}, "status": {"Y"}}, "Accept", harness.AsJSON); response.StatusCode != http.StatusNotFound {
			t.Errorf("a stranger sends %s: %s", path, response.Status)
		}
	}
	for range 2 { // twice is no fault
		if response, body := p.Send(client, "/meetings/"+m.ID+"/cancel", url.Values{}, "Accept", harness.AsJSON); response.StatusCode != http.StatusOK {
			t.Errorf("cancelled: %s %s", response.Status, body)
		}
	}
	for _, user := range []int{2, 5, 6} {
		if rows := eventsTitled(p, user, "Aurora review"); len(rows) > 0 {
			t.Errorf("%d still has %+v", user, rows)
		}
	}
}

// TestInvitationIsAnswered: those who are invited see the meeting by their own row, may
// accept or decline it, and may do nothing else.
func TestInvitationIsAnswered(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	host, guest := p.SignIn(2), p.SignIn(5)
	query := meetingQuery()
	_, body := p.Send(host, "/meetings", bookingForm(query, firstSlot(p, host, query).Start, "k"), "Accept", harness.AsJSON)
	m := harness.Decode[harness.Meeting](t, body)
	list := harness.Decode[struct{ Meetings []harness.Meeting }](t, p.Text(guest, "/meetings", harness.AsJSON))
	at := slices.IndexFunc(list.Meetings, func(one harness.Meeting) bool { return one.Title == "Aurora review" })
	if at < 0 {
		t.Fatalf("the invited don't see it: %+v", list)
	}
	own := list.Meetings[at].ID
	if own == m.ID || own != "b24-"+strconv.Itoa(eventsTitled(p, 5, "Aurora review")[0].ID) {
		t.Errorf("its id is %s", own)
	}
	response, _ := p.Send(guest, "/meetings/"+own+"/answer", url.Values{"status": {"N"}}, "Accept", harness.AsJSON)
	if rows := eventsTitled(p, 5, "Aurora review"); response.StatusCode != http.StatusOK || rows[0].Status != "N" {
		t.Errorf("%s: %+v", response.Status, rows)
	}
	seen := harness.Decode[harness.Meeting](t, p.Text(host, "/meetings/"+m.ID, harness.AsJSON))
	for _, one := range seen.People {
		if one.ID == 5 && one.Answer != "declined" {
			t.Errorf("the host sees %+v", one)
		}
	}
	for path, form := range map[string]url.Values{"/cancel": {}, "/move": {"start": {m.Start.Add(time.Hour).Format(time.RFC3339)}}} {
		if response, _ := p.Send(guest, "/meetings/"+own+path, form, "Accept", harness.AsJSON); response.StatusCode != http.StatusNotFound {
			t.Errorf("the invited send %s: %s", path, response.Status)
		}
	}
}
