package meet

import "context"

// Setup is what the app wants to have in a portal: to be told of events at one
// address, and to be opened at another one from certain places.
type Setup struct {
	EventsURL  string
	Events     []string
	FrameURL   string
	Placements []Placement
}

// Placement is a place in the portal's pages from which the app can be opened.
type Placement struct {
	Code    string
	Title   string            // for languages that are not in Titles
	Titles  map[string]string // by Bitrix24's language code
	Options map[string]string
}

// SetupReport is what became of a Setup.
type SetupReport struct {
	Placements []string // codes, in the order of the Setup: now there, or already
	Missing    []string // codes that the portal does not know or does not allow
	Events     []string // the same of events
	Unheard    []string
}

// Installer sets the app up in a portal, with the rights of an administrator. What
// is there stays, what is stale goes, so that it can be done again at any time. A
// portal that refuses some of it is no error. The errors are those of Directory, and
// Forbidden: the member is no administrator there.
type Installer interface {
	Install(ctx context.Context, m Member, s Setup) (SetupReport, error)
}
