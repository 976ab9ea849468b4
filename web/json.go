package web

import (
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
)

// WindowJSON is a half-open window of time for programs.
type WindowJSON struct {
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
}

// NewWindowJSON writes a span in UTC.
func NewWindowJSON(s civil.Span) WindowJSON {
	return WindowJSON{Start: s.Start.Time(), End: s.End.Time()}
}

// FindURL is the address of a search.
func FindURL(q meet.Query) string { return "/find?" + q.Values().Encode() }

// NotNil keeps an empty list from becoming null.
func NotNil[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}
