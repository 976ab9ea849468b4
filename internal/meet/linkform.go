package meet

import (
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"slotfinder/internal/sweep"
)

// The bounds of a link. They keep one form from becoming a load on the database
// and one link from becoming a load on the portal.
const (
	MaxTitle    = 120  // characters
	MaxNote     = 1000 // characters
	MaxPicks    = 200
	MaxLinkDays = 366 // how long a link may live, in days
	MaxKey      = 100 // bytes

	rollingLife = 90 // how long a rolling link lives unless told otherwise, in days
)

// LinkForm is a link as its owner wants it: the parameters of a query and
//
//	title, note     texts, each of one line
//	rolling         "the next N days, always", instead of from and to
//	pick            a start (RFC 3339), repeatable: of the free times only these
//	show            names, number or nothing
//	mode, uses      view; 0 or 1
//	expires         the last day (YYYY-MM-DD in tz) or a number of days
//	key             a form's own name: sent twice, it makes one link
type LinkForm struct {
	Query       Query
	Title, Note string
	Rolling     int // days, 0 = fixed
	Starts      []time.Time
	Show        Show
	Mode        Mode
	Uses        int
	Expires     Expiry
	Key         string
}

// Expiry is the last day of a link: a date, or so many days from today. The zero
// Expiry is the one that suits the link.
type Expiry struct {
	Date sweep.Date
	Days int
}

// ParseLink reads a link from form values as ParseQuery reads a query: what is wrong
// is reported all at once, field by field.
func ParseLink(values url.Values) (LinkForm, error) {
	q, err := ParseQuery(values)
	f := form{values: values, faults: map[string]string{}}
	if known, ok := err.(*Error); ok {
		f.faults = known.Fields
	}
	l := LinkForm{
		Query: q,
		Title: f.text("title", MaxTitle), Note: f.text("note", MaxNote),
		Rolling: f.number("rolling", 0, 1, MaxDays), Starts: f.starts("pick"),
		Show: f.show("show"), Mode: f.mode("mode"), Expires: f.expiry("expires"), Key: f.key("key"),
	}
	if f.choice("uses", "1", "0", false) {
		l.Uses = 1
	}
	if l.Rolling > 0 && len(l.Starts) > 0 {
		f.fault("pick", "field.link_pick_rolling")
	}
	return l, invalid(f.faults)
}

// ParseLinkEdit reads what an owner changes: title and expires. Both must be given.
func ParseLinkEdit(values url.Values) (title string, expires Expiry, err error) {
	f := form{values: values, faults: map[string]string{}}
	title, expires = f.text("title", MaxTitle), f.expiry("expires")
	if expires == (Expiry{}) {
		f.fault("expires", "field.link_expires")
	}
	return title, expires, invalid(f.faults)
}

// text reads a text of one line. It may end up in headers, calendar files and
// messages, so nothing in it may end a line or be invisible to a terminal only.
func (f *form) text(name string, most int) string {
	text := strings.Trim(strings.Join(f.values[name], " "), " ")
	switch {
	case !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl):
		f.fault(name, "field.one_line")
	case utf8.RuneCountInString(text) > most:
		f.fault(name, "field.link_"+name)
	}
	return text
}

// key reads what a form calls itself.
func (f *form) key(name string) string {
	key := f.one(name)
	if len(key) > MaxKey || strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }) {
		f.fault(name, "field.key")
		return ""
	}
	return key
}

func (f *form) starts(name string) []time.Time {
	var starts []time.Time
	for _, text := range f.list(name) {
		at, err := time.Parse(time.RFC3339, strings.TrimSpace(text))
		if err != nil || at.Year() < 1970 || at.Year() > 5999 || len(starts) >= MaxPicks {
			f.fault(name, "field.link_pick")
			return nil
		}
		starts = append(starts, at.UTC().Truncate(time.Minute))
	}
	return starts
}

func (f *form) show(name string) Show {
	switch show := Show(f.one(name)); show {
	case "":
	case ShowNames, ShowNumber, ShowNothing:
		return show
	default:
		f.fault(name, "field.link_show")
	}
	return ShowNothing
}

func (f *form) mode(name string) Mode {
	if mode := Mode(f.one(name)); mode != "" && mode != ViewTimes {
		f.fault(name, "field.link_mode")
	}
	return ViewTimes
}

func (f *form) expiry(name string) Expiry {
	text := f.one(name)
	if text == "" {
		return Expiry{}
	}
	if days, ok := parseNumber(text, MaxLinkDays); ok && days > 0 {
		return Expiry{Days: int(days)}
	}
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		f.fault(name, "field.link_expires")
		return Expiry{}
	}
	return Expiry{Date: f.date(name)}
}

// instant is the end of the last day in the zone. Invalid: it is over, or too far
// away.
func (e Expiry) instant(now time.Time, zone *time.Location) (time.Time, error) {
	today := sweep.DateOf(now.In(zone))
	last := e.Date
	if e.Days > 0 {
		last = today.Add(e.Days)
	}
	switch days := last.Sub(today); {
	case days < 0:
		return time.Time{}, invalid(map[string]string{"expires": "field.link_expired"})
	case days > MaxLinkDays:
		return time.Time{}, invalid(map[string]string{"expires": "field.link_expires"})
	}
	return midnight(last.Add(1), zone).Time(), nil
}

// orSuitable is the expiry of a link that was told none: a fixed one ends with its
// days, a rolling one after some months.
func (e Expiry) orSuitable(l LinkForm, now time.Time) Expiry {
	switch today := sweep.DateOf(now.In(l.Query.Zone)); {
	case e != (Expiry{}):
		return e
	case l.Rolling > 0:
		return Expiry{Days: rollingLife}
	case l.Query.To.Before(today):
		return Expiry{Date: today}
	case l.Query.To.Sub(today) > MaxLinkDays:
		return Expiry{Days: MaxLinkDays}
	}
	return Expiry{Date: l.Query.To}
}
