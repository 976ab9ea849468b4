package portalsim

import (
	"net/http"
	"strconv"
	"time"
)

// faultKind says what goes wrong.
type faultKind int

const (
	faultNone faultKind = iota
	faultSlow
	faultCut
	faultPage
	faultLost
	faultTruncated
	faultRedirect
	faultError
)

// Fault is a failure that a test orders with Portal.Fail or Sim.FailAuth. The
// zero Fault is none. Make one with Slow, Cut, HTML502, HTML504, Truncated,
// Redirect, ExpiredToken or Failure.
type Fault struct {
	kind     faultKind
	times    int // 0 = until healed
	delay    time.Duration
	status   int
	location string
	err      *restError
}

// Slow answers correctly, but only after d (or never, when the client leaves).
func Slow(d time.Duration) Fault { return Fault{kind: faultSlow, delay: d} }

// Cut does what was asked and breaks the connection in the middle of the answer.
func Cut() Fault { return Fault{kind: faultCut} }

// HTML502 answers with a front end's page; nothing has been done.
func HTML502() Fault { return Fault{kind: faultPage, status: http.StatusBadGateway} }

// HTML504 does what was asked, but the front end answers with its own page.
func HTML504() Fault { return Fault{kind: faultLost, status: http.StatusGatewayTimeout} }

// Truncated does what was asked and sends half of the JSON as if it were all.
func Truncated() Fault { return Fault{kind: faultTruncated} }

// Redirect answers 302 to the address given; nothing has been done.
func Redirect(to string) Fault {
	return Fault{kind: faultRedirect, location: to, status: http.StatusFound}
}

// ExpiredToken answers that the access token has expired.
func ExpiredToken() Fault { return Failure("expired_token") }

// Failure answers with the error of this code: for REST with the text and status
// of the calendar fact sheet, section 10.2, where the code is known.
func Failure(code string) Fault { return Fault{kind: faultError, err: known(code)} }

// FailureStatus is Failure with a text and an HTTP status of one's own.
func FailureStatus(code, text string, status int) Fault {
	return Fault{kind: faultError, err: &restError{Code: code, Text: text, Status: status}}
}

// Times limits a fault to the next n calls. Without it a fault lasts until Heal.
func (f Fault) Times(n int) Fault {
	f.times = n
	return f
}

// faults are the failures ordered, by lower-case name of the method; "*" is any.
type faults map[string][]Fault

// take returns the fault due for name and counts it.
func (fs faults) take(name string) Fault {
	for _, key := range []string{name, "*"} {
		queue := fs[key]
		if len(queue) == 0 {
			continue
		}
		f := queue[0]
		if f.times > 0 {
			if queue[0].times--; queue[0].times == 0 {
				fs[key] = queue[1:]
			}
		}
		return f
	}
	return Fault{}
}

// Fail orders a fault for the coming calls of a REST method ("*" = of any),
// after those ordered before. Inside a batch only faults that are REST errors
// count; the others apply to the method "batch" itself.
func (p *Portal) Fail(method string, f Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.state.faults == nil {
		p.state.faults = faults{}
	}
	key := methodName(method)
	p.state.faults[key] = append(p.state.faults[key], f)
}

// Heal takes back every fault ordered for the portal.
func (p *Portal) Heal() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state.faults = nil
}

func (p *Portal) takeFault(name string) Fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.state.faults.take(name)
}

// takeError is the REST error due for a call inside a batch, or nil. mu is held.
func (p *Portal) takeError(name string) *restError {
	if queue := p.state.faults[name]; len(queue) == 0 || queue[0].kind != faultError {
		return nil
	}
	return p.state.faults.take(name).err
}

// FailAuth orders a fault for the authorization server's path, "/oauth/token/"
// or "/rest/app.info"; "*" = any.
func (s *Sim) FailAuth(path string, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.faults == nil {
		s.faults = faults{}
	}
	s.faults[path] = append(s.faults[path], f)
}

// HealAuth takes back every fault ordered for the authorization server.
func (s *Sim) HealAuth() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// before plays the part of the fault that precedes the work; true when nothing
// more is to be answered.
func (f Fault) before(w http.ResponseWriter, r *http.Request) bool {
	switch f.kind {
	case faultSlow:
		return !wait(r.Context(), f.delay)
	case faultPage:
		frontEndPage(w, f.status)
		return true
	case faultRedirect:
		http.Redirect(w, r, f.location, f.status)
		return true
	}
	return false
}

// statusOr is the status that the client sees.
func (f Fault) statusOr(status int) int {
	if f.kind == faultLost {
		return f.status
	}
	return status
}

// deliver sends the answer, spoilt as ordered.
func (f Fault) deliver(w http.ResponseWriter, ans answer) {
	switch f.kind {
	case faultLost:
		frontEndPage(w, f.status)
		return
	case faultCut:
		w.Header().Set("Content-Length", strconv.Itoa(len(ans.body)))
		w.WriteHeader(ans.status)
		_, _ = w.Write(ans.body[:len(ans.body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	case faultTruncated:
		ans.body = ans.body[:len(ans.body)/2]
	}
	w.WriteHeader(ans.status)
	_, _ = w.Write(ans.body)
}

// frontEndPage is what a web server in front of the portal says by itself.
func frontEndPage(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(status)
	text := strconv.Itoa(status) + " " + http.StatusText(status)
	_, _ = w.Write([]byte("<html><head><title>" + text + "</title></head><body><center><h1>" +
		text + "</h1></center><hr><center>nginx</center></body></html>"))
}
