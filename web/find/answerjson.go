package find

import (
	"io"
	"time"

	"slotfinder/internal/civil/zone"
	"slotfinder/internal/meet"
	"slotfinder/templates/part"
	"slotfinder/web"
)

// The bounds of what an answer for programs lists, see listed.
const (
	mostSlots   = 2000
	mostEntries = 200_000 // people named in all slots together, and as many in all series
)

// writeAnswer writes the answer of GET /find for programs, member by member: what a
// list holds is made when it is written, since who can come to how many slots would
// fill gigabytes. Instants are RFC 3339 in UTC. at is the minute to explain, zero for
// none.
func writeAnswer(w io.Writer, a meet.Answer, at time.Time) error {
	o := newJSONWriter(w)
	o.member("query", newQueryJSON(a.Query))
	o.member("as_of", a.AsOf)
	o.list("people", each(a.People, newPersonJSON))
	o.list("windows", each(a.Found.Windows, web.NewWindowJSON))
	o.member("total", len(a.Found.Slots))
	slots, series := budget{items: mostSlots, entries: mostEntries}, budget{items: len(a.Found.Series), entries: mostEntries}
	o.list("slots", slotsJSON(a, a.Found.Slots, &slots))
	o.list("near", slotsJSON(a, a.Found.Near, &budget{items: mostSlots, entries: mostEntries}))
	o.list("series", listedSeries(a.Found.Series, &series))
	o.member("complete", !slots.spent && !series.spent)
	o.list("relax", each(a.Relax, newRelaxJSON))

	// What follows is beyond what programs rely on.
	o.member("view", a.View) // with whose rights calendars were read
	if len(a.Disputed) > 0 { // zones whose clocks the portal reads otherwise
		o.member("zone_data", newZoneDataJSON(a))
	}
	if a.Found.Why != "" {
		o.member("why", a.Found.Why) // why there are no slots
	}
	if len(a.Split) > 0 { // sessions that together cover everybody
		o.list("split", each(a.Split, newSessionJSON))
	}
	if len(a.Found.Rotation) > 0 { // a fairer plan than the best series
		o.list("rotation", each(a.Found.Rotation, newTurnJSON))
	}
	if len(a.Cut) > 0 { // what was not looked for to the end
		o.member("cut", a.Cut)
	}
	if !at.IsZero() {
		o.member("explain", newExplainJSON(a, at))
	}
	return o.end()
}

// budget is how much more of an answer's list is written.
type budget struct {
	items, entries int
	spent          bool // something was left out
}

// take reports whether an item that names so many people still has room.
func (b *budget) take(entries int) bool {
	if b.items == 0 || b.entries < entries {
		b.spent = true
		return false
	}
	b.items--
	b.entries -= entries
	return true
}

// zoneDataJSON says whose time zone data disagrees with the portal's, and where.
type zoneDataJSON struct {
	Version  string   `json:"version"` // of the data in use here
	Disputed []string `json:"disputed"`
}

func newZoneDataJSON(a meet.Answer) zoneDataJSON {
	version, _ := zone.InUse()
	return zoneDataJSON{version, a.Disputed}
}

type queryJSON struct {
	Who       []int64   `json:"who"`
	Opt       []int64   `json:"opt"`
	Any       []anyJSON `json:"any,omitempty"`
	From      string    `json:"from"`
	To        string    `json:"to"`
	Dur       int       `json:"dur"`
	Step      int       `json:"step"`
	Zone      string    `json:"tz"`
	Hours     string    `json:"hours"`
	Days      string    `json:"days"`
	Work      bool      `json:"work"`
	Tentative string    `json:"tentative"`
	AllDay    string    `json:"allday"`
	Buffer    int       `json:"buffer"`
	Quorum    int       `json:"quorum,omitempty"`
	Weeks     int       `json:"weeks"`
	Notice    int       `json:"notice"`
}

type anyJSON struct {
	N  int     `json:"n"`
	Of []int64 `json:"of"`
}

type personJSON struct {
	ID           int64        `json:"id"`
	Name         string       `json:"name"`
	TimeZone     string       `json:"time_zone"`
	Required     bool         `json:"required"`
	Availability string       `json:"availability"`
	Reason       meet.Unknown `json:"reason,omitempty"`
}

type slotJSON struct {
	web.WindowJSON
	Rank      int           `json:"rank"`
	Free      []int64       `json:"free"`
	Busy      []int64       `json:"busy"`
	Tentative []int64       `json:"tentative"`
	Outside   []int64       `json:"outside"`
	Unknown   []int64       `json:"unknown"`
	Reasons   []meet.Reason `json:"reasons"`
}

type seriesJSON struct {
	web.WindowJSON
	Weeks  int        `json:"weeks"`
	OK     int        `json:"ok"`
	Misses []missJSON `json:"misses"`
	Rank   int        `json:"rank"`
}

type missJSON struct {
	Date   string  `json:"date"`
	Busy   []int64 `json:"busy"`
	Reason string  `json:"reason"`
}

