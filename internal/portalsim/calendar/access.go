package calendar

import (
	"slices"

	"slotfinder/internal/portalsim/portal"
)

// sight is how much of a calendar somebody may see.
type sight int

// What the token's user may see of a colleague's calendar. view_time is what
// everybody has unless someone changed it (calendar fact sheet, section 1.7).
const (
	seesNothing sight = iota
	seesTime
	seesTitle
	seesAll
)

// sightOf is what viewer sees of the calendar of owner. Portal admins, the owner
// and his managers see all of it.
func (p *Calendar) sightOf(viewer, owner *portal.User) sight {
	switch {
	case viewer.Admin || owner == nil || viewer.ID == owner.ID || p.manages(viewer, owner):
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

// manages tells whether viewer heads a department of the user or one above it;
// the setting that lets managers see their people's calendars is on by default.
func (p *Calendar) manages(viewer, user *portal.User) bool {
	for _, id := range user.Departments {
		for range p.Departments {
			d := p.departmentOf(id)
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

func (p *Calendar) departmentOf(id int) *portal.Department {
	for _, d := range p.Departments {
		if d.ID == id {
			return d
		}
	}
	return nil
}

// sightOfRow is what viewer sees of one row: in calendars of groups, of the
// company and of rooms as much as there is.
func (p *Calendar) sightOfRow(viewer *portal.User, e *portal.Event) sight {
	if e.Type != "user" || e.Creator == viewer.ID {
		return seesAll
	}
	return p.sightOf(viewer, p.User(e.Owner))
}

// words are the texts of the calendar in one language of a portal.
type words struct{ busy, quest, absent, free, denied string }

var languages = map[string]words{
	"en": {"Busy", "Undecided", "Away", "Available", "Access denied"},
	"ru": {"Занят", "Под вопросом", "Отсутствую", "Свободен", "Доступ запрещен"},
	"de": {"Beschäftigt", "Unentschieden", "Abwesend", "Verfügbar", "Zugriff verweigert"},
}

func (p *Calendar) words() words {
	if w, ok := languages[p.Lang]; ok {
		return w
	}
	return languages["en"]
}

// mask is the state of an event in place of its name. The rare row without an
// availability is masked by empty brackets.
func (p *Calendar) mask(access string) string {
	w := p.words()
	state := map[string]string{"busy": w.busy, "quest": w.quest, "absent": w.absent, "free": w.free}[access]
	return "[" + state + "]"
}

// visibleName is an event's name as accessibility answers show it. Private
// events are masked for everybody, their owner included.
func (p *Calendar) visibleName(e *portal.Event, s sight) string {
	switch {
	case e.Private || s == seesTime:
		return p.mask(e.Access)
	case s == seesTitle:
		return e.Name + " " + p.mask(e.Access)
	}
	return e.Name
}

// mayEdit tells whether the user may change rows of that calendar: his own, those
// of groups he is in, everything as an admin.
func (p *Calendar) mayEdit(u *portal.User, kind string, owner int) bool {
	switch {
	case u.Admin:
		return true
	case kind == "user":
		return owner == u.ID
	case kind == "group":
		return p.inGroup(u, owner)
	}
	return false
}

func (p *Calendar) inGroup(u *portal.User, id int) bool {
	for _, g := range p.Groups {
		if g.ID == id {
			return slices.ContainsFunc(g.Members, func(m portal.GroupMember) bool { return m.User == u.ID })
		}
	}
	return false
}
