package share

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	"slotfinder/templates/part"
)

// View is the page under a link to times: what a guest sees. It has no field
// for anything that a guest must not see.
//
// The parameters of the page are tz, lang, day (YYYY-MM-DD in tz) and month
// (YYYY-MM in tz); web reads them into the fields of the same names, and the page
// puts them into its own links. A request with none of them is somebody opening the
// link; with one of them, somebody who is already there.
type View struct {
	Path     string         // of the page, such as /s/TOKEN
	Title    string         // as the owner wrote it, "" = none
	Note     string         // the same; its line breaks are kept
	Duration int            // minutes
	Host     string         // the name of who invites, when they show it
	Reply    string         // where a time can be answered by e-mail, "" = nowhere
	Home     *time.Location // of the link: that of who reads the answers
	Names    []string       // of the people, when the owner shows names
	People   int            // how many they are, when the owner shows the number; 0 = not shown
	Starts   []time.Time    // free times of the link, chronological, in any zone
	More     bool           // there are later ones
	Now      time.Time      // as of when they were free
	Zone     *time.Location // the guest's: tz, or the link's own
	Guess    bool           // there was no tz: a script may ask the browser for the zone
	Language string         // the parameter lang, "" = there was none
	Day      string         // shown; "" or one without times = the first with times
	Month    string         // shown; "" or a wrong one = that of Day
	Search   string         // URL of the whole search, for guests signed in to the same portal; "" = others
}

// Preview is what messengers show of a link: its Open Graph description.
func Preview(ctx context.Context, v View) string {
	return locale.T(ctx, "share.preview", "duration", part.Duration(ctx, v.Duration))
}

// Title is the title of the page: the owner's, or a general one.
func Title(ctx context.Context, v View) string {
	if v.Title == "" {
		return locale.T(ctx, "share.untitled")
	}
	return v.Title
}

