package find

import (
	"context"

	"slotfinder/internal/civil"
	"slotfinder/internal/locale"
	"slotfinder/templates/part"
)

// openings counts longest stretches in which the meeting fits at every moment, and their
// minutes. People count these, not the starts that lie in them.
type openings struct{ number, minutes int }

// text writes them as "2 openings, 3 h in all".
func (o openings) text(ctx context.Context) string {
	if o.number == 0 {
		return locale.T(ctx, "openings.none")
	}
	return locale.N(ctx, "openings.some", o.number, "length", length(ctx, o.minutes))
}

// level is how good a day is, from 0 = nothing fits to 3 = more than two hours are open.
func (o openings) level() int { return min(3, (o.minutes+59)/60) }

// length writes minutes as people say them: hours as soon as there is one.
func length(ctx context.Context, minutes int) string {
	if minutes%60 == 0 {
		return locale.T(ctx, "duration.h", "h", minutes/60)
	}
	if minutes < 60 {
		return part.Duration(ctx, minutes)
	}
	return locale.T(ctx, "duration.hm", "h", minutes/60, "m", minutes%60)
}

// countOpenings counts the openings, in all and day by day. One that runs over midnight
// is one in all, and one of each day that it touches. Without a start on the grid it is
// none: nobody could choose it.
func (r *Result) countOpenings() {
	r.openDays = map[civil.Date]openings{}
	for _, w := range r.answer.Found.Windows {
		if _, ok := r.firstSlot(w); !ok {
			continue
		}
		r.open.add(w)
		for day := civil.DateIn(r.zone, w.Start); day.Midnight(r.zone) < w.End; day = day.Add(1) {
			o := r.openDays[day]
			o.add(w.Clip(civil.Span{Start: day.Midnight(r.zone), End: day.Add(1).Midnight(r.zone)}))
			r.openDays[day] = o
		}
	}
}

func (o *openings) add(s civil.Span) {
	o.number++
	o.minutes += int(s.Len())
}

func (r *Result) openOn(d *day) openings { return r.openDays[civil.DateOf(d.noon)] }
