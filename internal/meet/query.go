package meet

import (
	"time"

	"slotfinder/internal/civil"
)

// The bounds of a query. They keep one question from becoming a load on the portal;
// docs/api.md names them.
const (
	MaxDays     = 92
	MaxDuration = 480
	MinDuration = 5
	MaxBuffer   = 120
	MaxWeeks    = 26
	MaxPeople   = 500
	MaxNotice   = 366 * 24 * 60
	MaxIgnored  = 10
)

// Query is one question: which people, when, how long. It is what the URL of the
// search page says; ParseQuery reads it and Values writes it.
//
// A query from a URL may leave the zone and the days open (Zone nil, From or To
// zero): only the portal knows the defaults. Finder resolves them.
type Query struct {
	Selection
	Me   bool           // the signed-in person is required, too
	Zone *time.Location // the viewer's; clock readings and days below are in it

	From, To civil.Date // both inclusive
	Duration int        // minutes
	Step     int        // minutes between starts
	Hours    civil.Range
	Days     [7]bool // by time.Weekday

	Work          bool
	TentativeFree bool
	AllDayFree    bool
	Buffer        int     // minutes
	Quorum        int     // 0 = none
	Weeks         int     // 1 = once
	Notice        int     // minutes
	Ignore        []int64 // events of the signed-in person that keep nobody: a meeting that is to move
}

// NewQuery returns the query of an empty URL.
func NewQuery() Query {
	return Query{
		Me: true, Duration: 60, Step: 15, Work: true, Weeks: 1,
		Hours: civil.Range{Start: 0, End: 24 * 60},
		Days:  [7]bool{true, true, true, true, true, true, true},
	}
}

// Named makes the signed-in person one of the required people by name, and names
// everybody once. Invalid: that are too many people.
func (q Query) Named(m Member) (Query, error) {
	if q.Me {
		q.Selection = q.Add(m.User)
		q.Me = false
	}
	q.Selection = q.Once()
	if len(q.People()) > MaxPeople {
		return q, InvalidFields(map[string]string{"who": "field.too_many_people"})
	}
	return q, nil
}

// Resolve fills in what the URL left open, so that the query means the same for
// whoever reads it. The people must be named already.
func (q Query) Resolve(home *time.Location, now time.Time) (Query, error) {
	if q.Zone == nil {
		q.Zone = home
	}
	if q.From == (civil.Date{}) {
		q.From = civil.DateOf(now.In(q.Zone))
	}
	if q.To == (civil.Date{}) {
		q.To = q.From.Add(6)
	}
	return q, q.check()
}

// check tests what can be wrong only between fields.
func (q Query) check() error {
	fields := map[string]string{}
	switch days := q.To.Sub(q.From); {
	case days < 0:
		fields["to"] = "field.to_before_from"
	case days >= MaxDays:
		fields["to"] = "field.range_too_long"
	}
	if len(q.People()) == 0 {
		fields["who"] = "field.nobody"
	}
	return InvalidFields(fields)
}

// During is the stretch of time whose calendars the answer depends on.
func (q Query) During() civil.Span {
	last := q.To.Add(7*(q.Weeks-1) + 1)
	s := civil.Span{Start: q.From.Midnight(q.Zone), End: last.Midnight(q.Zone)}
	slack := civil.Minute(q.Buffer)
	return civil.Span{Start: s.Start - slack, End: s.End + slack}
}
