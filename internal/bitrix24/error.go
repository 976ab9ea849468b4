package bitrix24

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"slotfinder/internal/meet"
	"slotfinder/internal/rescue"
)

// Error is a failed REST call as the portal, or the way to it, reported it. It
// holds none of the portal's texts: they are localised, may contain HTML and
// anything else, and decide nothing.
type Error struct {
	Code   string // the portal's code; old modules send ""
	Status int    // HTTP status; 0: no answer came
	Method string // REST method
	Err    error  // set when there is no code at all: network, HTML, broken JSON

	after time.Duration // wait at least so long before asking again; 0: unknown
	moved string        // host the portal redirects to
}

// Error returns text for logs.
func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: status %d: %v", e.Method, e.Status, e.Err)
	}
	return fmt.Sprintf("%s: status %d: code %q", e.Method, e.Status, e.Code)
}

// Unwrap returns the failure below the level of codes, or nil.
func (e *Error) Unwrap() error { return e.Err }

// Failures below the level of codes.
var (
	errNoAnswer = errors.New("no answer in time")
	errNotJSON  = errors.New("answer is not the expected JSON")
	errTooLarge = errors.New("answer is too large")
	errCrowded  = errors.New("too many large answers at once")
	errMoved    = errors.New("redirected")
	errResting  = errors.New("not asked: the portal failed again and again")
	errMissing  = errors.New("missing in the batch's answer")

	errForgotten = errors.New("not asked: only what is remembered was wanted")
)

// The codes that several places know.
const (
	codeExpired  = "expired_token"
	codeInvalid  = "invalid_token"
	codeScope    = "insufficient_scope"
	codeNoMethod = "ERROR_METHOD_NOT_FOUND"
	codeTooFast  = "QUERY_LIMIT_EXCEEDED"
	codeTooMuch  = "OPERATION_TIME_LIMIT"
)

// meaning is what a failure means for the product.
type meaning struct {
	kind  meet.Kind
	key   string
	again bool // a read may be repeated
}

// The meanings. Their keys are those of the translations.
var (
	down        = meaning{meet.Unavailable, "error.portal_down", true}
	refusedDown = meaning{meet.Unavailable, "error.portal_down", false}
	slow        = meaning{meet.Unavailable, "error.portal_slow", false}
	nonsense    = meaning{meet.Unavailable, "error.portal_answer", false}
	garbled     = meaning{meet.Unavailable, "error.portal_answer", true}
	deleted     = meaning{meet.Unavailable, "error.portal_deleted", false}
	busy        = meaning{meet.Busy, "error.portal_busy", false}
	hasty       = meaning{meet.Busy, "error.portal_busy", true}
	plan        = meaning{meet.Unsupported, "error.portal_plan", false}
	scope       = meaning{meet.Unsupported, "error.portal_scope", false}
	signedOut   = meaning{meet.SignedOut, "error.signed_out", false}
)

// meaning classifies by the code: statuses differ between the documentation, the
// published code and the cloud's front end (FACTS.md fact 1).
func (e *Error) meaning() meaning {
	if e.Err != nil {
		return e.wire()
	}
	switch e.Code {
	case codeTooFast:
		return hasty
	case codeTooMuch:
		// Known to be over only when the portal said when.
		return meaning{busy.kind, busy.key, e.after > 0}
	case "OVERLOAD_LIMIT":
		return busy
	case codeExpired, codeInvalid, "NO_AUTH_FOUND", "INVALID_CREDENTIALS", "authorization_error",
		"APPLICATION_NOT_FOUND", "invalid_grant":
		return signedOut
	case "ACCESS_DENIED", "PAYMENT_REQUIRED":
		return plan
	case "", codeScope, codeNoMethod, "user_access_error", "METHOD_CONFIRM_WAITING", "METHOD_CONFIRM_DENIED":
		// "" is how the calendar says that the caller is no employee.
		return scope
	case "PORTAL_DELETED":
		return deleted
	case "INTERNAL_SERVER_ERROR", "ERROR_UNEXPECTED_ANSWER", "CONNECTION_ERROR":
		return down
	}
	if e.Status >= http.StatusInternalServerError {
		return down
	}
	return nonsense
}

// wire classifies failures that carry no code.
func (e *Error) wire() meaning {
	switch {
	case errors.Is(e.Err, errNoAnswer), errors.Is(e.Err, context.DeadlineExceeded), errors.Is(e.Err, context.Canceled):
		return slow
	case errors.Is(e.Err, errRefused), errors.Is(e.Err, errResting):
		return refusedDown
	case errors.Is(e.Err, errCrowded):
		return hasty
	case errors.Is(e.Err, errTooLarge), errors.Is(e.Err, errMoved), errors.Is(e.Err, errMissing):
		return nonsense
	case e.Status == 0, e.Status == http.StatusBadGateway, e.Status == http.StatusServiceUnavailable,
		e.Status == http.StatusGatewayTimeout, e.Status == http.StatusInternalServerError:
		return down
	case e.Status == http.StatusTooManyRequests:
		return hasty
	case e.Status == http.StatusOK: // cut off on its way
		return garbled
	}
	return nonsense
}

// explain turns a failure into the product's vocabulary. Errors that speak it
// already, such as those of Tokens, pass, and so does a panic: that is a fault of ours.
func explain(err error) error {
	var known *meet.Error
	var fault *rescue.Panic
	if err == nil || errors.As(err, &known) || errors.As(err, &fault) {
		return err
	}
	m := slow
	var e *Error
	if errors.As(err, &e) {
		m = e.meaning()
	}
	return meet.Errorf(m.kind, m.key, "bitrix24: %w", err)
}
