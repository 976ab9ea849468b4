package calendar

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/portalsim/clock"
	"slotfinder/internal/portalsim/fault"
	"slotfinder/internal/portalsim/php"
	"slotfinder/internal/portalsim/portal"
	"slotfinder/internal/portalsim/truth"
)

// newEvent are the parameters of an event in the asker's calendar.
func newEvent(more ...php.Field) php.Params {
	sent := php.Array{{"type", "user"}, {"ownerId", asker}, {"name", "N"}, {"from", "2026-07-01 10:00:00"}, {"to", "2026-07-01 11:00:00"}}
	for _, f := range more {
		sent = sent.With(f.Key, f.Value)
	}
	return php.Params(sent)
}

func addEvent(t testing.TB, p *Calendar, user int, sent php.Params) int {
	t.Helper()
	id, err := strconv.Atoi(string(mustDo(t, p, user, "calendar.event.add", sent)))
	if err != nil {
		t.Fatalf("the answer is no bare number: %v", err)
	}
	return id
}

func stored(t testing.TB, p *Calendar, id int) portal.Event {
	t.Helper()
	p.Lock()
	defer p.Unlock()
	e := p.Row(id)
	if e == nil {
		t.Fatalf("no row %d", id)
	}
	return *e
}

func TestTimesOfANewEvent(t *testing.T) {
	t.Parallel()
	seven := clock.On(2026, 7, 1)
	tests := []struct {
		name             string
		sent             []php.Field
		from, to         clock.Wall
		zoneFrom, zoneTo string
		allDay           bool
	}{
		{"reading with a zone", []php.Field{{"timezone_from", "Asia/Tokyo"}}, seven.At(10, 0), seven.At(11, 0), "Asia/Tokyo", "Asia/Tokyo", false},
		{"two zones", []php.Field{{"timezone_from", "Asia/Tokyo"}, {"timezone_to", "UTC"}}, seven.At(10, 0), seven.At(11, 0), "Asia/Tokyo", "UTC", false},
		{"no zone is the caller's", nil, seven.At(10, 0), seven.At(11, 0), "Europe/Berlin", "Europe/Berlin", false},
		{"an old name becomes the server's zone", []php.Field{{"timezone_from", "Asia/Calcutta"}}, seven.At(10, 0), seven.At(11, 0), "Europe/Moscow", "Europe/Moscow", false},
		{
			// Berlin is an hour ahead of UTC today, two then: 10:00Z is 12:00 there.
			"an instant uses today's offset and drops the zone",
			[]php.Field{{"from", "2026-07-01T10:00:00Z"}, {"to", "2026-07-01T11:00:00+00:00"}, {"timezone_from", "Asia/Tokyo"}},
			seven.At(11, 0), seven.At(12, 0), "Europe/Berlin", "Europe/Berlin", false,
		},
		{
			"timestamps are written in the server's time",
			[]php.Field{{"from", nil}, {"to", nil}, {"from_ts", 1782900000}, {"to_ts", "1782903640"}, {"timezone_from", "UTC"}},
			seven.At(13, 0), seven.At(14, 1), "UTC", "UTC", false,
		},
		{"all day", []php.Field{{"from", "2026-07-01"}, {"to", "2026-07-03"}, {"skip_time", "Y"}, {"timezone_from", "UTC"}}, seven.At(0, 0), seven.Plus(2).At(0, 0), "", "", true},
		{"all day must be exactly Y", []php.Field{{"from", "2026-07-01"}, {"to", "2026-07-03"}, {"skip_time", "1"}, {"timezone_from", "UTC"}}, seven.At(0, 0), seven.Plus(2).At(0, 0), "UTC", "UTC", false},
		{"a year at the end is taken for an offset", []php.Field{{"from", "01-07-2026"}, {"to", "02-07-2026"}, {"timezone_from", "UTC"}}, clock.On(2026, 6, 30).At(22, 0), seven.At(22, 0), "Europe/Berlin", "Europe/Berlin", false},
		{"the end before the start", []php.Field{{"to", "2026-07-01 09:00:00"}, {"timezone_from", "UTC"}}, seven.At(10, 0), seven.At(10, 0), "UTC", "UTC", false},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := example(t)
			e := stored(t, p, addEvent(t, p, asker, newEvent(tc.sent...)))
			want := []any{tc.from, tc.to, tc.zoneFrom, tc.zoneTo, tc.allDay}
			if diff := cmp.Diff(want, []any{e.From, e.To, e.ZoneFrom, e.ZoneTo, e.AllDay}); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNewEventComplaints(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		sent php.Params
		want string
	}{
		{"no from", newEvent(php.Field{"from", nil}), `"from"`},
		{"an unreadable to", newEvent(php.Field{"to", "soon"}), `"to"`},
		{"no name", newEvent(php.Field{"name", ""}), `"name"`},
		{"a name that is no text", newEvent(php.Field{"name", 5}), `Invalid value for parameter "name"`},
		{"no owner", newEvent().Without("ownerId"), `"ownerId"`},
		{"no type", newEvent().Without("type"), `"type"`},
		{"no section although not to be found", newEvent(php.Field{"auto_detect_section", "N"}), `"section"`},
		{"somebody else's section", newEvent(php.Field{"section", portal.SectionOf("user", olga)}), "CAL_REST_SECTION_ERROR"},
		{"a section without right", newEvent(php.Field{"section", portal.SectionOf("user", olga)}, php.Field{"ownerId", olga}), "Access denied"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := do(t, example(t), asker, "calendar.event.add", tc.sent)
			if err == nil {
				t.Fatal("no complaint")
			}
			if e := fault.From(err); e.Code != "" || e.Status != 400 || !strings.Contains(e.Text, tc.want) {
				t.Errorf("got %+v, want a text with %s", e, tc.want)
			}
		})
	}
}

