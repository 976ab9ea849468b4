package find

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/changefeed"
	"slotfinder/internal/meet"
)

// heartbeat keeps proxies from taking a stream for dead. With it goes a look
// whether the session still lives.
const heartbeat = 10 * time.Second

const (

	// liveHold is the least time between two changes that a page is told about:
	// each makes it search anew, and everybody who has it open shares the pace
	// that the portal allows.
	liveHold = 3 * time.Second

	// writeLimit is how long a browser may take to accept a few bytes.
	writeLimit = 10 * time.Second

	// How many streams may be open: somebody has a few tabs, and a stream costs
	// some 50 kB.
	memberStreams = 8
	portalStreams = 2048
	allStreams    = 4096
)

// live tells a page when something in the calendars of its portal has changed. The
// stream lasts until the browser leaves, the session or the program ends.
func (h *Handlers) live(c echo.Context) error {
	session, v, err := h.Site.Session(c)
	if err != nil {
		return err
	}
	if !v.SignedIn() {
		return &meet.Error{Kind: meet.SignedOut, Key: "error.signed_out"}
	}
	if !h.streams.Enter(v.Member) {
		return meet.Errorf(meet.Busy, "error.too_many", "too many event streams")
	}
	defer h.streams.Leave(v.Member)
	// What a browser claims to have seen last only decides what it is told.
	since, _ := strconv.ParseInt(c.Request().Header.Get("Last-Event-ID"), 10, 64)
	listener := h.Changes.Listen(v.Member.Portal, since)
	defer listener.Stop()
	h.stream(c, listener, func() bool { return h.Site.Cookies.Lives(c.Request().Context(), session.ID, v.Member) })
	return nil
}

// stream writes what the listener hears for as long as it is allowed.
func (h *Handlers) stream(c echo.Context, listener *changefeed.Listener, allowed func() bool) {
	out := newEventStream(c)
	err := out.write("id: %d\n\n", listener.Since)
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	rest := time.NewTimer(0)
	defer rest.Stop()
	for news := (<-chan int64)(nil); err == nil; {
		select {
		case <-c.Request().Context().Done():
			return
		case <-rest.C:
			news = listener.Changes
		case <-listener.Ended:
			return
		case seq := <-news:
			if !allowed() {
				return
			}
			err = out.write("id: %d\nevent: calendars-changed\ndata: %[1]d\n\n", seq)
			news = nil
			rest.Reset(liveHold)
		case <-beat.C:
			if !allowed() {
				return
			}
			err = out.write(":\n\n")
		}
	}
}

// eventStream writes server-sent events.
type eventStream struct {
	response   *echo.Response
	controller *http.ResponseController
}

// newEventStream sends the head. The server's time limits are those of ordinary
// requests: the one for reading would end the stream, and the one for writing
// begins anew with every write.
func newEventStream(c echo.Context) eventStream {
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, "text/event-stream")
	h.Set("X-Accel-Buffering", "no") // nginx would collect what is to arrive at once
	stream := eventStream{c.Response(), http.NewResponseController(c.Response())}
	_ = stream.controller.SetReadDeadline(time.Time{}) // without it the stream is only shorter
	return stream
}

func (e eventStream) write(format string, args ...any) error {
	_ = e.controller.SetWriteDeadline(time.Now().Add(writeLimit)) // a deadline of the network, not of the product
	if _, err := fmt.Fprintf(e.response, format, args...); err != nil {
		return err
	}
	return e.controller.Flush()
}
