package meet

// For tests of how little is kept.
const (
	LooksCounted = looksCounted
	OpensWaiting = opensWaiting
)

// Admit counts a look at a link by an address.
func (s *Sharer) Admit(from, id string) { s.admit(Link{ID: id}, from, false, s.Now()) }

// OpenedLink counts a look for an owner.
func (s *Sharer) OpenedLink(owner Member, id string) { s.looks.open(owner, id) }

// Counters is how many counters there are.
func (s *Sharer) Counters() int { return len(s.looks.visitors.of) + len(s.looks.shown.of) }

// Waiting is how many links have looks that are not written yet.
func (s *Sharer) Waiting() int { return len(s.looks.opens) }
