package bitrix24

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/civil/zone"
	"slotfinder/internal/meet"
)

// EventByID implements meet.Events. It costs one request. What is not there, or hidden, is a
// null with status 200 (FACTS.md fact 107).
func (s *Events) EventByID(ctx context.Context, m meet.Member, id int64) (meet.Event, error) {
	var found eventRecord
	err := s.client.readTimed(ctx, m, "calendar.event.getbyid", params{"id": id}, func(body []byte) error {
		var answer struct {
			Result json.RawMessage `json:"result"`
		}
		found = eventRecord{}
		if json.Unmarshal(body, &answer) != nil || isObject(answer.Result) && json.Unmarshal(answer.Result, &found) != nil {
			return errNotJSON
		}
		return nil
	})
	if err != nil {
		return meet.Event{}, err
	}
	if found.ID <= 0 || found.Deleted {
		return meet.Event{}, meet.Errorf(meet.NotFound, "error.meeting_gone", "bitrix24: no such event")
	}
	e, err := s.event(found, m)
	if err != nil {
		return meet.Event{}, err
	}
	e.URL, err = s.page(ctx, m, e.Row)
	return e, err
}

// page is where the portal shows an event in the member's own calendar.
func (s *Events) page(ctx context.Context, m meet.Member, row int64) (string, error) {
	endpoint, _, err := s.client.cfg.Tokens.Token(ctx, m)
	if err != nil {
		return "", err
	}
	root, err := url.Parse(endpoint)
	if err != nil {
		return "", meet.Errorf(meet.Internal, "error.internal", "bitrix24: the address of a portal: %w", err)
	}
	page := root.ResolveReference(&url.URL{Path: fmt.Sprintf("/company/personal/user/%d/calendar/", m.User)})
	page.RawQuery = url.Values{"EVENT_ID": {strconv.FormatInt(row, 10)}}.Encode()
	return page.String(), nil
}

// readTimed is read with a time of its own, and with the errors of meet.
func (c *Client) readTimed(ctx context.Context, m meet.Member, method string, p params, decode func([]byte) error) error {
	ctx, cancel := withReadTimeout(ctx)
	defer cancel()
	return toMeetError(c.read(ctx, m, method, p, decode))
}

func isObject(raw json.RawMessage) bool { return len(raw) > 0 && raw[0] == '{' }

// OwnEvents implements meet.Events. It costs one request. An entry that can't be understood
// is left out: it is shown here and decides nothing.
func (s *Events) OwnEvents(ctx context.Context, m meet.Member, during civil.Span) ([]meet.Event, error) {
	records, err := s.ownRecords(ctx, m, during)
	if err != nil {
		return nil, err
	}
	var events []meet.Event
	for _, r := range records {
		if e, err := s.event(r, m); err == nil && during.Overlaps(e.Span()) {
			events = append(events, e)
		}
	}
	slices.SortFunc(events, func(a, b meet.Event) int { return a.Start.Compare(b.Start) })
	return events, nil
}

func (s *Events) ownRecords(ctx context.Context, m meet.Member, during civil.Span) ([]eventRecord, error) {
	var records array[eventRecord]
	first, last := during.Start.Time().AddDate(0, 0, -1), during.End.Time().AddDate(0, 0, 1)
	err := s.client.readTimed(ctx, m, "calendar.event.get", params{
		"type": "user", "ownerId": m.User, "from": first.Format(time.DateOnly), "to": last.Format(time.DateOnly),
	}, func(body []byte) error {
		var answer struct {
			Result array[eventRecord] `json:"result"`
		}
		if json.Unmarshal(body, &answer) != nil {
			return errNotJSON
		}
		records = answer.Result
		return nil
	})
	return slices.DeleteFunc(records, func(r eventRecord) bool { return bool(r.Deleted) }), err
}

// splitMarker is the reverse of withMarker.
func splitMarker(text string) (description, marker string) {
	text = strings.TrimRight(text, " \r\n")
	line := text[strings.LastIndexByte(text, '\n')+1:]
	marker, found := strings.CutPrefix(line, markerPrefix)
	if !found || strings.ContainsAny(marker, " <>[]&") {
		return text, ""
	}
	return strings.TrimRight(strings.TrimSuffix(text, line), " \r\n"), marker
}

// MarkedEvent implements meet.Events. It costs one request. The days before and after are
// searched, too: somebody may have moved the event already.
func (s *Events) MarkedEvent(ctx context.Context, m meet.Member, marker string, during civil.Span) (int64, error) {
	records, err := s.ownRecords(ctx, m, during)
	if err != nil {
		return 0, err
	}
	for _, r := range records {
		if _, found := splitMarker(string(r.Description)); marker != "" && found == marker {
			return parentOf(r), nil
		}
	}
	return 0, meet.Errorf(meet.NotFound, "error.meeting_gone", "bitrix24: no event has the marker")
}

