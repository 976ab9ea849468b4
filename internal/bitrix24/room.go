package bitrix24

import (
	"io"
	"net/http"

	"golang.org/x/sync/semaphore"
)

// The bounds of answers in bytes. 25 people over a month and a half, which is what
// one request asks for, take 2 MB when they are very busy; 2,500 colleagues take 4.
// Availability, which is read entry by entry, is given up when nobody waits for it;
// other answers are decoded in one piece, which takes a tenth of a second for the
// longest.
const (
	availabilityLimit = 16 << 20 // of one answer with availability
	answerLimit       = 8 << 20  // of any other
	entryLimit        = 64 << 10 // of one entry of a calendar
	smallAnswer       = 64 << 10 // answers up to this size are not counted below
	roomOfAll         = 96 << 20 // of all answers at once
	roomOfOne         = 32 << 20 // of these, a single portal's
)

// availability is the method whose answers are read where they lie.
const availability = "calendar.accessibility.get"

// room is the memory an answer takes while it is read and decoded, out of what all
// answers and those of its portal may take together: portals may be anybody's, and
// some would send for ever. There is no waiting for more, as those who wait would
// keep what they hold from each other; the request is repeated instead.
type room struct {
	all, own *semaphore.Weighted
	held     int64
}

// add takes n bytes more, or fails with errCrowded.
func (r *room) add(n int) error {
	if !r.own.TryAcquire(int64(n)) {
		return errCrowded
	}
	if !r.all.TryAcquire(int64(n)) {
		r.own.Release(int64(n))
		return errCrowded
	}
	r.held += int64(n)
	return nil
}

// remove gives n bytes back.
func (r *room) remove(n int) {
	n64 := min(int64(n), r.held)
	r.held -= n64
	r.own.Release(n64)
	r.all.Release(n64)
}

// leave gives all back.
func (r *room) leave() { r.remove(int(r.held)) }

// limitOf returns how long an answer of the method may be.
func limitOf(method string) int {
	if method == availability {
		return availabilityLimit
	}
	return answerLimit
}

// body reads an answer. It fails with errTooLarge or errCrowded, or as reading does.
func (r *room) body(method string, answer *http.Response) ([]byte, error) {
	limit := limitOf(method)
	body := make([]byte, 0, smallAnswer)
	if n := answer.ContentLength; n >= 0 && n < smallAnswer {
		body = make([]byte, 0, n+1)
	}
	for {
		n, err := answer.Body.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		switch {
		case len(body) > limit:
			return nil, errTooLarge
		case err == io.EOF:
			return body, r.unpack(method, len(body))
		case err != nil:
			return nil, err
		case len(body) == cap(body):
			if body, err = r.doubled(body, limit); err != nil {
				return nil, err
			}
		}
	}
}

// doubled moves a body to where it can grow on, to one byte above the limit at most.
func (r *room) doubled(body []byte, limit int) ([]byte, error) {
	most := max(2*cap(body), smallAnswer)
	if most >= limit {
		most = limit + 1
	}
	if err := r.add(most); err != nil {
		return nil, err
	}
	larger := append(make([]byte, 0, most), body...)
	if cap(body) > smallAnswer {
		r.remove(cap(body))
	}
	return larger, nil
}

// unpack takes what decoding adds to a body: encoding/json copies about all of it
// twice.
func (r *room) unpack(method string, size int) error {
	if method == availability || size <= smallAnswer {
		return nil
	}
	return r.add(2 * size)
}
