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

// Error is a failed REST call, as the portal or the network reported it. It holds none of
// the portal's texts: they are localised, may contain HTML, and decide nothing (FACTS.md
// fact 3).
type Error struct {
	Code   string // the portal's code; old modules send ""
	Status int    // HTTP status; 0: no answer came
	Method string // REST method
	Err    error  // set when there is no code: network failures, HTML, broken JSON

	retryAfter   time.Duration // don't ask again sooner than this; 0: unknown
	redirectHost string        // where the portal redirects to
}

// Error returns a text for logs.
func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: status %d: %v", e.Method, e.Status, e.Err)
	}
	return fmt.Sprintf("%s: status %d: code %q", e.Method, e.Status, e.Code)
}

// Unwrap returns the failure that came without a code, or nil.
func (e *Error) Unwrap() error { return e.Err }

// Failures without a code.
var (
	errNoAnswer    = errors.New("no answer in time")
	errNotJSON     = errors.New("answer is not the expected JSON")
	errTooLarge    = errors.New("answer is too large")
	errMemoryFull  = errors.New("too many large answers at once")
	errRedirected  = errors.New("redirected")
	errBreakerOpen = errors.New("not asked: the portal failed again and again")
	errMissing     = errors.New("missing in the batch's answer")
	errNotCached   = errors.New("not asked: only what is remembered was wanted")
)

// Codes that are used in several places.
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
	retry bool // a read may be repeated
}

// The meanings. Their keys are those of the translations.
var (
	portalDown     = meaning{meet.Unavailable, "error.portal_down", true}
	addressBlocked = meaning{meet.Unavailable, "error.portal_down", false}
	portalSlow     = meaning{meet.Unavailable, "error.portal_slow", false}
	badAnswer      = meaning{meet.Unavailable, "error.portal_answer", false}
	brokenAnswer   = meaning{meet.Unavailable, "error.portal_answer", true}
	portalDeleted  = meaning{meet.Unavailable, "error.portal_deleted", false}
	portalBusy     = meaning{meet.Busy, "error.portal_busy", false}
	rateLimited    = meaning{meet.Busy, "error.portal_busy", true}
	planLacking    = meaning{meet.Unsupported, "error.portal_plan", false}
	scopeLacking   = meaning{meet.Unsupported, "error.portal_scope", false}
	signedOut      = meaning{meet.SignedOut, "error.signed_out", false}
)

// meaning classifies by the code: statuses differ between the documentation, the
// published code and the cloud's front end (FACTS.md fact 1).
func (e *Error) meaning() meaning {
	if e.Err != nil {
		return e.transportMeaning()
	}
	switch e.Code {
	case codeTooFast:
		return rateLimited
	case codeTooMuch:
		// Asking again makes sense only if the portal said when (FACTS.md fact 10).
		return meaning{portalBusy.kind, portalBusy.key, e.retryAfter > 0}
	case "OVERLOAD_LIMIT":
		return portalBusy
	case codeExpired, codeInvalid, "NO_AUTH_FOUND", "INVALID_CREDENTIALS", "authorization_error",
		"APPLICATION_NOT_FOUND", "invalid_grant":
		return signedOut
	case "ACCESS_DENIED", "PAYMENT_REQUIRED":
		return planLacking
	case "", codeScope, codeNoMethod, "user_access_error", "METHOD_CONFIRM_WAITING", "METHOD_CONFIRM_DENIED":
		// The calendar refuses guests with "" (FACTS.md fact 23).
		return scopeLacking
	case "PORTAL_DELETED":
		return portalDeleted
	case "INTERNAL_SERVER_ERROR", "ERROR_UNEXPECTED_ANSWER", "CONNECTION_ERROR":
		return portalDown
	}
	if e.Status >= http.StatusInternalServerError {
		return portalDown
	}
	return badAnswer
}

// transportMeaning classifies failures that carry no code.
func (e *Error) transportMeaning() meaning {
	switch {
	case errors.Is(e.Err, errNoAnswer), errors.Is(e.Err, context.DeadlineExceeded), errors.Is(e.Err, context.Canceled):
		return portalSlow
	case errors.Is(e.Err, errAddressRefused), errors.Is(e.Err, errBreakerOpen):
		return addressBlocked
	case errors.Is(e.Err, errMemoryFull):
		return rateLimited
	case errors.Is(e.Err, errTooLarge), errors.Is(e.Err, errRedirected), errors.Is(e.Err, errMissing):
		return badAnswer
	case e.Status == 0, e.Status == http.StatusBadGateway, e.Status == http.StatusServiceUnavailable,
		e.Status == http.StatusGatewayTimeout, e.Status == http.StatusInternalServerError:
		return portalDown
	case e.Status == http.StatusTooManyRequests:
		return rateLimited
	case e.Status == http.StatusOK: // the answer was cut off
		return brokenAnswer
	}
	return badAnswer
}

// toMeetError makes a meet.Error of a failure. Errors that are one already, such as those of
// Tokens, stay as they are, and so does a panic, which is a fault of ours.
func toMeetError(err error) error {
	var known *meet.Error
	var fault *rescue.Panic
	if err == nil || errors.As(err, &known) || errors.As(err, &fault) {
		return err
	}
	m := portalSlow
	var e *Error
	if errors.As(err, &e) {
		m = e.meaning()
	}
	return meet.Errorf(m.kind, m.key, "bitrix24: %w", err)
}
