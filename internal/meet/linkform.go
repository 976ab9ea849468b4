package meet

import (
	"errors"
	"net/mail"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"slotfinder/internal/civil"
)

// The bounds of a link. They keep one form from becoming a load on the database
// and one link from becoming a load on the portal.
const (
	MaxTitle    = 120  // characters
	MaxNote     = 2000 // characters
	MaxPicks    = 200
	MaxLinkDays = 366 // how long a link may live, in days
	MaxKey      = 100 // bytes
	MaxReply    = 254 // bytes, as addresses of e-mail may have

	rollingLife = 90 // how long a rolling link lives unless told otherwise, in days
)

// LinkForm is a link as its owner wants it: the parameters of a query and
//
//	title    a text of one line
//	note     a text that may have more
//	offer    all times of the query; picked: those named by slot (a start in RFC 3339,
//	         repeatable); rolling: the query's times in the next days, as many as ahead
//	         says, always. Without it the fields that are given decide
//	show     names, number or nothing
//	host     1 or 0: whether guests see who the owner is
//	reply    an e-mail address for the answers of guests
//	mode     view
//	uses     0 or 1
//	expires  the last day (YYYY-MM-DD in tz) or a number of days; the first that is not
//	         empty counts
//	key      a form's own name: sent twice, it makes one link
type LinkForm struct {
	Query       Query
	Title, Note string
	Days        int         // rolling, 0 = the query's own
	Starts      []time.Time // picked; nil = all
	Show        Show
	Host        bool
	Reply       string
	Mode        Mode
	Uses        int
	Expires     Expiry
	Key         string
}

// Expiry is the last day of a link: a date, or so many days from today. The zero
// Expiry is the one that suits the link.
type Expiry struct {
	Date civil.Date
	Days int
}

// ParseLink reads a link from form values as ParseQuery reads a query: what is wrong
// is reported all at once, field by field.
func ParseLink(values url.Values) (LinkForm, error) {
	q, err := ParseQuery(values)
	f := form{values: values, faults: map[string]string{}}
	if wrong := (*Error)(nil); errors.As(err, &wrong) {
		f.faults = wrong.Fields
	}
	l := LinkForm{
		Query: q, Title: f.line("title"), Note: f.note("note"), Show: f.show("show"), Host: f.host("host"), Reply: f.reply("reply"),
		Mode: f.mode("mode"), Uses: f.uses("uses"), Expires: f.expiry("expires"), Key: f.key("key"),
	}
	l.Days, l.Starts = f.times()
	return l, InvalidFields(f.faults)
}

// times reads which times are meant: those of so many days from today, those picked by
// hand, or with neither all.
func (f *form) times() (days int, starts []time.Time) {
	switch f.offer() {
	case "all":
	case "picked":
		starts = f.starts("slot")
	case "rolling":
		days = f.ahead("ahead")
	default:
		f.fault("offer", "links.fault.offer")
	}
	return days, starts
}

// offer is which times are meant, said or implied.
func (f *form) offer() string {
	switch {
	case f.one("offer") != "":
		return f.one("offer")
	case len(f.list("slot")) > 0:
		return "picked"
	case f.one("ahead") != "":
		return "rolling"
	}
	return "all"
}

// ParseLinkEdit reads what the owner changes of a link: the fields of LinkForm from title to
// reply, expires, and from and to of its query unless it rolls. What is not given stays as it is.
func ParseLinkEdit(values url.Values, l Link, now time.Time) (LinkEdit, error) {
	f := form{values: values, faults: map[string]string{}}
	e := l.Edit()
	if values.Has("title") {
		e.Title = f.line("title")
	}
	if values.Has("note") {
		e.Note = f.note("note")
	}
	if values.Has("show") {
		e.Show = f.show("show")
	}
	if values.Has("host") {
		e.Host = f.host("host")
	}
	if values.Has("reply") {
		e.Reply = f.reply("reply")
	}
	if values.Has("offer") || values.Has("slot") || values.Has("ahead") {
		e.Days, e.Starts = f.times()
	}
	if l.Days > 0 && e.Days == 0 { // it rolls no longer: the days that it has reached stay
		e.Query = l.Search(now)
	}
	if e.Days == 0 && f.faults["ahead"] == "" {
		e.Query.From, e.Query.To = f.linkDays(e.Query, now)
	}
	if values.Has("expires") {
		e.Expires = f.end("expires", now, l.Query.Zone)
	}
	return e, InvalidFields(f.faults)
}

// linkDays reads the days of a link. Others than it has may not be over.
func (f *form) linkDays(q Query, now time.Time) (from, to civil.Date) {
	from, to = q.From, q.To
	if day := f.date("from"); day != (civil.Date{}) {
		from = day
	}
	if day := f.date("to"); day != (civil.Date{}) {
		to = day
	}
	today := civil.DateOf(now.In(q.Zone))
	switch days := to.Sub(from); {
	case from == q.From && to == q.To:
	case days < 0:
		f.fault("to", "field.to_before_from")
	case days >= MaxDays:
		f.fault("to", "field.range_too_long")
	case to.Before(today) || to.Sub(today) > MaxLinkDays:
		f.fault("to", "links.fault.expires")
	}
	return from, to
}

