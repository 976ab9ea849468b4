package portal

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// FullName is first and last name, as pages show it.
func (u *User) FullName() string { return strings.TrimSpace(u.Name + " " + u.LastName) }

// Path is the address of the user's page.
func (u *User) Path() string { return "/company/personal/user/" + strconv.Itoa(u.ID) + "/" }

// Initials stand where there is no photograph.
func (u *User) Initials() string {
	return initial(u.Name) + initial(u.LastName)
}

func initial(name string) string {
	letter, size := utf8.DecodeRuneInString(name)
	if size == 0 {
		return ""
	}
	return string(letter)
}

// Employee reports whether calendar methods serve the user at all: company people
// in the structure and admins, no guests.
func (u *User) Employee() bool {
	return u.Admin || !u.Extranet && len(u.Departments) > 0
}

// Has reports whether a user is a member of the group.
func (g *Group) Has(user int) bool {
	return slices.ContainsFunc(g.Members, func(m GroupMember) bool { return m.User == user })
}

// Owner is the group's owner, 0 without one.
func (g *Group) Owner() int {
	for _, m := range g.Members {
		if m.Role == "A" {
			return m.User
		}
	}
	return 0
}

// Every is the interval of a rule, 1 when none is given.
func (r *Rule) Every() int { return max(1, r.Interval) }

// Days are the weekdays of a weekly rule; without any it is Monday.
func (r *Rule) Days() []time.Weekday {
	if len(r.ByDay) == 0 {
		return []time.Weekday{time.Monday}
	}
	return r.ByDay
}
