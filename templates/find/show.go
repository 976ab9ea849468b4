package find

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	"slotfinder/templates/part"
)

// summary is the question in a few words, for the button that opens the form on phones.
func (f Form) summary(ctx context.Context) string {
	return locale.N(ctx, "form.summary", len(f.People), "duration", part.Duration(ctx, f.number("dur", 60)))
}

// whoFault is the message beside the people picker, whichever parameter is wrong.
func (f Form) whoFault() string {
	for _, name := range []string{"who", "opt", "any", "me"} {
		if f.Errors[name] != "" {
			return f.Errors[name]
		}
	}
	return ""
}

// wrongField is a line of the summary of what is wrong.
type wrongField struct{ name, label, fault string }

// labels are the text keys of the fields' names, in the order of the form.
var labels = []wrongField{
	{name: "who", label: "form.who"},
	{name: "opt", label: "form.who"},
	{name: "any", label: "form.who"},
	{name: "me", label: "form.who"},
	{name: "dur", label: "form.how_long"},
	{name: "from", label: "form.from"},
	{name: "to", label: "form.to"},
	{name: "hours", label: "form.hours"},
	{name: "days", label: "form.days"},
	{name: "tz", label: "form.tz"},
	{name: "work", label: "form.work"},
	{name: "tentative", label: "form.tentative"},
	{name: "allday", label: "form.allday"},
	{name: "buffer", label: "form.buffer"},
	{name: "notice", label: "form.notice"},
	{name: "quorum", label: "form.quorum"},
	{name: "weeks", label: "form.weeks"},
	{name: "step", label: "form.step"},
}

// wrong lists the fields with a message, in the order of the form. One without a label
// is none of the form, but was in the address.
func (f Form) wrong() []wrongField {
	var list []wrongField
	for _, field := range labels {
		fault := f.Errors[field.name]
		if fault == "" {
			continue
		}
		field.fault = fault
		if field.label == "form.who" {
			field.name = "who"
		}
		list = append(list, field)
	}
	for _, name := range slices.Sorted(maps.Keys(f.Errors)) {
		if !slices.ContainsFunc(labels, func(l wrongField) bool { return l.name == name }) {
			list = append(list, wrongField{name: name, fault: f.Errors[name]}) // of a parameter that has no field
		}
	}
	return list
}

func (f Form) stepOptions(ctx context.Context) []part.Option {
	var options []part.Option
	for _, n := range f.steps() {
		options = append(options, part.Option{Value: strconv.Itoa(n), Label: locale.T(ctx, "duration.min", "m", n), Chosen: f.number("step", 15) == n})
	}
	return options
}

// place stands under a person's name on the board.
func place(ctx context.Context, p part.Person) string {
	if p.Unknown != "" {
		return p.WhyUnknown(ctx)
	}
	optional := ""
	if !p.Required && !p.Grouped { // some of a group must come
		optional = locale.T(ctx, "person.optional")
	}
	return part.JoinTexts(optional, locale.From(ctx).City(p.Zone))
}

func groupName(ctx context.Context, name string) string {
	if name == "" {
		return locale.T(ctx, "board.no_department")
	}
	return name
}

// names are the people on a clock, few by name and many by number.
func (c clock) names(ctx context.Context) string {
	if len(c.people) > mostNames {
		return locale.N(ctx, "list.people", len(c.people))
	}
	var names []string
	for _, p := range c.people {
		names = append(names, p.Isolated(ctx))
	}
	return strings.Join(names, ", ")
}

// dayNote says when a clock shows another day than the viewer's.
func (c clock) dayNote(ctx context.Context, viewer time.Time) string {
	if c.start.Format(time.DateOnly) == viewer.Format(time.DateOnly) {
		return ""
	}
	return locale.From(ctx).DayMonth(c.start)
}

func (r *Result) cardsLabel(ctx context.Context) string {
	if len(r.answer.Found.Slots) == 0 {
		return locale.T(ctx, "cards.near")
	}
	return locale.T(ctx, "cards.best")
}

func (r *Result) bestTag(ctx context.Context) string {
	if len(r.answer.Found.Slots) == 0 {
		return locale.T(ctx, "card.closest")
	}
	return locale.T(ctx, "card.best")
}

// noWeek reports whether no weekly time suits in any week.
func (r *Result) noWeek() bool {
	return len(r.answer.Found.Series) > 0 && r.answer.Found.Series[0].OK == 0
}

// nearest are the weekly times that come closest when none suits in any week.
func (r *Result) nearest() []meet.Series {
	return r.answer.Found.Series[:min(nearSeries, len(r.answer.Found.Series))]
}

// keptAway says in how many weeks each required person is missing whom a series lacks.
func (r *Result) keptAway(ctx context.Context, s meet.Series) string {
	weeks := map[int64]int{}
	for _, m := range s.Misses {
		for _, id := range m.Busy {
			weeks[id]++
		}
	}
	ids := slices.SortedFunc(maps.Keys(weeks), func(a, b int64) int { return cmp.Or(weeks[b]-weeks[a], cmp.Compare(a, b)) })
	var texts []string
	for _, id := range ids[:min(mostListed, len(ids))] {
		texts = append(texts, locale.N(ctx, "series.missing", weeks[id], "name", r.call(ctx, id)))
	}
	if left := len(ids) - mostListed; left > 0 {
		texts = append(texts, locale.N(ctx, "chosen.more", left))
	}
	return strings.Join(texts, " · ")
}
