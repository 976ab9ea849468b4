package portal

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"slotfinder/internal/portalsim/php"
)

// Portal is one portal: its data, and the lock for everything that changes while it
// is served. The other packages keep what they remember of a portal beside it,
// under the same lock.
//
// Lock order: the authorization server may be locked while a portal is, never the
// other way round.
type Portal struct {
	sync.Mutex
	Data

	// Notify tells the apps of the portal about an event: its data, and who acted
	// (0 = nobody). It is called while the portal is locked; nil tells nobody.
	Notify func(event string, data php.Array, actor int)

	oldHosts map[string]bool // former addresses, in lower case
}

// New makes a portal of its data.
func New(data Data) *Portal {
	return &Portal{Data: data, oldHosts: map[string]bool{}}
}

// User finds a user by id, dismissed ones included; nil when there is none. The
// portal is locked.
func (p *Portal) User(id int) *User {
	for _, u := range p.Users {
		if u.ID == id {
			return u
		}
	}
	return nil
}

// Person is a copy of a user by the text of their id, nil without one.
func (p *Portal) Person(id string) *User {
	n, err := strconv.Atoi(id)
	if err != nil {
		return nil
	}
	p.Lock()
	defer p.Unlock()
	u := p.User(n)
	if u == nil {
		return nil
	}
	seen := *u
	return &seen
}

// DepartmentNames are the names of a user's departments. The portal is locked.
func (p *Portal) DepartmentNames(u *User) []string {
	var names []string
	for _, d := range p.Departments {
		if slices.Contains(u.Departments, d.ID) {
			names = append(names, d.Name)
		}
	}
	return names
}

// Zone is the server's time zone; UTC when none is set.
func (p *Portal) Zone() *time.Location {
	if p.ServerZone == nil {
		return time.UTC
	}
	return p.ServerZone
}

// LoadZone is the time zone of a name by the portal's rules.
func (p *Portal) LoadZone(name string) (*time.Location, error) {
	if p.Zones == nil {
		return time.LoadLocation(name)
	}
	return p.Zones(name)
}

// Origin is the portal's scheme, host and port without a final slash. The portal
// is locked.
func (p *Portal) Origin() string {
	if p.Insecure {
		return "http://" + p.Host
	}
	return "https://" + p.Host
}

// PhotoURL is the address of a user's photograph, "" without one. The portal is
// locked.
func (p *Portal) PhotoURL(u *User) string {
	if u.Photo == nil {
		return ""
	}
	return p.Origin() + "/photo/" + strconv.Itoa(u.ID) + ".png"
}

// Endpoint is the portal's REST address with a final slash.
func (p *Portal) Endpoint() string {
	p.Lock()
	defer p.Unlock()
	return p.Origin() + "/rest/"
}

// CurrentHost is the portal's present host.
func (p *Portal) CurrentHost() string {
	p.Lock()
	defer p.Unlock()
	return p.Host
}

// Move gives the portal a new address and remembers the old one.
func (p *Portal) Move(newHost string) {
	p.Lock()
	defer p.Unlock()
	p.oldHosts[strings.ToLower(p.Host)] = true
	delete(p.oldHosts, strings.ToLower(newHost))
	p.Host = newHost
}

// MovedTo reports whether host is a former address, and the present origin.
func (p *Portal) MovedTo(host string) (origin string, moved bool) {
	p.Lock()
	defer p.Unlock()
	return p.Origin(), p.oldHosts[strings.ToLower(host)]
}

// AnswersTo reports whether the portal is, or once was, at host.
func (p *Portal) AnswersTo(host string) bool {
	p.Lock()
	defer p.Unlock()
	return strings.EqualFold(p.Host, host) || p.oldHosts[strings.ToLower(host)]
}

// Secrets returns the distinct titles of everybody's events, sorted. Bookings of
// rooms are left out: their title is the booker's name.
func (p *Portal) Secrets() []string {
	p.Lock()
	defer p.Unlock()
	set := map[string]bool{}
	for _, e := range p.Events {
		set[e.Name] = e.Type != "location"
	}
	maps.DeleteFunc(set, func(_ string, secret bool) bool { return !secret })
	delete(set, "")
	return slices.Sorted(maps.Keys(set))
}
