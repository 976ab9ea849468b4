package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
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
	"slotfinder/templates/page"
)

// sharePath is the folder of the pages that anyone may open who has a link.
const sharePath = "/s/"

// guests is for the pages of sharePath. Their address is a secret: it must not go to
// other sites, into search engines or shared caches, whatever the answer is.
func (s *Server) guests(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Robots-Tag", "noindex")
		h.Set("Cache-Control", "no-store")
		speak(c, "")
		return next(c)
	}
}

// speak chooses the language of a guest: what the page's address says, else the
// browser's wish, else the owner's.
func speak(c echo.Context, owners string) {
	r := c.Request()
	wishes := []string{r.Header.Get("Accept-Language"), owners}
	if lang := c.QueryParam("lang"); shipped(lang) {
		wishes = slices.Insert(wishes, 0, lang)
	}
	catalogue := locale.Match(wishes...)
	c.SetRequest(r.WithContext(locale.With(r.Context(), catalogue)))
	c.Response().Header().Set("Content-Language", catalogue.Tag)
}

// shipped reports whether there is a language of exactly this tag.
func shipped(tag string) bool {
	return slices.ContainsFunc(locale.All(), func(c *locale.Catalogue) bool { return c.Tag == tag })
}

// share shows what a link offers: as a page, as JSON or, with .ics behind the token,
// as a calendar file.
func (s *Server) share(c echo.Context) error {
	token, isFile := strings.CutSuffix(c.Param("token"), ".ics")
	offer, err := s.config.Sharer.View(c.Request().Context(), token, s.visitor(c))
	if err != nil {
		return err
	}
	speak(c, offer.Language)
	guests, err := zone.Load(c.QueryParam("tz"))
	if err != nil {
		guests = offer.Zone // a browser may know zones that we don't
	}
	switch {
	case isFile:
		return s.shareFile(c, offer, token)
	case wantsJSON(c):
		return s.shareJSON(c, offer, guests)
	}
	return s.sharePage(c, offer, token, guests)
}

func (s *Server) sharePage(c echo.Context, offer sharer.SharedTimes, token string, zone *time.Location) error {
	_, v, err := opened(s.sessionOf(c.Request())) // only who it is: no page for a frame, whatever the session
	if err != nil {
		return err
	}
	query := c.QueryParams()
	view := page.ShareView{
		Path: sharePath + token, Title: offer.Title, Note: offer.Note, Duration: offer.Duration,
		Names: offer.Names, People: offer.Number, Starts: startsOf(offer), More: !offer.Complete, Now: offer.AsOf,
		Zone: zone, Guess: !query.Has("tz"), Day: dayOf(query.Get("day")), Month: query.Get("month"),
	}
	if lang := query.Get("lang"); shipped(lang) {
		view.Language = lang
	}
	if q, ok := offer.Full(v.Member); ok {
		view.Search = findURL(q)
	}
	looked := !isHead(c) && opens(c.Request()) && !slices.ContainsFunc([]string{"tz", "lang", "day", "month"}, query.Has)
	if looked && !offer.Owns(v.Member) {
		s.config.Sharer.Opened(offer)
	}
	ctx := c.Request().Context()
	frame := layout.Frame{Title: page.ShareTitle(ctx, view), About: page.SharePreview(ctx, view), Plain: true, Demo: s.config.DemoPortal != ""}
	return s.show(c, http.StatusOK, layout.Public(frame, page.Share(view)))
}

// How many times go out at most, the next ones. The page, of which a month is seen at
// once, has all of meet.MostTimes.
const (
	mostInJSON = 500
	mostInFile = 200
)

// shareFile is the times as a calendar file: the one that is asked for, to be saved as
// the meeting, or without start those that are free, to be looked at beside one's own.
func (s *Server) shareFile(c echo.Context, offer sharer.SharedTimes, token string) error {
	if text := c.QueryParam("start"); text != "" {
		return s.shareMeeting(c, offer, token, text)
	}
	if len(offer.Slots) == 0 {
		return meet.Errorf(meet.NotFound, "error.link_no_times", "a calendar file without an event")
	}
	ctx := c.Request().Context()
	key := fmt.Sprint("ics ", c.Response().Header().Get("Content-Language"), " ", offer.Version())
	file, err := s.shared.get(key, func() ([]byte, error) { return s.timesFile(ctx, offer, token), nil })
	if err != nil {
		return err
	}
	return sendFile(c, "times.ics", file)
}

// timesFile is the next times as a calendar file. What the owner wrote stands in it
// once.
func (s *Server) timesFile(ctx context.Context, offer sharer.SharedTimes, token string) []byte {
	slots, about := offer.Slots, offer.Note
	if len(slots) > mostInFile || !offer.Complete {
		slots = slots[:min(len(slots), mostInFile)]
		about = strings.TrimSpace(about + "\n\n" + locale.T(ctx, "share.more"))
	}
	events := make([]ical.Event, len(slots))
	for i, slot := range slots {
		events[i] = s.shareEvent(ctx, offer, token, newWindowJSON(slot))
		events[i].Free = true
	}
	return ical.Annotated(about, events...)
}

