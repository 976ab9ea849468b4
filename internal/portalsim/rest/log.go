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
func (p *Server) Requests() []Request {
	p.Lock()
	defer p.Unlock()
	return slices.Clone(p.requests)
}

// Reset forgets the requests, and what they used of the portal's limits.
func (p *Server) Reset() {
	p.Lock()
	defer p.Unlock()
	p.requests = nil
	p.bucket = bucket{}
	p.operating = map[operatingKey]*operating{}
}

// maxRequests bounds the log of a portal that runs for long.
const maxRequests = 100_000

func (p *Server) log(name string, status int) {
	p.Lock()
	defer p.Unlock()
	p.record(Request{Method: name, Status: status, At: p.auth.Now()})
}

// record keeps a request. The portal is locked.
func (p *Server) record(r Request) {
	if len(p.requests) < maxRequests {
		p.requests = append(p.requests, r)
	}
}