// address is that of the page with other parameters; pairs are names and values.
func (v View) address(pairs ...string) string {
	values := url.Values{}
	if !v.Guess {
		values.Set("tz", v.Zone.String())
	}
	if v.Language != "" {
		values.Set("lang", v.Language)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	if len(values) == 0 {
		return v.Path
	}
	return v.Path + "?" + values.Encode()
}

// calendarSuffix is what calendar files are called by, in every language.
const calendarSuffix = ".ics"

// CalendarFile is the address of a time as a calendar file.
func (v View) calendarFile(start time.Time) string {
	return v.Path + calendarSuffix + "?start=" + part.ISO(start)
}

const (
	monthLayout = "2006-01"
	mostAvatars = 6
	mostListed  = 10 // times that are one list; more are behind a calendar
)

// shared is the page worked out.
type shared struct {
	View
	list          []dayTimes  // all days, when the times are so few that they are one list
	month         time.Time   // noon of its first day
	days          []sharedDay // of the month
	before, after string      // addresses of months with times, "" = there is none
	day           time.Time   // noon of the day whose times are shown; zero = none in this month
	times         []time.Time // of that day, in the guest's zone
	nextDay       time.Time   // noon of the next day with times; zero = there is none
	next          string      // its address
}

// dayTimes is a day with its times.
type dayTimes struct {
	noon  time.Time
	times []time.Time
}

// sharedDay is a cell of the month.
type sharedDay struct {
	noon  time.Time // zero = a day of another month
	times int
	url   string
	shown bool
}

// calendarID is the part of the page to which the addresses of days and months lead: it is
// at the same place of the screen before and after.
const calendarID = "month"

func newShared(v View) shared {
	p := shared{View: v}
	byDay := map[string][]time.Time{}
	var days []string // with times, chronological
	for _, start := range v.Starts {
		start = start.In(v.Zone)
		key := start.Format(time.DateOnly)
		if len(byDay[key]) == 0 {
			days = append(days, key)
		}
		byDay[key] = append(byDay[key], start)
	}
	if len(days) == 0 {
		return p
	}
	if len(v.Starts) <= mostListed {
		for _, day := range days {
			p.list = append(p.list, dayTimes{noonOn(day, v.Zone), byDay[day]})
		}
		return p
	}
	month, day := chosenMonth(v, days, byDay)
	p.month = noonOn(month+"-01", v.Zone)
	if day != "" {
		p.day, p.times = noonOn(day, v.Zone), byDay[day]
		if at := slices.Index(days, day) + 1; at < len(days) {
			p.nextDay, p.next = noonOn(days[at], v.Zone), v.address("day", days[at])+"#"+calendarID
		}
	}
	p.before, p.after = p.neighbours(month, days)
	for at := p.month; at.Month() == p.month.Month(); at = at.AddDate(0, 0, 1) {
		key := at.Format(time.DateOnly)
		cell := sharedDay{noon: at, times: len(byDay[key]), shown: key == day}
		if cell.times > 0 {
			cell.url = v.address("day", key) + "#" + calendarID
		}
		p.days = append(p.days, cell)
	}
	return p
}

// chosenMonth returns the month to show and the day in it, "" when it has no times.
func chosenMonth(v View, days []string, byDay map[string][]time.Time) (month, day string) {
	if day = v.Day; len(byDay[day]) == 0 {
		day = ""
	}
	month = v.Month
	if _, err := time.Parse(monthLayout, month); err != nil {
		if day == "" {
			day = days[0]
		}
		return day[:len(monthLayout)], day
	}
	if !strings.HasPrefix(day, month) {
		day = ""
	}
	for _, d := range days {
		if day == "" && strings.HasPrefix(d, month) {
			day = d
		}
	}
	return month, day
}

// neighbours are the addresses of the nearest months with times.
func (p shared) neighbours(month string, days []string) (before, after string) {
	for _, day := range days {
		switch other := day[:len(monthLayout)]; {
		case other < month:
			before = p.address("month", other) + "#" + calendarID
		case other > month:
			return before, p.address("month", other) + "#" + calendarID
		}
	}
	return before, ""
}

// grid lays the days of the month out in weeks.
func (p shared) grid(first time.Weekday) [][]sharedDay {
	lead := (int(p.month.Weekday()) - int(first) + 7) % 7
	var rows [][]sharedDay
	row := make([]sharedDay, lead, 7)
	for _, cell := range p.days {
		row = append(row, cell)
		if len(row) == 7 {
			rows, row = append(rows, row), make([]sharedDay, 0, 7)
		}
	}
	if len(row) > 0 {
		rows = append(rows, append(row, make([]sharedDay, 7-len(row))...))
	}
	return rows
}

// folds reports whether a week is out of sight on narrow screens: it is another one than
// that of the day whose times are shown.
func (p shared) folds(week []sharedDay) bool {
	return !p.day.IsZero() && !slices.ContainsFunc(week, func(d sharedDay) bool { return d.shown })
}

// half is the times of a day before or after noon.
type half struct {
	key   string
	times []time.Time
}

func (p shared) halves() []half {
	var parts []half
	add := func(key string, t time.Time) {
		if len(parts) == 0 || parts[len(parts)-1].key != key {
			parts = append(parts, half{key: key})
		}
		last := &parts[len(parts)-1]
		last.times = append(last.times, t)
	}
	for _, t := range p.times {
		if t.Hour() < 12 {
			add("share.morning", t)
		} else {
			add("share.afternoon", t)
		}
	}
	return parts
}

// noonOn is noon of a day that is written as YYYY-MM-DD, zero for anything else.
func noonOn(day string, zone *time.Location) time.Time {
	date, err := civil.ParseDate(day)
	if err != nil {
		return time.Time{}
	}
	return date.Noon(zone)
}

// inLanguage is the address of the page in another language.
func (v View) inLanguage(c *locale.Catalogue) string {
	pairs := []string{"lang", c.Tag}
	if v.Day != "" {
		pairs = append(pairs, "day", v.Day)
	}
	return v.address(pairs...)
}

// others are the people beside the one who invites.
func (v View) others() []string {
	at := slices.Index(v.Names, v.Host)
	if v.Host == "" || at < 0 {
		return v.Names
	}
	return slices.Concat(v.Names[:at], v.Names[at+1:])
}

// face is an avatar of somebody of whom guests know nothing but the name; i gives it
// its colour.
func face(i int, name string) part.Person {
	return part.Person{Attendee: meet.Attendee{Person: meet.Person{ID: int64(i), Name: name}}}
}
