package part

import (
	"context"
	"strconv"
	"time"

	"slotfinder/internal/locale"
)

// ISO is an instant as the datetime attribute has it.
func ISO(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// ID is the number of somebody or something in the portal, as addresses have it.
func ID(n int64) string { return strconv.FormatInt(n, 10) }

// OnOff is a value of aria-current or another attribute whose default is false.
func OnOff(yes bool) string {
	if yes {
		return "true"
	}
	return "false"
}

// IsDay reports whether a text is a day as YYYY-MM-DD, which a date field can show.
func IsDay(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}

// comma follows an item of a list that has more of them. Text on a line of its own would
// have a space before it.
func comma(more bool) string {
	if more {
		return ","
	}
	return ""
}

// Duration writes minutes as "45 min" or "1 h 30 min".
func Duration(ctx context.Context, minutes int) string {
	h, m := minutes/60, minutes%60
	switch {
	case h == 0 || minutes <= 90:
		return locale.T(ctx, "duration.min", "m", minutes)
	case m == 0:
		return locale.T(ctx, "duration.h", "h", h)
	default:
		return locale.T(ctx, "duration.hm", "h", h, "m", m)
	}
}

// Isolated is a name in the middle of a text, where no element can be: it keeps its own
// direction, and its place.
func Isolated(name string) string { return "\u2068" + name + "\u2069" }
