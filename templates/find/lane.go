package find

import (
	"context"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"slotfinder/internal/locale"
)

// The cells of the board are written by hand, not by templ: there are hundreds,
// each a few numbers. Places are percentages in attributes: the content policy
// allows no style attribute, and without a viewBox the patterns keep their shape.

// drawing writes one SVG.
type drawing struct {
	strings.Builder
	day  *day
	rtl  bool
	lang *locale.Catalogue
}

func draw(d *day, f func(w *drawing)) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, out io.Writer) error {
		c := locale.From(ctx)
		w := &drawing{day: d, rtl: c.RTL, lang: c}
		w.Grow(1024)
		f(w)
		_, err := io.WriteString(out, w.String())
		return err
	})
}

// span writes the x and width attributes of [a, b); in right-to-left pages time
// runs to the left.
func (w *drawing) span(a, b int) {
	if w.rtl {
		a, b = w.day.width()-b, w.day.width()-a
	}
	w.WriteString(` x="`)
	w.percent(a)
	w.WriteString(`" width="`)
	w.percent(b - a)
	w.WriteString(`"`)
}

// passed writes the time that passes from the beginning of the day, where the clock does not
// tell it.
func (w *drawing) passed(from, till int) {
	if !w.day.even {
		w.WriteString(` data-since="` + strconv.Itoa(from) + `" data-till="` + strconv.Itoa(till) + `"`)
	}
}

// percent writes a share of the day with two decimals at most.
func (w *drawing) percent(minutes int) {
	hundredths := (minutes*10000 + w.day.width()/2) / w.day.width()
	w.WriteString(strconv.FormatFloat(float64(hundredths)/100, 'f', -1, 64))
	w.WriteByte('%')
}

func (w *drawing) clock(minutes int) string {
	return w.lang.Clock(w.day.from + minutes)
}

func (w *drawing) text(s string) { w.WriteString(templ.EscapeString(s)) }

// fills are the patterns of the kinds; they are attributes because an address
// inside a style sheet is taken relative to the sheet.
var fills = [...]string{`url(#outside)`, `url(#tentative)`, ``, `url(#away)`, `url(#unread)`}

// kindClasses are the classes of the kinds.
var kindClasses = [...]string{"outside", "tentative", "busy", "away", "unread"}

// lane shows when one person is not available, and says it in words.
func (r *Result) lane(ctx context.Context, d *day, person int) templ.Component {
	return draw(d, func(w *drawing) {
		w.WriteString(`<svg class="lane" aria-hidden="true">`)
		pieces := d.lanes[person]
		for kind := Outside; kind <= Unread; kind++ {
			w.kind(ctx, pieces, kind, false, len(r.people) <= mostNamed)
			w.kind(ctx, pieces, kind, true, len(r.people) <= mostNamed)
		}
		w.chosen()
		w.WriteString(`</svg><span class="sr-only">`)
		w.words(ctx, pieces)
		w.WriteString(`</span>`)
	})
}

// kind draws the pieces of one kind that the search allows or does not, with their times on
// hover when detailed.
func (w *drawing) kind(ctx context.Context, pieces []piece, kind Kind, allowed, detailed bool) {
	open := false
	for _, p := range pieces {
		if p.kind != kind || p.free != allowed {
			continue
		}
		if !open {
			w.WriteString(`<g class="` + kindClasses[kind])
			if allowed {
				w.WriteString(` allowed`)
			}
			w.WriteString(`"`)
			if fills[kind] != "" {
				w.WriteString(` fill="` + fills[kind] + `"`)
			}
			w.WriteString(`>`)
			open = true
		}
		w.WriteString(`<rect`)
		w.span(p.a, p.b)
		w.passed(p.from, p.till)
		if !detailed || kind == Outside {
			w.WriteString(`/>`)
			continue
		}
		w.WriteString(`><title>`)
		w.text(w.piece(ctx, p))
		w.WriteString(`</title></rect>`)
	}
	if open {
		w.WriteString(`</g>`)
	}
}

func (w *drawing) piece(ctx context.Context, p piece) string {
	times := w.clock(p.a) + "–" + w.clock(p.b)
	if !w.day.even {
		times = w.lang.TimeRange(w.day.after(p.from), w.day.after(p.till))
	}
	return p.kind.text(ctx) + " " + times
}

// words is the lane for those who don't see it.
func (w *drawing) words(ctx context.Context, pieces []piece) {
	any := false
	for _, p := range pieces {
		if p.kind == Outside {
			continue
		}
		if any {
			w.WriteString(", ")
		}
		any = true
		w.text(w.piece(ctx, p))
	}
	if !any {
		w.text(w.lang.T("kind.free"))
	}
}

// everyone is the step chart of how many are free, with what can be chosen.
func (r *Result) everyone(ctx context.Context, d *day) templ.Component {
	return draw(d, func(w *drawing) {
		w.WriteString(`<svg class="everyone">`)
		w.chart(d.steps, len(r.people), func(s step) { r.whoIsAway(ctx, w, s) })
		for _, b := range d.blocks {
			w.block(b, r.names(ctx, b.missing), r.greens(b, len(r.people)))
		}
		w.chosen()
		w.WriteString(`</svg>`)
		w.most(d.most, len(r.people))
	})
}

