package share

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/civil"
	"slotfinder/internal/civil/zone"
	"slotfinder/internal/ical"
	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	"slotfinder/internal/sharer"
	"slotfinder/templates/layout"
	"slotfinder/templates/part"
	page "slotfinder/templates/share"
	"slotfinder/web"
)

// guests is for the pages of web.SharePath. Their address is a secret: it must not go to
// other sites, into search engines or shared caches, whatever the answer is.
func (h *Handlers) guests(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		header := c.Response().Header()
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("X-Robots-Tag", "noindex")
		header.Set("Cache-Control", "no-store")
		web.SpeakTo(c, "")
		return next(c)
	}
}

// share shows what a link offers: as a page, as JSON or, with .ics behind the token,
// as a calendar file.
func (h *Handlers) share(c echo.Context) error {
	token, isFile := strings.CutSuffix(c.Param("token"), ".ics")
	offer, err := h.Sharer.View(c.Request().Context(), token, h.Site.AddressHash(c))
	if err != nil {
		return err
	}
	web.SpeakTo(c, offer.Language)
	guests, err := zone.Load(c.QueryParam("tz"))
	if err != nil {
		guests = offer.Zone // a browser may know zones that we don't
	}
	switch {
	case isFile:
		return h.shareFile(c, offer, token)
	case web.WantsJSON(c):
		return h.shareJSON(c, offer, guests)
	}
	return h.sharePage(c, offer, token, guests)
}

func (h *Handlers) sharePage(c echo.Context, offer sharer.SharedTimes, token string, zone *time.Location) error {
	_, v, err := web.Opened(h.Site.SessionOf(c.Request())) // only who it is: no page for a frame, whatever the session
	if err != nil {
		return err
	}
	query := c.QueryParams()
	view := page.View{
		Path: web.SharePath + token, Title: offer.Title, Note: offer.Note, Duration: offer.Duration,
		Host: offer.Host, Reply: offer.Reply, Home: offer.Zone, Names: offer.Names, People: offer.PeopleCount, Starts: sharer.Starts(offer.Slots), More: !offer.Complete, Now: offer.AsOf,
		Zone: zone, Guess: !query.Has("tz"), Day: dayOf(query.Get("day")), Month: query.Get("month"),
	}
	if lang := query.Get("lang"); web.HasLanguage(lang) {
		view.Language = lang
	}
	if q, ok := offer.Full(v.Member); ok {
		view.Search = part.FindURL(q)
	}
	looked := !web.IsHead(c) && opens(c.Request()) && !slices.ContainsFunc([]string{"tz", "lang", "day", "month"}, query.Has)
	if looked && !offer.Owns(v.Member) {
		h.Sharer.Opened(offer)
	}
	ctx := c.Request().Context()
	frame := layout.Frame{Title: page.Title(ctx, view), About: page.Preview(ctx, view), Plain: true, Demo: h.Site.DemoPortal != ""}
	return h.Site.Show(c, http.StatusOK, layout.Public(frame, page.Page(view)))
}

// How many times go out at most, the next ones. The page, of which a month is seen at
// once, has all of sharer.MostTimes.
const (
	mostInJSON = 500
	mostInFile = 200
)

// shareFile is the times as a calendar file: the one that is asked for, to be saved as
// the meeting, or without start those that are free, to be looked at beside one's own.
func (h *Handlers) shareFile(c echo.Context, offer sharer.SharedTimes, token string) error {
	if text := c.QueryParam("start"); text != "" {
		return h.shareMeeting(c, offer, token, text)
	}
	if len(offer.Slots) == 0 {
		return meet.Errorf(meet.NotFound, "error.link_no_times", "a calendar file without an event")
	}
	ctx := c.Request().Context()
	key := fmt.Sprint("ics ", c.Response().Header().Get("Content-Language"), " ", offer.Version())
	file, err := h.shared.get(key, func() ([]byte, error) { return h.timesFile(ctx, offer, token), nil })
	if err != nil {
		return err
	}
	return sendFile(c, "times.ics", file)
}

