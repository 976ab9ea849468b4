package meet

import (
	"context"
	"time"

	"slotfinder/internal/civil"
)

// Member is a signed-in person: a user of a portal. Whatever is stored or cached
// is bound to it.
type Member struct {
	Portal string // member_id of the portal, the stable key
	User   int64
}

// Profile is what a token tells about its own user.
type Profile struct {
	User  int64
	Name  string
	Admin bool
	Zone  string // IANA name, "" when the portal knows none
}

// Person is a colleague as the picker and the answer show them.
type Person struct {
	ID          int64
	Name        string // given and family name as the portal shows them
	Position    string
	Departments []int64
	Photo       string // absolute URL on the portal, "" = none
	Zone        string // IANA name, "" when the portal knows none
	Active      bool   // false: dismissed
}

// Department is a node of the company's tree.
type Department struct {
	ID, Parent int64 // Parent 0: the root
	Name       string
}

// Office is what a portal says about everybody's working time, and the zones of
// the signed-in person. Times are clock readings in each person's own zone.
type Office struct {
	WorkStart, WorkEnd int // minutes from midnight, start < end
	Weekend            [7]bool
	Holidays, Workdays []civil.YearDay // every year: free although a weekday; working although weekend
	WeekStart          time.Weekday
	Zone               *time.Location // the signed-in person's calendar zone, which is the portal's default for people without one; never nil
	Disputed           []string       // zones whose clocks the portal reads otherwise than we do now
	Guest              bool           // the signed-in person is no employee: Bitrix24 tells them nobody's availability
}

// Block is a stretch of somebody's calendar in absolute time.
type Block struct {
	civil.Span
	Tentative bool  // not decided; the seeker may let it through
	AllDay    bool  // a whole day in the owner's zone; the seeker may let it through unless Absent
	Absent    bool  // away: always blocks
	Row       int32 // the owner's row id of the event; 0 for absence records
}

// Availability is what is known of one person's calendar. When Unknown is not
// empty nothing is known, and Blocks must not be read as free time.
type Availability struct {
	Blocks   []Block
	Unknown  Unknown
	Disputed []string // zones of events whose clocks the portal reads otherwise than we do; one side's data is old
}

// Unknown is why a calendar could not be read; "" means it could.
type Unknown string

// The reasons for an unknown calendar. They are public: JSON carries them.
const (
	UnknownPerson     Unknown = "unknown_person" // the portal does not know the id
	UnknownDismissed  Unknown = "dismissed"      // no longer an employee
	UnknownUnreadable Unknown = "unreadable"     // an entry could not be understood
	UnknownMissing    Unknown = "missing"        // the portal's answer left this person out
	UnknownPortal     Unknown = "portal"         // the portal did not answer
	UnknownZone       Unknown = "zone"           // the person's time zone is none we know
)

// Directory reads people from a portal with the member's own rights.
//
// Errors: SignedOut when the grant is lost, Unavailable when the portal can't be
// reached or answers nonsense, Busy when it asks to wait, Unsupported when plan
// or scope forbid.
type Directory interface {
	// People returns the known ones of ids, dismissed people included. An id that
	// is not in the map is unknown to the portal.
	People(ctx context.Context, m Member, ids []int64) (map[int64]Person, error)
	// Everybody returns all active employees; it is meant for the picker and is
	// cached for some minutes.
	Everybody(ctx context.Context, m Member) ([]Person, error)
	// Departments returns the tree. It is empty when the app has no such scope.
	Departments(ctx context.Context, m Member) ([]Department, error)
}

// Calendar reads availability from a portal with the rights of the member it is
// asked as, who need not be the searcher (see Finder.see). The errors are those of Directory.
type Calendar interface {
	// Office returns the working time and zones of the portal.
	Office(ctx context.Context, m Member) (Office, error)
	// Busy returns the availability of each resident during the span: an entry for
	// every one of them. Blocks are clipped to the span. What can't be read makes
	// that person unknown. fresh asks for data read now, not from a cache.
	// An error means that nobody's calendar could be read.
	Busy(ctx context.Context, m Member, people []Resident, during civil.Span, fresh bool) (map[int64]Availability, error)
}

// Resident is a person with the zone all-day events are anchored in.
type Resident struct {
	ID   int64
	Zone *time.Location
}
