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

// changeStep is the grid of counts on a day whose clock changes, in minutes: however much it
// jumps, all starts lie on it.
const changeStep = 5

// counts are how many can come at each start of a day, where the page has no row for
// everybody; else "": the rows say it.
func (r *Result) counts(d *day) string {
	folded := slices.ContainsFunc(r.board.groups, func(g group) bool { return g.folded })
	if !folded && r.board.left == 0 {
		return ""
	}
	step := r.pointStep()
	if !d.even {
		step = changeStep
	}
	var counts []string
	for at := 0; !d.after(at + r.answer.Query.Duration).After(d.end); at += step {
		counts = append(counts, strconv.Itoa(r.free(r.missingAt(d.after(at)))))
	}
	return strings.Join(counts, " ")
}

// passing is what the script needs to know of how time passes on a day: when the part shown
// begins, in minutes of Unix time, and, if its clock changes, after how many minutes, by how
// many, and how far it is from UTC before and after.
func (d *day) passing() templ.Attributes {
	facts := templ.Attributes{"data-start": strconv.FormatInt(d.start.Unix()/60, 10)}
	if _, change := d.start.ZoneBounds(); !d.even && change.Before(d.end) {
		_, before := d.start.Zone()
		_, after := change.Zone()
		facts["data-change"], facts["data-jump"] = strconv.Itoa(minutes(change.Sub(d.start))), strconv.Itoa((after-before)/60)
		facts["data-before"], facts["data-after"] = locale.Offset(d.start), locale.Offset(change)
	}
	return facts
}

// absences are the words for why somebody can't come, strongest first.
func absences(ctx context.Context) string {
	var words []string
	for _, k := range []Kind{Unread, Away, Busy, Tentative, Outside} {
		words = append(words, k.text(ctx))
	}
	return strings.Join(words, "|")
}

// pointStep is the grid of the times that can be pointed at, in minutes: that of the search,
// or as many of its steps as can be hit.
func (r *Result) pointStep() int {
	step := max(r.answer.Query.Step, 1)
	return (max(step, 15) + step - 1) / step * step
}

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
