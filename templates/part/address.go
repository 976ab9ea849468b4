package part

import (
	"time"

	"slotfinder/internal/meet"
)

// FindURL is the address of the search page with a query.
func FindURL(q meet.Query) string { return "/find?" + q.Values().Encode() }

// NewLinkURL is the address of the form that makes a link out of a search and, unless
// it is zero, a time to be ticked. The query must be encoded.
func NewLinkURL(query string, start time.Time) string {
	if start.IsZero() {
		return "/links/new?" + query
	}
	return "/links/new?" + query + "&offer=picked&slot=" + ISO(start)
}

// BookURL is the address of the form that books a time of a search. The query must be
// encoded.
func BookURL(query string, start time.Time) string {
	return "/meetings/new?" + query + "&start=" + ISO(start)
}
