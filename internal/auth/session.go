package auth

import (
	"time"

	"slotfinder/internal/meet"
)

// MaxSessions is how many sessions one person may have. With one more, that ends which
// was used least lately.
const MaxSessions = 50

// Session is a visit of somebody who has signed in, as it is stored.
type Session struct {
	IDHash  string // of the secret that the browser has
	Member  meet.Member
	Data    string // what the pages know of the person; JSON
	Begun   time.Time
	Used    time.Time // when the person did something last, give or take some minutes
	Expires time.Time
}
