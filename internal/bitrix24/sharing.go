package bitrix24

import (
	"context"
	"sync"

	"slotfinder/internal/rescue"
)

// sharing lets callers that want the same at the same time have it done once. Unlike coalesce
// it ends when the last of them has gone.
type sharing[K comparable, V any] struct {
	mu sync.Mutex
	of map[K]*effort[V] // under way
}

// effort is something that is being done for everybody who waits for it.
type effort[V any] struct {
	waiting int
	stop    context.CancelFunc
	done    chan struct{}
	value   V
	err     error
}

// do returns what work made of key, or that ctx was over before.
func (s *sharing[K, V]) do(ctx context.Context, key K, work func(context.Context) (V, error)) (V, error) {
	var none V
	if ctx.Err() != nil {
		return none, context.Cause(ctx)
	}
	e := s.join(ctx, key, work)
	defer s.part(key, e)
	select {
	case <-e.done:
		return e.value, e.err
	case <-ctx.Done():
		return none, context.Cause(ctx)
	}
}

func (s *sharing[K, V]) join(ctx context.Context, key K, work func(context.Context) (V, error)) *effort[V] {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.of[key]; e != nil {
		e.waiting++
		return e
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	e := &effort[V]{waiting: 1, stop: stop, done: make(chan struct{})}
	if s.of == nil {
		s.of = map[K]*effort[V]{}
	}
	s.of[key] = e
	safely := rescue.Value(func() (V, error) { return work(ctx) })
	rescue.Go(func(error) {}, func() {
		defer close(e.done)
		e.value, e.err = safely()
	})
	return e
}

// part is called by everybody who joined. Who comes after the last begins anew.
func (s *sharing[K, V]) part(key K, e *effort[V]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.waiting--; e.waiting > 0 {
		return
	}
	e.stop()
	if s.of[key] == e {
		delete(s.of, key)
	}
}
