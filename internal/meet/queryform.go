package meet

import (
	"fmt"
	"maps"
	"net/url"
	"strconv"
	"strings"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/civil/zone"
)

var weekdays = [7]string{"su", "mo", "tu", "we", "th", "fr", "sa"}

// NoDays is the value of the parameter days when every day was switched off. It is wrong:
// there is nothing to search.
const NoDays = "none"

// IsWeekday reports whether a text names a weekday as the parameter days does.
func IsWeekday(text string) bool { return indexOf(weekdays[:], strings.TrimSpace(text)) >= 0 }

// ParseQuery reads a query from URL values. Parameters it does not know are
// ignored; an empty value counts as missing. Wrong ones are reported all at once
// as an Invalid Error with a text key for each field. The query that comes beside
// an error holds what could be read; of one that names too much, nobody.
func ParseQuery(values url.Values) (Query, error) {
	if faults := TooMuch(values); faults != nil {
		return NewQuery(), InvalidFields(faults)
	}
	f := form{values: values, faults: map[string]string{}}
	q := NewQuery()
	q.Me = f.choice("me", "1", "0", true)
	q.Required, q.Optional, q.Any = f.ids("who"), f.ids("opt"), f.anyOf("any")
	q.Zone = f.zone("tz")
	q.From, q.To = f.date("from"), f.date("to")
	q.Duration = f.number("dur", q.Duration, MinDuration, MaxDuration)
	q.Step = f.step("step", q.Step)
	q.Hours = f.hours("hours", q.Hours)
	q.Days = f.days("days", q.Days)
	q.Work = f.choice("work", "1", "0", true)
	q.TentativeFree = f.choice("tentative", "free", "busy", false)
	q.AllDayFree = f.choice("allday", "free", "busy", false)
	q.Buffer = f.number("buffer", 0, 0, MaxBuffer)
	q.Quorum = f.number("quorum", 0, 1, MaxPeople)
	q.Weeks = f.number("weeks", 1, 1, MaxWeeks)
	q.Notice = f.number("notice", 0, 0, MaxNotice)
	f.rooms("room")
	q.Ignore = f.ignored("ignore")
	return q, InvalidFields(f.faults)
}

// Values writes a resolved query so that ParseQuery reads it back for any
// signed-in person: the required people are all named and me is 0. Parameters
// at their default are left out, but those that every reader of the URL should see.
func (q Query) Values() url.Values {
	v := url.Values{
		"me": {"0"}, "who": {JoinIDs(q.Required)},
		"from": {q.From.String()}, "to": {q.To.String()},
		"dur": {strconv.Itoa(q.Duration)}, "step": {strconv.Itoa(q.Step)}, "tz": {q.Zone.String()},
	}
	set := func(name, value string, given bool) {
		if given {
			v.Set(name, value)
		}
	}
	empty := NewQuery()
	maps.Copy(v, q.Selection.Values())
	set("hours", FormatRange(q.Hours), q.Hours != empty.Hours)
	set("days", FormatDays(q.Days), q.Days != empty.Days)
	set("work", "0", !q.Work)
	set("tentative", "free", q.TentativeFree)
	set("allday", "free", q.AllDayFree)
	set("buffer", strconv.Itoa(q.Buffer), q.Buffer > 0)
	set("quorum", strconv.Itoa(q.Quorum), q.Quorum > 0)
	set("weeks", strconv.Itoa(q.Weeks), q.Weeks > 1)
	set("notice", strconv.Itoa(q.Notice), q.Notice > 0)
	set("ignore", JoinIDs(q.Ignore), len(q.Ignore) > 0)
	return v
}

// form reads single parameters and collects what is wrong with them.
type form struct {
	values url.Values
	faults map[string]string
}

// one returns the single value of a parameter, "" when it is missing. The same
// value twice is harmless (a form may send it so); two different ones are a fault.
func (f *form) one(name string) string {
	value := ""
	for _, given := range f.values[name] {
		switch given = strings.TrimSpace(given); {
		case given == "" || given == value:
		case value != "":
			f.fault(name, "field.twice")
			return ""
		default:
			value = given
		}
	}
	return value
}

// list returns the comma-separated items of all values of a parameter.
func (f *form) list(name string) []string {
	var items []string
	for _, given := range f.values[name] {
		if strings.TrimSpace(given) != "" {
			items = append(items, strings.Split(given, ",")...)
		}
	}
	return items
}

