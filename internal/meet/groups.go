package meet

import (
	"context"
	"net/url"
	"slices"
	"time"
)

// The bounds of what a member keeps.
const (
	MaxGroups    = 30 // saved under a name
	MaxGroupName = 60 // characters
	MaxRecent    = 5
)

// Group is a set of people that a member keeps, each with the part they have in a
// search. It is the member's own; what the portal calls a group is an Audience.
type Group struct {
	Name string // "" for people with whom the member searched lately
	Selection
	At time.Time // of the latest: when they were searched with
}

// Groups keeps groups. Nobody sees those of another member. Errors are faults of the
// database; NotFound when the portal has gone.
type Groups interface {
	// Groups returns the named ones, in no order.
	Groups(ctx context.Context, m Member) ([]Group, error)
	// SaveGroup inserts or replaces the one of that name. It is not saved when that
	// would make more than most.
	SaveGroup(ctx context.Context, m Member, g Group, most int) (saved bool, err error)
	// DeleteGroup forgets the one of that name. Nothing happens when it is not there.
	DeleteGroup(ctx context.Context, m Member, name string) error
	// Recent returns the latest, the newest first, as SaveRecent has written them.
	Recent(ctx context.Context, m Member) ([]Group, error)
	SaveRecent(ctx context.Context, m Member, latest []Group) error
}

// ParseGroup reads people as the parameters who, opt and any have them; others are
// ignored. The error is that of ParseQuery.
func ParseGroup(values url.Values) (Group, error) {
	s, err := ParseSelection(values)
	return GroupOf(s), err
}

// GroupOf is a selection as it is kept: whatever the order of its people, it is the same.
func GroupOf(s Selection) Group {
	g := Group{Selection: s.Once()}
	slices.Sort(g.Required)
	slices.Sort(g.Optional)
	return g
}

// Kept is a group as it is shown: with the people who are still there.
type Kept struct {
	Group
	Staff []Person // in the order of People
}
