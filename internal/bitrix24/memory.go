package bitrix24

import (
	"io"
	"net/http"

	"golang.org/x/sync/semaphore"
)

// The bounds of answers in bytes. One request for availability asks for 25 people over a
// month and a half, which is 2 MB when they are very busy; 2,500 colleagues take 4 MB.
// Availability is read entry by entry, and no further once nobody waits for it. Other
// answers are decoded in one piece, which takes a tenth of a second for the longest.
const (
	availabilityLimit = 16 << 20 // of one answer with availability
	answerLimit       = 8 << 20  // of any other
	entryLimit        = 64 << 10 // of one entry of a calendar
	smallAnswer       = 64 << 10 // answers up to this size don't count for the next two
	maxMemory         = 96 << 20 // of all answers at once
	maxPortalMemory   = 32 << 20 // of a single portal's answers
)

// availability is the method whose answers are read in place, without decoding them first.
const availability = "calendar.accessibility.get"

// memoryBudget is what an answer takes while it is read and decoded, out of what all
// answers together and those of its portal may take: anybody can run a portal, and some
// would send for ever. Nobody waits for memory, because two who each hold half of it would
// wait for each other. The request fails instead, and is repeated.
type memoryBudget struct {
	all, own *semaphore.Weighted
	held     int64
}

// reserve takes n more bytes, or fails with errMemoryFull.
func (b *memoryBudget) reserve(n int) error {
	if !b.own.TryAcquire(int64(n)) {
		return errMemoryFull
	}
	if !b.all.TryAcquire(int64(n)) {
		b.own.Release(int64(n))
		return errMemoryFull
	}
	b.held += int64(n)
	return nil
}

// release gives n bytes back.
func (b *memoryBudget) release(n int) {
	n64 := min(int64(n), b.held)
	b.held -= n64
	b.own.Release(n64)
	b.all.Release(n64)
}

// releaseAll gives everything back.
func (b *memoryBudget) releaseAll() { b.release(int(b.held)) }

// limitOf returns how long an answer of the method may be.
func limitOf(method string) int {
	if method == availability {
		return availabilityLimit
	}
	return answerLimit
}

// read reads the body of an answer. It fails with errTooLarge, errMemoryFull, or the error of
// the connection.
func (b *memoryBudget) read(method string, answer *http.Response) ([]byte, error) {
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
		case err == io.EOF: //nolint:errorlint // a Reader ends with io.EOF itself; one that is wrapped is a failure
			return body, b.reserveDecoding(method, len(body))
		case err != nil:
			return nil, err
		case len(body) == cap(body):
			if body, err = b.grow(body, limit); err != nil {
				return nil, err
			}
		}
	}
}

// grow moves a body to a buffer of twice its size, or of one byte more than the limit.
func (b *memoryBudget) grow(body []byte, limit int) ([]byte, error) {
	size := max(2*cap(body), smallAnswer)
	if size >= limit {
		size = limit + 1
	}
	if err := b.reserve(size); err != nil {
		return nil, err
	}
	larger := append(make([]byte, 0, size), body...)
	if cap(body) > smallAnswer {
		b.release(cap(body))
	}
	return larger, nil
}

// reserveDecoding takes what decoding adds to a body: encoding/json copies most of it twice.
func (b *memoryBudget) reserveDecoding(method string, size int) error {
	if method == availability || size <= smallAnswer {
		return nil
	}
	return b.reserve(2 * size)
}
