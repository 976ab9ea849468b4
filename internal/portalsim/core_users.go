package portalsim

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// profile is profile: the token user, whatever the scopes.
func profile(c *call) (result, error) {
	u := c.user
	value := obj{
		{"ID", strconv.Itoa(u.ID)},
		{"ADMIN", u.Admin},
		{"NAME", u.Name},
		{"LAST_NAME", u.LastName},
		{"PERSONAL_GENDER", ""},
	}
	if photo := c.portal.photoURL(u); photo != "" {
		value = value.with("PERSONAL_PHOTO", photo)
	}
	return result{value: value.with("TIME_ZONE", u.Zone)}, nil
}

// userAdmin is user.admin.
func userAdmin(c *call) (result, error) {
	return result{value: c.user.Admin}, nil
}

// userCurrent is user.current. Other than in user.get its dates are strings.
func userCurrent(c *call) (result, error) {
	stamp := c.now.In(c.portal.zone()).Format(time.RFC3339)
	value := c.userRow(c.user).with("LAST_ACTIVITY_DATE", stamp)
	return result{value: value.with("TIMESTAMP_X", stamp)}, nil
}

// userRow is a user as the methods user.* tell him. A user without photograph
// has no such key, and dates are empty objects.
func (c *call) userRow(u *User) obj {
	row := obj{
		{"ID", strconv.Itoa(u.ID)},
		{"ACTIVE", u.Active},
		{"NAME", u.Name},
		{"LAST_NAME", u.LastName},
	}
	if c.app.may("user|user_basic") {
		row = row.with("EMAIL", "user"+strconv.Itoa(u.ID)+"@example.test")
	}
	if c.app.may("user") {
		row = row.with("LAST_LOGIN", c.now.In(c.portal.zone()).Format(time.RFC3339))
	}
	row = append(row, obj{
		{"TIME_ZONE", u.Zone},
		{"IS_ONLINE", "N"},
		{"TIMESTAMP_X", emptyObject{}},
		{"LAST_ACTIVITY_DATE", emptyObject{}},
		{"PERSONAL_GENDER", ""},
		{"WORK_POSITION", u.Position},
		{"UF_DEPARTMENT", departmentsOf(u)},
		{"USER_TYPE", userType(u)},
	}...)
	if photo := c.portal.photoURL(u); photo != "" {
		row = row.with("PERSONAL_PHOTO", photo)
	}
	return row
}

// departmentsOf are a user's departments as ints; false for somebody in none.
func departmentsOf(u *User) any {
	if len(u.Departments) == 0 {
		return false
	}
	return u.Departments
}

func userType(u *User) string {
	if u.Extranet {
		return "extranet"
	}
	return "employee"
}

// userGet is user.get and user.search, which differs in nothing but FIND.
func userGet(c *call) (result, error) {
	sent := c.params.upper()
	filter := sent
	if _, given := sent.get("FILTER"); given {
		filter = sent.sub("FILTER").upper()
	}
	tests := c.userTests(filter)
	found := c.portal.usersFor(c.user)
	found = slices.DeleteFunc(found, func(u *User) bool {
		return slices.ContainsFunc(tests, func(passes func(*User) bool) bool { return !passes(u) })
	})
	sortUsers(found, sent.str("SORT"), sent.str("ORDER"))
	rows := make([]obj, len(found))
	for i, u := range found {
		rows[i] = c.userRow(u)
	}
	return paged(rows, c.start), nil
}

// usersFor are the users, dismissed ones included, that somebody may know of: an
// administrator everybody, an employee his colleagues and the extranet users of
// his groups, an extranet user those of his groups alone. mu is held.
func (p *Portal) usersFor(viewer *User) []*User {
	var seen []*User
	for _, u := range p.Users {
		colleague := !viewer.Extranet && !u.Extranet
		if viewer.Admin || viewer == u || colleague || p.shareGroup(viewer.ID, u.ID) {
			seen = append(seen, u)
		}
	}
	return seen
}

// shareGroup tells whether two users are members of one group. mu is held.
func (p *Portal) shareGroup(a, b int) bool {
	return slices.ContainsFunc(p.Groups, func(g *Group) bool { return g.has(a) && g.has(b) })
}

func (g *Group) has(user int) bool {
	return slices.ContainsFunc(g.Members, func(m GroupMember) bool { return m.User == user })
}

// sortUsers puts users in the order asked for; by id otherwise.
func sortUsers(users []*User, by, order string) {
	compare := func(a, b *User) int { return a.ID - b.ID }
	switch strings.ToUpper(by) {
	case "NAME":
		compare = func(a, b *User) int { return strings.Compare(a.Name, b.Name) }
	case "LAST_NAME":
		compare = func(a, b *User) int { return strings.Compare(a.LastName, b.LastName) }
	case "WORK_POSITION":
		compare = func(a, b *User) int { return strings.Compare(a.Position, b.Position) }
	}
	slices.SortFunc(users, func(a, b *User) int { return a.ID - b.ID })
	slices.SortStableFunc(users, func(a, b *User) int {
		if strings.EqualFold(order, "DESC") {
			return compare(b, a)
		}
		return compare(a, b)
	})
}
