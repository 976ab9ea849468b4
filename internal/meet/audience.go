package meet

import "context"

// Audience is a set of people that a portal knows by a name.
type Audience struct {
	Kind    AudienceKind
	ID      int64 // unique within its kind
	Name    string
	Members []int64 // active employees, ascending
	Outside []int64 // members who are no employees
}

// AudienceKind is what an audience is at the portal. It is public: JSON carries it.
type AudienceKind string

// The kinds, in the order in which the picker shows them.
const (
	AudienceDepartment AudienceKind = "department" // with all departments below it
	AudienceGroup      AudienceKind = "group"      // a work group or project
	AudienceChat       AudienceKind = "chat"

	// Found by their number only, from where the app was opened.
	AudienceTask AudienceKind = "task" // those who have to do with a task
	AudienceDeal AudienceKind = "deal" // those who have to do with a deal
)

// Outsider is a member of an audience who is no employee and thus can't be asked.
type Outsider struct {
	ID   int64
	Name string // "" when the portal does not tell
	Kind OutsiderKind
}

// OutsiderKind is why somebody is no employee.
type OutsiderKind string

// The kinds.
const (
	OutsiderUnknown   OutsiderKind = ""          // the portal does not tell
	OutsiderGuest     OutsiderKind = "guest"     // from outside the company; has no calendar in the portal
	OutsiderBot       OutsiderKind = "bot"       // a program in a chat
	OutsiderDismissed OutsiderKind = "dismissed" // no longer an employee
)

// Audiences reads work groups and chats from a portal with the member's own rights.
// The errors are those of Directory.
type Audiences interface {
	// Audiences returns the work groups and chats that the portal shows the member,
	// without Members. Those for which the app has no scope are left out.
	Audiences(ctx context.Context, m Member) ([]Audience, error)
	// Members returns who belongs to each of the audiences, in their order. There may
	// be people among them who are no employees, or have left. What the portal does
	// not tell the member is nil.
	Members(ctx context.Context, m Member, audiences []Audience) ([][]int64, error)
	// Outsiders tells who people are who are no employees, in their order.
	Outsiders(ctx context.Context, m Member, ids []int64) ([]Outsider, error)
}
