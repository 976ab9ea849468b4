package portal

import (
	"time"

	"slotfinder/internal/portalsim/clock"
)

// Data is what a portal is filled with: its configuration and its rows. It is set
// before the portal is served; afterwards it changes only while the portal is
// locked.
type Data struct {
	MemberID string // 32 lower-case hex digits, the stable key
	Host     string // host[:port] as browsers see it; may change (see Move)
	Insecure bool   // served over http instead of https
	Plan     string // status reported to apps: L F D T P S

	ServerZone *time.Location // PHP's time zone: shifts every *_TS_UTC
	Zones      clock.Zones    // rules of all zones; nil = those of the machine
	Culture    clock.Culture  // how dates are written in REST answers
	Lang       string         // language of the masks ("en", "ru", "de")

	Settings    Settings
	Users       []*User
	Departments []*Department
	Groups      []*Group
	Chats       []*Chat
	Bots        []*Bot
	Tasks       []*Task
	Deals       []*Deal
	Contacts    []*Contact
	Rooms       []*Room
	Events      []*Event
	Absences    []*Absence

	// AbsenceBlock reports whether the intranet absence chart exists: without it
	// no HR record is ever in an answer.
	AbsenceBlock bool
	// EstimateBugs switches on Bitrix24's own mistakes in finding the first
	// instance of a recurrence after the window's start.
	EstimateBugs bool
	// DocStatuses makes REST errors carry the documented HTTP statuses instead
	// of those of the source.
	DocStatuses bool
}

// Settings is what calendar.settings.get tells.
type Settings struct {
	WorkStart, WorkEnd string // "9", "9.30"; "" = never set: the ints 9 and 19
	YearHolidays       string // "1.01,2.01"
	YearWorkdays       string // "31.12"
	WeekHolidays       []string
	WeekStart          string
}

// User is an employee, extranet user or guest of a portal.
type User struct {
	ID            int
	Name          string
	LastName      string
	Position      string
	Departments   []int
	Zone          string // IANA; "" = automatic or never set
	Active        bool
	Admin         bool
	Extranet      bool
	Photo         []byte // PNG; nil = none
	PersonalStart string // personal working time for calendar.user.settings.get; usually ""
	PersonalEnd   string
	// HiddenFrom lists colleagues without even view_time on this user's
	// calendar: they get no row at all, so the user looks free to them.
	HiddenFrom []int
	// TitlesFor lists colleagues with view_title; FullFor those with view_full.
	TitlesFor, FullFor []int
}

// Department is a node of the company's tree; the root has Parent 0.
type Department struct {
	ID     int
	Name   string
	Parent int
	Head   int
	Sort   int
}

// Group is a work group.
type Group struct {
	ID      int
	Name    string
	Members []GroupMember
}

// GroupMember has role A (owner), E (moderator) or K (member).
type GroupMember struct {
	User int
	Role string
}

// Chat is a messenger chat, addressed as chatID.
type Chat struct {
	ID      int
	Name    string
	Members []int
}

// Task is a task with everybody who takes part in it.
type Task struct {
	ID          int
	Title       string
	Creator     int
	Responsible int
	Accomplices []int
	Auditors    []int
}

// Deal is a deal of the CRM.
type Deal struct {
	ID       int
	Title    string
	Client   string
	Assigned int
	Creator  int
	// Observers are told by crm.item.get only.
	Observers []int
	Contacts  []int
}

// Contact is somebody outside of the company whom the CRM knows, with the colleague
// who looks after them.
type Contact struct {
	ID       int
	Name     string
	Assigned int
}

// Bot is a member of chats who is no person: only the messenger knows it.
type Bot struct {
	ID   int
	Name string
}

// Room is a meeting room: a calendar section of type location.
type Room struct {
	ID       int
	Name     string
	Capacity int
}

// Event is one row of the calendar table, as Bitrix24 keeps it: clock readings
// with a zone, never instants.
type Event struct {
	ID         int
	Parent     int    // 0 or own ID for the parent row
	Type       string // "user", "group", "company_calendar", "location", "open_event"
	Owner      int    // user, group or room
	Creator    int
	Section    int
	Name       string
	From, To   clock.Wall // wall time in ZoneFrom and ZoneTo; all-day: dates, To is the last day
	ZoneFrom   string     // may be "" or a leftover for all-day rows
	ZoneTo     string
	AllDay     bool
	Access     string // busy, quest, absent, free, or "" (odd imports)
	Importance string
	Private    bool
	Meeting    bool
	Status     string // H, Y, N, Q
	Kind       string // EVENT_TYPE; "" = null
	Location   string
	Deleted    bool
	Virtual    bool // lies in a Google holiday or birthday calendar
	Rule       *Rule
	ExDates    []clock.Date
	// TSUTC are the stored, shifted and for series stale numbers; computed when
	// the row is saved (see stamp).
	FromTS, ToTS int64
}

// Rule is a recurrence as Bitrix24 supports it.
type Rule struct {
	Freq     string // DAILY, WEEKLY, MONTHLY, YEARLY
	Interval int
	Count    int
	ByDay    []time.Weekday
	Until    clock.Date // zero = none
}

// Absence is an HR record of the absence chart. With Timed, From and To carry
// clock readings in the server's zone; otherwise bare dates, To inclusive.
type Absence struct {
	ID       int
	User     int
	From, To clock.Wall
	Timed    bool
}
