package bitrix24

import (
	"context"
	"sync"

	"slotfinder/internal/rescue"
)

// sharedWork lets callers that want the same at the same time have it done once. Unlike coalesce
// the work ends when the last of them has left.
type sharedWork[K comparable, V any] struct {
	mu       sync.Mutex
	underWay map[K]*flight[V]
}

// flight is work that is being done for the callers that wait for it.
type flight[V any] struct {
	waiting int
	cancel  context.CancelFunc
	done    chan struct{}
	value   V
	err     error
}

// do returns the outcome of work, or the error of ctx when that ends first.
func (s *sharedWork[K, V]) do(ctx context.Context, key K, work func(context.Context) (V, error)) (V, error) {
	var none V
	if ctx.Err() != nil {
		return none, context.Cause(ctx)
	}
	f := s.join(ctx, key, work)
	defer s.leave(key, f)
	select {
	case <-f.done:
		return f.value, f.err
	case <-ctx.Done():
		return none, context.Cause(ctx)
	}
}

func (s *sharedWork[K, V]) join(ctx context.Context, key K, work func(context.Context) (V, error)) *flight[V] {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.underWay[key]; f != nil {
		f.waiting++
		return f
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	f := &flight[V]{waiting: 1, cancel: cancel, done: make(chan struct{})}
	if s.underWay == nil {
		s.underWay = map[K]*flight[V]{}
	}
	s.underWay[key] = f
	safely := rescue.Value(func() (V, error) { return work(ctx) })
	rescue.Go(func(error) {}, func() {
		defer close(f.done)
		f.value, f.err = safely()
	})
	return f
}

// leave is called by each caller that joined. After the last one the work is done anew.
func (s *sharedWork[K, V]) leave(key K, f *flight[V]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.waiting--; f.waiting > 0 {
		return
	}
	f.cancel()
	if s.underWay[key] == f {
		delete(s.underWay, key)
	}
}
