package portalsim

import (
	"time"

	"slotfinder/internal/portalsim/apps"
	"slotfinder/internal/portalsim/calendar"
	"slotfinder/internal/portalsim/clock"
	"slotfinder/internal/portalsim/fault"
	"slotfinder/internal/portalsim/oauth"
	"slotfinder/internal/portalsim/portal"
	"slotfinder/internal/portalsim/rest"
	"slotfinder/internal/portalsim/seed"
	"slotfinder/internal/portalsim/site"
	"slotfinder/internal/portalsim/truth"
)

// What a portal is filled with, see package portal.
type (
	Data        = portal.Data
	Settings    = portal.Settings
	User        = portal.User
	Department  = portal.Department
	Group       = portal.Group
	GroupMember = portal.GroupMember
	Chat        = portal.Chat
	Bot         = portal.Bot
	Task        = portal.Task
	Deal        = portal.Deal
	Contact     = portal.Contact
	Room        = portal.Room
	Event       = portal.Event
	Rule        = portal.Rule
	Absence     = portal.Absence
)

// Clock readings and how they are written, see package clock.
type (
	Date    = clock.Date
	Wall    = clock.Wall
	Zones   = clock.Zones
	Culture = clock.Culture
)

// The cultures the simulator can write.
const (
	CultureDMY   = clock.CultureDMY
	CultureMDY   = clock.CultureMDY
	CultureISO   = clock.CultureISO
	CultureSlash = clock.CultureSlash
)

// On is the calendar day y-m-d; days and months beyond their range carry over
// as in time.Date.
func On(year int, month time.Month, day int) Date { return clock.On(year, month, day) }

// What tests order and read.
type (
	App          = oauth.App      // a registered application
	AuthSwitches = oauth.Switches // oddities of the authorization server
	Token        = oauth.Token    // a pair of tokens
	Frame        = apps.Frame     // an app inside the portal
	Request      = rest.Request   // a REST call that was answered
	Message      = site.Message   // what an app said to the page around it
	TrueSpan     = truth.Span     // a time somebody is really busy
	Fault        = fault.Fault    // something that goes wrong
)

// The member ids of the seeded portals.
const (
	CompanyMember = seed.CompanyMember
	BranchMember  = seed.BranchMember
)

// Kinds of calendar changes, named as the REST events that tell of them.
const (
	EntryAdded   = calendar.EntryAdded
	EntryUpdated = calendar.EntryUpdated
	EntryDeleted = calendar.EntryDeleted
)

// Slow answers correctly, but only after d (or never, when the client leaves).
func Slow(d time.Duration) Fault { return fault.Slow(d) }

// Cut does what was asked and breaks the connection in the middle of the answer.
func Cut() Fault { return fault.Cut() }

// HTML502 answers with a front end's page; nothing has been done.
func HTML502() Fault { return fault.HTML502() }

// Late does what was asked at once, and answers only after d.
func Late(d time.Duration) Fault { return fault.Late(d) }

// Says answers with a text as the result and status 200; nothing has been done.
func Says(text string) Fault { return fault.Says(text) }

// HTML504 does what was asked, but the front end answers with its own page.
func HTML504() Fault { return fault.HTML504() }

// Truncated does what was asked and sends half of the JSON as if it were all.
func Truncated() Fault { return fault.Truncated() }

// Redirect answers 302 to the address given; nothing has been done.
func Redirect(to string) Fault { return fault.Redirect(to) }

// ExpiredToken answers that the access token has expired.
func ExpiredToken() Fault { return fault.ExpiredToken() }

// Failure answers with the error of this code, for REST with the text and status
// that Bitrix24 gives it where the code is known.
func Failure(code string) Fault { return fault.Failure(code) }

// FailureStatus is Failure with a text and an HTTP status of one's own.
func FailureStatus(code, text string, status int) Fault {
	return fault.FailureStatus(code, text, status)
}
