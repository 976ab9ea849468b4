package auth

import (
	"time"

	"slotfinder/internal/meet"
)

// MaxSessions is how many sessions one person may have. One more ends the least recently
// used one.
const MaxSessions = 50

// Session is a browser in which somebody has signed in, as it is stored.
type Session struct {
	IDHash  string // of the secret that the browser has
	Member  meet.Member
	Data    string // what pages need to know of the person; JSON
	Begun   time.Time
	Used    time.Time // last use, within some minutes
	Expires time.Time
}
