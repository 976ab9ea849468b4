package bitrix24

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/civil"
	"slotfinder/internal/civil/zone"
	"slotfinder/internal/meet"
	"slotfinder/internal/portalsim"
	"slotfinder/internal/portalsim/clock"
)

// desk is a small office whose calendars are written through the client: Ada (1), Ben (2), Cleo
// (3) and Dan (4), none of them an administrator. The server's clock is nobody's, so that a
// zone that is lost shows.
type desk struct {
	*world
	client *Client
	events *Events
	sent   []map[string]any // the parameters of every request
}

var deskTime = time.Date(2026, 6, 24, 8, 0, 0, 0, time.UTC)

func newDesk(t testing.TB, culture portalsim.Culture) *desk {
	t.Helper()
	p := portalsim.NewPortal(portalsim.Data{
		ServerZone: zoneNamed(t, "Asia/Tokyo"), Culture: culture, Lang: "en",
		Departments: []*portalsim.Department{{ID: 1, Name: "Office"}},
	})
	for id, home := range []string{1: "America/Chicago", 2: "Europe/Berlin", 3: "Asia/Kathmandu", 4: ""} {
		if id > 0 {
			p.Users = append(p.Users, &portalsim.User{ID: id, Active: true, Zone: home, Departments: []int{1}})
		}
	}
	now := func() time.Time { return deskTime }
	w, _ := newWorld(t, p, 1, now)
	d := &desk{world: w}
	d.client = New(Config{Tokens: w, HTTP: &http.Client{Transport: d, CheckRedirect: NewHTTPClient(true).CheckRedirect}, Now: now})
	d.events = NewEvents(d.client)
	return d
}

// RoundTrip implements http.RoundTripper.
func (d *desk) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	var sent map[string]any
	if err := json.Unmarshal(body, &sent); err != nil {
		return nil, err
	}
	d.sent = append(d.sent, sent)
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(body))
	return d.world.RoundTrip(r)
}

// as lets another user ask from now on.
func (d *desk) as(user int64) meet.Member {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.member.User = user
	d.token = d.portal.IssueToken(appID, int(user)).Access
	return d.member
}

// create makes the event in Ada's calendar.
func (d *desk) create(t testing.TB, e meet.Event) int64 {
	t.Helper()
	id, err := d.events.CreateEvent(t.Context(), d.as(1), e)
	if err != nil || id <= 0 {
		t.Fatalf("create: %d, %v", id, err)
	}
	return id
}

