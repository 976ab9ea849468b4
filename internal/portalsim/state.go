package portalsim

import "time"

// state is what changes while a portal is served, beside its rows. The portal's
// mu guards it together with every row; a REST method always runs with mu held,
// so it reads and writes the portal's fields directly.
//
// Lock order: a portal's mu may be held while the simulator's mu is taken, never
// the other way round.
type state struct {
	sessions   map[string]int // cookie of the portal's own pages: user
	oldHosts   map[string]bool
	bucket     bucket
	operating  map[operatingKey]*operating
	costs      map[string]time.Duration // operating time charged per call, by method
	faults     faults
	requests   []Request
	handlers   []handler
	placements []placement
	apps       map[string]*installation // by client id, of apps that the portal has or had
	messages   []Message
	said       map[string][]line // in dialogues, by their id
	outbox     []delivery
	wake       chan struct{} // holds a value while the outbox may not be empty
	lastID     int           // of handlers and placements
	calendar   calendarState
}

// ready makes the maps that are not there yet: a portal may have been filled, and
// its failures ordered, before it is served.
func (s *state) ready() {
	if s.sessions != nil {
		return
	}
	s.sessions = map[string]int{}
	s.oldHosts = map[string]bool{}
	s.apps = map[string]*installation{}
	s.said = map[string][]line{}
	s.operating = map[operatingKey]*operating{}
	s.wake = make(chan struct{}, 1)
	if s.costs == nil {
		s.costs = map[string]time.Duration{}
	}
}

// nextID numbers handlers and placements. mu is held.
func (p *Portal) nextID() int {
	p.state.lastID++
	return p.state.lastID
}

// user finds a user by id, dismissed ones included; nil when there is none. mu
// is held.
func (p *Portal) user(id int) *User {
	for _, u := range p.Users {
		if u.ID == id {
			return u
		}
	}
	return nil
}

// origin is the portal's scheme, host and port without a final slash. mu is held.
func (p *Portal) origin() string {
	if p.Insecure {
		return "http://" + p.Host
	}
	return "https://" + p.Host
}

// endpoint is the portal's REST address with a final slash, for callers that do
// not hold mu.
func (p *Portal) endpoint() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.origin() + "/rest/"
}

// host is the portal's current host for callers that do not hold mu.
func (p *Portal) host() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.Host
}
