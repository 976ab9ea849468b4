package bitrix24

import (
	"context"
	"sync"
)

// places are a number of places at some work that all portals share. A portal may
// have a few of them, so that it mostly waits for itself.
type places struct {
	all chan struct{} // holds a token for every place taken
	own int           // how many a portal may have

	mu sync.Mutex
	of map[string]*queue // of the portals that have a place or wait for one
}

// queue is a portal's own places.
type queue struct {
	taken chan struct{}
	users int // who have a place or wait for one
}

func newPlaces(all, own int) *places {
	return &places{all: make(chan struct{}, all), own: own, of: map[string]*queue{}}
}

// enter waits for a place until ctx is over. The portal's own come first: who waits
// for one of them keeps nobody else waiting.
func (p *places) enter(ctx context.Context, portal string) (leave func(), err error) {
	own := p.join(portal)
	if err := take(ctx, own.taken); err != nil {
		p.part(portal, own)
		return nil, err
	}
	if err := take(ctx, p.all); err != nil {
		<-own.taken
		p.part(portal, own)
		return nil, err
	}
	return func() {
		<-p.all
		<-own.taken
		p.part(portal, own)
	}, nil
}

// take takes a place, never one when ctx is over.
func take(ctx context.Context, free chan struct{}) error {
	select {
	case free <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if ctx.Err() != nil { // both were possible
		<-free
		return context.Cause(ctx)
	}
	return nil
}

func (p *places) join(portal string) *queue {
	p.mu.Lock()
	defer p.mu.Unlock()
	own := p.of[portal]
	if own == nil {
		own = &queue{taken: make(chan struct{}, p.own)}
		p.of[portal] = own
	}
	own.users++
	return own
}

func (p *places) part(portal string, own *queue) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if own.users--; own.users == 0 {
		delete(p.of, portal)
	}
}