// together is the step chart of a folded group.
func (r *Result) together(d *day, g group) templ.Component {
	return draw(d, func(w *drawing) {
		steps, most := d.count(r.people, g.rows)
		w.WriteString(`<svg class="group-chart" aria-hidden="true">`)
		w.chart(steps, len(g.rows), func(step) {})
		w.chosen()
		w.WriteString(`</svg>`)
		w.most(most, len(g.rows))
	})
}

// chart draws steps; title may say more of one on hover.
func (w *drawing) chart(steps []step, all int, title func(step)) {
	w.WriteString(`<g class="curve">`)
	for _, s := range coarse(steps) {
		if s.free == 0 {
			continue
		}
		w.WriteString(`<rect`)
		w.span(s.a, s.b)
		height := s.free * 100 / all
		w.WriteString(` y="` + strconv.Itoa(100-height) + `%" height="` + strconv.Itoa(height) + `%">`)
		title(s)
		w.WriteString(`</rect>`)
	}
	w.WriteString(`</g>`)
}

// chosen is the band of the chosen slot.
func (w *drawing) chosen() {
	if w.day.chosen != nil {
		w.WriteString(`<rect class="chosen"`)
		w.span(w.day.chosen.a, w.day.chosen.b)
		w.passed(w.day.chosen.from, w.day.chosen.till)
		w.WriteString(`/>`)
	}
}

// most is a chart for those who don't see it.
func (w *drawing) most(free, all int) {
	w.WriteString(`<span class="sr-only">`)
	w.text(w.lang.N("board.at_most", free, "people", all))
	w.WriteString(`</span>`)
}

// whoIsAway names on hover who is not free during a step, if there are few people.
func (r *Result) whoIsAway(ctx context.Context, w *drawing, s step) {
	if len(r.people) > mostNamed || w.day.twice(s) {
		return
	}
	times := w.clock(s.a) + "–" + w.clock(s.b)
	var names []string
	for _, i := range w.day.away(s.a) {
		names = append(names, r.people[i].Isolated(ctx))
	}
	w.WriteString(`<title>`)
	if len(names) == 0 {
		w.text(times + ": " + w.lang.N("card.all", len(r.people)))
	} else {
		w.text(w.lang.T("board.not_free", "times", times, "names", strings.Join(names, ", ")))
	}
	w.WriteString(`</title>`)
}

// block is a link to a slot; without names those who would be missing. Its parts are as high
// as people are free and as green as their number is enough: two codes, of which either will do.
func (w *drawing) block(b block, without string, parts []green) {
	key := "board.almost_free"
	if b.everybody {
		key = "board.everyone_free"
	}
	label := w.lang.T(key, "times", w.lang.TimeRange(b.start, b.end), "day", w.lang.DayLong(w.day.noon))
	if without != "" {
		label = w.lang.T("board.without", "label", label, "names", without)
	}
	w.WriteString(`<a href="`)
	w.text(b.url)
	if b.everybody {
		w.WriteString(`" class="fits`)
	}
	w.WriteString(`" aria-label="`)
	w.text(label)
	w.WriteString(`"`)
	w.passed(minutes(b.start.Sub(w.day.start)), minutes(b.end.Sub(w.day.start)))
	w.WriteString(`>`)
	if !b.everybody {
		w.WriteString(`<rect class="near"`)
		w.span(b.a, b.b)
		w.WriteString(`/>`)
	}
	for _, p := range parts {
		w.WriteString(`<rect class="` + greenClasses[p.level] + `"`)
		w.span(p.a, p.b)
		w.WriteString(` y="` + strconv.Itoa(100-p.height) + `%" height="` + strconv.Itoa(p.height) + `%"/>`)
	}
	w.WriteString(`<title>`)
	w.text(label)
	w.WriteString(`</title></a>`)
}

// ticks writes hours over a column, on the clock of a zone.
func (r *Result) ticks(d *day, zone *time.Location) templ.Component {
	return draw(d, func(w *drawing) {
		hours := d.width() / 60
		every := 2
		switch {
		case len(r.board.days) == 1:
			every = 1 + hours/13
		case hours > 14 && len(r.board.days) > 3:
			every = 6
		case hours > 14:
			every = 4
		case hours > 9 || len(r.board.days) > 5:
			every = 3
		}
		w.WriteString(`<svg class="ticks" aria-hidden="true">`)
		for h := max(1, every/2); h < hours; h += every {
			w.tick(h, hours, d.instant(h*60).In(zone))
		}
		w.WriteString(`</svg>`)
	})
}

func (w *drawing) tick(h, hours int, t time.Time) {
	spare := 1
	if w.lang.ClockHours() == "12" {
		spare = 2
	}
	if t.Minute() != 0 && (h < spare || h > hours-1-spare) { // it would be cut off
		return
	}
	w.WriteString(`<text`)
	if t.Hour() < early/60 || t.Hour() >= late/60 {
		w.WriteString(` class="odd"`)
	}
	at := h * 60
	if w.rtl {
		at = w.day.width() - at
	}
	w.WriteString(` x="`)
	w.percent(at)
	w.WriteString(`" y="11">` + w.lang.Hour(t) + `</text>`)
}
