package fault

import (
	"net/http"
	"time"
)

// kind says what goes wrong.
type kind int

const (
	none kind = iota
	slow
	cut
	page
	lost
	truncated
	redirect
	refused
	late
	says
)

// Fault is something that a test lets go wrong. The zero Fault is none. Make one
// with Slow, Late, Says, Cut, HTML502, HTML504, Truncated, Redirect, ExpiredToken or Failure.
type Fault struct {
	kind     kind
	times    int // 0 = until healed
	delay    time.Duration
	Status   int
	location string
	Err      *Error
	text     string
}

// Slow answers correctly, but only after d (or never, when the client leaves).
func Slow(d time.Duration) Fault { return Fault{kind: slow, delay: d} }

// Late does what was asked at once, and answers only after d.
func Late(d time.Duration) Fault { return Fault{kind: late, delay: d} }

// Says answers with a text as the result and status 200, as Bitrix24 does when it forbids a
// change; nothing has been done.
func Says(text string) Fault { return Fault{kind: says, text: text} }

// Cut does what was asked and breaks the connection in the middle of the answer.
func Cut() Fault { return Fault{kind: cut} }

// HTML502 answers with a front end's page; nothing has been done.
func HTML502() Fault { return Fault{kind: page, Status: http.StatusBadGateway} }

// HTML504 does what was asked, but the front end answers with its own page.
func HTML504() Fault { return Fault{kind: lost, Status: http.StatusGatewayTimeout} }

// Truncated does what was asked and sends half of the JSON as if it were all.
func Truncated() Fault { return Fault{kind: truncated} }

// Redirect answers 302 to the address given; nothing has been done.
func Redirect(to string) Fault {
	return Fault{kind: redirect, location: to, Status: http.StatusFound}
}

// ExpiredToken answers that the access token has expired.
func ExpiredToken() Fault { return Failure("expired_token") }

// Failure answers with the error of this code; text and status are those of REST
// if the code is known.
func Failure(code string) Fault { return Fault{kind: refused, Err: Known(code)} }

// FailureStatus is Failure with a text and an HTTP status of one's own.
func FailureStatus(code, text string, status int) Fault {
	return Fault{kind: refused, Err: &Error{Code: code, Text: text, Status: status}}
}

// Times limits a fault to the next n calls. Without it a fault lasts until Heal.
func (f Fault) Times(n int) Fault {
	f.times = n
	return f
}

// Queue are those ordered, by the lower-case name of the method or the path of
// the authorization server; "*" is any.
type Queue map[string][]Fault

// Order puts a fault behind those ordered before.
func (fs Queue) Order(name string, f Fault) { fs[name] = append(fs[name], f) }

// Take returns the fault due for name and counts it.
func (fs Queue) Take(name string) Fault {
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

// TakeError is the REST error due for a call inside a batch, or nil.
func (fs Queue) TakeError(name string) *Error {
	if queue := fs[name]; len(queue) == 0 || queue[0].kind != refused {
		return nil
	}
	return fs.Take(name).Err
}
