package find

import (
	"context"
	"time"

	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
)

const heatStep = 30 // minutes between rows

// heatRow is one start time over all days of the board.
type heatRow struct {
	clock []time.Time // the start on the viewer's clock, then on the others
	half  bool        // not on the hour
	cells []heatCell
}

// heatCell is one start on one day.
type heatCell struct {
	start  time.Time
	free   int
	level  int    // 0 nobody … 4 almost everybody, 5 everybody
	url    string // "" = can't be chosen
	chosen bool

	missing []meet.Verdict // who can't come; nil when there are too many people to name any
}

// heatRows asks for every start how many can; it is worked out only when shown.
func (r *Result) heatRows() []heatRow {
	var rows []heatRow
	b := r.board
	if len(b.days) == 0 {
		return nil
	}
	for minute := 0; b.from+minute+min(heatStep, r.answer.Query.Duration) <= b.to; minute += heatStep {
		start := b.days[0].instant(minute)
		row := heatRow{half: start.Minute() != 0, clock: []time.Time{start}}
		for _, zone := range b.zones {
			row.clock = append(row.clock, start.In(zone))
		}
		for _, d := range b.days {
			row.cells = append(row.cells, r.heatCell(d.instant(minute)))
		}
		rows = append(rows, row)
	}
	return rows
}

func (r *Result) heatCell(start time.Time) heatCell {
	missing := r.answer.Verdicts(start, start.Add(time.Duration(r.answer.Query.Duration)*time.Minute))
	all := len(r.people)
	c := heatCell{start: start, free: r.free(missing)}
	if all <= mostNamed {
		c.missing = missing
	}
	c.level = c.free * 5 / max(1, all)
	if c.level > 0 && !start.Before(r.answer.AsOf) {
		c.url = r.slotURL(start)
	}
	c.chosen = r.chosen != nil && r.chosen.start.Equal(start)
	return c
}

// heatHour is the beginning of a row: with a clock of 12 hours as short as it goes.
func heatHour(ctx context.Context, t time.Time) string {
	c := locale.From(ctx)
	if c.ClockHours() == "24" || locale.Twice(t) {
		return c.Time(t)
	}
	return c.Hour(t)
}

// notFree names on hover who can't come, "" when everybody can.
func (r *Result) notFree(ctx context.Context, c heatCell) string {
	if len(c.missing) == 0 {
		return ""
	}
	return locale.T(ctx, "heat.not_free", "names", r.names(ctx, c.missing))
}
