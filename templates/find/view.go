package find

import (
	"net/url"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
	"slotfinder/templates/layout"
	"slotfinder/templates/part"
)

// View is the search page: the form and what it found.
type View struct {
	Form    Form
	Result  *Result           // nil: nothing could be searched; Problem or Form.Errors say why
	Problem *layout.ErrorView // shown in the place of the result, the form stays
	Reading *Reading          // shown in the place of the result, which comes later
	Welcome bool              // first visit: explain in one line what to do
	Left    []meet.Outsider   // who belongs to a chosen chat or group and is not asked
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
	People        []part.Person     // the people asked, required ones first
	AudienceNames map[string]string // names of audiences by ids as the parameter any has them, where one is known
	Typed         string            // the text in the people search
	Found         *part.Suggestions // not nil: list people as buttons, for browsers without script
	Errors        map[string]string // parameter name to text key
	Choice        Choice
	Today         civil.Date // the viewer's; zero: no other days are offered
}
