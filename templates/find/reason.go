package find

import (
	"context"
	"slices"
	"strings"

	"slotfinder/internal/civil"
	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	"slotfinder/templates/part"
)

// mostListed is how many people are named in one line.
const mostListed = 6

// why says in one line why there is nothing to choose from, "" when there is.
func (r *Result) why(ctx context.Context) string {
	key, c := "why."+string(r.answer.Found.Why), locale.From(ctx)
	if r.answer.Found.Why == "" || !c.Has(key) {
		return ""
	}
	return c.T(key, "duration", part.Duration(ctx, r.answer.Query.Duration), "step", part.Duration(ctx, r.answer.Query.Step),
		"from", c.Clock(r.answer.Query.Hours.Start), "to", c.Clock(r.answer.Query.Hours.End), "quorum", r.answer.Query.Quorum)
}

// standingOf says in a few words who can come to a slot.
func (r *Result) standingOf(ctx context.Context, missing []meet.Verdict) string {
	asked, free := len(r.people), r.free(missing)
	switch {
	case len(missing) == 0:
		return locale.N(ctx, "card.all", asked)
	case len(missing) <= 2:
		return locale.T(ctx, "card.without", "free", free, "people", asked, "names", r.names(ctx, missing))
	default:
		return locale.T(ctx, "card.some", "free", free, "people", asked)
	}
}

// standing says how many of a group can come to the chosen slot.
func (r *Result) standing(ctx context.Context, g group) string {
	if r.chosen == nil {
		return locale.N(ctx, "list.people", len(g.rows))
	}
	return locale.T(ctx, "card.some", "free", r.come(g), "people", len(g.rows))
}

// unsaid are the reasons that the number of free people says already.
var unsaid = []meet.Reason{"all_free", "missing_required"}

// reasons says in one line what the engine holds for and against a slot, beside
// how many can come. Advantages are named only when nothing is against the
// slot.
func (r *Result) reasons(ctx context.Context, s meet.Slot) string {
	var texts []string
	for _, reason := range s.Reasons {
		if text := r.reason(ctx, reason, s.For); text != "" && !slices.Contains(unsaid, reason) && reason != "keeps_focus" {
			texts = append(texts, text)
		}
	}
	if len(texts) == 0 && slices.Contains(s.Reasons, "keeps_focus") {
		return r.reason(ctx, "keeps_focus", 0)
	}
	return strings.Join(texts, " · ")
}

// reason is the text of one reason; whom is the person it speaks of.
func (r *Result) reason(ctx context.Context, reason meet.Reason, whom int64) string {
	key, c := "reason."+string(reason), locale.From(ctx)
	switch p := r.person(whom); {
	case p.Me && c.Has(key+"_you"):
		return c.T(key + "_you")
	case c.Has(key):
		return c.T(key, "name", p.Label(ctx))
	}
	return ""
}

// rules are the kinds of the engine's rules by which somebody can't come.
var rules = map[meet.Reason]Kind{
	"unknown": Unread, "absent": Away, "all_day": Busy, "busy": Busy, "tentative": Tentative,
	"buffer": Busy, "holiday": Outside, "outside": Outside,
}

// rule says why somebody can't come.
func (r *Result) rule(ctx context.Context, m meet.Verdict) string {
	if p := r.person(m.Person); p.Unknown != "" {
		return p.WhyUnknown(ctx)
	}
	return ruleText(ctx, string(m.Rule))
}

// ruleText is the text of a rule of the engine, "" for one without.
func ruleText(ctx context.Context, rule string) string {
	if key := "rule." + rule; locale.From(ctx).Has(key) {
		return locale.T(ctx, key)
	}
	return ""
}

// names lists people by their names.
func (r *Result) names(ctx context.Context, missing []meet.Verdict) string {
	var names []string
	for _, m := range missing {
		names = append(names, r.person(m.Person).Isolated(ctx))
	}
	return strings.Join(names, ", ")
}

// named lists the first people by their names and counts the others.
func (r *Result) named(ctx context.Context, ids []int64) string {
	var names []string
	for i, id := range ids {
		if i == mostListed && len(ids) > mostListed+1 {
			names = append(names, locale.N(ctx, "chosen.more", len(ids)-i))
			break
		}
		names = append(names, r.person(id).Isolated(ctx))
	}
	return strings.Join(names, ", ")
}

// when writes a day and time of the viewer.
func (r *Result) when(ctx context.Context, s civil.Span) string {
	c := locale.From(ctx)
	start, end := s.In(r.zone)
	return c.DayShort(start) + " " + c.TimeRange(start, end)
}

// burden says for whom a week of a rotation is early or late.
func (r *Result) burden(ctx context.Context, t meet.Turn) string {
	var texts []string
	if len(t.Early) > 0 {
		texts = append(texts, locale.T(ctx, "reason.early_for", "name", r.named(ctx, t.Early)))
	}
	if len(t.Late) > 0 {
		texts = append(texts, locale.T(ctx, "reason.late_for", "name", r.named(ctx, t.Late)))
	}
	if len(texts) == 0 {
		return locale.T(ctx, "rotation.nobody")
	}
	return strings.Join(texts, " · ")
}

// relaxation is the text of the link that applies a change or a pair of changes.
func (r *Result) relaxation(ctx context.Context, x meet.Relaxation) string {
	first := r.change(ctx, x, x.Change, x.Person)
	if x.With == "" {
		return locale.N(ctx, "relax.one", x.Slots, "change", first)
	}
	return locale.N(ctx, "relax.pair", x.Slots, "change", first, "with", r.change(ctx, x, x.With, x.WithPerson))
}

// change says what one change of a relaxation does.
func (r *Result) change(ctx context.Context, x meet.Relaxation, change meet.Change, person int64) string {
	c := locale.From(ctx)
	key, q := "change."+string(change), x.Query
	switch change {
	case "make_optional":
		return c.T(key, "name", r.person(person).Label(ctx))
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
