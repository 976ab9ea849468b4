package portalsim

import (
	"slices"
	"time"
)

// Request is one REST call that a portal has answered. It holds no parameter and
// no token.
type Request struct {
	Method string // lower case
	Status int    // HTTP status; inside a batch that of the error, else 200
	Batch  bool   // came inside a batch, which is a request of its own
	At     time.Time
}

// Requests lists the REST calls since the start or the last Reset, oldest first.
func (p *Portal) Requests() []Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.state.requests)
}

// Reset forgets the requests, and what they used of the portal's limits.
func (p *Portal) Reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state.requests = nil
	p.state.bucket = bucket{}
	p.state.operating = map[operatingKey]*operating{}
}

// maxRequests bounds the log of a portal that runs for long.
const maxRequests = 100_000

func (p *Portal) log(name string, status int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.record(Request{Method: name, Status: status, At: p.sim.now()})
}

// record keeps a request. mu is held.
func (p *Portal) record(r Request) {
	if len(p.state.requests) < maxRequests {
		p.state.requests = append(p.state.requests, r)
	}
}
