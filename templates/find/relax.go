package find

import (
	"context"

	"slotfinder/internal/civil"
	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	"slotfinder/templates/part"
)

// helps reports whether there is something to say of changes that would help.
func (r *Result) helps() bool {
	return len(r.answer.Relax)+len(r.answer.Split) > 0 || r.cut("relax") || r.cut("split")
}

// relaxed are the changes that are shown, the single ones or the pairs.
func (r *Result) relaxed(pairs bool) (list []meet.Relaxation) {
	for _, x := range r.answer.Relax[:min(len(r.answer.Relax), mostRelaxed)] {
		if (x.With != "") == pairs {
			list = append(list, x)
		}
	}
	return list
}

// longest is the change to the longest meeting that fits, with its first time.
func (r *Result) longest() (x meet.Relaxation, first civil.Span, ok bool) {
	if r.answer.Found.Why != "no_common_time" {
		return x, first, false
	}
	for _, x := range r.answer.Relax {
		if x.Change == "shorter" && x.With == "" && len(x.Windows) > 0 {
			return x, x.Windows[0], true
		}
	}
	return x, first, false
}

// openingURL searches with a change applied, with the beginning of an opening chosen.
func openingURL(x meet.Relaxation, at civil.Span) string {
	return Choice{Slot: at.Start.Time()}.Append(x.Query.Values().Encode())
}

// openingsOf counts openings.
func openingsOf(windows []civil.Span) (o openings) {
	for _, w := range windows {
		o.add(w)
	}
	return o
}

// relaxation says what a change or a pair of changes does.
func (r *Result) relaxation(ctx context.Context, x meet.Relaxation) string {
	first := r.change(ctx, x, x.Change, x.Person)
	if x.With == "" {
		return first
	}
	return locale.T(ctx, "relax.pair", "change", first, "with", r.change(ctx, x, x.With, x.WithPerson))
}

// change says what one change of a relaxation does.
func (r *Result) change(ctx context.Context, x meet.Relaxation, change meet.Change, person int64) string {
	c := locale.From(ctx)
	key, q := "change."+string(change), x.Query
	switch change {
	case "make_optional", "remove":
		if r.person(person).Me {
			return c.T("change.make_optional_you")
		}
		return c.T(key, "name", r.call(ctx, person))
	case "shorter":
		return c.T(key, "duration", part.Duration(ctx, q.Duration))
	case "wider_hours":
		return c.T(key, "from", c.Clock(q.Hours.Start), "to", c.Clock(q.Hours.End))
	case "later_range":
		return c.T(key, "days", c.DayRange(q.From.Noon(q.Zone), q.To.Noon(q.Zone)))
	case "ignore_tentative", "ignore_allday", "ignore_work_hours":
		return c.T(key)
	}
	return c.T("change.other")
}

// price says in one line what a change or a pair of changes costs, "" for nothing that
// its name doesn't say.
func (r *Result) price(ctx context.Context, x meet.Relaxation) string {
	first := r.priceOf(ctx, x, x.Change, x.Person)
	if x.With == "" {
		return first
	}
	return part.JoinTexts(first, r.priceOf(ctx, x, x.With, x.WithPerson))
}

func (r *Result) priceOf(ctx context.Context, x meet.Relaxation, change meet.Change, person int64) string {
	c, q := locale.From(ctx), r.answer.Query
	switch change {
	case "make_optional", "remove":
		return r.priceOfLeaving(ctx, x, person)
	case "shorter":
		return c.T("price.shorter", "duration", part.Duration(ctx, q.Duration))
	case "wider_hours":
		return c.T("price.wider_hours", "from", c.Clock(q.Hours.Start), "to", c.Clock(q.Hours.End))
	case "ignore_tentative":
		return r.priceOfEvents(ctx, x, "price.ignore_tentative", meet.StateUnsure)
	case "ignore_allday":
		return r.priceOfEvents(ctx, x, "price.ignore_allday", meet.StateWholeDay)
	case "ignore_work_hours":
		return c.T("price.ignore_work_hours")
	case "later_range": // its days are its price
		return ""
	}
	return ""
}

// priceOfLeaving says why somebody can't come, and in a pair who it is.
func (r *Result) priceOfLeaving(ctx context.Context, x meet.Relaxation, person int64) string {
	why := r.hindrance(ctx, r.person(person), x.Windows)
	if x.With == "" || why == "" {
		return why
	}
	return r.call(ctx, person) + ": " + why
}

// priceOfEvents names those whose events of a kind would no longer count.
func (r *Result) priceOfEvents(ctx context.Context, x meet.Relaxation, key string, kind meet.State) string {
	var ids []int64
	for i, p := range r.people {
		if p.Unknown == "" && r.stateIn(i, x.Windows)&kind != 0 {
			ids = append(ids, p.ID)
		}
	}
	if len(ids) == 0 {
		return ""
	}
	return locale.T(ctx, key, "names", r.callAll(ctx, ids))
}

// changeIcons are the pictures of changes.
var changeIcons = map[meet.Change]string{
	"make_optional": "person", "remove": "cross", "shorter": "clock", "wider_hours": "clock", "later_range": "slots",
	"ignore_tentative": "check", "ignore_allday": "check", "ignore_work_hours": "earth",
}

func changeIcon(c meet.Change) string {
	if icon := changeIcons[c]; icon != "" {
		return icon
	}
	return "repeat"
}