// told is a change of rows that the calendar told of.
type told struct {
	Kind string
	IDs  []int
}

// listen collects what the calendar tells of.
func listen(p *Calendar) *[]told {
	all := &[]told{}
	p.OnChange(func(kind string, ids []int) { *all = append(*all, told{kind, ids}) })
	return all
}

type record struct {
	ID            string
	Location      string `json:"LOCATION"`
	DateFrom      string `json:"DATE_FROM"`
	FormattedFrom string `json:"DATE_FROM_FORMATTED"`
	Name          string `json:"NAME"`
	Meeting       bool   `json:"IS_MEETING"`
	Attendees     []struct {
		ID      int    `json:"id"`
		EntryID string `json:"entryId"`
		Status  string `json:"status"`
	} `json:"ATTENDEE_LIST"`
	Description string `json:"DESCRIPTION"`
	Accessible  *bool  `json:"IS_ACCESSIBLE_TO_USER"`
}

func getByID(t testing.TB, p *Calendar, user, id int) *record {
	t.Helper()
	var r *record
	if err := json.Unmarshal(mustDo(t, p, user, "calendar.event.getbyid", php.Params{{"id", id}}), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func statuses(r *record) map[int]string {
	m := map[int]string{}
	for _, a := range r.Attendees {
		m[a.ID] = a.Status
	}
	return m
}

func TestAMeetingFromInvitationToDeletion(t *testing.T) {
	t.Parallel()
	p := example(t)
	heard := listen(p)
	id := addEvent(t, p, asker, newEvent(
		php.Field{"is_meeting", "Y"}, php.Field{"attendees", []any{asker, olga, peter, "U12", "8"}},
		php.Field{"location", "calendar_15"}, php.Field{"description", "Why"}, php.Field{"timezone_from", "Europe/Berlin"},
	))
	first := (*heard)[0]
	if first.Kind != EntryAdded || len(first.IDs) != 4 || first.IDs[3] != id {
		t.Fatalf("told %+v, want a room, two guests and the parent last", first)
	}
	r := getByID(t, p, asker, id)
	if diff := cmp.Diff(map[int]string{asker: "H", olga: "Q", peter: "Q"}, statuses(r)); diff != "" {
		t.Error(diff)
	}
	if room, booking := portal.RoomOf(r.Location); room != 15 || booking != first.IDs[0] || r.Description != "Why" || !r.Meeting {
		t.Errorf("record %+v", r)
	}
	if got := busyRaw(t, p, asker, olga, "2026-07-01", "2026-07-01"); len(got) != 1 || got[0].ID != r.Attendees[1].EntryID {
		t.Errorf("Olga's entry %v is not their row %v", got, r.Attendees)
	}

	mustDo(t, p, olga, "calendar.meeting.status.set", php.Params{{"eventId", id}, {"status", "N"}})
	if got := busyRaw(t, p, asker, olga, "2026-07-01", "2026-07-01"); len(got) != 0 {
		t.Errorf("declined and still busy: %v", got)
	}
	if got := string(mustDo(t, p, olga, "calendar.meeting.status.get", php.Params{{"eventId", id}})); got != `"N"` {
		t.Errorf("Olga's status is %s", got)
	}
	if got := string(mustDo(t, p, titled, "calendar.meeting.status.get", php.Params{{"eventId", id}})); got != `null` {
		t.Errorf("the status of somebody not invited is %s", got)
	}
	if len(*heard) != 1 {
		t.Errorf("an answer was told of: %+v", *heard)
	}

	if got := string(mustDo(t, p, asker, "calendar.event.delete", php.Params{{"id", id}})); got != "true" {
		t.Errorf("deleting answered %s", got)
	}
	if diff := cmp.Diff(told{EntryDeleted, []int{id}}, (*heard)[1]); diff != "" {
		t.Error(diff)
	}
	if len(p.EventsOf(peter)) != 0 || getByID(t, p, asker, id) != nil || getByID(t, p, asker, first.IDs[0]) != nil {
		t.Error("rows are left of a deleted meeting")
	}
}

func TestMeetingsThatTestsAdd(t *testing.T) {
	t.Parallel()
	p := example(t)
	heard := listen(p)
	id := p.AddMeeting(portal.Event{Owner: olga, Creator: peter, Name: "M", From: clock.On(2026, 3, 10).At(9, 0), To: clock.On(2026, 3, 10).At(10, 0), ZoneFrom: "UTC", ZoneTo: "UTC"}, []int{peter, titled})
	if diff := cmp.Diff(map[int]string{olga: "H", peter: "Y", titled: "Q"}, statuses(getByID(t, p, boss, id))); diff != "" {
		t.Error(diff)
	}
	if !p.Answer(titled, id, "N") || p.Answer(asker, id, "N") {
		t.Error("declining says the wrong thing about who was invited")
	}
	if spans := truth.Busy(p.Portal, titled, march2, march2.AddDate(0, 1, 0)); len(spans) != 0 {
		t.Errorf("declined and still busy: %v", spans)
	}
	child := p.EventsOf(peter)[0]
	if child.Parent != id || child.ID == id {
		t.Errorf("Peter's row %+v", child)
	}
	if !p.DeleteEvent(child.ID) || p.DeleteEvent(child.ID) || len(p.EventsOf(olga)) != 0 {
		t.Error("deleting by an attendee's row must delete the meeting, once")
	}
	if len(*heard) != 2 {
		t.Errorf("told %+v", *heard)
	}
}

func TestGroupMeetingIsEveryAttendeesOwn(t *testing.T) {
	t.Parallel()
	p := example(t)
	id := addEvent(t, p, asker, newEvent(php.Field{"type", "group"}, php.Field{"ownerId", 3}, php.Field{"is_meeting", "Y"}, php.Field{"attendees", []any{asker, olga}}))
	if diff := cmp.Diff(map[int]string{asker: "Y", olga: "Q"}, statuses(getByID(t, p, asker, id))); diff != "" {
		t.Error(diff)
	}
	if len(busy(t, p, asker, olga, "2026-07-01", "2026-07-01")) != 1 {
		t.Error("a group's meeting does not count for its attendee")
	}
}

func TestUpdateResetsZoneAndAllDay(t *testing.T) {
	t.Parallel()
	p := example(t)
	timed := addEvent(t, p, asker, newEvent(php.Field{"timezone_from", "Asia/Tokyo"}))
	mustDo(t, p, asker, "calendar.event.update", php.Params{{"id", timed}, {"type", "user"}, {"ownerId", asker}, {"name", "Renamed"}})
	e := stored(t, p, timed)
	if e.Name != "Renamed" || e.From != clock.On(2026, 7, 1).At(10, 0) || e.ZoneFrom != "Europe/Berlin" || e.ZoneTo != "Europe/Berlin" {
		t.Errorf("the meeting must move by keeping its reading in another zone: %+v", e)
	}
	if want := clock.Mktime(e.From, loc(t, "Europe/Berlin")).Unix() - 3*3600; e.FromTS != want {
		t.Errorf("number %d, want %d", e.FromTS, want)
	}

	day := addEvent(t, p, asker, newEvent(php.Field{"skip_time", "Y"}))
	mustDo(t, p, asker, "calendar.event.update", php.Params{{"id", day}, {"type", "user"}, {"ownerId", asker}, {"name", "Renamed"}})
	if stored(t, p, day).AllDay {
		t.Error("an all-day event stays so although skip_time was not sent")
	}

	p.AddEvent(portal.Event{ID: 70, Owner: asker, Kind: "#shared#", From: clock.On(2026, 7, 1).At(10, 0), To: clock.On(2026, 7, 1).At(11, 0), ZoneFrom: "UTC", ZoneTo: "UTC"})
	mustDo(t, p, asker, "calendar.event.update", newEvent(php.Field{"id", 70}, php.Field{"from", "2026-07-09 10:00:00"}))
	if e := stored(t, p, 70); e.From != clock.On(2026, 7, 1).At(10, 0) || e.ZoneFrom != "UTC" || e.Name != "N" {
		t.Errorf("an event of the slots feature was moved: %+v", e)
	}
}

func TestUpdateOfAttendeesAndRoom(t *testing.T) {
	t.Parallel()
	p := example(t)
	p.Rooms = append(p.Rooms, &portal.Room{ID: 16})
	id := addEvent(t, p, asker, newEvent(php.Field{"is_meeting", "Y"}, php.Field{"attendees", []any{olga, peter}}, php.Field{"location", "calendar_15"}))
	p.Answer(olga, id, "Y")
	heard := listen(p)
	update := func(more ...php.Field) {
		mustDo(t, p, asker, "calendar.event.update", newEvent(append(more, php.Field{"id", id}, php.Field{"timezone_from", "UTC"})...))
	}
	update(php.Field{"from", "2026-07-02 10:00:00"}, php.Field{"to", "2026-07-02 11:00:00"})
	if got := (*heard)[0]; got.Kind != EntryUpdated || len(got.IDs) != 4 || got.IDs[3] != id {
		t.Errorf("told %+v", got)
	}
	if diff := cmp.Diff(map[int]string{asker: "H", olga: "Y", peter: "Q"}, statuses(getByID(t, p, asker, id))); diff != "" {
		t.Errorf("answers are kept: %s", diff)
	}
	_, booking := portal.RoomOf(stored(t, p, id).Location)
	if got := stored(t, p, booking); got.From != clock.On(2026, 7, 2).At(10, 0) {
		t.Errorf("the booking did not move: %+v", got)
	}
	update(php.Field{"location", "calendar_16"}, php.Field{"is_meeting", "Y"}, php.Field{"attendees", []any{olga, titled}})
	if diff := cmp.Diff(map[int]string{asker: "H", olga: "Y", titled: "Q"}, statuses(getByID(t, p, asker, id))); diff != "" {
		t.Error(diff)
	}
	if getByID(t, p, asker, booking) != nil {
		t.Error("the old room stays booked")
	}
	update(php.Field{"is_meeting", "Y"})
	if diff := cmp.Diff(map[int]string{asker: "H"}, statuses(getByID(t, p, asker, id))); diff != "" {
		t.Errorf("a meeting without a list has nobody: %s", diff)
	}
	if strings.Contains(strings.Join(kinds(*heard), " "), EntryDeleted) {
		t.Errorf("taking somebody off a meeting was told as a deletion: %v", *heard)
	}
}

func kinds(all []told) []string {
	var names []string
	for _, one := range all {
		names = append(names, one.Kind)
	}
	return names
}

func TestForbiddenUpdateIsATextWithSuccess(t *testing.T) {
	t.Parallel()
	p := example(t)
	id := addEvent(t, p, olga, newEvent(php.Field{"ownerId", olga}))
	for _, wrong := range []int{id, 4711} {
		got := mustDo(t, p, asker, "calendar.event.update", newEvent(php.Field{"id", wrong}))
		if string(got) != `"Access denied"` {
			t.Errorf("update of %d answered %s", wrong, got)
		}
	}
}

func TestOneInstanceBecomesAnEventOfItsOwn(t *testing.T) {
	t.Parallel()
	p := example(t)
	id := addEvent(t, p, asker, newEvent(php.Field{"timezone_from", "Europe/Berlin"}, php.Field{"rrule", php.Array{{"FREQ", "WEEKLY"}, {"BYDAY", []any{"WE"}}, {"UNTIL", "2026-07-22"}}}))
	change := func(day, mode string, more ...php.Field) {
		sent := append(slices.Clone(more), php.Field{"id", id}, php.Field{"recurrence_mode", mode}, php.Field{"current_date_from", day}, php.Field{"timezone_from", "Europe/Berlin"})
		mustDo(t, p, asker, "calendar.event.update", newEvent(sent...))
	}
	change("2026-07-08", "this", php.Field{"from", "2026-07-09 15:00:00"}, php.Field{"to", "2026-07-09 16:00:00"})
	change("2026-07-22", "next", php.Field{"from", "2026-07-22 08:00:00"}, php.Field{"to", "2026-07-22 09:00:00"})
	want := []string{"01.07.2026 10:00:00", "09.07.2026 15:00:00", "15.07.2026 10:00:00", "22.07.2026 08:00:00"}
	if diff := cmp.Diff(want, starts(busyRaw(t, p, asker, asker, "2026-07-01", "2026-08-31"))); diff != "" {
		t.Error(diff)
	}
}

func TestDeletingByAnAttendee(t *testing.T) {
	t.Parallel()
	p := example(t)
	id := p.AddMeeting(portal.Event{Owner: olga, Name: "M", From: clock.On(2026, 3, 10).At(9, 0), To: clock.On(2026, 3, 10).At(10, 0)}, []int{asker})
	row := p.EventsOf(asker)[0].ID
	if got := string(mustDo(t, p, asker, "calendar.event.delete", php.Params{{"id", row}})); got != "true" {
		t.Errorf("answer %s", got)
	}
	if stored(t, p, row).Status != "N" || stored(t, p, id).Deleted {
		t.Error("an attendee's deletion must be a refusal")
	}
	for _, wrong := range []int{0, 4711, id} {
		if _, err := do(t, p, asker, "calendar.event.delete", php.Params{{"id", wrong}}); err == nil || fault.From(err).Status != 400 {
			t.Errorf("deleting %d: %v", wrong, err)
		}
	}
}

func TestRoomsAreNeverCheckedForConflicts(t *testing.T) {
	t.Parallel()
	p := example(t)
	for range 2 {
		addEvent(t, p, asker, newEvent(php.Field{"location", "calendar_15"}, php.Field{"timezone_from", "UTC"}))
	}
	unknown := addEvent(t, p, asker, newEvent(php.Field{"location", "calendar_99"}))
	if got := stored(t, p, unknown).Location; got != "calendar_99" {
		t.Errorf("an unknown room was booked: %s", got)
	}
	var rows []record
	answer := mustDo(t, p, peter, "calendar.event.get", php.Params{{"type", "location"}, {"ownerId", 0}, {"section", []any{"15"}}, {"from", "2026-07-01"}, {"to", "2026-07-01"}})
	if err := json.Unmarshal(answer, &rows); err != nil {
		t.Fatal(err)
	}
	if len(rows) != 2 || rows[0].Name != "Anna Ask" || rows[0].DateFrom != "01.07.2026 10:00:00" {
		t.Errorf("the room's rows: %+v", rows)
	}
	var sections []struct{ ID, NAME string }
	if err := json.Unmarshal(mustDo(t, p, peter, "calendar.section.get", php.Params{{"type", "location"}, {"ownerId", 0}}), &sections); err != nil {
		t.Fatal(err)
	}
	if len(sections) != 1 || sections[0].ID != "15" || sections[0].NAME != "Blue" {
		t.Errorf("rooms %+v", sections)
	}
}

func TestReadingEvents(t *testing.T) {
	t.Parallel()
	p := example(t)
	p.Culture = clock.CultureMDY
	secret := portal.Event{Owner: peter, Name: "Secret", Location: "Cafe", From: clock.On(2026, 3, 4).At(17, 59), To: clock.On(2026, 3, 4).At(19, 0), ZoneFrom: "UTC", ZoneTo: "UTC"}
	id := p.AddEvent(secret)
	r := getByID(t, p, asker, id)
	if r.Name != "[Busy]" || r.Location != "" || r.Accessible == nil || *r.Accessible {
		t.Errorf("a masked record: %+v", r)
	}
	if r.DateFrom != "03/04/2026 05:59:00 pm" || r.FormattedFrom != "Wed Mar 04 2026 17:59:00" {
		t.Errorf("dates %q, %q", r.DateFrom, r.FormattedFrom)
	}
	if own := getByID(t, p, peter, id); own.Name != "Secret" || own.Location != "Cafe" || own.Accessible != nil {
		t.Errorf("their own record: %+v", own)
	}
	secret.Owner = hidden
	if getByID(t, p, asker, p.AddEvent(secret)) != nil || getByID(t, p, asker, 4711) != nil {
		t.Error("what is hidden or missing must be null")
	}
	for sent, want := range map[string]int{"": 1, "2026-03-05": 0, "2026-03-04": 1, "nonsense": 1} {
		asked := php.Params{{"type", "user"}, {"ownerId", peter}}
		if sent != "" {
			asked = php.Params(php.Array(asked).With("from", sent).With("to", sent))
		}
		var rows []json.RawMessage
		if err := json.Unmarshal(mustDo(t, p, asker, "calendar.event.get", asked), &rows); err != nil {
			t.Fatal(err)
		}
		if len(rows) != want {
			t.Errorf("from %q: %d rows, want %d", sent, len(rows), want)
		}
	}
}

func TestResources(t *testing.T) {
	t.Parallel()
	p := example(t)
	if got := string(mustDo(t, p, asker, "calendar.resource.list", nil)); got != "[]" {
		t.Errorf("resources %s", got)
	}
	if _, err := do(t, p, asker, "calendar.resource.booking.list", nil); err == nil {
		t.Error("bookings without a filter")
	}
	if got := string(mustDo(t, p, asker, "calendar.resource.booking.list", php.Params{{"filter", php.Array{{"resourceTypeIdList", []any{1}}}}})); got != "[]" {
		t.Errorf("bookings %s", got)
	}
}

func TestSnapshotsAreCopies(t *testing.T) {
	t.Parallel()
	p := example(t)
	e := series(clock.On(2026, 3, 2), 9, "UTC", portal.Rule{Freq: "DAILY"})
	e.ExDates = []clock.Date{clock.On(2026, 3, 3)}
	p.AddEvent(e)
	p.EventsOf(olga)[0].ExDates[0] = clock.On(2000, 1, 1)
	if !slices.Contains(p.EventsOf(olga)[0].ExDates, clock.On(2026, 3, 3)) {
		t.Error("changing a snapshot changed the portal")
	}
	if p.EventsOf(olga)[0].FromTS != time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC).Unix() {
		t.Error("the snapshot has no stamped numbers")
	}
}
