package calendar

import (
	"strconv"
	"strings"

	"slotfinder/internal/portalsim/php"
	"slotfinder/internal/portalsim/portal"
	"slotfinder/internal/portalsim/rest"
)

// settingsGet is calendar.settings.get. Guests learn the default working hours and
// nothing else.
func settingsGet(c *call) (rest.Result, error) {
	if !c.User.Employee() {
		return rest.Result{Value: php.Array{{"work_time_start", 9}, {"work_time_end", 19}}}, nil
	}
	s := c.calendar.Settings
	start, end := workTime(s.WorkStart, s.WorkEnd)
	holidays := s.WeekHolidays
	if holidays == nil {
		holidays = []string{}
	}
	return rest.Result{Value: php.Array{
		{"work_time_start", start},
		{"work_time_end", end},
		{"year_holidays", s.YearHolidays},
		{"year_workdays", s.YearWorkdays},
		{"week_holidays", holidays},
		{"week_start", s.WeekStart},
		{"user_name_template", "#NAME# #LAST_NAME#"},
		{"sync_by_push", ""},
		{"user_show_login", "1"},
		{"path_to_user", "/company/personal/user/#user_id#/"},
		{"path_to_user_calendar", "/company/personal/user/#user_id#/calendar/"},
		{"path_to_group", "/workgroups/group/#group_id#/"},
		{"path_to_group_calendar", "/workgroups/group/#group_id#/calendar/"},
		{"dep_manager_sub", "1"},
		{"denied_superpose_types", []string{}},
		{"pathes", []string{}},
		{"rm_for_sites", "1"},
	}}, nil
}

// workTime is how the portal's hours are told: stored text as it is, and the ints
// 9 and 19 when there is none. An end that is not after the start becomes the
// number start+1; an end after 23.30 becomes the number 23.3.
func workTime(start, end string) (from, to any) {
	from, to = any(9), any(19)
	if start != "" {
		from = start
	}
	if end != "" {
		to = end
	}
	begins, ends := hours(from), hours(to)
	if ends <= begins {
		ends = begins + 1
		to = ends
	}
	if ends > 23.3 {
		to = 23.3
	}
	return from, to
}

// hours is the number PHP sees in "9" or "9.30".
func hours(v any) float64 {
	if n, ok := v.(int); ok {
		return float64(n)
	}
	n, err := strconv.ParseFloat(php.Text(v), 64)
	if err != nil {
		return 0
	}
	return n
}

// userSettingsGet is calendar.user.settings.get, always of the token's user.
// Working hours are told, in whole hours, only to those who have set their own.
func userSettingsGet(c *call) (rest.Result, error) {
	zone := c.calendar.zoneName(c.User)
	settings := php.Array{
		{"view", "month"},
		{"meetSection", strconv.Itoa(portal.SectionOf("user", c.User.ID))},
		{"crmSection", strconv.Itoa(portal.SectionOf("user", c.User.ID))},
		{"showDeclined", false},
		{"denyBusyInvitation", false},
		{"collapseOffHours", "Y"},
		{"showWeekNumbers", "N"},
		{"showTasks", "Y"},
		{"syncTasks", "N"},
		{"showCompletedTasks", "N"},
		{"lastUsedSection", false},
		{"sendFromEmail", false},
		{"defaultSections", []string{}},
		{"syncPeriodPast", 3},
		{"syncPeriodFuture", 12},
		{"defaultReminders", []string{}},
		{"timezoneName", zone},
		{"timezoneOffsetUTC", c.calendar.zones.Offset(zone, c.Now)},
		{"timezoneDefaultName", ""},
	}
	if c.User.PersonalStart != "" && c.User.PersonalEnd != "" {
		settings = settings.With("work_time_start", wholeHours(c.User.PersonalStart))
		settings = settings.With("work_time_end", wholeHours(c.User.PersonalEnd))
	}
	return rest.Result{Value: settings}, nil
}

