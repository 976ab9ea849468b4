package page

import (
	"context"
	"strconv"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/locale"
	"slotfinder/templates/part"
)

// ISO is an instant as the datetime attribute has it.
func iso(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

func itoa(n int) string { return strconv.Itoa(n) }

func id(n int64) string { return strconv.FormatInt(n, 10) }

func (p Person) face() part.Face { return part.Face{ID: p.ID, Name: p.Name, Photo: p.Photo} }

// name is the person's name; people whom the portal does not know have only a number.
func (p Person) name(ctx context.Context) string {
	if p.Name == "" {
		return locale.T(ctx, "person.unnamed", "id", id(p.ID))
	}
	return p.Name
}

// said is the name as it stands in a sentence or beside other names.
func (p Person) said(ctx context.Context) string { return locale.Isolate(p.name(ctx)) }

// duration writes minutes as "45 min" or "1 h 30 min".
func duration(ctx context.Context, minutes int) string {
	h, m := minutes/60, minutes%60
	switch {
	case h == 0 || minutes <= 90:
		return locale.T(ctx, "duration.min", "m", minutes)
	case m == 0:
		return locale.T(ctx, "duration.h", "h", h)
	default:
		return locale.T(ctx, "duration.hm", "h", h, "m", m)
	}
}

// kindKeys are the text keys of the kinds.
var kindKeys = [...]string{"kind.outside", "kind.tentative", "kind.busy", "kind.away", "kind.unknown"}

func (k Kind) text(ctx context.Context) string { return locale.T(ctx, kindKeys[k]) }

// heading states the answer.
func (r *Result) heading(ctx context.Context) string {
	asked, slots := len(r.facts.People), len(r.facts.Slots)
	switch {
	case slots > 0 && r.facts.Quorum > 0:
		return locale.N(ctx, "find.heading.quorum", slots, "quorum", max(r.facts.Quorum, r.required()), "people", asked)
	case slots > 0:
		return locale.N(ctx, headings[r.audience()].some, slots, "people", r.wanted(ctx))
	case len(r.requiredUnread()) > 0:
		return locale.N(ctx, "find.heading.unread", len(r.requiredUnread()))
	case len(r.facts.Near) == 0:
		return locale.T(ctx, "find.heading.nothing")
	default:
		return locale.T(ctx, headings[r.audience()].none, "people", r.wanted(ctx))
	}
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
	switch asked := r.facts.People; {
	case len(asked) != 1:
		return severalPeople
	case asked[0].Me:
		return theReader
	default:
		return onePerson
	}
}

// headings are the text keys of the answer by audience: when there are times, and when
// there are none.
var headings = [...]struct{ some, none string }{
	severalPeople: {"find.heading.all", "find.heading.near"},
	onePerson:     {"find.heading.one", "find.heading.near_one"},
	theReader:     {"find.heading.you", "find.heading.near_you"},
}

// wanted names those who must be there, as those whom a time suits.
func (r *Result) wanted(ctx context.Context) string {
	switch asked := len(r.facts.People); {
	case asked == 1:
		return r.facts.People[0].said(ctx)
	case r.required() < asked:
		return locale.N(ctx, "find.required_people", r.required())
	default:
		return locale.N(ctx, "find.all_people", asked)
	}
}

func (r *Result) requiredUnread() []Person {
	var list []Person
	for _, p := range r.unread {
		if p.Required {
			list = append(list, p)
		}
	}
	return list
}

// subtitle repeats the question in the reader's language.
func (r *Result) subtitle(ctx context.Context) string {
	return locale.T(ctx, "find.subtitle", "duration", duration(ctx, r.facts.Duration),
		"days", r.days(ctx), "zone", ZoneLabel(locale.From(ctx), r.facts.Zone, civil.NoonOf(r.facts.From, r.facts.Zone)))
}

// days is the range asked for.
func (r *Result) days(ctx context.Context) string {
	return locale.From(ctx).DayRange(r.facts.From.In(r.facts.Zone), r.facts.To.In(r.facts.Zone))
}

func (r *Result) person(id int64) Person {
	if p, ok := r.people[id]; ok {
		return p
	}
	return Person{ID: id}
}

// unknown says why a calendar could not be read.
func (p Person) unknown(ctx context.Context) string {
	key := "unknown." + p.Unknown
	if !locale.From(ctx).Has(key) {
		key = "unknown.unreadable"
	}
	return locale.T(ctx, key)
}

// why says why somebody is not asked.
func (o Outsider) why(ctx context.Context) string {
	key := "left." + o.Why
	if !locale.From(ctx).Has(key) {
		key = "left.unknown"
	}
	return locale.T(ctx, key)
}

// key is the error's text key, that of an internal error when there is no such text.
func (v ErrorView) key(ctx context.Context) string {
	if !locale.From(ctx).Has(v.Key) {
		return "error.internal"
	}
	return v.Key
}

func (v ErrorView) headline(ctx context.Context) string {
	return locale.T(ctx, v.key(ctx))
}

func (v ErrorView) next(ctx context.Context) string {
	return locale.T(ctx, v.key(ctx)+".next")
}
