package web

import (
	"time"

	"slotfinder/internal/civil"
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

// NotNil keeps an empty list from becoming null.
func NotNil[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}
