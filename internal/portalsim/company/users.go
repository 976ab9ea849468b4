package company

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"slotfinder/internal/portalsim/php"
	"slotfinder/internal/portalsim/portal"
	"slotfinder/internal/portalsim/rest"
)

// profile is the method profile, which tells of the token's user whatever the
// scopes are.
func profile(c *call) (rest.Result, error) {
	u := c.User
	value := php.Array{
		{"ID", strconv.Itoa(u.ID)},
		{"ADMIN", u.Admin},
		{"NAME", u.Name},
		{"LAST_NAME", u.LastName},
		{"PERSONAL_GENDER", ""},
	}
	if photo := c.company.PhotoURL(u); photo != "" {
		value = value.With("PERSONAL_PHOTO", photo)
	}
	return rest.Result{Value: value.With("TIME_ZONE", u.Zone)}, nil
}

// userAdmin is user.admin.
func userAdmin(c *call) (rest.Result, error) {
	return rest.Result{Value: c.User.Admin}, nil
}

// userCurrent is user.current. Its dates are strings, other than in user.get.
func userCurrent(c *call) (rest.Result, error) {
	stamp := c.Now.In(c.company.Zone()).Format(time.RFC3339)
	value := c.userRow(c.User).With("LAST_ACTIVITY_DATE", stamp)
	return rest.Result{Value: value.With("TIMESTAMP_X", stamp)}, nil
}

// userRow is a user in the answers of user.*. A user without a photograph lacks
// that key, and dates are empty objects.
func (c *call) userRow(u *portal.User) php.Array {
	row := php.Array{
		{"ID", strconv.Itoa(u.ID)},
		{"ACTIVE", u.Active},
		{"NAME", u.Name},
		{"LAST_NAME", u.LastName},
	}
	if c.App.May("user|user_basic") {
		row = row.With("EMAIL", "user"+strconv.Itoa(u.ID)+"@example.test")
	}
	if c.App.May("user") {
		row = row.With("LAST_LOGIN", c.Now.In(c.company.Zone()).Format(time.RFC3339))
	}
	row = append(row, php.Array{
		{"TIME_ZONE", u.Zone},
		{"IS_ONLINE", "N"},
		{"TIMESTAMP_X", php.EmptyObject{}},
		{"LAST_ACTIVITY_DATE", php.EmptyObject{}},
		{"PERSONAL_GENDER", ""},
		{"WORK_POSITION", u.Position},
		{"UF_DEPARTMENT", departmentsOf(u)},
		{"USER_TYPE", userType(u)},
	}...)
	if photo := c.company.PhotoURL(u); photo != "" {
		row = row.With("PERSONAL_PHOTO", photo)
	}
	return row
}

// departmentsOf are a user's departments as ints, false for a user without any.
func departmentsOf(u *portal.User) any {
	if len(u.Departments) == 0 {
		return false
	}
	return u.Departments
}

func userType(u *portal.User) string {
	if u.Extranet {
		return "extranet"
	}
	return "employee"
}

// userGet is user.get, and user.search, which has FIND in addition.
func userGet(c *call) (rest.Result, error) {
	sent := c.Params.Upper()
	filter := sent
	if _, given := sent.Get("FILTER"); given {
		filter = sent.Sub("FILTER").Upper()
	}
	tests := c.userTests(filter)
	found := c.company.usersFor(c.User)
	found = slices.DeleteFunc(found, func(u *portal.User) bool {
		return slices.ContainsFunc(tests, func(passes func(*portal.User) bool) bool { return !passes(u) })
	})
	sortUsers(found, sent.Text("SORT"), sent.Text("ORDER"))
	rows := make([]php.Array, len(found))
	for i, u := range found {
		rows[i] = c.userRow(u)
	}
	return rest.PageOf(rows, c.Start), nil
}

// usersFor are the users that somebody may know of, former employees included. An
// administrator knows everybody; an employee knows colleagues and the extranet
// users of their groups; an extranet user knows the members of their groups. The
// portal is locked.
func (c *Company) usersFor(viewer *portal.User) []*portal.User {
	var seen []*portal.User
	for _, u := range c.Users {
		colleague := !viewer.Extranet && !u.Extranet
		if viewer.Admin || viewer == u || colleague || c.shareGroup(viewer.ID, u.ID) {
			seen = append(seen, u)
		}
	}
	return seen
}

// shareGroup reports whether two users are members of the same group. The portal
// is locked.
func (c *Company) shareGroup(a, b int) bool {
	return slices.ContainsFunc(c.Groups, func(g *portal.Group) bool { return g.Has(a) && g.Has(b) })
}

// sortUsers puts users in the order asked for; by id otherwise.
func sortUsers(users []*portal.User, by, order string) {
	compare := func(a, b *portal.User) int { return a.ID - b.ID }
	switch strings.ToUpper(by) {
	case "NAME":
		compare = func(a, b *portal.User) int { return strings.Compare(a.Name, b.Name) }
	case "LAST_NAME":
		compare = func(a, b *portal.User) int { return strings.Compare(a.LastName, b.LastName) }
	case "WORK_POSITION":
		compare = func(a, b *portal.User) int { return strings.Compare(a.Position, b.Position) }
	}
	slices.SortFunc(users, func(a, b *portal.User) int { return a.ID - b.ID })
	slices.SortStableFunc(users, func(a, b *portal.User) int {
		if strings.EqualFold(order, "DESC") {
			return compare(b, a)
		}
		return compare(a, b)
	})
}