// wholeHours turns "9.30", "9:30" or "9" into "9.00".
func wholeHours(hour string) string {
	hour, _, _ = strings.Cut(strings.ReplaceAll(hour, ":", "."), ".")
	return hour + ".00"
}

// sectionGet is calendar.section.get: one calendar per person, group or the
// company, and every room as a calendar of type location.
func sectionGet(c *call) (rest.Result, error) {
	if !c.Params.Has("type") {
		return rest.Result{}, missing("type", "calendar.section.get")
	}
	kind, owner := c.Params.Text("type"), c.Params.Int("ownerId")
	if !c.Params.Has("ownerId") {
		if kind != "user" {
			return rest.Result{}, missing("ownerId", "calendar.section.get")
		}
		owner = c.User.ID
	}
	if err := employeesOnly(c); err != nil {
		return rest.Result{}, err
	}
	list := []php.Array{}
	for _, s := range c.calendar.sections(kind, owner) {
		list = append(list, s.render(c))
	}
	return rest.Result{Value: list}, nil
}

// section is one calendar.
type section struct {
	id    int
	name  string
	kind  string
	owner int
	room  *portal.Room
}

// sections are the calendars of that type and owner. The owner of rooms is 0.
func (c *Calendar) sections(kind string, owner int) []section {
	var list []section
	switch kind {
	case "user":
		if u := c.User(owner); u != nil {
			list = append(list, section{id: portal.SectionOf(kind, owner), name: c.nameOf(owner), kind: kind, owner: owner})
		}
	case "group":
		for _, g := range c.Groups {
			if g.ID == owner {
				list = append(list, section{id: portal.SectionOf(kind, owner), name: g.Name, kind: kind, owner: owner})
			}
		}
	case "company_calendar":
		list = append(list, section{id: portal.SectionOf(kind, 0), name: "Company calendar", kind: kind})
	case "location":
		for _, room := range c.Rooms {
			if owner == 0 {
				list = append(list, section{id: room.ID, name: room.Name, kind: kind, room: room})
			}
		}
	}
	return list
}

// sees is what the token's user may see of the calendar.
func (s section) sees(c *call) accessLevel {
	if s.kind != "user" {
		return seesAll
	}
	return c.calendar.accessTo(c.User, c.calendar.User(s.owner))
}

func (s section) render(c *call) php.Array {
	sees, edits := s.sees(c), c.calendar.mayEdit(c.User, s.kind, s.owner)
	rec := php.Array{
		{"ID", strconv.Itoa(s.id)},
		{"NAME", s.name},
		{"GAPI_CALENDAR_ID", nil},
		{"DESCRIPTION", ""},
		{"COLOR", "#9dcf00"},
		{"TEXT_COLOR", ""},
		{"EXPORT", php.Array{{"ALLOW", false}}},
		{"CAL_TYPE", s.kind},
		{"OWNER_ID", strconv.Itoa(s.owner)},
		{"CREATED_BY", strconv.Itoa(max(1, s.owner))},
		{"DATE_CREATE", nil},
		{"TIMESTAMP_X", nil},
		{"CAL_DAV_CON", nil},
		{"SYNC_TOKEN", nil},
		{"PAGE_TOKEN", nil},
		{"EXTERNAL_TYPE", "local"},
	}
	if s.room != nil {
		rec = append(rec, php.Field{"LOCATION_ID", strconv.Itoa(s.room.ID)}, php.Field{"CAPACITY", strconv.Itoa(s.room.Capacity)}, php.Field{"NECESSITY", "N"})
	}
	return append(rec, php.Array{
		{"ACCESS", php.Array{{"G2", 13}}},
		{"IS_COLLAB", false},
		{"PERM", php.Array{
			{"view_time", sees >= seesTime},
			{"view_title", sees >= seesTitle},
			{"view_full", sees >= seesAll},
			{"add", edits},
			{"edit", edits},
			{"edit_section", edits},
			{"access", edits},
		}},
	}...)
}