// end reads the expiry of a link that has one already, so it must be told.
func (f *form) end(name string, now time.Time, zone *time.Location) time.Time {
	end, err := f.expiry(name).End(now, zone)
	if err != nil {
		f.fault(name, "links.fault."+name)
	}
	return end
}

// line reads a text of one line. It ends up in headers, calendar files and messages,
// so nothing in it may end a line.
func (f *form) line(name string) string {
	text := strings.Trim(strings.Join(f.values[name], " "), " ")
	if !printable(text, MaxTitle) {
		f.fault(name, "links.fault."+name)
	}
	return text
}

// note reads a text that may have several lines, however they end.
func (f *form) note(name string) string {
	text := strings.ReplaceAll(strings.Join(f.values[name], "\n"), "\r\n", "\n")
	if !printable(strings.ReplaceAll(text, "\n", " "), MaxNote) {
		f.fault(name, "links.fault."+name)
	}
	return strings.Trim(text, " \n")
}

// printable reports whether a text has no control character and is not too long.
func printable(text string, most int) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl) && utf8.RuneCountInString(text) <= most
}

// key reads what a form calls itself.
func (f *form) key(name string) string {
	key := f.one(name)
	if len(key) > MaxKey || strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }) {
		f.fault(name, "field.link_key")
		return ""
	}
	return key
}

func (f *form) starts(name string) []time.Time {
	var starts []time.Time
	for _, text := range f.list(name) {
		at, err := time.Parse(time.RFC3339, strings.TrimSpace(text))
		if err != nil || at.Year() < 1970 || at.Year() > 5999 {
			f.fault(name, "links.fault."+name)
			return nil
		}
		starts = append(starts, at.UTC().Truncate(time.Minute))
	}
	if len(starts) == 0 || len(starts) > MaxPicks {
		f.fault(name, "links.fault."+name)
	}
	return starts
}

func (f *form) ahead(name string) int {
	days, ok := parseNumber(f.one(name), MaxDays)
	if !ok || days < 1 {
		f.fault(name, "links.fault."+name)
	}
	return int(days)
}

func (f *form) show(name string) Show {
	switch show := Show(f.one(name)); show {
	case "":
	case ShowNames, ShowNumber, ShowNothing:
		return show
	default:
		f.fault(name, "links.fault."+name)
	}
	return ShowNothing
}

func (f *form) host(name string) bool {
	switch f.one(name) {
	case "", "1":
	case "0":
		return false
	default:
		f.fault(name, "field.me") // 1 or 0
	}
	return true
}

// reply reads an e-mail address and nothing but it: no name beside it, nothing that could
// be read as more than one. Guests' programs are given it.
func (f *form) reply(name string) string {
	text := strings.TrimSpace(strings.Join(f.values[name], " "))
	if text == "" {
		return ""
	}
	address, err := mail.ParseAddress(text)
	if err != nil || address.Address != text || len(text) > MaxReply || strings.ContainsAny(text, `"\ ,;:<>()[]`) || !printable(text, MaxReply) {
		f.fault(name, "links.fault."+name)
		return ""
	}
	return text
}

func (f *form) mode(name string) Mode {
	if mode := Mode(f.one(name)); mode != "" && mode != ViewTimes {
		f.fault(name, "field.link_mode")
	}
	return ViewTimes
}

func (f *form) uses(name string) int {
	switch f.one(name) {
	case "", "0":
	case "1":
		return 1
	default:
		f.fault(name, "field.me") // 1 or 0
	}
	return 0
}

func (f *form) expiry(name string) Expiry {
	for _, text := range f.values[name] {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		if days, ok := parseNumber(text, MaxLinkDays); ok && days > 0 {
			return Expiry{Days: int(days)}
		}
		if date, err := civil.ParseDate(text); err == nil && date.Countable() {
			return Expiry{Date: date}
		}
		f.fault(name, "links.fault."+name)
		break
	}
	return Expiry{}
}

// End is the end of the last day in the zone. Invalid: it is over, or too far
// away.
func (e Expiry) End(now time.Time, zone *time.Location) (time.Time, error) {
	today := civil.DateOf(now.In(zone))
	last := e.Date
	if e.Days > 0 {
		last = today.Add(e.Days)
	}
	if days := last.Sub(today); days < 0 || days > MaxLinkDays {
		return time.Time{}, InvalidFields(map[string]string{"expires": "links.fault.expires"})
	}
	return last.Add(1).Midnight(zone).Time(), nil
}

// OrSuitable is the expiry of a link that was told none: a fixed one ends with its
// days, a rolling one after some months.
func (e Expiry) OrSuitable(l LinkForm, now time.Time) Expiry {
	switch today := civil.DateOf(now.In(l.Query.Zone)); {
	case e != (Expiry{}):
		return e
	case l.Days > 0:
		return Expiry{Days: rollingLife}
	case l.Query.To.Before(today):
		return Expiry{Date: today}
	case l.Query.To.Sub(today) > MaxLinkDays:
		return Expiry{Days: MaxLinkDays}
	}
	return Expiry{Date: l.Query.To}
}