// timesFile is the next times as a calendar file. What the owner wrote stands in it
// once.
func (h *Handlers) timesFile(ctx context.Context, offer sharer.SharedTimes, token string) []byte {
	slots, about := offer.Slots, offer.Note
	if len(slots) > mostInFile || !offer.Complete {
		slots = slots[:min(len(slots), mostInFile)]
		about = strings.TrimSpace(about + "\n\n" + locale.T(ctx, "share.more"))
	}
	events := make([]ical.Event, len(slots))
	for i, slot := range slots {
		events[i] = h.shareEvent(ctx, offer, token, web.NewWindowJSON(slot))
		events[i].Free = true
	}
	return ical.Annotated(about, events...)
}

// shareMeeting is one of the times as a calendar file.
func (h *Handlers) shareMeeting(c echo.Context, offer sharer.SharedTimes, token, text string) error {
	start, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return &meet.Error{Kind: meet.Invalid, Key: "error.invalid", Fields: map[string]string{"start": "field.link_start"}}
	}
	at := slices.IndexFunc(offer.Slots, func(slot civil.Span) bool { return slot.Start.Time().Equal(start) })
	if at < 0 {
		return &meet.Error{Kind: meet.Conflict, Key: "error.link_taken"}
	}
	event := h.shareEvent(c.Request().Context(), offer, token, web.NewWindowJSON(offer.Slots[at]))
	event.Description = offer.Note
	return sendFile(c, "meeting.ics", ical.File(event))
}

func sendFile(c echo.Context, name string, file []byte) error {
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	return c.Blob(http.StatusOK, ical.ContentType, file)
}

// shareEvent is one of the times as an event. Whoever saves it twice has it once: its
// UID is made from the token, and doesn't tell it. Calendars have other readers than
// their owners, so the link itself is not in it.
func (h *Handlers) shareEvent(ctx context.Context, offer sharer.SharedTimes, token string, slot web.WindowJSON) ical.Event {
	return ical.Event{
		UID: web.HashID(token + " " + slot.Start.Format(time.RFC3339))[:32] + "@" + h.Site.PublicURL.Hostname(), Stamp: h.Site.Now(),
		Start: slot.Start, End: slot.End, Summary: page.Title(ctx, page.View{Title: offer.Title}), Tentative: true,
	}
}

// dayOf is a day as it is written in addresses, "" when the text is none: the page
// repeats it in each of its links.
func dayOf(text string) string {
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		return ""
	}
	return text
}

// shareJSON is the shared page for programs.
func (h *Handlers) shareJSON(c echo.Context, offer sharer.SharedTimes, zone *time.Location) error {
	body, err := h.shared.get(fmt.Sprint("json ", zone, " ", offer.Version()), func() ([]byte, error) {
		return json.Marshal(newShareJSON(offer, zone))
	})
	if err != nil {
		return err
	}
	return c.JSONBlob(http.StatusOK, body)
}

// sharedJSON is a shared page; what follows complete goes beyond what is promised.
type sharedJSON struct {
	Title string           `json:"title"`
	Dur   int              `json:"dur"`
	Mode  meet.Mode        `json:"mode"`
	State string           `json:"state"`
	Zone  string           `json:"tz"`
	Slots []web.WindowJSON `json:"slots"`

	Complete bool `json:"complete"` // slots are all; else they are the next ones

	Note   string    `json:"note,omitempty"`
	Host   string    `json:"host,omitempty"`   // the owner's name, when they show it
	People []string  `json:"people,omitempty"` // names, when the owner shows them
	Number int       `json:"number,omitempty"` // of people, when the owner shows it
	AsOf   time.Time `json:"as_of"`
}

func newShareJSON(offer sharer.SharedTimes, zone *time.Location) sharedJSON {
	j := sharedJSON{
		Title: offer.Title, Dur: offer.Duration, Mode: offer.Mode, State: string(meet.LinkOpen), Zone: zone.String(),
		Slots: []web.WindowJSON{}, Complete: offer.Complete && len(offer.Slots) <= mostInJSON, Note: offer.Note, Host: offer.Host, People: offer.Names, Number: offer.PeopleCount, AsOf: offer.AsOf,
	}
	for _, slot := range offer.Slots[:min(len(offer.Slots), mostInJSON)] {
		j.Slots = append(j.Slots, web.NewWindowJSON(slot))
	}
	return j
}
