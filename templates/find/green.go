package find

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"slotfinder/internal/locale"
)

// level says for whom a time that fits is enough.
type level uint8

const (
	everyoneComes level = iota // optional people, too
	requiredCome
	enoughCome // of a quorum or of groups
)

// greenClasses and greenKeys are the classes and text keys of the levels.
var (
	greenClasses = [...]string{
		"fits-all", "fits-required", "fits-enough",
	}
	greenKeys = [...]string{"legend.everyone", "legend.required", "legend.enough"}
)

// green is a part of a block: how high it is, in percent, and how green.
type green struct {
	a, b, height int
	level        level
}

// greens are the parts of a block as they are drawn.
func (r *Result) greens(b block, people int) (parts []green) {
	for _, s := range b.parts {
		parts = append(parts, green{s.a, s.b, s.free * 100 / max(people, 1), r.level(s.free)})
	}
	return parts
}

// level is that of a fitting time at which so many are free.
func (r *Result) level(free int) level {
	switch {
	case free == len(r.people):
		return everyoneComes
	case r.someAreEnough():
		return enoughCome
	}
	return requiredCome
}

// someAreEnough reports whether not all of the people who are no optional ones must come.
func (r *Result) someAreEnough() bool {
	return r.answer.Query.Quorum > 0 || len(r.answer.Query.Any) > 0
}

// levels are those that the answer has on the days shown, for the legend.
func (r *Result) levels() (levels []level) {
	for _, d := range r.board.days {
		for _, b := range d.blocks {
			for _, s := range b.parts {
				levels = append(levels, r.level(s.free))
			}
		}
	}
	slices.Sort(levels)
	return slices.Compact(levels)
}

// nearly reports whether the days shown have blocks at which almost everybody can.
func (r *Result) nearly() bool {
	return slices.ContainsFunc(r.board.days, func(d *day) bool {
		return slices.ContainsFunc(d.blocks, func(b block) bool { return !b.everybody })
	})
}

// green says what a green means.
func (r *Result) green(ctx context.Context, l level) string {
	if l == enoughCome && r.answer.Query.Quorum > 0 {
		return locale.N(ctx, "legend.quorum", max(r.answer.Query.Quorum, r.required()))
	}
	return locale.T(ctx, greenKeys[l])
}

// kinds are those that the days shown have, and so the legend.
func (r *Result) kinds() []Kind {
	seen := map[Kind]bool{}
	for _, d := range r.board.days {
		for _, lane := range d.lanes {
			for _, p := range lane {
				seen[p.kind] = true
			}
		}
	}
	var kinds []Kind
	for _, k := range []Kind{Busy, Tentative, Away, Outside, Unread} {
		if seen[k] {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// counts are how many can come at each start of a day, where the page has no row for
// everybody; else "": the rows say it.
func (r *Result) counts(d *day) string {
	folded := slices.ContainsFunc(r.board.groups, func(g group) bool { return g.folded })
	if !folded && r.board.left == 0 || !d.even {
		return ""
	}
	var counts []string
	for at := 0; at+r.answer.Query.Duration <= d.width(); at += r.pointStep() {
		start := d.after(at)
		missing := r.answer.Verdicts(start, start.Add(time.Duration(r.answer.Query.Duration)*time.Minute))
		counts = append(counts, strconv.Itoa(r.free(missing)))
	}
	return strings.Join(counts, " ")
}

// begins is when the shown part of a day begins, in minutes of Unix time; "" when its
// clock changes, so that places on it can't be counted from there.
func (d *day) begins() string {
	if !d.even {
		return ""
	}
	return strconv.FormatInt(d.start.Unix()/60, 10)
}

// absences are the words for why somebody can't come, strongest first.
func absences(ctx context.Context) string {
	var words []string
	for _, k := range []Kind{Unread, Away, Busy, Tentative, Outside} {
		words = append(words, k.text(ctx))
	}
	return strings.Join(words, "|")
}

// pointStep is the grid of the times that can be pointed at, in minutes. A finer one could
// not be hit.
func (r *Result) pointStep() int { return max(r.answer.Query.Step, 15) }

// pointing says what the script says of a time: {names} and {free} stay in the texts.
func (r *Result) pointing(ctx context.Context) templ.Attributes {
	people := len(r.people)
	return templ.Attributes{
		"data-first": strconv.Itoa(r.board.from), "data-last": strconv.Itoa(r.board.to),
		"data-length": strconv.Itoa(r.answer.Query.Duration), "data-step": strconv.Itoa(r.pointStep()),
		"data-now": strconv.FormatInt(r.answer.AsOf.Unix()/60, 10), "data-url": r.slotURL(time.Time{}),
		"data-people": strconv.Itoa(people), "data-kinds": absences(ctx), "data-clock": locale.From(ctx).ClockPatterns(),
		"data-all": locale.N(ctx, "card.all", people), "data-without": locale.T(ctx, "board.lacking", "names", "{names}"),
		"data-some": locale.T(ctx, "card.some", "free", "{free}", "people", people),
	}
}
