package bitrix24

import (
	"math"
	"time"
)

// plausibleOffset reports whether seconds can be the offset of a zone.
func plausibleOffset(seconds int) bool { return -14*3600 <= seconds && seconds <= 14*3600 }

// wallClock turns readings of a zone's clock into instants, within a range of time. Outside of
// it the offset at the nearest end applies.
//
// A reading is what the clock shows, written as the Unix seconds at which a clock in UTC
// would show it. One that a change of the clock skips or repeats is taken with the offset
// before the change, as PHP does: 02:30 in the gap is what the clock shows as 03:30, and a
// repeated 02:30 is the first one (FACTS.md fact 40).
type wallClock struct {
	name   string
	since  []int64 // offset[i] holds from the instant since[i] on; the first one has no beginning
	until  []int64 // readings before until[i] have offset[i]
	offset []int64 // seconds east of UTC
}

// newWallClock prepares loc for the instants [from, to], Unix seconds.
func newWallClock(loc *time.Location, from, to int64) *wallClock {
	w := &wallClock{name: loc.String(), since: []int64{math.MinInt64}}
	for at := time.Unix(from, 0).In(loc); ; {
		_, before := at.Zone()
		_, change := at.ZoneBounds()
		if !change.IsZero() && !change.After(at) {
			// From 2038 on package time lets the rules of a leap year end a day too early,
			// and those of its last day where they begin.
			change = at.AddDate(0, 0, 1)
		}
		w.offset = append(w.offset, int64(before))
		if change.IsZero() || change.Unix() > to {
			w.until = append(w.until, math.MaxInt64)
			return w
		}
		_, after := change.Zone()
		w.until = append(w.until, change.Unix()+int64(max(before, after)))
		w.since = append(w.since, change.Unix())
		at = change
	}
}

// instant returns the Unix seconds at which the zone's clock shows the reading.
func (w *wallClock) instant(reading int64) int64 {
	for i, until := range w.until {
		if reading < until {
			return reading - w.offset[i]
		}
	}
	return reading // not reached: the last until has no end
}

// unchanged returns the instant of a reading as if the nearest change had not happened yet,
// and whether the clock skips the reading.
func (w *wallClock) unchanged(reading int64) (instant int64, skipped bool) {
	for i, until := range w.until {
		if reading >= until {
			continue
		}
		if i+1 < len(w.offset) && reading >= until-(w.offset[i+1]-w.offset[i]) {
			return reading - w.offset[i], true
		}
		if i > 0 && reading < w.until[i-1]+w.offset[i]-w.offset[i-1] {
			i--
		}
		return reading - w.offset[i], false
	}
	return reading, false // not reached: the last until has no end
}

// offsetAt returns the offset at an instant, and whether it doesn't change within
// changeMargin before and after.
func (w *wallClock) offsetAt(instant int64) (offset int64, steady bool) {
	i := len(w.since) - 1
	for w.since[i] > instant {
		i--
	}
	steady = i == 0 || instant-w.since[i] >= changeMargin
	if i+1 < len(w.since) {
		steady = steady && w.since[i+1]-instant >= changeMargin
	}
	return w.offset[i], steady
}
