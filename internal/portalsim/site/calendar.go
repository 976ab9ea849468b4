package site

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"slotfinder/internal/portalsim/php"
	"slotfinder/internal/portalsim/portal"
	"slotfinder/internal/portalsim/truth"
)

func calendarPath(user int) string {
	return "/company/personal/user/" + strconv.Itoa(user) + "/calendar/"
}

// calendarView is somebody's calendar in one of its views.
type calendarView struct {
	Owner          *portal.User
	Grid           string // day, week or month
	Views          []link // those of the calendar and those of apps
	Period         string
	Earlier, Later string
	Weekdays       []string // above a month
	Days           []calendarDay
	App            *appFrame // takes the place of the days
}

// calendarDay is a day with its entries, as far as the reader may know them.
type calendarDay struct {
	Name    string
	Today   bool
	Outside bool // of another month than the one shown
	Entries []calendarEntry
}

type calendarEntry struct{ When, Name, Href string }

// calendarPage is somebody's calendar by day, week or month. Apps add views of
// their own, which are told the period. With EVENT_ID it is the page of one event.
func (s *Site) calendarPage(w http.ResponseWriter, r *http.Request, user *portal.User) {
	owner := s.Person(r.PathValue("user"))
	if owner == nil {
		s.notFound(w)
		return
	}
	if id, err := strconv.Atoi(r.URL.Query().Get("EVENT_ID")); err == nil {
		s.eventPage(w, r, user, id)
		return
	}
	zone := s.zoneOf(user)
	day, err := time.ParseInLocation(time.DateOnly, r.URL.Query().Get("date"), zone)
	if err != nil {
		now := s.auth.Now().In(zone)
		day = time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, zone)
	}
	v := calendarView{Owner: owner, Grid: r.URL.Query().Get("view")}
	if v.Grid != "day" && v.Grid != "month" {
		v.Grid = "week"
	}
	from, to := s.period(v.Grid, day)
	v.fill(day, from, to)
	for _, grid := range []string{"day", "week", "month"} {
		href := r.URL.Path + "?view=" + grid + "&date=" + day.Format(time.DateOnly)
		v.Views = append(v.Views, link{grid, href, grid == v.Grid && !r.URL.Query().Has("app")})
	}
	v.Views = append(v.Views, s.tabs(r, "CALENDAR_GRIDVIEW")...)
	loaded := s.fillDays(&v, user, day, from, to)
	v.App = s.openWidget(r, user, "CALENDAR_GRIDVIEW", launch{kind: tab, loaded: loaded, options: php.Array{
		{"viewRangeFrom", from.Format(time.DateOnly)}, {"viewRangeTo", to.Format(time.DateOnly)},
	}})
	title := "My calendar"
	if owner.ID != user.ID {
		title = "Calendar of " + owner.FullName()
	}
	s.show(w, r, user, "calendar", title, v)
}

// period is what a view shows around a day, the end excluded. A month is shown
// with all of its first and last week.
func (s *Site) period(grid string, day time.Time) (from, to time.Time) {
	switch grid {
	case "day":
		return day, day.AddDate(0, 0, 1)
	case "month":
		first := day.AddDate(0, 0, 1-day.Day())
		from = s.weekStart(first)
		_, to = s.period("week", first.AddDate(0, 1, -1))
		return from, to
	}
	from = s.weekStart(day)
	return from, from.AddDate(0, 0, 7)
}

func (s *Site) weekStart(day time.Time) time.Time {
	afterMonday := max(0, slices.Index([]string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}, s.Settings.WeekStart))
	first := time.Weekday((int(time.Monday) + afterMonday) % 7)
	return day.AddDate(0, 0, -int((day.Weekday()-first+7)%7))
}

