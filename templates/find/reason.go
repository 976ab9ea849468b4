package find

import (
	"context"
	"slices"
	"strings"
	"time"

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
	if n := len(missing); n == 1 || n == 2 {
		return locale.T(ctx, "card.without", "free", r.free(missing), "people", len(r.people), "names", r.names(ctx, missing))
	}
	return r.attending(ctx, missing)
}

// standing says how many of a group can come to the chosen slot.
func (r *Result) standing(ctx context.Context, g group) string {
	if r.chosen == nil {
		return locale.N(ctx, "list.people", len(g.rows))
	}
	return locale.T(ctx, "card.some", "free", r.come(g), "people", len(g.rows))
}

// remark is the last line of a card: what distinguishes it from the others, "" for nothing.
func (r *Result) remark(ctx context.Context, k card) string {
	c, on := locale.From(ctx), k.remark
	whom := r.person(on.For)
	values := []any{"name", r.call(ctx, on.For), "time", c.Clock(9 * 60)}
	key := "remark." + string(on.Reason)
	switch on.Reason {
	case "early_for", "late_for", "edge_for":
		local := k.start.In(whom.Zone)
		if local.Format(time.TimeOnly) == k.start.Format(time.TimeOnly) {
			return r.reason(ctx, on.Reason, on.For)
		}
		key, values = "remark.edge_for", []any{"name", r.call(ctx, on.For), "time", c.Time(local)}
	case "tentative", "lunch", "no_break", "short_notice":
		if on.For == 0 {
			return r.reason(ctx, on.Reason, 0)
		}
	case "before_lunch":
		if on.For == 0 {
			key += "_all"
		}
	default: // its text needs nothing else
	}
	if whom.Me && c.Has(key+"_you") {
		key += "_you"
	}
	if !c.Has(key) {
		return ""
	}
	return c.T(key, values...)
}

// call is the name of a person as it stands in a sentence.
func (r *Result) call(ctx context.Context, id int64) string {
	if name := r.called[id]; name != "" {
		return locale.Isolate(name)
	}
	return r.person(id).Isolated(ctx)
}

// unsaid are the reasons that the number of free people, or who they are, says already.
var unsaid = []meet.Reason{"all_free", "missing_required", "keeps_focus"}

// leastFocus is the loss of focus time, in minutes, from which it is told.
const leastFocus = 30

// reasons says in one line what is against the chosen slot, whom it concerns and how much;
// "" of one that is no offer.
func (r *Result) reasons(ctx context.Context, c *chosen) string {
	var texts []string
	for _, reason := range c.Reasons {
		text := r.cost(ctx, reason, c.burdens)
		if text == "" && !slices.Contains(unsaid, reason) {
			text = r.reason(ctx, reason, c.For)
		}
		if text != "" {
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, " · ")
}

// cost says who bears one kind of burden, and how much; "" for nobody.
func (r *Result) cost(ctx context.Context, reason meet.Reason, burdens []meet.Burden) string {
	var names []string
	for _, b := range burdens {
		if b.Reason != reason || reason == "breaks_focus" && b.Minutes < leastFocus {
			continue
		}
		name := r.call(ctx, b.Person)
		if b.Minutes > 0 && reason != "lunch" {
			name = locale.T(ctx, "cost.of", "name", name, "duration", part.Duration(ctx, b.Minutes))
		}
		names = append(names, name)
	}
	if left := len(names) - mostListed; left > 1 {
		names = append(names[:mostListed], locale.N(ctx, "chosen.more", left))
	}
	if key := "cost." + string(reason); len(names) > 0 && locale.From(ctx).Has(key) {
		return locale.T(ctx, key, "names", strings.Join(names, ", "))
	}
	return ""
}

// reason is the text of one reason; whom is the person it speaks of.
func (r *Result) reason(ctx context.Context, reason meet.Reason, whom int64) string {
	key, c := "reason."+string(reason), locale.From(ctx)
	switch p := r.person(whom); {
	case p.Me && c.Has(key+"_you"):
		return c.T(key + "_you")
	case c.Has(key):
		return c.T(key, "name", r.call(ctx, whom))
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

// hardship says for whom of these people a time is early or late, "" for nobody.
func (r *Result) hardship(ctx context.Context, s civil.Span, people []int64) string {
	var t meet.Turn
	for _, id := range people {
		zone := r.person(id).Zone
		if zone == nil {
			continue
		}
		start, end := s.In(zone)
		switch c := newClock(zone, start, end); {
		case c.early:
			t.Early = append(t.Early, id)
		case c.late:
			t.Late = append(t.Late, id)
		}
	}
	if len(t.Early)+len(t.Late) == 0 {
		return ""
	}
	return r.burden(ctx, t)
}
