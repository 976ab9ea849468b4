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

	// AbsenceBlock is whether the portal has an absence chart. Without it no answer
	// has a record of one.
	AbsenceBlock bool
	// EstimateBugs makes the mistakes that Bitrix24 makes in finding the first
	// instance of a series after the beginning of a period.
	EstimateBugs bool
	// DocStatuses gives REST errors the documented HTTP statuses instead of those
	// in Bitrix24's source.
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
	// HiddenFrom lists colleagues who lack even view_time on this user's calendar.
	// They get no row at all, so the user looks free to them.
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

// Chat is a chat of the messenger, which calls it chat<ID>.
type Chat struct {
	ID      int
	Name    string
	Members []int
}

// Task is a task with its participants.
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

// Contact is somebody outside of the company whom the CRM knows. Assigned is the
// colleague who looks after them.
type Contact struct {
	ID       int
	Name     string
	Assigned int
}

// Bot is a member of chats that only the messenger knows.
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
	ZoneFrom   string     // all-day rows have "" or a zone left over
	ZoneTo     string
	AllDay     bool
	Access     string // busy, quest, absent, free, or "" after some imports
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
	// FromTS and ToTS are the numbers that Bitrix24 computes on saving. They are
	// shifted by the server's offset; in a series ToTS is the end of the whole.
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

// Absence is a record of the absence chart. With Timed, From and To are readings of
// the server's clock; otherwise they are whole days, To included.
type Absence struct {
	ID       int
	User     int
	From, To clock.Wall
	Timed    bool
}