// ignored reads the ids of events. Each costs a request to the portal.
func (f *form) ignored(name string) []int64 {
	ids := Distinct(f.ids(name))
	if len(ids) > MaxIgnored {
		f.fault(name, "field.ignore")
		return nil
	}
	return ids
}

func (f *form) fault(name, key string) {
	if _, known := f.faults[name]; !known {
		f.faults[name] = key
	}
}

func (f *form) number(name string, missing, least, most int) int {
	text := f.one(name)
	if text == "" {
		return missing
	}
	n, ok := parseNumber(text, int64(most))
	if !ok || n < int64(least) {
		f.fault(name, "field."+name)
		return missing
	}
	return int(n)
}

func (f *form) step(name string, missing int) int {
	switch n := f.number(name, missing, 5, 60); n {
	case 5, 10, 15, 30, 60:
		return n
	}
	f.fault(name, "field.step")
	return missing
}

// choice reads a parameter of two values; it returns whether it is yes.
func (f *form) choice(name, yes, no string, missing bool) bool {
	switch f.one(name) {
	case yes:
		return true
	case no:
		return false
	case "":
		return missing
	}
	f.fault(name, "field."+name)
	return missing
}

func (f *form) ids(name string) []int64 {
	ids, ok := parseIDs(f.list(name))
	if !ok {
		f.fault(name, "field.people")
	}
	return ids
}

// rooms tests a parameter that nothing reads yet, so that what is wrong today is not
// right tomorrow: any, or ids.
func (f *form) rooms(name string) {
	for _, text := range given(f.values[name]) {
		if _, ok := parseIDs(strings.Split(text, ",")); !ok && text != "any" {
			f.fault(name, "field.room")
		}
	}
}

func (f *form) zone(name string) *time.Location {
	text := f.one(name)
	if text == "" {
		return nil
	}
	found, err := zone.Load(text)
	if err != nil {
		f.fault(name, "field.tz")
	}
	return found
}

func (f *form) date(name string) civil.Date {
	text := f.one(name)
	if text == "" {
		return civil.Date{}
	}
	date, err := civil.ParseDate(text)
	if err != nil || !date.Countable() {
		f.fault(name, "field.date")
		return civil.Date{}
	}
	return date
}

func (f *form) hours(name string, missing civil.Range) civil.Range {
	text := f.one(name)
	if text == "" {
		return missing
	}
	from, to, _ := strings.Cut(text, "-")
	start, ok1 := parseClock(from)
	end, ok2 := parseClock(to)
	if !ok1 || !ok2 || start >= end {
		f.fault(name, "field.hours")
		return missing
	}
	return civil.Range{Start: start, End: end}
}

func (f *form) days(name string, missing [7]bool) [7]bool {
	items := f.list(name)
	if len(items) == 0 {
		return missing
	}
	var days [7]bool
	for _, item := range items {
		day := indexOf(weekdays[:], strings.TrimSpace(item))
		if day < 0 {
			f.fault(name, daysFault(item))
			return missing
		}
		days[day] = true
	}
	return days
}

func daysFault(item string) string {
	if strings.TrimSpace(item) == NoDays {
		return "field.no_days"
	}
	return "field.days"
}

// FormatRange writes a clock range as the parameter hours has it.
func FormatRange(r civil.Range) string {
	return fmt.Sprintf("%02d:%02d-%02d:%02d", r.Start/60, r.Start%60, r.End/60, r.End%60)
}

// FormatDays writes weekdays as the parameter days has them, Monday first.
func FormatDays(days [7]bool) string {
	var names []string
	for i := range 7 {
		if day := (i + 1) % 7; days[day] {
			names = append(names, weekdays[day])
		}
	}
	return strings.Join(names, ",")
}

// parseClock reads HH:MM up to 24:00 into minutes from midnight.
func parseClock(text string) (int, bool) {
	if len(text) != 5 || text[2] != ':' {
		return 0, false
	}
	hour, ok1 := parseNumber(text[:2], 24)
	minute, ok2 := parseNumber(text[3:], 59)
	total := int(hour*60 + minute)
	return total, ok1 && ok2 && total <= 24*60
}

func indexOf(list []string, item string) int {
	for i, candidate := range list {
		if candidate == item {
			return i
		}
	}
	return -1
}
