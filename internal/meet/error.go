package meet

import (
	"errors"
	"fmt"
)

// Kind classifies an error by what the caller can do about it.
type Kind uint8

// The kinds. The zero Kind is Internal: an error nobody classified.
const (
	Internal    Kind = iota // a fault of ours; its text is never shown
	Invalid                 // the input is wrong; Fields names where
	SignedOut               // no valid session or the grant is lost: sign in again
	Forbidden               // known, but not allowed
	NotFound                // no such thing, or not for this caller
	Conflict                // somebody was faster
	Gone                    // it existed and is closed
	Busy                    // too many requests: try later (RetryAfter)
	Unavailable             // the portal or authorization server can't be reached or answers nonsense
	Unsupported             // the portal's plan, scopes or version lack what is needed
	Uncertain               // it may have been done: find out before doing it again
)

// Error is the one error vocabulary of the product: a kind, a translation key
// for people and the cause for the log. The cause is never shown.
type Error struct {
	Kind   Kind
	Key    string            // translation key, such as "error.portal_down"
	Fields map[string]string // Invalid: field name to translation key
	Err    error             // cause, may be nil
}

// Error returns text for logs.
func (e *Error) Error() string {
	if e.Err == nil {
		return e.Key
	}
	return fmt.Sprintf("%s: %v", e.Key, e.Err)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf builds an Error of a kind whose cause is formatted; %w wraps.
func Errorf(kind Kind, key, format string, args ...any) *Error {
	return &Error{Kind: kind, Key: key, Err: fmt.Errorf(format, args...)}
}

// KindOf returns the kind of the first Error in err's chain, else Internal.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// InvalidFields is an Invalid Error with the text key of what is wrong by field; nil when
// nothing is.
func InvalidFields(fields map[string]string) error {
	if len(fields) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Key: "error.invalid", Fields: fields}
}
