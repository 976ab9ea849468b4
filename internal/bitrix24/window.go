package bitrix24

import (
	"math"
	"time"

	"slotfinder/internal/civil"
)

// The portal selects by days in UTC (FACTS.md fact 25) and loses instances of long series
// near the beginning of the period; asking 45 days earlier repairs that (FACTS.md fact 52).
// One day more at the end covers the zones ahead of UTC.
const daysBefore, daysAfter = 45, 1

// slack is how many calendar days an entry may lie outside of what was asked for:
// instances of a series come up to a day early or late (FACTS.md fact 25), and dates are
// those of the entry's clock, or of the token user's (FACTS.md facts 37 and 49), up to
// 26 hours from the server's. That makes two days; one more costs nothing, since day and
// month in the wrong order are four weeks off or more.
const slack = 3

// window is the calendar days that a portal is asked for, both included, as days since
// 1970-01-01.
type window struct{ first, last int }

// windowFor returns the window to ask for in order to know a span of time.
func windowFor(during civil.Span) window {
	return window{dayOf(during.Start) - daysBefore, dayOf(during.End-1) + daysAfter}
}

// dayOf returns the day in UTC.
func dayOf(m civil.Minute) int { return int(math.Floor(float64(m) / (24 * 60))) }

// mayContain reports whether the portal can have answered with an entry of these days, both
// included. If not, the entry was read in the wrong format: leaving it out because it is out
// of range would show its owner as free.
func (w window) mayContain(first, last int) bool {
	return first <= w.last+slack && last >= w.first-slack && last >= first-slack
}

// dates returns the days in the form that the portal wants (FACTS.md fact 24).
func (w window) dates() (from, to string) {
	return dateOf(w.first), dateOf(w.last)
}

func dateOf(day int) string {
	return time.Unix(int64(day)*86400, 0).UTC().Format(time.DateOnly)
}
