package meetings

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/booker"
	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
	page "slotfinder/templates/meetings"
	"slotfinder/templates/part"
	"slotfinder/web"
)

// The times to which a meeting is offered to move: so many of a day, and in all.
const (
	timesOfDay = 2
	mostTimes  = 8
)

// moveTimes shows times to which a meeting can move.
func (h *Handlers) moveTimes(c echo.Context, v *web.Identity, m booker.View) error {
	ctx, cancel := requestContext(c)
	defer cancel()
	return h.showTimes(ctx, c, v, m, http.StatusOK)
}

func (h *Handlers) showTimes(ctx context.Context, c echo.Context, v *web.Identity, m booker.View, status int) error {
	if !m.Mine || m.State() != meet.MeetingConfirmed {
		return meet.Errorf(meet.NotFound, "error.not_found", "no meeting that moves")
	}
	zone := web.ZoneOf(v, eventZone(m))
	q := booker.MoveQuery(m, civil.DateOf(h.Site.Now().In(eventZone(m))))
	q.Step = 30 // what people choose from
	answer, err := h.Finder.FindOnly(ctx, v.Member, q)
	if err != nil {
		return web.OutOfTime(ctx, err)
	}
	view := page.MoveView{Meeting: shown(m, v), Zone: zone, Taken: status == http.StatusConflict, Search: part.FindURL(answer.Query)}
	for _, s := range meet.Spread(answer.Found.Slots, zone, timesOfDay, mostTimes) {
		view.Times = append(view.Times, s.Span)
	}
	return h.Site.ShowApp(c, status, v, "meetings.move", page.MovePage(view))
}

// move gives a meeting another time.
func (h *Handlers) move(c echo.Context, v *web.Identity) error {
	values, err := web.Posted(c)
	if err != nil {
		return err
	}
	start, err := time.Parse(time.RFC3339, values.Get("start"))
	if err != nil || start.Second() != 0 || start.Nanosecond() != 0 {
		return meet.InvalidFields(map[string]string{"start": "meetings.fault.start"})
	}
	ctx, cancel := requestContext(c)
	defer cancel()
	err = h.Booker.Move(ctx, v.Member, meetingID(c), start.UTC())
	var taken *booker.Taken
	switch {
	case errors.As(err, &taken) && web.WantsJSON(c):
		return c.JSON(http.StatusConflict, takenJSON(taken.Next, h.Site.ErrorJSON(c, err)))
	case errors.As(err, &taken):
		m, err := h.Booker.One(ctx, v.Member, meetingID(c))
		if err != nil {
			return web.OutOfTime(ctx, err)
		}
		return h.showTimes(ctx, c, v, m, http.StatusConflict)
	case err != nil:
		return web.OutOfTime(ctx, err)
	}
	return h.changed(ctx, c, v, "moved")
}

// cancel removes a meeting for everybody.
func (h *Handlers) cancel(c echo.Context, v *web.Identity) error {
	if _, err := web.Posted(c); err != nil {
		return err
	}
	ctx, cancel := requestContext(c)
	defer cancel()
	if err := h.Booker.Cancel(ctx, v.Member, meetingID(c)); err != nil {
		return web.OutOfTime(ctx, err)
	}
	if web.WantsJSON(c) {
		return c.JSON(http.StatusOK, openJSON{ID: meetingID(c), State: string(meet.MeetingCancelled)})
	}
	return c.Redirect(http.StatusSeeOther, "/meetings?done=cancelled")
}

// answersByStatus are the words of the field status, which are those of the portal.
var answersByStatus = map[string]meet.EventAnswer{"Y": meet.AnswerAccepted, "N": meet.AnswerDeclined, "Q": meet.AnswerNone}

// answer accepts or declines an invitation of the visitor.
func (h *Handlers) answer(c echo.Context, v *web.Identity) error {
	values, err := web.Posted(c)
	if err != nil {
		return err
	}
	answer, known := answersByStatus[values.Get("status")]
	if !known {
		return meet.InvalidFields(map[string]string{"status": "meetings.fault.status"})
	}
	ctx, cancel := requestContext(c)
	defer cancel()
	if err := h.Booker.Answer(ctx, v.Member, meetingID(c), answer); err != nil {
		return web.OutOfTime(ctx, err)
	}
	return h.changed(ctx, c, v, string(answer))
}

// changed shows the meeting after a change.
func (h *Handlers) changed(ctx context.Context, c echo.Context, v *web.Identity, done string) error {
	if !web.WantsJSON(c) {
		return c.Redirect(http.StatusSeeOther, meetingPath(meetingID(c))+"?done="+done)
	}
	m, err := h.Booker.One(ctx, v.Member, meetingID(c))
	if err != nil {
		return web.OutOfTime(ctx, err)
	}
	return c.JSON(http.StatusOK, newMeetingJSON(m))
}