// shareMeeting is one of the times as a calendar file.
func (s *Server) shareMeeting(c echo.Context, offer sharer.SharedTimes, token, text string) error {
	start, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return &meet.Error{Kind: meet.Invalid, Key: "error.invalid", Fields: map[string]string{"start": "field.link_start"}}
	}
	at := slices.IndexFunc(offer.Slots, func(slot civil.Span) bool { return slot.Start.Time().Equal(start) })
	if at < 0 {
		return &meet.Error{Kind: meet.Conflict, Key: "error.link_taken"}
	}
	event := s.shareEvent(c.Request().Context(), offer, token, newWindowJSON(offer.Slots[at]))
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
func (s *Server) shareEvent(ctx context.Context, offer sharer.SharedTimes, token string, slot windowJSON) ical.Event {
	return ical.Event{
		UID: hashID(token + " " + slot.Start.Format(time.RFC3339))[:32] + "@" + s.config.PublicURL.Hostname(), Stamp: s.config.Now(),
		Start: slot.Start, End: slot.End, Summary: page.ShareTitle(ctx, page.ShareView{Title: offer.Title}),
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

func startsOf(offer sharer.SharedTimes) []time.Time {
	starts := make([]time.Time, len(offer.Slots))
	for i, slot := range offer.Slots {
		starts[i] = slot.Start.Time()
	}
	return starts
}

// visitor stands for the address of whoever asks. It can't be turned back without our
// key.
func (s *Server) visitor(c echo.Context) string {
	mac := hmac.New(sha256.New, s.config.AddressKey)
	mac.Write([]byte(network(c.RealIP())))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// shareJSON is the shared page for programs.
func (s *Server) shareJSON(c echo.Context, offer sharer.SharedTimes, zone *time.Location) error {
	body, err := s.shared.get(fmt.Sprint("json ", zone, " ", offer.Version()), func() ([]byte, error) {
		return json.Marshal(newShareJSON(offer, zone))
	})
	if err != nil {
		return err
	}
	return c.JSONBlob(http.StatusOK, body)
}

// sharedJSON is a shared page; what follows complete goes beyond what is promised.
type sharedJSON struct {
	Title string       `json:"title"`
	Dur   int          `json:"dur"`
	Mode  meet.Mode    `json:"mode"`
	State string       `json:"state"`
	Zone  string       `json:"tz"`
	Slots []windowJSON `json:"slots"`

	Complete bool `json:"complete"` // slots are all; else they are the next ones

	Note   string    `json:"note,omitempty"`
	People []string  `json:"people,omitempty"` // names, when the owner shows them
	Number int       `json:"number,omitempty"` // of people, when the owner shows it
	AsOf   time.Time `json:"as_of"`
}

func newShareJSON(offer sharer.SharedTimes, zone *time.Location) sharedJSON {
	j := sharedJSON{
		Title: offer.Title, Dur: offer.Duration, Mode: offer.Mode, State: string(meet.LinkOpen), Zone: zone.String(),
		Slots: []windowJSON{}, Complete: offer.Complete && len(offer.Slots) <= mostInJSON, Note: offer.Note, People: offer.Names, Number: offer.Number, AsOf: offer.AsOf,
	}
	for _, slot := range offer.Slots[:min(len(offer.Slots), mostInJSON)] {
		j.Slots = append(j.Slots, newWindowJSON(slot))
	}
	return j
}

// closing is why a link shows no times: on the page, and as the state in JSON, "" when
// it has none.
type closing struct {
	reason page.Closed
	state  string
}

// closings are the errors of package meet by which a link shows no times. For
// programs a link that is paused or whose owner is gone is revoked: the contract has
// no other word, and they are not to try again.
var closings = map[string]closing{
	"share.closed.unknown": {page.ClosedUnknown, ""},
	"share.closed.expired": {page.ClosedExpired, "expired"},
	"share.closed.revoked": {page.ClosedRevoked, "revoked"},
	"share.closed.paused":  {page.ClosedPaused, "revoked"},
	"share.closed.gone":    {page.ClosedGone, "revoked"},
	"share.closed.down":    {page.ClosedDown, ""},
	"share.closed.busy":    {page.ClosedBusy, ""},
}

// showClosing shows why a link shows no times, to whoever asks alike.
func (s *Server) showClosing(c echo.Context, f fault, reason page.Closed) error {
	view := page.ShareClosedView{Reason: reason}
	if f.code == "busy" || f.code == "unavailable" {
		view.Wait, view.Retry = retryAfter*time.Second, c.Request().URL.RequestURI()
	}
	frame := layout.Frame{Title: s.text(c, f.key, nil), Plain: true, Demo: s.config.DemoPortal != ""}
	return s.show(c, f.status, layout.Public(frame, page.ShareClosed(view)))
}
