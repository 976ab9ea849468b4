package share

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// What is asked for by many at once, and again, is made once.
func TestSharedAnswersAreMadeOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var s answerCache
		var made atomic.Int64
		get := func(key string) ([]byte, error) {
			return s.get(key, func() ([]byte, error) {
				made.Add(1)
				time.Sleep(time.Second)
				return []byte(key), nil
			})
		}
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() {
				if body, err := get("a"); err != nil || string(body) != "a" {
					t.Error(string(body), err)
				}
			})
		}
		all.Wait()
		_, _ = get("a")
		if _, _ = get("b"); made.Load() != 2 {
			t.Errorf("made %d times", made.Load())
		}
	})
}

// Neither many answers nor one that fails or panics is kept.
func TestSharedAnswersAreFew(t *testing.T) {
	t.Parallel()
	var s answerCache
	for n := range 1000 {
		_, err := s.get(fmt.Sprint(n), func() ([]byte, error) { return make([]byte, 100<<10), nil })
		if err != nil || s.size > answersKept || len(s.kept) > answersKept/(100<<10) {
			t.Fatalf("%d answers, %d bytes, %v", len(s.kept), s.size, err)
		}
	}
	broken := errors.New("on purpose")
	if _, err := s.get("x", func() ([]byte, error) { return nil, broken }); !errors.Is(err, broken) {
		t.Error(err)
	}
	if _, err := s.get("x", func() ([]byte, error) { panic("on purpose") }); err == nil {
		t.Error("no error")
	}
	if body, err := s.get("x", func() ([]byte, error) { return []byte("y"), nil }); err != nil || string(body) != "y" {
		t.Error(string(body), err)
	}
}
