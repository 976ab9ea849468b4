package bitrix24

import (
	"context"
	"sync"
)

// workLimit bounds how much of some work is done at the same time: so much in all, and so much
// for each portal, which thus mostly waits for itself.
type workLimit struct {
	slots     chan struct{} // holds a token for each slot that is taken
	perPortal int

	mu      sync.Mutex
	portals map[string]*portalSlots // of portals that have a slot or wait for one
}

// portalSlots are the slots of a portal.
type portalSlots struct {
	slots chan struct{}
	users int // callers that have a slot or wait for one
}

func newWorkLimit(all, perPortal int) *workLimit {
	return &workLimit{slots: make(chan struct{}, all), perPortal: perPortal, portals: map[string]*portalSlots{}}
}

// acquire waits for a slot until ctx ends: first for one of the portal's own, so that those who
// wait for their portal delay nobody else.
func (l *workLimit) acquire(ctx context.Context, portal string) (release func(), err error) {
	own := l.addUser(portal)
	if err := acquireSlot(ctx, own.slots); err != nil {
		l.removeUser(portal, own)
		return nil, err
	}
	if err := acquireSlot(ctx, l.slots); err != nil {
		<-own.slots
		l.removeUser(portal, own)
		return nil, err
	}
	return func() {
		<-l.slots
		<-own.slots
		l.removeUser(portal, own)
	}, nil
}

// acquireSlot takes a slot, but none once ctx has ended.
func acquireSlot(ctx context.Context, slots chan struct{}) error {
	select {
	case slots <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if ctx.Err() != nil { // both cases were ready
		<-slots
		return context.Cause(ctx)
	}
	return nil
}

func (l *workLimit) addUser(portal string) *portalSlots {
	l.mu.Lock()
	defer l.mu.Unlock()
	own := l.portals[portal]
	if own == nil {
		own = &portalSlots{slots: make(chan struct{}, l.perPortal)}
		l.portals[portal] = own
	}
	own.users++
	return own
}

func (l *workLimit) removeUser(portal string, own *portalSlots) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if own.users--; own.users == 0 {
		delete(l.portals, portal)
	}
}
