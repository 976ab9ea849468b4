package sharer

import "slotfinder/internal/meet"

// For tests of how little is kept.
const (
	ViewsCounted = viewsCounted
	OpensWaiting = opensWaiting
)

// Admit counts a look at a link by an address.
func (s *Sharer) Admit(from, id string) { s.admit(meet.Link{ID: id}, from, false, s.Now()) }

// OpenedLink counts a look for an owner.
func (s *Sharer) OpenedLink(owner meet.Member, id string) { s.views.open(owner, id) }

// Counters is how many counters there are.
func (s *Sharer) Counters() int { return len(s.views.visitors.of) + len(s.views.shown.of) }

// Waiting is how many links have looks that are not written yet.
func (s *Sharer) Waiting() int { return len(s.views.opens) }
