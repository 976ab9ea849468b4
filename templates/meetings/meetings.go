package meetings

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"slotfinder/internal/civil"
	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	"slotfinder/templates/part"
)

// Form is the form that books a time.
//
// It sends the parameters of the query, start, key, title, description, where, remind,
// importance and video; see meet.MeetingForm. The messages beside the fields are
// "meetings.fault." and the field's name.
type Form struct {
	Query   url.Values        // the canonical query
	Values  url.Values        // the fields: defaults, or just what was typed
	Errors  map[string]string // field to text key
	Key     string            // idempotency key
	Time    civil.Span
	Zone    *time.Location // of the reader
	People  []part.Person  // who is invited
	Free    bool           // everybody whom the search needs can come, as was read at Checked
	Checked time.Time
	Missing []meet.Verdict // who can't come, and why
	Taken   bool           // it was sent, and the time had been taken
	Next    []civil.Span   // other times that are free
	Without string         // address of the form with those optional who are missing; "" = none are
	Back    string         // address of the search
}

// needed are the parameters that the form sends again.
func (f Form) needed() url.Values {
	v := url.Values{"start": {part.ISO(f.Time.Start.Time())}, "key": {f.Key}}
	for name, texts := range f.Query {
		v[name] = texts
	}
	return v
}

// address is where the form stands, also for another time.
func (f Form) address(start civil.Minute) templ.SafeURL {
	v := url.Values{"start": {part.ISO(start.Time())}}
	for name, texts := range f.Query {
		v[name] = texts
	}
	return templ.SafeURL("/meetings/new?" + v.Encode())
}

// guests is how many are invited beside the host.
func (f Form) guests() int {
	n := 0
	for _, p := range f.People {
		if !p.Me {
			n++
		}
	}
	return n
}

// bookText is what the button does.
func (f Form) bookText(ctx context.Context) string {
	if n := f.guests(); n > 0 {
		return locale.N(ctx, "meetings.book", n)
	}
	return locale.T(ctx, "meetings.book_alone")
}

// named are those of the form's people who are missing, with the reason.
func (f Form) named(ctx context.Context) []string {
	var texts []string
	for _, m := range f.Missing {
		i := slices.IndexFunc(f.People, func(p part.Person) bool { return p.ID == m.Person })
		if i < 0 {
			continue
		}
		texts = append(texts, locale.T(ctx, "meetings.missing_one", "name", f.People[i].Isolated(ctx), "reason", reasonOf(ctx, m)))
	}
	return texts
}

// reasonOf says why somebody can't come, in a word or two.
func reasonOf(ctx context.Context, v meet.Verdict) string {
	key := "rule." + string(v.Rule)
	if !locale.From(ctx).Has(key) {
		key = "rule.busy"
	}
	return locale.T(ctx, key)
}

// reminders are the choices of when to be reminded, in minutes.
var reminders = []int{5, 15, 30, 60, 24 * 60}

// remindOptions are the choices of a reminder: as the portal has it, or some time before.
func remindOptions(ctx context.Context, values url.Values) []part.Option {
	chosen := values.Get("remind")
	options := []part.Option{{Value: "", Label: locale.T(ctx, "meetings.remind_usual"), Chosen: chosen == ""}}
	for _, n := range reminders {
		value := strconv.Itoa(n)
		options = append(options, part.Option{Value: value, Label: locale.T(ctx, "meetings.remind_before", "time", part.Duration(ctx, n)), Chosen: chosen == value})
	}
	return options
}

// importanceOptions are the importances that portals have, the usual one first.
func importanceOptions(ctx context.Context, values url.Values) []part.Option {
	var options []part.Option
	for _, i := range []meet.Importance{meet.ImportanceNormal, meet.ImportanceHigh, meet.ImportanceLow} {
		options = append(options, part.Option{Value: string(i), Label: locale.T(ctx, "meetings.importance."+string(i)), Chosen: values.Get("importance") == string(i)})
	}
	return options
}

// Meeting is a meeting as its pages show it.
type Meeting struct {
	ID     string
	Event  meet.Event
	State  meet.MeetingState
	Fault  string // text key of why it failed
	Mine   bool   // the reader is the host
	Own    meet.EventAnswer
	People []Answered
}

// Answered is somebody who is invited, and what they have answered.
type Answered struct {
	part.Person
	Answer meet.EventAnswer
	Host   bool
}

func (m Meeting) path(action string) templ.SafeURL {
	if action != "" {
		action = "/" + action
	}
	return templ.SafeURL("/meetings/" + url.PathEscape(m.ID) + action)
}

// title is the event's, or a general one.
func (m Meeting) title(ctx context.Context) string {
	if m.Event.Title == "" {
		return locale.T(ctx, "share.untitled")
	}
	return m.Event.Title
}

// stateKey is the text of how a meeting stands.
func (m Meeting) stateKey() string {
	if m.State.Open() {
		return "meetings.state.checking"
	}
	return "meetings.state." + string(m.State)
}

// movable reports whether the reader can move the meeting here.
func (m Meeting) movable() bool {
	return m.Mine && m.State == meet.MeetingConfirmed && !m.Event.AllDay && !m.Event.Series
}

// answers says how many have accepted, declined, and not answered, the host not counted.
func (m Meeting) answers(ctx context.Context) string {
	count := map[meet.EventAnswer]int{}
	for _, i := range m.Event.Invited {
		if i.User != m.Event.Host {
			count[i.Answer]++
		}
	}
	var texts []string
	for _, answer := range []meet.EventAnswer{meet.AnswerAccepted, meet.AnswerDeclined, meet.AnswerNone} {
		if n := count[answer]; n > 0 {
			texts = append(texts, locale.N(ctx, "meetings.answers."+string(answer), n))
		}
	}
	return part.JoinTexts(texts...)
}

// when is the day and time of a meeting.
func when(ctx context.Context, e meet.Event, zone *time.Location) string {
	c := locale.From(ctx)
	if e.AllDay {
		return c.DayLong(e.Start.In(time.UTC))
	}
	start, end := e.Start.In(zone), e.End.In(zone)
	return c.DayLong(start) + ", " + c.TimeRange(start, end)
}

// View is the page of one meeting.
type View struct {
	Meeting Meeting
	Zone    *time.Location // of the reader
	Differs []string       // text keys of what is otherwise than it was booked
	Form    url.Values     // of a booking that failed: what sends it once more
	Done    string         // what has just been done: DoneKey
}

// doneKeys are the texts that DoneKey knows.
var doneKeys = map[string]string{
	"booked": "meetings.done.booked", "moved": "meetings.done.moved", "cancelled": "meetings.done.cancelled",
	"accepted": "meetings.done.accepted", "declined": "meetings.done.declined",
}

// DoneKey returns the text key of what has just been done with a meeting; "" for anything
// else.
func DoneKey(word string) string { return doneKeys[word] }

// ListView is the list of somebody's coming meetings.
type ListView struct {
	Meetings []Meeting
	Zone     *time.Location
	Done     string
}

// MoveView offers times to which a meeting can move.
type MoveView struct {
	Meeting Meeting
	Zone    *time.Location
	Times   []civil.Span // that are free, in order
	Taken   bool         // the one that was chosen had been taken
	Search  string       // address of the search for other times
}

// tells says who learns of a move.
func (v MoveView) tells(ctx context.Context) string {
	if n := len(v.Meeting.People) - 1; n > 0 {
		return locale.N(ctx, "meetings.move_tells", n)
	}
	return locale.T(ctx, "meetings.move_tells_none")
}
