package rest

import (
	"slices"
	"time"
)

// Request is a REST call that a portal has answered. It has no parameters and no
// token.
type Request struct {
	Method string // lower case
	Status int    // HTTP status; inside a batch that of the error, else 200
	Batch  bool   // came inside a batch, which is a request of its own
	At     time.Time
}

// Requests lists the REST calls since the start or the last Reset, oldest first.
func (s *Server) Requests() []Request {
	s.Lock()
	defer s.Unlock()
	return slices.Clone(s.requests)
}

// Reset forgets the requests, and what they used of the portal's limits.
func (s *Server) Reset() {
	s.Lock()
	defer s.Unlock()
	s.requests = nil
	s.bucket = bucket{}
	s.operating = map[operatingKey]*operating{}
}

// maxRequests bounds the log of a portal that runs for long.
const maxRequests = 100_000

func (s *Server) log(name string, status int) {
	s.Lock()
	defer s.Unlock()
	s.record(Request{Method: name, Status: status, At: s.auth.Now()})
}

// record keeps a request. The portal is locked.
func (s *Server) record(r Request) {
	if len(s.requests) < maxRequests {
		s.requests = append(s.requests, r)
	}
}