// read reads the event as Ada.
func (d *desk) read(t testing.TB, id int64) meet.Event {
	t.Helper()
	e, err := d.events.EventByID(t.Context(), d.as(1), id)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// row is the id of the event in a calendar that has only this one.
func (d *desk) row(t testing.TB, user int) int64 {
	t.Helper()
	rows := d.portal.EventsOf(user)
	if len(rows) != 1 {
		t.Fatalf("user %d has %d events", user, len(rows))
	}
	return int64(rows[0].ID)
}

// planned is a meeting with everything that a meeting can have.
func planned() meet.Event {
	return meet.Event{
		Title:       `Plän 🚀 "quoted" it's $result[c0][ID] [B]bold[/B] <i>&amp; 100 %`,
		Description: "First\nsecond [URL=https://wiki.example/a?b=c&d]link[/URL] 🚀\nSlotfinder is a word, too",
		Marker:      "k7Qd2m_x-9",
		Place:       `Room "5", 2nd floor`,
		Start:       time.Date(2026, 7, 1, 8, 0, 0, 0, time.UTC),
		End:         time.Date(2026, 7, 1, 9, 30, 0, 0, time.UTC),
		Zone:        "Europe/Berlin",
		Invited:     []meet.Invited{{User: 2}, {User: 3}},
		Importance:  meet.ImportanceHigh,
		Color:       "#ff8800",
		Remind:      []int{15, 60},
		CRM:         []string{"D_12", "CO_3"},
	}
}

// What goes out is one request that is no batch, with plain numbers for people, JSON booleans
// for flags, a clock reading with its zone, and no host.
func TestEventIsCreatedInOneRequest(t *testing.T) {
	t.Parallel()
	f := newFake(map[string]func(request) answer{"calendar.event.add": ok(`{"result":1246,"time":{}}`)})
	id, err := NewEvents(f.client(t)).CreateEvent(t.Context(), anna, planned())
	if id != 1246 || err != nil {
		t.Fatalf("got %d, %v", id, err)
	}
	if got := f.methods(); !slices.Equal(got, []string{"calendar.event.add"}) {
		t.Fatalf("requests %v", got)
	}
	e := planned()
	want := map[string]any{
		"auth": "fresh", "type": "user", "ownerId": 7.0, "name": e.Title, "location": e.Place, "accessibility": "busy",
		"description": e.Description + "\n\nSlotfinder k7Qd2m_x-9",
		"from":        "2026-07-01 10:00:00", "to": "2026-07-01 11:30:00", "timezone_from": "Europe/Berlin", "timezone_to": "Europe/Berlin", "skip_time": "N",
		"is_meeting": "Y", "attendees": []any{2.0, 3.0}, "importance": "high", "color": "#ff8800",
		"meeting":    map[string]any{"notify": true, "reinvite": false, "allow_invite": false, "hide_guests": false},
		"remind":     []any{map[string]any{"type": "min", "count": 15.0}, map[string]any{"type": "min", "count": 60.0}},
		"crm_fields": []any{"D_12", "CO_3"},
	}
	if diff := cmp.Diff(want, f.requests[0].params); diff != "" {
		t.Errorf("sent (-want +got):\n%s", diff)
	}
}

// What an event doesn't have is left to the portal, and nobody invited is an empty list.
func TestPlainEventIsSentWithoutExtras(t *testing.T) {
	t.Parallel()
	e := planned()
	for _, c := range []struct{ description, marker, want string }{
		{"", "", ""}, {"D", "", "D"}, {"", "abc", "Slotfinder abc"}, {"D\n", "abc", "D\n\n\nSlotfinder abc"},
	} {
		f := newFake(map[string]func(request) answer{"calendar.event.add": ok(`{"result":"1246"}`)})
		id, err := NewEvents(f.client(t)).CreateEvent(t.Context(), anna, meet.Event{
			Title: "T", Start: e.Start, End: e.End, Zone: e.Zone, Description: c.description, Marker: c.marker,
		})
		if id != 1246 || err != nil {
			t.Fatalf("got %d, %v", id, err)
		}
		sent := f.requests[0].params
		for _, name := range []string{"importance", "color", "remind", "crm_fields", "host", "section"} {
			if _, is := sent[name]; is {
				t.Errorf("%s was sent", name)
			}
		}
		if diff := cmp.Diff([]any{}, sent["attendees"]); diff != "" || sent["description"] != c.want {
			t.Errorf("%q: attendees %s", sent["description"], diff)
		}
	}
}

// Whatever the zone: the portal files the event at the instant that was meant, under a name on
// PHP's list, and it is read back there. Times that no reading of the zone's clock tells are in UTC.
func TestEventTimesKeepTheirInstant(t *testing.T) {
	t.Parallel()
	at := func(month time.Month, day, hour, minute int) time.Time {
		return time.Date(2026, month, day, hour, minute, 0, 0, time.UTC)
	}
	d := newDesk(t, portalsim.CultureMDY)
	for _, c := range []struct {
		name, zone, sent, from string
		start                  time.Time
		length                 time.Duration
	}{
		{"as it is", "Europe/Berlin", "Europe/Berlin", "2026-07-01 10:00:00", at(7, 1, 8, 0), time.Hour},
		{"winter", "Europe/Berlin", "Europe/Berlin", "2026-12-01 09:00:00", at(12, 1, 8, 0), time.Hour},
		{"over midnight", "Asia/Kathmandu", "Asia/Kathmandu", "2026-07-02 23:45:00", at(7, 2, 18, 0), time.Hour},
		{"alias", "Asia/Calcutta", "Asia/Kolkata", "2026-07-03 13:30:00", at(7, 3, 8, 0), time.Hour},
		{"alias of another area", "US/Pacific", "America/Los_Angeles", "2026-07-04 01:00:00", at(7, 4, 8, 0), time.Hour},
		{"former name", "Europe/Kiev", "Europe/Kyiv", "2026-07-05 11:00:00", at(7, 5, 8, 0), time.Hour},
		{"UTC", "UTC", "UTC", "2026-07-06 08:00:00", at(7, 6, 8, 0), time.Hour},
		{"UTC in full", "Etc/UTC", "UTC", "2026-07-07 08:00:00", at(7, 7, 8, 0), time.Hour},
		{"offset", "Etc/GMT-3", "UTC", "2026-07-08 08:00:00", at(7, 8, 8, 0), time.Hour},
		{"name without an area", "CET", "UTC", "2026-07-09 08:00:00", at(7, 9, 8, 0), time.Hour},
		{"GMT", "GMT", "UTC", "2026-07-11 08:00:00", at(7, 11, 8, 0), time.Hour},
		{"unknown", "Mars/Base", "UTC", "2026-07-12 08:00:00", at(7, 12, 8, 0), time.Hour},
		{"none", "", "UTC", "2026-07-13 08:00:00", at(7, 13, 8, 0), time.Hour},
		{"the machine's", "Local", "UTC", "2026-07-14 08:00:00", at(7, 14, 8, 0), time.Hour},
		{"before a skipped hour", "Europe/Berlin", "Europe/Berlin", "2027-03-28 01:30:00", at(15, 28, 0, 30), time.Hour},
		{"first of a repeated hour", "Europe/Berlin", "Europe/Berlin", "2026-10-25 02:00:00", at(10, 25, 0, 0), 30 * time.Minute},
		{"end in the second", "Europe/Berlin", "UTC", "2026-10-25 00:30:00", at(10, 25, 0, 30), time.Hour},
		{"second of a repeated hour", "Europe/Berlin", "UTC", "2026-10-25 01:30:00", at(10, 25, 1, 30), time.Hour},
		{"second of a repeated half hour", "Australia/Lord_Howe", "UTC", "2027-04-03 15:10:00", at(16, 3, 15, 10), time.Hour},
		{"after it", "Europe/Berlin", "Europe/Berlin", "2026-10-25 03:00:00", at(10, 25, 2, 0), time.Hour},
	} {
		e := planned()
		e.Zone, e.Start, e.End = c.zone, c.start, c.start.Add(c.length)
		id := d.create(t, e)
		sent := d.sent[len(d.sent)-1]
		if sent["timezone_from"] != c.sent || sent["timezone_to"] != c.sent || sent["from"] != c.from {
			t.Errorf("%s: sent %v in %v and %v, want %s in %s", c.name, sent["from"], sent["timezone_from"], sent["timezone_to"], c.from, c.sent)
		}
		var filed []time.Time
		for _, s := range d.portal.TrueBusy(1, e.Start.AddDate(0, 0, -2), e.End.AddDate(0, 0, 2)) {
			if int64(s.ID) == id {
				filed = append(filed, s.From.UTC(), s.To.UTC())
			}
		}
		if diff := cmp.Diff([]time.Time{e.Start, e.End}, filed); diff != "" {
			t.Errorf("%s: filed (-want +got):\n%s", c.name, diff)
		}
		if got := d.read(t, id); !got.Start.Equal(e.Start) || !got.End.Equal(e.End) || got.Zone != c.sent {
			t.Errorf("%s: read %v to %v in %s", c.name, got.Start, got.End, got.Zone)
		}
	}
}

// Whatever a zone is called in a list of ours, it goes out under a name on PHP's list.
func TestZonesOfEventsAreOnPHPsList(t *testing.T) {
	t.Parallel()
	php := clock.NewZoneCache(zone.Load)
	now, places := deskTime, map[string]bool{}
	for _, name := range zone.Names() {
		got, loc := wallZone(name, now)
		if !php.Listed(got) {
			t.Errorf("%s goes out as %s", name, got)
		}
		_, want := now.In(zoneNamed(t, name)).Zone()
		if _, offset := now.In(loc).Zone(); offset != want && got != "UTC" {
			t.Errorf("%s goes out as %s, which shows another time", name, got)
		}
		places[got] = true
	}
	if len(places) < 300 {
		t.Errorf("only %d zones are kept", len(places))
	}
}

// The portal reads a clock time on its server's clock. One that this clock skips that night is
// moved, whatever the zone beside it; only reading the event back shows it.
func TestTimeThatTheServersClockSkipsIsMoved(t *testing.T) {
	t.Parallel()
	d := newDesk(t, portalsim.CultureDMY)
	d.portal.Change(func(p *portalsim.Portal) { p.ServerZone = zoneNamed(t, "Europe/Berlin") })
	e := planned()
	e.Zone, e.Start = "Asia/Kathmandu", time.Date(2027, 3, 27, 20, 45, 0, 0, time.UTC) // 02:30 there
	e.End = e.Start.Add(2 * time.Hour)
	got := d.read(t, d.create(t, e))
	if !got.Start.Equal(e.Start.Add(time.Hour)) || !got.End.Equal(e.End) {
		t.Errorf("%v to %v", got.Start, got.End)
	}
}

// Nobody checks conflicts, and nothing keeps an event from being made twice.
func TestNothingKeepsAnEventFromBeingMadeTwice(t *testing.T) {
	t.Parallel()
	d := newDesk(t, portalsim.CultureDMY)
	first, second := d.create(t, planned()), d.create(t, planned())
	if first == second || len(d.portal.EventsOf(1)) != 2 || len(d.portal.EventsOf(2)) != 2 {
		t.Errorf("events %d and %d, %d in the calendar", first, second, len(d.portal.EventsOf(1)))
	}
}

// A move sends the new times with their zone and that they are times, and nothing else.
func TestMoveSendsNothingButTimes(t *testing.T) {
	t.Parallel()
	f := newFake(map[string]func(request) answer{"calendar.event.update": ok(`{"result":12}`)})
	e := planned()
	e.ID, e.Zone = 12, "Asia/Calcutta"
	start := time.Date(2026, 7, 2, 3, 0, 0, 0, time.UTC)
	if err := NewEvents(f.client(t)).MoveEvent(t.Context(), anna, e, start, start.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"auth": "fresh", "id": 12.0, "type": "user", "ownerId": 7.0, "skip_time": "N",
		"from": "2026-07-02 08:30:00", "to": "2026-07-02 09:30:00", "timezone_from": "Asia/Kolkata", "timezone_to": "Asia/Kolkata",
	}
	if diff := cmp.Diff(want, f.requests[0].params); diff != "" || f.count() != 1 {
		t.Errorf("%d requests, sent (-want +got):\n%s", f.count(), diff)
	}
}

// A moved event is the same in everything but its time: people, answers and rows, too.
func TestMoveKeepsAllElse(t *testing.T) {
	t.Parallel()
	d := newDesk(t, portalsim.CultureDMY)
	id := d.create(t, planned())
	d.portal.Answer(2, int(id), "Y")
	d.portal.Answer(3, int(id), "N")
	want := d.read(t, id)
	for _, start := range []time.Time{
		time.Date(2026, 12, 3, 10, 15, 0, 0, time.UTC), time.Date(2026, 10, 25, 1, 30, 0, 0, time.UTC), want.Start,
	} {
		now := d.read(t, id)
		if err := d.events.MoveEvent(t.Context(), d.as(1), now, start, start.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		got := d.read(t, id)
		want.Start, want.End, want.Zone = start, start.Add(time.Hour), got.Zone
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("moved (-want +got):\n%s", diff)
		}
	}
}

// A portal that says no to a change with a text may have done anything: nobody can tell.
func TestRefusalByTextIsUncertain(t *testing.T) {
	t.Parallel()
	d := newDesk(t, portalsim.CultureDMY)
	id := d.create(t, planned())
	before := d.read(t, id)
	other := before.Start.Add(time.Hour)
	requests := len(d.sent)
	if err := d.events.MoveEvent(t.Context(), d.as(4), before, other, other.Add(time.Hour)); meet.KindOf(err) != meet.Uncertain {
		t.Errorf("a stranger's move: %v", err)
	}
	if len(d.sent) != requests+1 {
		t.Errorf("%d requests", len(d.sent)-requests)
	}
	if diff := cmp.Diff(before, d.read(t, id)); diff != "" {
		t.Errorf("it changed: %s", diff)
	}
	d.portal.Fail("calendar.event.add", portalsim.Says("Access denied").Times(1))
	if id, err := d.events.CreateEvent(t.Context(), d.as(1), planned()); meet.KindOf(err) != meet.Uncertain || id != 0 {
		t.Errorf("create: %d, %v", id, err)
	}
}

// An answer that was lost is no reason to ask again. The event is found by its marker.
func TestLostAnswerLeavesOneEvent(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]portalsim.Fault{
		"gateway": portalsim.HTML504(), "half": portalsim.Truncated(),
	} {
		d := newDesk(t, portalsim.CultureDMY)
		d.portal.Fail("calendar.event.add", fault)
		id, err := d.events.CreateEvent(t.Context(), d.as(1), planned())
		if meet.KindOf(err) != meet.Uncertain || id != 0 || len(d.sent) != 1 {
			t.Errorf("%s: %d, %v, %d requests", name, id, err, len(d.sent))
		}
		e := planned()
		found, err := d.events.MarkedEvent(t.Context(), d.member, e.Marker, e.Span())
		if err != nil || found != d.row(t, 1) {
			t.Errorf("%s: found %d, %v", name, found, err)
		}
	}
}

