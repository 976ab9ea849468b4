package find

import (
	"cmp"
	"context"
	"strings"

	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	"slotfinder/templates/part"
)

// heading states the answer.
func (r *Result) heading(ctx context.Context) string {
	switch {
	case r.answer.Query.Weeks > 1 && len(r.answer.Found.Series) > 0 && !r.noWeek():
		return r.seriesHeading(ctx)
	case r.open.number > 0:
		return locale.N(ctx, "find.heading.openings", r.open.number, "length", length(ctx, r.open.minutes))
	case len(r.requiredUnread()) > 0:
		return locale.N(ctx, "find.heading.unread", len(r.requiredUnread()))
	case len(r.answer.Found.Near) == 0:
		return locale.T(ctx, "find.heading.nothing")
	default:
		return locale.T(ctx, headings[r.audience()], "people", r.wanted(ctx))
	}
}

// seriesHeading is the best weekly time, and in how many weeks it suits.
func (r *Result) seriesHeading(ctx context.Context) string {
	best := r.answer.Found.Series[0]
	start, end := best.In(r.zone)
	c := locale.From(ctx)
	return "*" + c.WeekdayLong(start.Weekday()) + " " + c.TimeRange(start, end) + "* · " + c.N("series.ok", best.Weeks, "ok", best.OK)
}

// audience is who is asked about: most languages must say it differently of several
// people, of the reader, and of somebody by name, whom they can't decline.
type audience uint8

const (
	severalPeople audience = iota
	onePerson
	theReader
)

func (r *Result) audience() audience {
	switch asked := r.people; {
	case len(asked) != 1:
		return severalPeople
	case asked[0].Me:
		return theReader
	default:
		return onePerson
	}
}

// headings are the text keys of the answer by audience when nothing fits.
var headings = [...]string{
	severalPeople: "find.heading.near", onePerson: "find.heading.near_one", theReader: "find.heading.near_you",
}

// wanted names those who must be there, as those whom a time suits.
func (r *Result) wanted(ctx context.Context) string {
	switch asked := len(r.people); {
	case asked == 1:
		return r.people[0].Isolated(ctx)
	case len(r.groups) > 0:
		return r.wantedOfGroups(ctx)
	case r.required() < asked:
		return locale.N(ctx, "find.required_people", r.required())
	default:
		return locale.N(ctx, "find.all_people", asked)
	}
}

// mostGroups is how many groups a heading names.
const mostGroups = 3

// wantedOfGroups names those who must be there beside the groups of whom some must.
func (r *Result) wantedOfGroups(ctx context.Context) string {
	var texts []string
	if n := r.required(); n > 0 {
		texts = append(texts, locale.N(ctx, "find.required_people", n))
	}
	for _, group := range r.groups[:min(len(r.groups), mostGroups)] {
		texts = append(texts, r.someOf(ctx, group))
	}
	if left := len(r.groups) - mostGroups; left > 0 {
		texts = append(texts, locale.N(ctx, "chosen.more", left))
	}
	return strings.Join(texts, ", ")
}

func (r *Result) someOf(ctx context.Context, group anyOf) string {
	return locale.T(ctx, "find.some_of", "n", group.count, "names", cmp.Or(group.audience, group.names(ctx)))
}

func (r *Result) requiredUnread() []part.Person {
	var list []part.Person
	for _, p := range r.unread {
		if p.Required {
			list = append(list, p)
		}
	}
	return list
}

// subtitle repeats the question in the reader's language.
func (r *Result) subtitle(ctx context.Context) string {
	return locale.T(ctx, "find.subtitle", "duration", part.Duration(ctx, r.answer.Query.Duration), "who", r.who(ctx),
		"days", r.days(ctx), "zone", part.ZoneLabel(locale.From(ctx), r.zone, r.answer.Query.From.Noon(r.zone)))
}

// who says how many must come and may come, and of which groups some must.
func (r *Result) who(ctx context.Context) string {
	required, optional := r.required(), 0
	for _, p := range r.people {
		if !p.Required && !p.Grouped {
			optional++
		}
	}
	var texts []string
	switch {
	case r.answer.Query.Quorum > 0:
		texts = append(texts, locale.T(ctx, "find.quorum", "quorum", max(r.answer.Query.Quorum, required), "people", len(r.people)))
	case optional > 0:
		texts = append(texts, locale.T(ctx, "find.asked", "required", required, "optional", optional))
	case required > 0:
		texts = append(texts, locale.N(ctx, "list.people", required))
	}
	for _, group := range r.groups {
		texts = append(texts, r.someOf(ctx, group))
	}
	return strings.Join(texts, ", ")
}

// days is the range asked for.
func (r *Result) days(ctx context.Context) string {
	return locale.From(ctx).DayRange(r.answer.Query.From.Noon(r.zone), r.answer.Query.To.Noon(r.zone))
}

func (r *Result) person(id int64) part.Person {
	if p, ok := r.byID[id]; ok {
		return p
	}
	return unnamed(id)
}

// unnamed is somebody of whom only the id is known.
func unnamed(id int64) part.Person {
	return part.Person{Attendee: meet.Attendee{Person: meet.Person{ID: id}}}
}
