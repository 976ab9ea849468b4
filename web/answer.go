package web

import (
	"time"

	"slotfinder/internal/meet"
)

// answerJSON is the answer of GET /find for programs, as the contract fixes it.
// Instants are RFC 3339 in UTC.
type answerJSON struct {
	Query   queryJSON    `json:"query"`
	AsOf    time.Time    `json:"as_of"`
	People  []personJSON `json:"people"`
	Windows []windowJSON `json:"windows"`
	Slots   []slotJSON   `json:"slots"`
	Near    []slotJSON   `json:"near"`
	Series  []seriesJSON `json:"series"`
	Relax   []relaxJSON  `json:"relax"`

	// What follows goes beyond the contract.
	View     meet.View     `json:"view"`               // with whose rights calendars were read
	Why      meet.Reason   `json:"why,omitempty"`      // why there are no slots
	Split    []sessionJSON `json:"split,omitempty"`    // sessions that together cover everybody
	Rotation []turnJSON    `json:"rotation,omitempty"` // a fairer plan than the best series
	Explain  *explainJSON  `json:"explain,omitempty"`  // with the parameter at
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

type windowJSON struct {
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
}

type slotJSON struct {
	windowJSON
	Rank      int           `json:"rank"`
	Free      []int64       `json:"free"`
	Busy      []int64       `json:"busy"`
	Tentative []int64       `json:"tentative"`
	Outside   []int64       `json:"outside"`
	Unknown   []int64       `json:"unknown"`
	Reasons   []meet.Reason `json:"reasons"`
}

type seriesJSON struct {
	windowJSON
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
	windowJSON
	People []int64 `json:"people"`
}

// turnJSON is the meeting of one week of a rotation; early and late name those
// who bear it.
type turnJSON struct {
	windowJSON
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

func newAnswerJSON(a meet.Answer) answerJSON {
	j := answerJSON{
		Query: newQueryJSON(a.Query), AsOf: a.AsOf,
		People: []personJSON{}, Windows: []windowJSON{}, Slots: slotsJSON(a, a.Found.Slots), Near: slotsJSON(a, a.Found.Near),
		Series: []seriesJSON{}, Relax: []relaxJSON{}, View: a.View, Why: a.Found.Why,
	}
	for _, p := range a.People {
		j.People = append(j.People, newPersonJSON(p))
	}
	for _, w := range a.Found.Windows {
		j.Windows = append(j.Windows, newWindowJSON(w))
	}
	for _, series := range a.Found.Series {
		j.Series = append(j.Series, newSeriesJSON(series))
	}
	for _, r := range a.Relax {
		j.Relax = append(j.Relax, relaxJSON{Change: r.Change, Person: r.Person, Slots: r.Slots, URL: findURL(r.Query), With: r.With, WithPerson: r.WithPerson})
	}
	for _, session := range a.Split {
		j.Split = append(j.Split, sessionJSON{newWindowJSON(session.Span), list(session.People)})
	}
	for _, turn := range a.Found.Rotation {
		j.Rotation = append(j.Rotation, turnJSON{newWindowJSON(turn.Span), list(turn.Early), list(turn.Late)})
	}
	return j
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
		Who: list(q.Who), Opt: list(q.Opt), From: q.From.String(), To: q.To.String(), Dur: q.Duration, Step: q.Step,
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

func newWindowJSON(s meet.Span) windowJSON {
	return windowJSON{Start: s.Start.Time(), End: s.End.Time()}
}

func slotsJSON(a meet.Answer, slots []meet.Slot) []slotJSON {
	out := make([]slotJSON, 0, len(slots))
	for _, slot := range slots {
		who := a.Attendance(slot.Span)
		out = append(out, slotJSON{
			windowJSON: newWindowJSON(slot.Span), Rank: slot.Rank, Reasons: list(slot.Reasons),
			Free: list(who.Free), Busy: list(who.Busy), Tentative: list(who.Tentative),
			Outside: list(who.Outside), Unknown: list(who.Unknown),
		})
	}
	return out
}

func newSeriesJSON(s meet.Series) seriesJSON {
	j := seriesJSON{windowJSON: newWindowJSON(s.Span), Weeks: s.Weeks, OK: s.OK, Rank: s.Rank, Misses: []missJSON{}}
	for _, miss := range s.Misses {
		j.Misses = append(j.Misses, missJSON{Date: miss.Date.String(), Busy: list(miss.Busy), Reason: miss.Reason})
	}
	return j
}

func findURL(q meet.Query) string { return "/find?" + q.Values().Encode() }

func policyName(free bool) string {
	if free {
		return "free"
	}
	return "busy"
}

// list keeps an empty list from becoming null.
func list[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}
