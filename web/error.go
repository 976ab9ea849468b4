package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/meet"
	"slotfinder/internal/rescue"
	"slotfinder/templates/layout"
)

// retryAfter is what we tell callers to wait, in seconds, when a portal or a
// limit asks for patience.
const retryAfter = 10

// faultKind is one row of the table from kinds of errors to answers.
type faultKind struct {
	Status int
	Code   string // in JSON
}

var faultKinds = map[meet.Kind]faultKind{
	meet.Internal:    {http.StatusInternalServerError, "internal"},
	meet.Invalid:     {http.StatusUnprocessableEntity, "invalid"},
	meet.SignedOut:   {http.StatusUnauthorized, "signed_out"},
	meet.Forbidden:   {http.StatusForbidden, "forbidden"},
	meet.NotFound:    {http.StatusNotFound, "not_found"},
	meet.Conflict:    {http.StatusConflict, "conflict"},
	meet.Gone:        {http.StatusGone, "gone"},
	meet.Busy:        {http.StatusTooManyRequests, "busy"},
	meet.Unavailable: {http.StatusServiceUnavailable, "unavailable"},
	meet.Unsupported: {http.StatusForbidden, "unsupported"},
	meet.Uncertain:   {http.StatusBadGateway, "uncertain"},
}

// fault is an error as it is shown: nothing of the cause is in it.
type fault struct {
	faultKind
	key    string
	Fields map[string]string
}

// FaultOf turns any error into what may be shown. Echo's own errors (no route,
// wrong method, body too large) keep their status.
func FaultOf(err error) fault {
	var http *echo.HTTPError
	if errors.As(err, &http) {
		return httpFault(http.Code)
	}
	var known *meet.Error
	if !errors.As(err, &known) || known.Kind == meet.Internal {
		return fault{faultKind: faultKinds[meet.Internal], key: "error.internal"}
	}
	return fault{faultKind: faultKinds[known.Kind], key: known.Key, Fields: known.Fields}
}

func httpFault(status int) fault {
	switch {
	case status == http.StatusNotFound:
		return fault{faultKind: faultKinds[meet.NotFound], key: "error.not_found"}
	case status == http.StatusMethodNotAllowed:
		return fault{faultKind: faultKind{status, "method_not_allowed"}, key: "error.not_found"}
	case status == http.StatusRequestEntityTooLarge:
		return fault{faultKind: faultKind{status, "too_large"}, key: "error.too_large"}
	case status >= 400 && status < 500:
		return fault{faultKind: faultKind{status, "bad_request"}, key: "error.bad_request"}
	}
	return fault{faultKind: faultKinds[meet.Internal], key: "error.internal"}
}

// showError is the one place that answers with an error, as a page or as JSON.
func (s *Server) showError(err error, c echo.Context) {
	f := FaultOf(err)
	s.Note(c, err, f)
	s.recordRefusal(c, f)
	switch {
	case c.Response().Committed && !rewind(c):
		return
	case left(c) && f.Status >= http.StatusInternalServerError:
		_ = c.NoContent(statusLeft) // for the log and the metrics
		return
	}
	AskLater(c, f)
	if err := s.answerError(c, f); err != nil {
		s.Config.Log.Error("error page failed", "request", requestID(c), "route", c.Path(), "error", err)
	}
}

// statusLeft is what nginx has made usual for a caller who did not wait for the answer.
const statusLeft = 499

// left reports whether the caller has closed the connection. What they asked for was
// stopped then, and fails for that reason.
func left(c echo.Context) bool { return c.Request().Context().Err() == context.Canceled }

// AskLater says when to ask again, where patience helps.
func AskLater(c echo.Context, f fault) {
	if f.Code == "busy" || f.Code == "unavailable" {
		c.Response().Header().Set(echo.HeaderRetryAfter, strconv.Itoa(retryAfter))
	}
}

// Note writes an error to the log, loudly when it is not the caller's.
func (s *Server) Note(c echo.Context, err error, f fault) {
	var p *rescue.Panic
	if f.Status >= http.StatusInternalServerError && (!left(c) || errors.As(err, &p)) {
		s.Config.Log.Error("request failed", "request", requestID(c), "route", c.Path(), "status", f.Status, "error", err)
	} else {
		s.Config.Log.Debug("request refused", "request", requestID(c), "route", c.Path(), "status", f.Status, "error", err)
	}
}

func (s *Server) answerError(c echo.Context, f fault) error {
	switch {
	case c.Request().Method == http.MethodHead:
		return c.NoContent(f.Status)
	case WantsJSON(c):
		return c.JSON(f.Status, s.errorJSON(c, f))
	case f.Code == "signed_out" && s.InFrame(c):
		return s.showSessionEnded(c, f)
	case f.Code == "signed_out" && c.Request().Method == http.MethodGet:
		return s.askToSignIn(c)
	}
	return s.errorPage(c, f)
}

// WantsJSON reports whether the caller asked for JSON rather than a page.
func WantsJSON(c echo.Context) bool {
	accept := c.Request().Header.Get(echo.HeaderAccept)
	return strings.Contains(accept, echo.MIMEApplicationJSON) && !strings.Contains(accept, echo.MIMETextHTML)
}

// ErrorBody is the JSON form of an error.
type ErrorBody struct {
	Error struct {
		Code    string            `json:"code"`
		Message string            `json:"message"`
		Fields  map[string]string `json:"fields"`
		Request string            `json:"request"` // the number of this request in the log
	} `json:"error"`
	State string `json:"state,omitempty"` // of a link that is closed
}

func (s *Server) errorJSON(c echo.Context, f fault) ErrorBody {
	var body ErrorBody
	body.Error.Code = f.Code
	body.Error.Message = s.text(c, f.key)
	body.Error.Fields = map[string]string{}
	body.Error.Request = requestID(c)
	body.State = closings[f.key]
	for field, key := range f.Fields {
		body.Error.Fields[field] = s.text(c, key)
	}
	return body
}

// ErrorJSON is an error for a program, as part of an answer that says more.
func (s *Server) ErrorJSON(c echo.Context, err error) ErrorBody { return s.errorJSON(c, FaultOf(err)) }

// closings are the errors of package meet by which a link shows no times, with the state
// of the link in JSON, "" when it has none. For programs a link that is paused or whose owner is gone is revoked: there is no other word for it in the
// documented JSON, and they are not to try again.
var closings = map[string]string{
	"share.closed.unknown": "",
	"share.closed.expired": "expired",
	"share.closed.revoked": "revoked",
	"share.closed.paused":  "revoked",
	"share.closed.gone":    "revoked",
	"share.closed.down":    "",
	"share.closed.busy":    "",
}

// showClosing shows why a link shows no times, to whoever asks alike.
func (s *Server) showClosing(c echo.Context, f fault) error {
	view := layout.LinkClosedView{Key: f.key}
	if f.Code == "busy" || f.Code == "unavailable" {
		view.Wait, view.Retry = retryAfter*time.Second, c.Request().URL.RequestURI()
	}
	frame := layout.Frame{Title: s.text(c, f.key), Plain: true, Demo: s.Config.DemoPortal != ""}
	return s.Show(c, f.Status, layout.Public(frame, layout.LinkClosed(view)))
}
