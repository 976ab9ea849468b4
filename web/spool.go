package web

import (
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/meet"
)

// An answer is written in three steps: it is made, element by element, compressed, into
// blocks of memory; then everything that it was made of is dropped, and so is the place
// at the gate; then the blocks go to the reader, who may be slow, and each is given back
// when it has gone. So a slow reader costs the bytes that they have not read, a few
// hundred kilobytes at most for a compressed page, and not the calendars of five hundred
// people; and an answer that fails halfway is still an error page, since nothing has
// been sent.
const (
	blockSize  = 32 << 10
	mostAnswer = 8 << 20  // bytes of one answer; what makes answers has narrower bounds
	mostSpool  = 96 << 20 // bytes of all answers that have not been read

	// sendLimit is how long a reader may take for one answer.
	sendLimit = 30 * time.Second

	// memberAnswers is how many searches of one member may be under way, or their
	// answers unread.
	memberAnswers = 8

	// allAnswers is that of all members together.
	allAnswers = 4096
)

var blocks = sync.Pool{New: func() any { return new([blockSize]byte) }}

// spool is a http.ResponseWriter that keeps an answer until it is whole.
type spool struct {
	out    http.ResponseWriter
	all    *atomic.Int64 // bytes of all spools
	status int
	blocks []*[blockSize]byte
	size   int
	sent   bool
	after  []func() // called when the answer has been sent, or nobody takes it
}

// Header returns the header of the answer, which can be changed until it is sent.
func (s *spool) Header() http.Header { return s.out.Header() }

// WriteHeader takes down the status.
func (s *spool) WriteHeader(status int) {
	if s.status == 0 {
		s.status = status
	}
}

// Write keeps the bytes. Unavailable: too much is kept already.
func (s *spool) Write(p []byte) (n int, err error) {
	s.WriteHeader(http.StatusOK)
	if s.size+len(p) > mostAnswer {
		return 0, meet.Errorf(meet.Internal, "error.internal", "answer of more than %d bytes", mostAnswer)
	}
	for n < len(p) {
		at := s.size % blockSize
		if at == 0 {
			if s.all.Add(blockSize) > mostSpool {
				s.all.Add(-blockSize)
				return n, meet.Errorf(meet.Unavailable, "error.crowded", "answers of more than %d bytes wait", mostSpool)
			}
			s.blocks = append(s.blocks, blocks.Get().(*[blockSize]byte))
		}
		k := copy(s.blocks[len(s.blocks)-1][at:], p[n:])
		n, s.size = n+k, s.size+k
	}
	return n, nil
}

// FlushError does nothing: the answer goes when it is whole.
func (s *spool) FlushError() error { return nil }

// reset forgets what was written.
func (s *spool) reset() {
	for range s.blocks {
		s.drop()
	}
	s.blocks, s.size, s.status = nil, 0, 0
}

// drop gives the first block back.
func (s *spool) drop() {
	blocks.Put(s.blocks[0])
	s.blocks = s.blocks[1:]
	s.all.Add(-blockSize)
}

// send writes the answer to its reader, who has so long.
func (s *spool) send(deadline time.Time) error {
	s.sent = true
	defer s.reset()
	if s.status == 0 {
		return nil
	}
	h := s.out.Header()
	if s.size > 0 && h.Get(echo.HeaderContentLength) == "" {
		h.Set(echo.HeaderContentLength, strconv.Itoa(s.size))
	}
	_ = http.NewResponseController(s.out).SetWriteDeadline(deadline) // the server's own stays otherwise
	s.out.WriteHeader(s.status)
	for left := s.size; left > 0; left -= blockSize {
		if _, err := s.out.Write(s.blocks[0][:min(left, blockSize)]); err != nil {
			return err
		}
		s.drop()
	}
	return nil
}

// spooled keeps answers until they are whole, but those that stream.
func (s *Server) spooled(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if uncompressed(c) {
			return next(c)
		}
		answer := &spool{out: c.Response().Writer, all: &s.spool}
		c.Response().Writer = answer
		c.Set(spoolKey, answer)
		defer func() {
			answer.reset() // what a panic has left
			for _, after := range answer.after {
				after()
			}
		}()
		if err := next(c); err != nil {
			return err
		}
		if err := answer.send(time.Now().Add(sendLimit)); err != nil { // a deadline of the network
			s.Config.Log.Debug("an answer was not read to its end", "request", requestID(c), "route", c.Path(), "error", err)
		}
		return nil
	}
}

const spoolKey = "spool"

// rewind takes back what was written of an answer, so that there can be another.
func rewind(c echo.Context) bool {
	answer, ok := c.Get(spoolKey).(*spool)
	if !ok || answer.sent {
		return false
	}
	answer.reset()
	for _, name := range []string{echo.HeaderContentLength, echo.HeaderContentEncoding, echo.HeaderContentType, "ETag"} {
		answer.Header().Del(name)
	}
	r := c.Response()
	r.Writer, r.Committed, r.Status, r.Size = answer, false, http.StatusOK, 0
	return true
}

// Begin counts a search of a member until its answer has been read.
func (s *Server) Begin(c echo.Context, m meet.Member) error {
	if !s.answers.Enter(m) {
		return meet.Errorf(meet.Busy, "error.too_many_searches", "%d answers are unfinished", memberAnswers)
	}
	leave := func() { s.answers.Leave(m) }
	if answer, ok := c.Get(spoolKey).(*spool); ok {
		answer.after = append(answer.after, leave)
	} else {
		leave()
	}
	return nil
}
