package calendar

import (
	"slices"

	"slotfinder/internal/portalsim/portal"
)

// accessLevel is how much of a calendar somebody may see.
type accessLevel int

// What the token's user may see of a colleague's calendar. Without any change of
// the rights everybody sees times.
const (
	seesNothing accessLevel = iota
	seesTime
	seesTitle
	seesAll
)

// accessTo is what viewer sees of the calendar of owner. Administrators, the owner
// and the owner's managers see everything.
func (c *Calendar) accessTo(viewer, owner *portal.User) accessLevel {
	switch {
	case viewer.Admin || owner == nil || viewer.ID == owner.ID || c.manages(viewer, owner):
		return seesAll
	case slices.Contains(owner.HiddenFrom, viewer.ID):
		return seesNothing
	case slices.Contains(owner.FullFor, viewer.ID):
		return seesAll
	case slices.Contains(owner.TitlesFor, viewer.ID):
		return seesTitle
	}
	return seesTime
}

// manages reports whether viewer heads a department of the user or one above it.
// Bitrix24 lets managers see their people's calendars unless that is switched off.
func (c *Calendar) manages(viewer, user *portal.User) bool {
	for _, id := range user.Departments {
		for range c.Departments {
			d := c.departmentOf(id)
			if d == nil {
				break
			}
			if d.Head == viewer.ID {
				return true
			}
			id = d.Parent
		}
	}
	return false
}

func (c *Calendar) departmentOf(id int) *portal.Department {
	for _, d := range c.Departments {
		if d.ID == id {
			return d
		}
	}
	return nil
}

// accessToRow is what viewer sees of one row. Calendars of groups, of the company
// and of rooms are open to everybody.
func (c *Calendar) accessToRow(viewer *portal.User, e *portal.Event) accessLevel {
	if e.Type != "user" || e.Creator == viewer.ID {
		return seesAll
	}
	return c.accessTo(viewer, c.User(e.Owner))
}

// texts are the calendar's own texts in one language.
type texts struct{ busy, quest, absent, free, denied string }

var languages = map[string]texts{
	"en": {"Busy", "Undecided", "Away", "Available", "Access denied"},
	"ru": {"Занят", "Под вопросом", "Отсутствую", "Свободен", "Доступ запрещен"},
	"de": {"Beschäftigt", "Unentschieden", "Abwesend", "Verfügbar", "Zugriff verweigert"},
}

func (c *Calendar) texts() texts {
	if w, ok := languages[c.Lang]; ok {
		return w
	}
	return languages["en"]
}

// mask is what stands in place of an event's name: its state in brackets. A row
// without a state, which is rare, has empty brackets.
func (c *Calendar) mask(access string) string {
	w := c.texts()
	state := map[string]string{"busy": w.busy, "quest": w.quest, "absent": w.absent, "free": w.free}[access]
	return "[" + state + "]"
}

// visibleName is an event's name as accessibility answers show it. Private
// events are masked for everybody, their owner included.
func (c *Calendar) visibleName(e *portal.Event, s accessLevel) string {
	switch {
	case e.Private || s == seesTime:
		return c.mask(e.Access)
	case s == seesTitle:
		return e.Name + " " + c.mask(e.Access)
	}
	return e.Name
}

// mayEdit reports whether the user may change rows of that calendar:
// administrators may change all, others their own and those of their groups.
func (c *Calendar) mayEdit(u *portal.User, kind string, owner int) bool {
	switch {
	case u.Admin:
		return true
	case kind == "user":
		return owner == u.ID
	case kind == "group":
		return c.inGroup(u, owner)
	}
	return false
}

func (c *Calendar) inGroup(u *portal.User, id int) bool {
	for _, g := range c.Groups {
		if g.ID == id {
			return slices.ContainsFunc(g.Members, func(m portal.GroupMember) bool { return m.User == u.ID })
		}
	}
	return false
}
