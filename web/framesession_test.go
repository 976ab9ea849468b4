package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
)

// oneSession is a store in which every session lives.
type oneSession struct{ noSessions }

func (oneSession) LoadSession(context.Context, string, time.Time) (auth.Session, error) {
	return auth.Session{Data: `{"frame":"https://company.example"}`, Member: meet.Member{Portal: "m1", User: 7}}, nil
}

// TestFrameTokenEndsAfterAnHour: a frame token ends after an hour, to the second, although its
// session goes on.
func TestFrameTokenEndsAfterAnHour(t *testing.T) {
	t.Parallel()
	made := time.Now()
	at := made
	s := newSessionStore(oneSession{}, [][]byte{[]byte(strings.Repeat("k", 64))}, true, func() time.Time { return at })
	session := s.Blank(s.FrameName())
	session.ID = NewID()
	token, err := s.FrameToken(session, &Identity{Frame: "https://company.example"})
	if err != nil {
		t.Fatal(err)
	}
	for age, good := range map[time.Duration]bool{0: true, frameTokenLife - time.Second: true, frameTokenLife + time.Second: false, 24 * time.Hour: false} {
		at = made.Add(age)
		got, err := s.byFrameToken(httptest.NewRequest(http.MethodGet, "/", nil), token)
		if v := got.Values[IdentityKey].(*Identity); err != nil || v.SignedIn() != good {
			t.Errorf("after %v: signed in %t, %v", age, v.SignedIn(), err)
		}
	}
}
