package page

import (
	"net/url"
	"time"
)

// FindView is the search page: the form and what it found.
type FindView struct {
	Form    Form
	Result  *Result    // nil: nothing could be searched; Problem or Form.Errors say why
	Problem *ErrorView // shown in the place of the result, the form stays
	Reading *Reading   // shown in the place of the result, which comes later
	Welcome bool       // first visit: explain in one line what to do
	Left    []Outsider // who belongs to a chosen chat or group and is not asked
}

// Outsider is somebody who is no employee and thus can't be asked.
type Outsider struct {
	Person Person
	Why    string // a meet.OutsiderKind
}

// Reading is how far a search is that takes long. The page asks for it again.
type Reading struct {
	URL         string // where to ask
	Mark        string // what to say then of what has been shown
	Whole       bool   // the browser loads this page, and may run no script
	Read, Asked int    // calendars; Asked 0: the people are not known yet
}

// Form is the filter form.
type Form struct {
	// Values are the parameters of the query by their names in the URL: those of
	// the resolved query or, when it is wrong, just what was typed. A missing one
	// is shown at its default. who, opt, me and q are not read from here.
	Values        url.Values
	People        []Person          // the people asked, required ones first
	AudienceNames map[string]string // names of circles by ids as the parameter any has them, where one is known
	Typed         string            // the text in the people search
	Found         *PeopleView       // not nil: list people as buttons, for browsers without script
	Errors        map[string]string // parameter name to text key
	Choice        Choice
}

// Person is a colleague as all pages show them.
type Person struct {
	ID         int64
	Name       string // "" for an id the portal does not know
	Position   string
	Department string // name of the first department
	Photo      string // URL on our own origin, "" = initials
	Zone       *time.Location
	Required   bool
	Grouped    bool // asked only as one of some, of whom not all must come
	Me         bool
	Unknown    string    // why the calendar is unknown: a meet.Unknown; "" = it is known
	Stretches  []Stretch // when not available, chronological; only for the board
}

// Stretch is a part of time in which a person is not available. Start is
// inclusive, End exclusive, in any zone.
type Stretch struct {
	Start, End time.Time
	Kind       Kind
	Free       bool // allowed by the search: shown, but no obstacle
}

// Kind is why somebody is not available.
type Kind uint8

// The kinds, in the order in which they are drawn over one another.
const (
	Outside   Kind = iota // outside working hours, a free day
	Tentative             // an event that is not decided
	Busy                  // an event
	Away                  // absent
	Unread                // the calendar could not be read
)

// PeopleView is the answer of the people search.
type PeopleView struct {
	Typed     string
	Found     []Person
	Named     int  // how many of Found, from the first, were found by name
	More      bool // there are more than those in Found
	Audiences []Audience
	Saved     []Kept // the reader's saved groups
	Latest    []Kept
}

// Audience is a set of people that can be chosen at once.
type Audience struct {
	Kind   string // department, group or chat
	ID     int64
	Name   string
	People []int64 // nil: there are more than may be asked
	Left   []Outsider
}

// LandingView is the first page of somebody who is not signed in.
type LandingView struct {
	Portal string            // what was typed
	Next   string            // path to go to after signing in, "" = /find
	Errors map[string]string // portal to text key
	Demo   string            // URL that signs in to the demo, "" = no demo
	Inside string            // URL of the demo's portal, where the app is in a frame; "" = none
}

// ErrorView says what went wrong and what to do next.
type ErrorView struct {
	Key     string     // text key of the headline; Key + ".next" says what to do
	Retry   string     // URL to try again, "" = none
	Again   url.Values // what to send there once more; nil = nothing, just ask for it
	SignIn  string     // URL to sign in with the query kept, "" = none
	Request string     // id of the request for the operator's log, "" = none
}