type relaxJSON struct {
	Change meet.Change `json:"change"`
	Person int64       `json:"person,omitempty"`
	Slots  int         `json:"slots"`
	URL    string      `json:"url"`

	With       meet.Change `json:"with,omitempty"` // the second change of a pair
	WithPerson int64       `json:"with_person,omitempty"`
}

type sessionJSON struct {
	web.WindowJSON
	People []int64 `json:"people"`
}

// turnJSON is the meeting of one week of a rotation; early and late name those
// who bear it.
type turnJSON struct {
	web.WindowJSON
	Early []int64 `json:"early"`
	Late  []int64 `json:"late"`
}

// explainJSON says who is unavailable in one minute, and by which rule.
type explainJSON struct {
	At     time.Time     `json:"at"`
	Seeker meet.Reason   `json:"seeker,omitempty"` // the seeker's own rule that excludes the time
	People []verdictJSON `json:"people"`
}

type verdictJSON struct {
	ID   int64       `json:"id"`
	Rule meet.Reason `json:"rule"`
}

// newExplainJSON explains the minute in which at lies.
func newExplainJSON(a meet.Answer, at time.Time) *explainJSON {
	e := a.Explain(at)
	j := &explainJSON{At: at.UTC().Truncate(time.Minute), Seeker: e.Seeker, People: []verdictJSON{}}
	for _, v := range e.People {
		j.People = append(j.People, verdictJSON{v.Person, v.Rule})
	}
	return j
}

func newQueryJSON(q meet.Query) queryJSON {
	j := queryJSON{
		Who: web.NotNil(q.Required), Opt: web.NotNil(q.Optional), From: q.From.String(), To: q.To.String(), Dur: q.Duration, Step: q.Step,
		Zone: q.Zone.String(), Hours: meet.FormatRange(q.Hours), Days: meet.FormatDays(q.Days), Work: q.Work,
		Tentative: policyName(q.TentativeFree), AllDay: policyName(q.AllDayFree),
		Buffer: q.Buffer, Quorum: q.Quorum, Weeks: q.Weeks, Notice: q.Notice,
	}
	for _, group := range q.Any {
		j.Any = append(j.Any, anyJSON{N: group.N, Of: group.IDs})
	}
	return j
}

func newPersonJSON(p meet.Attendee) personJSON {
	j := personJSON{ID: p.ID, Name: p.Name, TimeZone: p.Zone.String(), Required: p.Required, Availability: "known"}
	if p.Unknown != "" {
		j.Availability, j.Reason = "unknown", p.Unknown
	}
	return j
}

// slotsJSON are the first of the slots with everybody's standing, as many as the budget
// has room for.
func slotsJSON(a meet.Answer, slots []meet.Slot, b *budget) func(yield func(any) bool) {
	return func(yield func(any) bool) {
		for _, slot := range slots {
			if b.items == 0 {
				b.spent = true
				return // whoever comes to it
			}
			who := a.Attendance(slot.Span)
			if !b.take(len(who.Free)+len(who.Busy)+len(who.Tentative)+len(who.Outside)+len(who.Unknown)) || !yield(newSlotJSON(slot, who)) {
				return
			}
		}
	}
}

func newSlotJSON(slot meet.Slot, who meet.Attendance) slotJSON {
	return slotJSON{
		WindowJSON: web.NewWindowJSON(slot.Span), Rank: slot.Rank, Reasons: web.NotNil(slot.Reasons),
		Free: web.NotNil(who.Free), Busy: web.NotNil(who.Busy), Tentative: web.NotNil(who.Tentative),
		Outside: web.NotNil(who.Outside), Unknown: web.NotNil(who.Unknown),
	}
}

// listedSeries are the best of the series, as many as the budget has room for.
func listedSeries(series []meet.Series, b *budget) func(yield func(any) bool) {
	return func(yield func(any) bool) {
		for _, s := range series {
			entries := 0
			for _, miss := range s.Misses {
				entries += len(miss.Busy)
			}
			if !b.take(entries) || !yield(newSeriesJSON(s)) {
				return
			}
		}
	}
}

func newSeriesJSON(s meet.Series) seriesJSON {
	j := seriesJSON{WindowJSON: web.NewWindowJSON(s.Span), Weeks: s.Weeks, OK: s.OK, Rank: s.Rank, Misses: []missJSON{}}
	for _, miss := range s.Misses {
		j.Misses = append(j.Misses, missJSON{Date: miss.Date.String(), Busy: web.NotNil(miss.Busy), Reason: miss.Reason})
	}
	return j
}

func newRelaxJSON(r meet.Relaxation) relaxJSON {
	return relaxJSON{Change: r.Change, Person: r.Person, Slots: r.Slots, URL: part.FindURL(r.Query), With: r.With, WithPerson: r.WithPerson}
}

func newSessionJSON(s meet.SplitPart) sessionJSON {
	return sessionJSON{web.NewWindowJSON(s.Span), web.NotNil(s.People)}
}

func newTurnJSON(t meet.Turn) turnJSON {
	return turnJSON{web.NewWindowJSON(t.Span), web.NotNil(t.Early), web.NotNil(t.Late)}
}

func policyName(free bool) string {
	if free {
		return "free"
	}
	return "busy"
}
