package bitrix24

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"strings"
	"time"

	"slotfinder/internal/civil/zone"
	"slotfinder/internal/meet"
)

// Events reads and writes events. It implements meet.Events.
//
// A method that writes is called once and outside of any batch: REST has no protection
// against doing it twice (FACTS.md fact 100).
type Events struct{ client *Client }

var _ meet.Events = (*Events)(nil)

// NewEvents returns Events that calls through the client.
func NewEvents(c *Client) *Events { return &Events{c} }

// write calls a method that changes something. It is sent again only where the portal
// certainly did nothing: it refused the token or the pace, or has moved. decode gets the
// whole body of a successful answer.
func (c *Client) write(ctx context.Context, m meet.Member, method string, p params, decode func([]byte) error) error {
	err := c.withRetry(ctx, method, func() error {
		err := c.call(ctx, m, restCall{method, p, decode})
		var e *Error
		if err == nil || errors.As(err, &e) && e.Code == codeTooFast {
			return err
		}
		return final{err}
	})
	var stop final
	if errors.As(err, &stop) {
		err = stop.error
	}
	var e *Error
	if errors.As(err, &e) && e.Err == nil && e.Code == "" && e.Status < 500 { // the calendar gives no other reason (FACTS.md fact 101)
		return meet.Errorf(meet.Forbidden, "error.meeting_refused", "bitrix24: %w", err)
	}
	if isUncertain(err) {
		return meet.Errorf(meet.Uncertain, "error.uncertain", "bitrix24: %w", err)
	}
	return toMeetError(err)
}

// final is an error after which a call is not repeated, whatever it means.
type final struct{ error }

// isUncertain reports whether the portal may have done what it was asked although the call
// failed. An error code is a refusal, unless it tells of a fault of the portal or comes with a
// status of 500 or above. A connection that was never made or an address that was refused has
// carried nothing, and a redirect comes from the front end.
func isUncertain(err error) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false // no request was sent: there was no token
	}
	if e.Err == nil {
		switch e.Code {
		case codeTooFast, codeTooMuch, "OVERLOAD_LIMIT":
			return false
		case "INTERNAL_SERVER_ERROR", "ERROR_UNEXPECTED_ANSWER", "ERROR_CORE": // FACTS.md fact 102
			return true
		}
		return e.Status >= 500
	}
	var dial *net.OpError
	switch {
	case errors.Is(e.Err, errAddressRefused), errors.Is(e.Err, errBreakerOpen), errors.Is(e.Err, errRedirected):
		return false
	case errors.As(e.Err, &dial) && dial.Op == "dial":
		return false
	}
	return true
}

// CreateEvent implements meet.Events. It costs one request. Of the three forms that times
// may have only clock readings with their zone are stored as they are sent (FACTS.md fact 75).
func (s *Events) CreateEvent(ctx context.Context, m meet.Member, e meet.Event) (int64, error) {
	p := params{
		"type": "user", "ownerId": m.User, "name": e.Title, "description": withMarker(e), "location": e.Place,
		"accessibility": "busy", "is_meeting": "Y", "attendees": usersOf(e),
		// PHP takes every text for true, "N" among them (FACTS.md fact 103).
		"meeting": map[string]bool{"notify": true, "reinvite": false, "allow_invite": false, "hide_guests": false},
	}
	setTimes(p, e.Zone, e.Start, e.End)
	if e.Importance != "" {
		p["importance"] = string(e.Importance)
	}
	if e.Color != "" {
		p["color"] = e.Color
	}
	if e.Remind != nil {
		p["remind"] = remindersOf(e.Remind)
	}
	if len(e.CRM) > 0 {
		p["crm_fields"] = e.CRM
	}
	var id integer
	err := s.client.write(ctx, m, "calendar.event.add", p, func(body []byte) (err error) {
		id, err = readNumber(body)
		return err
	})
	s.client.Forget(m.Portal) // what is remembered of calendars
	return int64(id), err
}

// usersOf are the invited as numbers: anything else in the list invites nobody.
func usersOf(e meet.Event) []int64 {
	users := make([]int64, len(e.Invited))
	for i, one := range e.Invited {
		users[i] = one.User
	}
	return users
}

