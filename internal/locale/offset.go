package locale

import (
	"fmt"
	"strings"
	"time"
)

// Offset writes how far t's clock is from UTC, as in "UTC+2" or "UTC−3:30".
func Offset(t time.Time) string {
	_, seconds := t.Zone()
	sign := "+"
	if seconds < 0 {
		sign, seconds = "−", -seconds
	}
	label := fmt.Sprintf("UTC%s%d", sign, seconds/3600)
	if minutes := seconds % 3600 / 60; minutes != 0 {
		label += fmt.Sprintf(":%02d", minutes)
	}
	return label
}

// longestSetBack is more than any clock is put back by when a zone changes its offset.
const longestSetBack = 3 * time.Hour

// Passes returns the first and the last instant at which t's clock shows the reading that
// it shows at t. They differ where the clock is put back around then.
func Passes(t time.Time) (first, last time.Time) {
	_, offset := t.Zone()
	for _, near := range []time.Time{t.Add(-longestSetBack), t.Add(longestSetBack)} {
		_, other := near.Zone()
		if other == offset {
			continue
		}
		twin := t.Add(time.Duration(offset-other) * time.Second)
		if _, there := twin.Zone(); there != other {
			continue
		}
		if twin.Before(t) {
			return twin, t
		}
		return t, twin
	}
	return t, t
}

// Twice reports whether t's clock shows its reading at another instant, too. Every place
// that shows a time has to tell the two apart.
func Twice(t time.Time) bool {
	first, last := Passes(t)
	return !first.Equal(last)
}

// Cityless reports whether a zone is nothing but an offset from UTC, such as Etc/GMT+5.
func Cityless(zone *time.Location) bool {
	name := zone.String()
	return strings.HasPrefix(name, "Etc/") || strings.HasPrefix(name, "UTC")
}
