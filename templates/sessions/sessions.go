package sessions

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"slotfinder/internal/locale"
)

// View is the page of one's own sessions.
type View struct {
	Sessions []Session
	Ended    bool // one has just been ended
}

// Session is a place where somebody is signed in.
type Session struct {
	ID      string
	Begun   time.Time // in the reader's zone
	Used    time.Time // likewise; when something was done last
	Framed  bool      // inside the portal
	Current bool      // the one that reads this
}

func (s Session) place() string {
	if s.Framed {
		return "sessions.frame"
	}
	return "sessions.tab"
}

// facts tells when the session was used, with the zone of the clock.
func (s Session) facts(ctx context.Context) string {
	c := locale.From(ctx)
	return c.T("sessions.facts", "begun", c.Date(s.Begun), "begun_time", c.Time(s.Begun),
		"used", c.Date(s.Used), "used_time", c.Time(s.Used), "zone", c.City(s.Used.Location()))
}

// endLabel tells the buttons apart for screen readers.
func (s Session) endLabel(ctx context.Context) string {
	return locale.T(ctx, "sessions.end") + ": " + locale.T(ctx, s.place()) + ", " + s.facts(ctx)
}

func (s Session) endURL() templ.SafeURL { return templ.SafeURL("/sessions/" + s.ID + "/end") }
