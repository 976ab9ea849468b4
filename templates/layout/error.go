package layout

import (
	"context"
	"net/url"

	"slotfinder/internal/locale"
)

// ErrorView says what went wrong and what to do next.
type ErrorView struct {
	Key     string     // text key of the headline; Key + ".next" says what to do
	Retry   string     // URL to try again, "" = none
	Again   url.Values // what to send there once more; nil = nothing, just ask for it
	SignIn  string     // URL to sign in with the query kept, "" = none
	Request string     // id of the request for the operator's log, "" = none
}

// key is the error's text key, that of an internal error when there is no such text.
func (v ErrorView) key(ctx context.Context) string {
	if !locale.From(ctx).Has(v.Key) {
		return "error.internal"
	}
	return v.Key
}

func (v ErrorView) headline(ctx context.Context) string {
	return locale.T(ctx, v.key(ctx))
}

func (v ErrorView) next(ctx context.Context) string {
	return locale.T(ctx, v.key(ctx)+".next")
}
