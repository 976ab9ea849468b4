package share

import (
	"sync"

	"golang.org/x/sync/singleflight"

	"slotfinder/internal/rescue"
)

// answersKept bounds what is remembered of the answers of shared pages, in bytes.
const answersKept = 8 << 20

// answerCache remembers what the links of web.SharePath answer to programs, so that it is made
// once for all who ask. Keys name what is said, so that nothing is ever out of date. The
// zero value is empty.
type answerCache struct {
	flights singleflight.Group

	mu   sync.Mutex
	kept map[string][]byte
	size int
}

// get returns the answer of a key, making it when it is not remembered. It must not be
// changed.
func (s *answerCache) get(key string, write func() ([]byte, error)) ([]byte, error) {
	if known, ok := s.recall(key); ok {
		return known, nil
	}
	made, err, _ := s.flights.Do(key, rescue.Value(func() (any, error) {
		body, err := write()
		if err == nil {
			s.keep(key, body)
		}
		return body, err
	}))
	if err != nil {
		return nil, err
	}
	return made.([]byte), nil
}

func (s *answerCache) recall(key string) ([]byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, ok := s.kept[key]
	return body, ok
}

// keep forgets all when there is no more room: what is asked for is soon back.
func (s *answerCache) keep(key string, body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	size := len(key) + len(body)
	if s.kept == nil || s.size+size > answersKept {
		s.kept, s.size = map[string][]byte{}, 0
	}
	if _, known := s.kept[key]; !known {
		s.kept[key] = body
		s.size += size
	}
}
