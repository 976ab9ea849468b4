package meet

import (
	"context"
	"net/url"
	"slices"
	"time"

	"slotfinder/internal/sweep"
)

// The bounds of what a member keeps.
const (
	MaxGroups    = 30 // saved under a name
	MaxGroupName = 60 // characters
	MaxRecent    = 5
)

// Group is a set of people that a member keeps, each with the part they have in a
// search. It is the member's own; what the portal calls a group is a Circle.
type Group struct {
	Name string // "" for people with whom the member searched lately
	Who  []int64
	Opt  []int64
	Any  []sweep.AnyOf
	At   time.Time // of the latest: when they were searched with
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
	q, err := ParseQuery(url.Values{"who": values["who"], "opt": values["opt"], "any": values["any"]})
	return GroupOf(q), err
}

// GroupOf is the group of a query that is about somebody in particular.
func GroupOf(q Query) Group {
	g := Group{Who: Distinct(q.Who), Any: q.Any}
	g.Opt = Without(Distinct(q.Opt), g.Who)
	slices.Sort(g.Who)
	slices.Sort(g.Opt)
	return g
}

// Values writes the people so that ParseGroup reads them.
func (g Group) Values() url.Values {
	v := url.Values{}
	if len(g.Who) > 0 {
		v.Set("who", JoinIDs(g.Who))
	}
	if len(g.Opt) > 0 {
		v.Set("opt", JoinIDs(g.Opt))
	}
	for _, some := range g.Any {
		v.Add("any", formatAnyOf(some))
	}
	return v
}

// People are all of the group once each: required, optional, those of whom some
// must come.
func (g Group) People() []int64 { return Query{Who: g.Who, Opt: g.Opt, Any: g.Any}.People() }

// Kept is a group as it is shown: with the people who are still there.
type Kept struct {
	Group
	Staff []Person // in the order of People
}
