package gate

import (
	"context"
	"sync"
)

// Semaphore bounds how much of some work is done at the same time: so much in all, and so much
// for each portal, which thus mostly waits for itself. Unlike a Gate it has no bound on who
// waits, or for how long: the context says that.
type Semaphore struct {
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

// NewSemaphore returns a limit of all, and of perPortal for each portal.
func NewSemaphore(all, perPortal int) *Semaphore {
	return &Semaphore{slots: make(chan struct{}, all), perPortal: perPortal, portals: map[string]*portalSlots{}}
}

// Acquire waits for a slot until ctx ends; release gives it back and must be called. It waits first for one of
// the portal's own, so that those who wait for their portal delay nobody else. The error is the
// cause of ctx.
func (l *Semaphore) Acquire(ctx context.Context, portal string) (release func(), err error) {
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

// Portals returns how many portals have a slot or wait for one.
func (l *Semaphore) Portals() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.portals)
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

func (l *Semaphore) addUser(portal string) *portalSlots {
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

func (l *Semaphore) removeUser(portal string, own *portalSlots) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if own.users--; own.users == 0 {
		delete(l.portals, portal)
	}
}
