package page

import "time"

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
}

// heatRows asks for every start how many can; it is worked out only when shown.
func (r *Result) heatRows() []heatRow {
	var rows []heatRow
	b := r.board
	if len(b.days) == 0 {
		return nil
	}
	for minute := 0; b.from+minute+min(heatStep, r.facts.Duration) <= b.to; minute += heatStep {
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
	a := r.facts.Attendance(start, start.Add(time.Duration(r.facts.Duration)*time.Minute))
	all := len(r.facts.People)
	c := heatCell{start: start, free: len(a.Free)}
	c.level = c.free * 5 / max(1, all)
	if c.level > 0 && !start.Before(r.facts.Now) {
		c.url = r.slotURL(start)
	}
	c.chosen = r.chosen != nil && r.chosen.start.Equal(start)
	return c
}
