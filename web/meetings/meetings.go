package meetings

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/booker"
	"slotfinder/internal/civil/zone"
	"slotfinder/internal/ical"
	"slotfinder/internal/meet"
	page "slotfinder/templates/meetings"
	"slotfinder/web"
)

// fileEnding behind an id asks for a calendar file.
const fileEnding = ".ics"

func meetingID(c echo.Context) string { return strings.TrimSuffix(c.Param("id"), fileEnding) }

// list shows the coming meetings of the visitor.
func (h *Handlers) list(c echo.Context, v *web.Identity) error {
	if err := h.Site.Begin(c, v.Member); err != nil {
		return err
	}
	ctx, cancel := requestContext(c)
	defer cancel()
	all, err := h.Booker.Coming(ctx, v.Member)
	if err != nil {
		return web.OutOfTime(ctx, err)
	}
	if web.WantsJSON(c) {
		list := meetingsJSON{Meetings: []meetingJSON{}}
		for _, m := range all {
			list.Meetings = append(list.Meetings, newMeetingJSON(m))
		}
		return c.JSON(http.StatusOK, list)
	}
	view := page.ListView{Zone: web.ZoneOf(v, time.UTC), Done: page.DoneKey(c.QueryParam("done"))}
	for _, m := range all {
		view.Meetings = append(view.Meetings, shown(m, v))
	}
	return h.Site.ShowApp(c, http.StatusOK, v, "nav.meetings", page.List(view))
}

// show shows one meeting of the visitor.
func (h *Handlers) show(c echo.Context, v *web.Identity, m booker.View) error {
	switch {
	case strings.HasSuffix(c.Param("id"), fileEnding):
		return h.file(c, m)
	case web.WantsJSON(c):
		return c.JSON(http.StatusOK, newMeetingJSON(m))
	}
	return h.showMeeting(c, v, m, http.StatusOK)
}

// refreshAfter is how often the page of a booking without an outcome loads itself anew, in
// seconds. It is a header, so that it works without script.
const refreshAfter = 5

func (h *Handlers) showMeeting(c echo.Context, v *web.Identity, m booker.View, status int) error {
	if m.State().Open() {
		c.Response().Header().Set("Refresh", strconv.Itoa(refreshAfter)+"; url="+meetingPath(m.ID))
	}
	view := page.View{Meeting: shown(m, v), Zone: web.ZoneOf(v, eventZone(m))}
	if m.State() == meet.MeetingConfirmed {
		view.Done = page.DoneKey(c.QueryParam("done"))
		view.Differs = booker.Differences(m)
	}
	if m.State() == meet.MeetingFailed {
		view.Form = m.Form.Values()
	}
	return h.Site.ShowApp(c, status, v, "nav.meetings", page.Page(view))
}

// shown is a meeting as the pages show it to the visitor.
func shown(m booker.View, v *web.Identity) page.Meeting {
	s := page.Meeting{ID: m.ID, Event: m.Event, State: m.State(), Fault: m.Booked.Fault, Mine: m.Mine, Own: m.Event.AnswerOf(v.Member.User)}
	for i, p := range m.People {
		one := m.Event.Invited[i]
		s.People = append(s.People, page.Answered{Person: web.NewPerson(p, v.Member), Answer: one.Answer, Host: one.User == m.Event.Host})
	}
	return s
}

func eventZone(m booker.View) *time.Location {
	if loc, err := zone.Load(m.Event.Zone); err == nil {
		return loc
	}
	return time.UTC
}

// file is a meeting as a calendar file.
func (h *Handlers) file(c echo.Context, m booker.View) error {
	if m.State() != meet.MeetingConfirmed {
		return meet.Errorf(meet.NotFound, "error.not_found", "a calendar file of a meeting that is not there")
	}
	e := ical.Event{
		UID: m.ID + "@" + h.Site.PublicURL.Hostname(), Stamp: h.Site.Now(), Start: m.Event.Start, End: m.Event.End, Zone: eventZone(m),
		Summary: m.Event.Title, Description: m.Event.Description, Place: m.Event.Place, URL: h.Site.PublicURL.JoinPath(meetingPath(m.ID)).String(),
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="meeting.ics"`)
	return c.Blob(http.StatusOK, ical.ContentType, ical.File(e))
}