func TestDeleteEvent(t *testing.T) {
	t.Parallel()
	d := newDesk(t, portalsim.CultureDMY)
	id := d.create(t, planned())
	if err := d.events.DeleteEvent(t.Context(), d.as(4), id); meet.KindOf(err) != meet.Forbidden {
		t.Errorf("by a stranger: %v", err)
	}
	// An attendee who deletes their row declines.
	if err := d.events.DeleteEvent(t.Context(), d.as(2), d.row(t, 2)); err != nil {
		t.Error(err)
	}
	if got := d.read(t, id); got.AnswerOf(2) != meet.AnswerDeclined || got.AnswerOf(3) != meet.AnswerNone {
		t.Errorf("answers %+v", got.Invited)
	}
	if err := d.events.DeleteEvent(t.Context(), d.as(1), id); err != nil {
		t.Error(err)
	}
	if _, err := d.events.EventByID(t.Context(), d.as(1), id); meet.KindOf(err) != meet.NotFound || len(d.portal.EventsOf(3)) != 0 {
		t.Errorf("it is still there: %v", err)
	}
	if err := d.events.DeleteEvent(t.Context(), d.as(1), id); meet.KindOf(err) != meet.Forbidden {
		t.Errorf("once more: %v", err)
	}
}

// The portal says yes to every answer; what it made of it is seen in the event.
func TestAnswerEvent(t *testing.T) {
	t.Parallel()
	d := newDesk(t, portalsim.CultureDMY)
	id := d.create(t, planned())
	for _, which := range []int64{d.row(t, 2), id} {
		for _, answer := range []meet.EventAnswer{meet.AnswerAccepted, meet.AnswerDeclined, meet.AnswerNone} {
			if err := d.events.AnswerEvent(t.Context(), d.as(2), which, answer); err != nil {
				t.Fatal(err)
			}
			if got := d.read(t, id); got.AnswerOf(2) != answer || got.AnswerOf(3) != meet.AnswerNone {
				t.Errorf("want %s: %+v", answer, got.Invited)
			}
		}
	}
	before := d.read(t, id)
	for _, which := range []int64{id, 999_999} {
		if err := d.events.AnswerEvent(t.Context(), d.as(4), which, meet.AnswerAccepted); err != nil {
			t.Error(err)
		}
	}
	if diff := cmp.Diff(before, d.read(t, id)); diff != "" {
		t.Errorf("a stranger's answer counted: %s", diff)
	}
}

