package layout

import (
	"context"
	"time"

	"slotfinder/internal/locale"
	"slotfinder/templates/part"
)

// usual is sent for a habit that nobody has chosen.
const usual = "usual"

// clocks are the clocks to choose from, each shown by the time that it has at half past two.
func clocks(ctx context.Context) []part.Option {
	c := locale.From(ctx)
	chosen, afternoon := c.Habits().Clock, time.Date(2000, 1, 1, 14, 30, 0, 0, time.UTC)
	options := []part.Option{{Value: usual, Label: c.T("menu.usual"), Chosen: chosen == ""}}
	for _, hours := range []string{"24", "12"} {
		options = append(options, part.Option{Value: hours, Label: c.As(locale.Habits{Clock: hours}).Time(afternoon), Chosen: chosen == hours})
	}
	return options
}

// weekStarts are the days to choose from on which a week begins.
func weekStarts(ctx context.Context) []part.Option {
	c := locale.From(ctx)
	chosen := c.Habits().Week
	options := []part.Option{{Value: usual, Label: c.T("menu.week_usual"), Chosen: chosen == ""}}
	for _, start := range locale.WeekStarts {
		options = append(options, part.Option{Value: start.Name, Label: c.WeekdayLong(start.Day), Chosen: chosen == start.Name})
	}
	return options
}

// twelveHours reports whether clock readings are long.
func twelveHours(ctx context.Context) bool { return locale.From(ctx).ClockHours() == "12" }