// fill sets the texts and addresses that depend on the period alone.
func (v *calendarView) fill(day, from, to time.Time) {
	step := func(n int) string {
		next := day.AddDate(0, 0, n)
		switch v.Grid {
		case "week":
			next = day.AddDate(0, 0, 7*n)
		case "month":
			next = day.AddDate(0, 0, 1-day.Day()).AddDate(0, n, 0)
		}
		return "?view=" + v.Grid + "&date=" + next.Format(time.DateOnly)
	}
	v.Earlier, v.Later = step(-1), step(1)
	switch v.Grid {
	case "day":
		v.Period = day.Format("Monday, 2 January 2006")
	case "month":
		v.Period = day.Format("January 2006")
		for d := from; d.Before(from.AddDate(0, 0, 7)); d = d.AddDate(0, 0, 1) {
			v.Weekdays = append(v.Weekdays, d.Format("Mon"))
		}
	default:
		v.Period = from.Format("2 January") + " – " + to.AddDate(0, 0, -1).Format("2 January 2006")
	}
}

// fillDays puts the busy times into their days and returns the ids of the events.
// Of others the reader sees no titles, and of those who hide their calendar
// nothing.
func (s *Site) fillDays(v *calendarView, reader *portal.User, day, from, to time.Time) (loaded []int) {
	var busy []truth.Span
	if !slices.Contains(v.Owner.HiddenFrom, reader.ID) {
		busy = truth.Busy(s.Portal, v.Owner.ID, from, to, from.Location())
	}
	now := s.auth.Now().In(from.Location()).Format(time.DateOnly)
	for d := from; d.Before(to); d = d.AddDate(0, 0, 1) {
		next := d.AddDate(0, 0, 1)
		shown := calendarDay{Name: d.Format("Mon 2"), Today: d.Format(time.DateOnly) == now, Outside: v.Grid == "month" && d.Month() != day.Month()}
		if v.Grid == "month" {
			shown.Name = d.Format("2")
		}
		for _, b := range busy {
			if b.From.Before(next) && b.To.After(d) {
				shown.Entries = append(shown.Entries, s.calendarEntry(v.Owner, reader, b, from.Location()))
				loaded = append(loaded, b.ID)
			}
		}
		v.Days = append(v.Days, shown)
	}
	slices.Sort(loaded)
	return slices.Compact(loaded)
}

func (s *Site) calendarEntry(owner, reader *portal.User, b truth.Span, zone *time.Location) calendarEntry {
	e := calendarEntry{When: b.From.In(zone).Format("15:04") + "–" + b.To.In(zone).Format("15:04"), Name: "Busy"}
	if b.AllDay {
		e.When = "all day"
	}
	if owner.ID == reader.ID {
		e.Name = s.titleOf(owner.ID, b.ID)
		if e.Name != "Absence" {
			e.Href = calendarPath(owner.ID) + "?EVENT_ID=" + strconv.Itoa(b.ID)
		}
	}
	return e
}

// eventView is an event as its participants see it.
type eventView struct {
	When, Place string
	Guests      []invitee
}

type invitee struct {
	Name, Href, Answer string
}

// eventPage shows an event to its participants.
func (s *Site) eventPage(w http.ResponseWriter, r *http.Request, user *portal.User, id int) {
	s.Lock()
	var v eventView
	var title string
	mine := false
	if e := s.calendar.Row(id); e != nil {
		parent := s.calendar.Parent(e)
		title, v.Place = parent.Name, parent.Location
		v.When = parent.From.UTC().Format("Monday, 2 January 2006, 15:04") + "–" + parent.To.UTC().Format("15:04") + " (" + parent.ZoneFrom + ")"
		if parent.AllDay {
			v.When = parent.From.UTC().Format("Monday, 2 January 2006") + ", all day"
		}
		mine = parent.Creator == user.ID
		for _, row := range s.Events {
			u := s.User(row.Owner)
			if row.Type != "user" || row.Deleted || u == nil || s.calendar.Parent(row) != parent {
				continue
			}
			mine = mine || u.ID == user.ID
			v.Guests = append(v.Guests, invitee{u.FullName(), u.Path(), answers[row.Status]})
		}
	}
	s.Unlock()
	if !mine {
		s.notFound(w)
		return
	}
	s.show(w, r, user, "event", title, v)
}

// answers are the states of an invitation.
var answers = map[string]string{"H": "organizer", "Y": "comes", "N": "does not come", "Q": "has not answered"}