func remindersOf(minutes []int) []map[string]any {
	list := make([]map[string]any, len(minutes))
	for i, n := range minutes {
		list[i] = map[string]any{"type": "min", "count": n}
	}
	return list
}

// setTimes sets the times of an event that isn't all-day. Every call must have all of
// these: what isn't sent is reset (FACTS.md fact 77).
func setTimes(p params, name string, start, end time.Time) {
	name, readings := wallZone(name, start, end)
	p["from"], p["to"] = start.In(readings).Format(time.DateTime), end.In(readings).Format(time.DateTime)
	p["timezone_from"], p["timezone_to"], p["skip_time"] = name, name, "N"
}

// wallZone is the zone in which an event is written: the one with that name in its canonical
// form, since Bitrix24 takes for the server's zone what is not on PHP's list: aliases, and all
// that are no place, such as CET and Etc/GMT-3, except UTC (FACTS.md fact 76). In UTC are written
// times of such zones, and times that a clock shows twice and that are not the first of the two.
func wallZone(name string, times ...time.Time) (string, *time.Location) {
	name = zone.Canonical(name)
	area, _, isPlace := strings.Cut(name, "/")
	loc, err := zone.Load(name)
	if err != nil || !isPlace || area == "Etc" {
		return "UTC", time.UTC
	}
	for _, t := range times {
		local := t.In(loc)
		_, offset := local.Zone()
		clock := newWallClock(loc, t.Unix()-86400, t.Unix()+86400)
		if clock.instant(t.Unix()+int64(offset)) != t.Unix() {
			return "UTC", time.UTC
		}
	}
	return name, loc
}

// readNumber reads an answer that is a number. A text in its place is a refusal that
// Bitrix24 sends with status 200 (FACTS.md fact 78).
func readNumber(body []byte) (integer, error) {
	var answer struct {
		Result integer `json:"result"`
	}
	if json.Unmarshal(body, &answer) != nil || answer.Result <= 0 {
		return 0, errNotJSON
	}
	return answer.Result, nil
}

// MoveEvent implements meet.Events. It costs one request. The invited are not sent: they stay
// as they are, while an empty list would clear them.
func (s *Events) MoveEvent(ctx context.Context, m meet.Member, e meet.Event, start, end time.Time) error {
	p := params{"id": e.ID, "type": "user", "ownerId": m.User}
	setTimes(p, e.Zone, start, end)
	err := s.client.write(ctx, m, "calendar.event.update", p, func(body []byte) error {
		_, err := readNumber(body)
		return err
	})
	s.client.Forget(m.Portal)
	return err
}

// DeleteEvent implements meet.Events. It costs one request.
func (s *Events) DeleteEvent(ctx context.Context, m meet.Member, id int64) error {
	err := s.client.write(ctx, m, "calendar.event.delete", params{"id": id}, ignoreResult)
	s.client.Forget(m.Portal)
	return err
}

// AnswerEvent implements meet.Events. It costs one request. Bitrix24 says yes to whatever is
// asked, so whether it helped is seen when the event is read.
func (s *Events) AnswerEvent(ctx context.Context, m meet.Member, id int64, answer meet.EventAnswer) error {
	status := map[meet.EventAnswer]string{meet.AnswerAccepted: "Y", meet.AnswerDeclined: "N", meet.AnswerNone: "Q"}[answer]
	err := s.client.write(ctx, m, "calendar.meeting.status.set", params{"eventId": id, "status": status}, ignoreResult)
	s.client.Forget(m.Portal)
	return err
}

func ignoreResult([]byte) error { return nil }

// markerPrefix begins the last line of the description of an event that this app made.
const markerPrefix = "Slotfinder "

// withMarker is the description of an event with the line that names its marker.
func withMarker(e meet.Event) string {
	switch {
	case e.Marker == "":
		return e.Description
	case e.Description == "":
		return markerPrefix + e.Marker
	}
	return e.Description + "\n\n" + markerPrefix + e.Marker
}
