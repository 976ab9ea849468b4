package meetings

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/booker"
	"slotfinder/internal/civil"
	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	page "slotfinder/templates/meetings"
	"slotfinder/templates/part"
	"slotfinder/web"
)

// requestContext ends in time for a page.
func requestContext(c echo.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(c.Request().Context(), web.RequestLimit)
}

// form shows the form of the time in the URL.
func (h *Handlers) form(c echo.Context, v *web.Identity) error {
	if err := h.Site.Begin(c, v.Member); err != nil {
		return err
	}
	ctx, cancel := requestContext(c)
	defer cancel()
	return h.showForm(ctx, c, v, web.SentValues(c.Request()), nil)
}

// book books a time. What is wrong is shown at its field, beside all that was typed.
func (h *Handlers) book(c echo.Context, v *web.Identity) error {
	if err := h.Site.Begin(c, v.Member); err != nil {
		return err
	}
	values, err := web.Posted(c)
	if err != nil {
		return err
	}
	ctx, cancel := requestContext(c)
	defer cancel()
	if values.Get("look") != "" { // another time was chosen: it is shown before it is booked
		return h.showForm(ctx, c, v, withAddress(c, values), nil)
	}
	var m meet.Meeting
	form, err := meet.ParseMeeting(values)
	if err == nil {
		if form.Video {
			form.Description = strings.TrimSpace(form.Description + "\n\n" + locale.T(ctx, "meetings.video_note"))
		}
		m, err = h.Booker.Book(ctx, v.Member, form)
	}
	if err != nil {
		return h.notBooked(ctx, c, v, values, err)
	}
	return h.booked(c, v, m)
}

// withAddress are the values of a form with those of the address where it was sent.
func withAddress(c echo.Context, values url.Values) url.Values {
	all := url.Values{}
	for _, some := range []url.Values{values, c.QueryParams()} {
		for name, texts := range some {
			all[name] = texts
		}
	}
	return all
}

// notBooked says why a time was not booked.
func (h *Handlers) notBooked(ctx context.Context, c echo.Context, v *web.Identity, values url.Values, err error) error {
	var taken *booker.Taken
	switch {
	case errors.As(err, &taken) && web.WantsJSON(c):
		return c.JSON(http.StatusConflict, takenJSON(taken.Next, h.Site.ErrorJSON(c, err)))
	case errors.As(err, &taken), meet.KindOf(err) == meet.Invalid && !web.WantsJSON(c):
		return h.showForm(ctx, c, v, values, err)
	}
	return web.OutOfTime(ctx, err)
}

// booked leads to the meeting. One whose outcome isn't known yet is accepted, and its page
// finds out.
func (h *Handlers) booked(c echo.Context, v *web.Identity, m meet.Meeting) error {
	if !m.State.Open() && !web.WantsJSON(c) {
		return c.Redirect(http.StatusSeeOther, meetingPath(m.ID)+"?done=booked")
	}
	if m.State.Open() && web.WantsJSON(c) {
		return c.JSON(http.StatusAccepted, openJSON{ID: m.ID, State: "checking"})
	}
	ctx, cancel := requestContext(c)
	defer cancel()
	view, err := h.Booker.One(ctx, v.Member, m.ID)
	if err != nil {
		return web.OutOfTime(ctx, err)
	}
	if web.WantsJSON(c) {
		return c.JSON(http.StatusCreated, newMeetingJSON(view))
	}
	return h.showMeeting(c, v, view, http.StatusAccepted)
}

func meetingPath(id string) string { return "/meetings/" + url.PathEscape(id) }

// showForm shows the form with what was sent and, if there is one, the error. Whether the
// time is free is found out anew each time. An error in the search itself, or in the time,
// can't be put right here.
func (h *Handlers) showForm(ctx context.Context, c echo.Context, v *web.Identity, values url.Values, wrong error) error {
	query, err := meet.ParseQuery(values)
	if err != nil {
		return err
	}
	start, err := time.Parse(time.RFC3339, values.Get("start"))
	if err != nil {
		return meet.InvalidFields(map[string]string{"start": "meetings.fault.start"})
	}
	query.Weeks = 1
	answer, free, err := h.Finder.Check(ctx, v.Member, query, start)
	if err != nil {
		return web.OutOfTime(ctx, err)
	}
	form := h.newForm(v, values, answer, start)
	form.Free, form.Taken = free, errors.As(wrong, new(*booker.Taken))
	if !free {
		form.Next = booker.NextTimes(answer, start)
		form.Without = without(answer, form.Missing, start)
	}
	status := http.StatusOK
	if wrong != nil {
		f := web.FaultOf(wrong)
		status, form.Errors = f.Status, f.Fields
		form.Free = free && !form.Taken
	}
	return h.Site.ShowApp(c, status, v, "meetings.new", page.NewPage(form))
}

// newForm is the form of a time, for those who are asked for it.
func (h *Handlers) newForm(v *web.Identity, values url.Values, answer meet.Answer, start time.Time) page.Form {
	during := civil.Span{Start: civil.Floor(start), End: civil.Floor(start) + civil.Minute(answer.Query.Duration)}
	form := page.Form{
		Query: answer.Query.Values(), Values: values, Key: values.Get("key"), Time: during, Zone: answer.Query.Zone,
		Checked: h.Site.Now(), Missing: answer.Verdicts(during.In(time.UTC)), Back: part.FindURL(answer.Query),
	}
	if form.Key == "" {
		form.Key = web.NewID()
	}
	invited := booker.Invitees(answer, during)
	for _, p := range answer.People {
		if slices.Contains(invited, p.ID) {
			form.People = append(form.People, web.NewAttendee(p, v.Member))
		}
	}
	web.PhotoSprite(form.People)
	return form
}

// without is the form of the same time with those optional who are required and can't come;
// "" when that would not help.
func without(answer meet.Answer, missing []meet.Verdict, start time.Time) string {
	q := answer.Query
	for _, m := range missing {
		if slices.Contains(q.Required, m.Person) {
			q.Selection = q.Selection.MakeOptional(m.Person)
		}
	}
	if len(q.Required) == 0 || len(q.Required) == len(answer.Query.Required) {
		return ""
	}
	values := q.Values()
	values.Set("start", part.ISO(start))
	return "/meetings/new?" + values.Encode()
}
