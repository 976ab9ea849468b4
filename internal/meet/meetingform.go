package meet

import (
	"errors"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// The bounds of a meeting. The lengths are those of the portal's columns.
const (
	MaxMeetingTitle = 255    // characters
	MaxDescription  = 10_000 // characters
	MaxPlace        = 200    // characters
	MaxReminders    = 5
	MaxReminder     = 7 * 24 * 60 // minutes
	MaxCRM          = 20
)

// MeetingForm is a meeting as its host wants it: the parameters of a query and
//
//	start        RFC 3339, a whole minute
//	title        one line
//	description  a text that may have more
//	where        a place in words
//	video        1: it is said that the meeting is a video call
//	importance   low, normal, high
//	color        #rrggbb
//	invite       ids, repeatable; none = everybody who is asked
//	remind       minutes before, repeatable; none = as the portal reminds
//	crm          D_12, CO_3, …, repeatable
//	key          a form's own name: sent twice, it books once
type MeetingForm struct {
	Query       Query
	Start       time.Time // UTC
	Title       string
	Description string
	Place       string
	Video       bool
	Importance  Importance
	Color       string
	Invite      []int64
	Remind      []int
	CRM         []string
	Key         string
}

// End is when the meeting ends.
func (m MeetingForm) End() time.Time {
	return m.Start.Add(time.Duration(m.Query.Duration) * time.Minute)
}

// ParseMeeting reads a meeting from form values as ParseQuery reads a query: what is wrong
// is reported all at once, field by field.
func ParseMeeting(values url.Values) (MeetingForm, error) {
	q, err := ParseQuery(values)
	f := form{values: values, faults: map[string]string{}}
	if wrong := (*Error)(nil); errors.As(err, &wrong) {
		f.faults = wrong.Fields
	}
	if q.Weeks > 1 {
		f.fault("weeks", "meetings.fault.weeks")
	}
	m := MeetingForm{
		Query: q, Start: f.start("start"), Title: f.title("title"), Description: f.text("description", MaxDescription), Place: f.text("where", MaxPlace),
		Video: f.choice("video", "1", "0", false), Importance: f.importance("importance"), Color: f.color("color"),
		Invite: f.ids("invite"), Remind: f.reminders("remind"), CRM: f.crm("crm"), Key: f.key("key"),
	}
	if m.Place = strings.Join(strings.Fields(m.Place), " "); strings.HasPrefix(m.Place, "calendar_") || strings.HasPrefix(m.Place, "ECMR_") {
		f.fault("where", "meetings.fault.where") // Bitrix24 would take it for the booking of a room
	}
	return m, InvalidFields(f.faults)
}

// Values writes a form whose query is resolved so that ParseMeeting reads it back.
func (m MeetingForm) Values() url.Values {
	v := url.Values{}
	maps.Copy(v, m.Query.Values())
	set := func(name string, texts ...string) {
		if texts = slices.DeleteFunc(texts, func(s string) bool { return s == "" }); len(texts) > 0 {
			v[name] = texts
		}
	}
	set("start", m.Start.UTC().Format(time.RFC3339))
	set("title", m.Title)
	set("description", m.Description)
	set("where", m.Place)
	if m.Video {
		set("video", "1")
	}
	set("importance", string(m.Importance))
	set("color", m.Color)
	set("invite", JoinIDs(m.Invite))
	for _, n := range m.Remind {
		v.Add("remind", strconv.Itoa(n))
	}
	set("crm", m.CRM...)
	set("key", m.Key)
	return v
}

// start reads an instant that is a whole minute.
func (f *form) start(name string) time.Time {
	at, err := time.Parse(time.RFC3339, f.one(name))
	if err != nil || at.Second() != 0 || at.Nanosecond() != 0 || at.Year() < 1970 || at.Year() > 5999 {
		f.fault(name, "meetings.fault.start")
		return time.Time{}
	}
	return at.UTC()
}

// title reads the title of a meeting, which must not be empty.
func (f *form) title(name string) string {
	text := strings.Trim(strings.Join(f.values[name], " "), " ")
	if text == "" || !printable(text, MaxMeetingTitle) {
		f.fault(name, "meetings.fault.title")
	}
	return text
}

// text reads a text that may have several lines, however they end.
func (f *form) text(name string, most int) string {
	text := strings.Trim(strings.ReplaceAll(strings.Join(f.values[name], "\n"), "\r\n", "\n"), " \n")
	steers := func(r rune) bool { return r != '\n' && r != '\t' && unicode.IsControl(r) }
	if !utf8.ValidString(text) || strings.ContainsFunc(text, steers) || utf8.RuneCountInString(text) > most {
		f.fault(name, "meetings.fault."+name)
	}
	return text
}

func (f *form) importance(name string) Importance {
	switch i := Importance(f.one(name)); i {
	case "", ImportanceLow, ImportanceNormal, ImportanceHigh:
		return i
	}
	f.fault(name, "meetings.fault.importance")
	return ""
}

func (f *form) color(name string) string {
	color := f.one(name)
	if digits, found := strings.CutPrefix(color, "#"); color != "" && (!found || len(digits) != 6 || strings.Trim(digits, "0123456789abcdefABCDEF") != "") {
		f.fault(name, "meetings.fault.color")
		return ""
	}
	return color
}

func (f *form) reminders(name string) []int {
	var minutes []int
	for _, text := range f.list(name) {
		n, ok := parseNumber(strings.TrimSpace(text), MaxReminder)
		if !ok || len(minutes) == MaxReminders {
			f.fault(name, "meetings.fault.remind")
			return nil
		}
		minutes = append(minutes, int(n))
	}
	return minutes
}

// crm reads what the CRM has to do with a meeting: leads, deals, contacts and companies.
func (f *form) crm(name string) []string {
	var links []string
	for _, text := range f.list(name) {
		text = strings.TrimSpace(text)
		kind, number, _ := strings.Cut(text, "_")
		n, ok := parseNumber(number, 1<<40)
		if !ok || n < 1 || !slices.Contains([]string{"L", "D", "C", "CO"}, kind) || len(links) == MaxCRM {
			f.fault(name, "meetings.fault.crm")
			return nil
		}
		links = append(links, text)
	}
	return links
}
