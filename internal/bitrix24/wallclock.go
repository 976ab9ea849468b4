package bitrix24

import (
	"math"
	"time"
)

// plausibleOffset reports whether seconds can be the offset of a zone.
func plausibleOffset(seconds int) bool { return -14*3600 <= seconds && seconds <= 14*3600 }

// wallClock turns clock readings of one zone into instants, within a range of time.
// Outside of it the offset of the nearest end applies.
//
// A reading that a clock change skips or repeats is taken with the offset before
// the change, as PHP does: 02:30 in the gap is what the clock shows as 03:30, and a
// repeated 02:30 is the first one.
type wallClock struct {
	name   string
	since  []int64 // instants from which on offset[i] holds; the first one since ever
	until  []int64 // readings before until[i] have offset[i]; as Unix seconds if the clock showed UTC
	offset []int64 // seconds east of UTC
}

// newWallClock prepares loc for the instants [from, to], Unix seconds.
func newWallClock(loc *time.Location, from, to int64) *wallClock {
	w := &wallClock{name: loc.String(), since: []int64{math.MinInt64}}
	for at := time.Unix(from, 0).In(loc); ; {
		_, before := at.Zone()
		_, change := at.ZoneBounds()
		if !change.IsZero() && !change.After(at) {
			// From 2038 on package time ends a leap year a day early, and that
			// day at its own beginning.
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

// unchanged returns the instant of a reading as if the clock didn't skip any nearby, and
// whether it skips this one.
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

// offsetAt returns the offset at an instant, and whether it is the same for a good while
// before and after.
func (w *wallClock) offsetAt(instant int64) (offset int64, settled bool) {
	i := len(w.since) - 1
	for w.since[i] > instant {
		i--
	}
	settled = i == 0 || instant-w.since[i] >= unsettled
	if i+1 < len(w.since) {
		settled = settled && w.since[i+1]-instant >= unsettled
	}
	return w.offset[i], settled
}