// After each change availability is asked for again at once. Of an answer no event tells.
func TestEventChangesAreSeenAtOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t, portalsim.CultureDMY)
	e := planned()
	during := civil.Outward(e.Start, e.End.Add(24*time.Hour))
	busy := func(user int64) (spans []civil.Span) {
		t.Helper()
		got, err := d.client.Busy(t.Context(), meet.Member{Portal: d.member.Portal, User: 2}, []meet.Resident{{ID: user, Zone: time.UTC}}, during, false)
		if err != nil || got[user].Unknown != "" {
			t.Fatal(err, got)
		}
		for _, b := range got[user].Blocks {
			spans = append(spans, b.Span)
		}
		return spans
	}
	expect := func(step string, want ...civil.Span) {
		t.Helper()
		if got := busy(2); !slices.Equal(got, want) {
			t.Errorf("%s: busy %v, want %v", step, got, want)
		}
	}
	expect("before")
	id := d.create(t, e)
	expect("created", e.Span())
	later := civil.Outward(e.Start.Add(3*time.Hour), e.End.Add(3*time.Hour))
	if err := d.events.MoveEvent(t.Context(), d.as(1), d.read(t, id), later.Start.Time(), later.End.Time()); err != nil {
		t.Fatal(err)
	}
	expect("moved", later)
	if err := d.events.AnswerEvent(t.Context(), d.as(2), id, meet.AnswerDeclined); err != nil {
		t.Fatal(err)
	}
	expect("declined")
	if err := d.events.AnswerEvent(t.Context(), d.as(2), id, meet.AnswerAccepted); err != nil {
		t.Fatal(err)
	}
	expect("accepted", later)
	if err := d.events.DeleteEvent(t.Context(), d.as(1), id); err != nil {
		t.Fatal(err)
	}
	expect("deleted")
}
