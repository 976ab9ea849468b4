package fault

import (
	"errors"
	"net/http"

	"slotfinder/internal/portalsim/php"
)

// Error is an error in an answer of REST.
type Error struct {
	Code, Text string
	Status     int       // HTTP status of Bitrix24's source
	Documented int       // the status in the documentation where it differs; 0 = the same
	Extra      php.Array // further keys of the answer, for example "argument"
}

// Error has the code only, because texts are for people.
func (e *Error) Error() string { return "bitrix24: " + e.Code }

// Answer is the body of the answer, which has no time block.
func (e *Error) Answer() php.Array {
	return append(php.Array{{"error", e.Code}, {"error_description", e.Text}}, e.Extra...)
}

// HTTPStatus is the documented status or the one in Bitrix24's source.
func (e *Error) HTTPStatus(documented bool) int {
	if documented && e.Documented != 0 {
		return e.Documented
	}
	return e.Status
}

// BadRequest is how the calendar and other old modules fail: with HTTP 400 and an
// empty code.
func BadRequest(text string) *Error {
	return &Error{Text: text, Status: http.StatusBadRequest}
}

// Argument is about a parameter that is missing or wrong; the answer names it.
func Argument(argument, text string) *Error {
	return &Error{
		Code: "ERROR_ARGUMENT", Text: text, Status: http.StatusBadRequest,
		Extra: php.Array{{"argument", argument}},
	}
}

// Core is a failure in Bitrix24's core.
func Core(text string) *Error {
	return &Error{Code: "ERROR_CORE", Text: text, Status: http.StatusBadRequest}
}

// Known is the error with that code. An unknown code becomes an error with HTTP
// 400.
func Known(code string) *Error {
	for _, e := range knownErrors() {
		if e.Code == code {
			return &e
		}
	}
	return &Error{Code: code, Text: code, Status: http.StatusBadRequest}
}

// knownErrors are the errors of REST itself, with the status in the source and the
// documented one where it differs.
func knownErrors() []Error {
	return []Error{
		{Code: "QUERY_LIMIT_EXCEEDED", Text: "Too many requests", Status: 503},
		{Code: "OPERATION_TIME_LIMIT", Text: "Method is blocked due to operation time limit.", Status: 429},
		{Code: "expired_token", Text: "The access token provided has expired", Status: 401},
		{Code: "invalid_token", Text: "Unable to get application by token", Status: 401},
		{Code: "NO_AUTH_FOUND", Text: "Wrong authorization data", Status: 401},
		{Code: "INVALID_CREDENTIALS", Text: "Invalid request credentials", Status: 401, Documented: 403},
		{Code: "insufficient_scope", Text: "The request requires higher privileges than provided by the access token", Status: 401, Documented: 403},
		{Code: "user_access_error", Text: "The user does not have access to the application.", Status: 401, Documented: 403},
		{Code: "ACCESS_DENIED", Text: "REST is available only on commercial plans.", Status: 401, Documented: 403},
		{Code: "APPLICATION_NOT_FOUND", Text: "Application not found", Status: 401},
		{Code: "authorization_error", Text: "Unable to authorize user", Status: 401},
		{Code: "CONNECTION_ERROR", Text: "Error connecting to authorization server", Status: 401},
		{Code: "OVERLOAD_LIMIT", Text: "REST API is blocked due to overload.", Status: 401, Documented: 503},
		{Code: "ERROR_METHOD_NOT_FOUND", Text: "Method not found!", Status: 404},
		{Code: "INVALID_REQUEST", Text: "Https required.", Status: 401, Documented: 400},
		{Code: "PORTAL_DELETED", Text: "Portal was deleted", Status: 403, Documented: 500},
		{Code: "INTERNAL_SERVER_ERROR", Text: "Internal server error", Status: 500},
		{Code: "ERROR_UNEXPECTED_ANSWER", Text: "Server returned an unexpected response", Status: 500},
		{Code: "METHOD_CONFIRM_WAITING", Text: "Waiting for confirmation", Status: 401},
		{Code: "METHOD_CONFIRM_DENIED", Text: "Method call denied", Status: 403},
		{Code: "WRONG_AUTH_TYPE", Text: "Current authorization type is denied for this method", Status: 403},
		{Code: "ERROR_BATCH_LENGTH_EXCEEDED", Text: "Max batch length exceeded", Status: 400},
		{Code: "ERROR_BATCH_METHOD_NOT_ALLOWED", Text: "Method is not allowed for batch usage", Status: 405},
	}
}

// AccessDenied is the refusal of a single method. That of the plan is known by the
// same code and has another status.
func AccessDenied(text string) *Error {
	return &Error{Code: "ACCESS_DENIED", Text: text, Status: http.StatusForbidden}
}

// From makes an error of REST out of any error.
func From(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return Core("Internal error")
}
