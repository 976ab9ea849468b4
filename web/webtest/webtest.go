package webtest

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
	"slotfinder/web"
)

// Sessions are kept in memory. Of frames and codes it knows nothing. The zero value is
// empty.
type Sessions struct {
	mu   sync.Mutex
	rows map[string]auth.Session
}

var errNone = &meet.Error{Kind: meet.NotFound, Key: "error.not_found"}

// LoadSession implements web.Sessions.
func (s *Sessions) LoadSession(_ context.Context, hash string, now time.Time) (auth.Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	row, there := s.rows[hash]
	if !there || !now.Before(row.Expires) {
		return auth.Session{}, errNone
	}
	return row, nil
}

// SaveSession implements web.Sessions.
func (s *Sessions) SaveSession(_ context.Context, row auth.Session) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rows == nil {
		s.rows = map[string]auth.Session{}
	}
	s.rows[row.IDHash] = row
	return nil
}

// Reassign gives the sessions of a member to another one; those of nobody end.
func (s *Sessions) Reassign(from, to meet.Member) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for hash, row := range s.rows {
		if row.Member != from {
			continue
		}
		if row.Member = to; to == (meet.Member{}) {
			delete(s.rows, hash)
		} else {
			s.rows[hash] = row
		}
	}
}

// DeleteSessionsOf implements web.Sessions.
func (s *Sessions) DeleteSessionsOf(_ context.Context, m meet.Member) error {
	s.Reassign(m, meet.Member{})
	return nil
}

// UseSession implements web.Sessions.
func (s *Sessions) UseSession(context.Context, string, time.Time, time.Time) error { return nil }

// SessionsOf implements web.Sessions.
func (s *Sessions) SessionsOf(context.Context, meet.Member, time.Time) ([]auth.Session, error) {
	return nil, nil
}

// DeleteSession implements web.Sessions.
func (s *Sessions) DeleteSession(context.Context, string) error { return nil }

// UseState implements web.Sessions.
func (s *Sessions) UseState(context.Context, string, string, time.Time) (bool, error) {
	return true, nil
}

// SaveFrameCode implements web.Sessions.
func (s *Sessions) SaveFrameCode(context.Context, string, string, string, time.Duration) error {
	return nil
}

// TakeFrameCode implements web.Sessions.
func (s *Sessions) TakeFrameCode(context.Context, string) (string, error) { return "", errNone }

// New makes a server at an origin of the scheme.
func New(t *testing.T, scheme string, sessions web.Sessions, log *slog.Logger) *web.Server {
	t.Helper()
	site, err := web.New(web.Config{
		PublicURL: &url.URL{Scheme: scheme, Host: "slots.example"}, SessionKeys: [][]byte{[]byte(strings.Repeat("k", 64))},
		Sessions: sessions, Now: time.Now, Log: log,
	})
	if err != nil {
		t.Fatal(err)
	}
	return site
}

// SignIn begins a session of a member and returns its cookie.
func SignIn(t *testing.T, site *web.Server, m meet.Member) *http.Cookie {
	t.Helper()
	session := site.Cookies.Blank(site.Cookies.TabName())
	session.Values[web.IdentityKey] = &web.Identity{Member: m}
	answer := httptest.NewRecorder()
	if err := site.Cookies.Save(httptest.NewRequest(http.MethodGet, "/", nil), answer, session); err != nil {
		t.Fatal(err)
	}
	return answer.Result().Cookies()[0]
}
