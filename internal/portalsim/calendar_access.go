package portalsim

import "slices"

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
func (p *Portal) sightOf(viewer, owner *User) sight {
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
func (p *Portal) manages(viewer, user *User) bool {
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

func (p *Portal) departmentOf(id int) *Department {
	for _, d := range p.Departments {
		if d.ID == id {
			return d
		}
	}
	return nil
}

// sightOfRow is what viewer sees of one row: in calendars of groups, of the
// company and of rooms as much as there is.
func (p *Portal) sightOfRow(viewer *User, e *Event) sight {
	if e.Type != "user" || e.Creator == viewer.ID {
		return seesAll
	}
	return p.sightOf(viewer, p.user(e.Owner))
}

// words are the texts of the calendar in one language of a portal.
type words struct{ busy, quest, absent, free, denied string }

var languages = map[string]words{
	"en": {"Busy", "Undecided", "Away", "Available", "Access denied"},
	"ru": {"Занят", "Под вопросом", "Отсутствую", "Свободен", "Доступ запрещен"},
	"de": {"Beschäftigt", "Unentschieden", "Abwesend", "Verfügbar", "Zugriff verweigert"},
}

func (p *Portal) words() words {
	if w, ok := languages[p.Lang]; ok {
		return w
	}
	return languages["en"]
}

// mask is the state of an event in place of its name. The rare row without an
// availability is masked by empty brackets.
func (p *Portal) mask(access string) string {
	w := p.words()
	state := map[string]string{"busy": w.busy, "quest": w.quest, "absent": w.absent, "free": w.free}[access]
	return "[" + state + "]"
}

// visibleName is an event's name as accessibility answers show it. Private
// events are masked for everybody, their owner included.
func (p *Portal) visibleName(e *Event, s sight) string {
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
func (p *Portal) mayEdit(u *User, kind string, owner int) bool {
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

func (p *Portal) inGroup(u *User, id int) bool {
	for _, g := range p.Groups {
		if g.ID == id {
			return slices.ContainsFunc(g.Members, func(m GroupMember) bool { return m.User == u.ID })
		}
	}
	return false
}

// employee tells whether calendar methods serve the user at all: company people
// in the structure and admins, no guests.
func (u *User) employee() bool {
	return u.Admin || !u.Extranet && len(u.Departments) > 0
}