func parentOf(r eventRecord) int64 {
	if r.Parent > 0 {
		return int64(r.Parent)
	}
	return int64(r.ID)
}

// eventRecord is an event as calendar.event.get and getbyid tell it.
type eventRecord struct {
	ID          integer `json:"ID"`
	Parent      integer `json:"PARENT_ID"`
	Deleted     boolean `json:"DELETED"`
	Owner       integer `json:"OWNER_ID"`
	Host        integer `json:"MEETING_HOST"`
	Name        text    `json:"NAME"`
	Description text    `json:"DESCRIPTION"`
	Location    text    `json:"LOCATION"`
	From        text    `json:"DATE_FROM"`
	To          text    `json:"DATE_TO"`
	PlainFrom   text    `json:"DATE_FROM_FORMATTED"`
	PlainTo     text    `json:"DATE_TO_FORMATTED"`
	ZoneFrom    text    `json:"TZ_FROM"`
	ZoneTo      text    `json:"TZ_TO"`
	AllDay      boolean `json:"DT_SKIP_TIME"`
	Meeting     boolean `json:"IS_MEETING"`
	Importance  text    `json:"IMPORTANCE"`
	Color       text    `json:"COLOR"`
	Rule        object  `json:"RRULE"`
	Attendees   array[struct {
		User   integer `json:"id"`
		Row    integer `json:"entryId"`
		Status text    `json:"status"`
	}] `json:"ATTENDEE_LIST"`
}

// answers are the statuses of attendees: H is the host, Q was not answered.
var answers = map[text]meet.EventAnswer{"H": meet.AnswerAccepted, "Y": meet.AnswerAccepted, "N": meet.AnswerDeclined}

// event makes an event of a record.
func (s *Events) event(r eventRecord, m meet.Member) (meet.Event, error) {
	e := meet.Event{
		ID: parentOf(r), Row: int64(r.ID), Host: int64(r.Host), Title: string(r.Name), Place: string(r.Location),
		Zone: string(r.ZoneFrom), AllDay: bool(r.AllDay), Series: len(r.Rule) > 0, Meeting: bool(r.Meeting),
		Importance: meet.Importance(r.Importance), Color: string(r.Color),
	}
	e.Description, e.Marker = splitMarker(string(r.Description))
	if e.Host == 0 {
		e.Host = int64(r.Owner)
	}
	for _, a := range r.Attendees {
		answer, known := answers[a.Status]
		if !known {
			answer = meet.AnswerNone
		}
		e.Invited = append(e.Invited, meet.Invited{User: int64(a.User), Row: int64(a.Row), Answer: answer})
	}
	order := s.client.portals.get(m.Portal).dateOrder(time.Time{})
	lastDay := int64(0)
	if e.AllDay {
		lastDay = 86400 // it is included
	}
	start, ok := instantOf(r.PlainFrom, r.From, r.ZoneFrom, order, 0)
	end, ok2 := instantOf(r.PlainTo, r.To, r.ZoneTo, order, lastDay)
	if !ok || !ok2 {
		return meet.Event{}, meet.Errorf(meet.Unavailable, "error.portal_answer", "bitrix24: the times of an event can't be read")
	}
	e.Start, e.End = start, end
	return e, nil
}

// plainLayout is how DATE_FROM_FORMATTED writes a date, whatever the portal's culture
// (FACTS.md fact 34); an all-day event has no time.
const plainLayout = "Mon Jan 02 2006 15:04:05"

// instantOf reads a clock reading of a zone, and adds seconds on that clock. It prefers the
// plain form, whose day and month can't be mistaken for each other.
func instantOf(plain, local, zoneName text, o order, add int64) (time.Time, bool) {
	reading, ok := readingOf(plain, local, o)
	if !ok {
		return time.Time{}, false
	}
	reading += add
	loc, err := zone.Load(string(zoneName))
	if err != nil {
		loc = time.UTC
	}
	clock := newWallClock(loc, reading-2*86400, reading+2*86400)
	return time.Unix(clock.instant(reading), 0).UTC(), true
}

func readingOf(plain, local text, o order) (int64, bool) {
	for _, layout := range []string{plainLayout, "Mon Jan 02 2006"} {
		if t, err := time.Parse(layout, string(plain)); err == nil {
			return t.Unix(), true
		}
	}
	s, ok := readStamp([]byte(local))
	if !ok {
		return 0, false
	}
	return s.reading(o)
}
