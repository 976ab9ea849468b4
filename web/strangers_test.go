package web

import (
	"context"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
)

// noSessions is a store without sessions: everybody is a stranger.
type noSessions struct{}

var errNoSession = &meet.Error{Kind: meet.NotFound, Key: "error.not_found"}

func (noSessions) LoadSession(context.Context, string, time.Time) (auth.Session, error) {
	return auth.Session{}, errNoSession
}

func (noSessions) SaveSession(context.Context, auth.Session) error { return nil }

func (noSessions) UseSession(context.Context, string, time.Time, time.Time) error {
	return nil
}

func (noSessions) SessionsOf(context.Context, meet.Member, time.Time) ([]auth.Session, error) {
	return nil, nil
}

func (noSessions) UseState(context.Context, string, string, time.Time) (bool, error) {
	return true, nil
}

func (noSessions) SaveFrameCode(context.Context, string, string, string, time.Duration) error {
	return nil
}

func (noSessions) TakeFrameCode(context.Context, string) (idHash string, err error) {
	return "", errNoSession
}

func (noSessions) DeleteSession(context.Context, string) error { return nil }

func (noSessions) DeleteSessionsOf(context.Context, meet.Member) error { return nil }

func newTestServer(t *testing.T) *Server {
	t.Helper()
	s, err := New(Config{
		PublicURL: &url.URL{Scheme: "https", Host: "slots.example"}, Sessions: noSessions{},
		SessionKeys: [][]byte{[]byte(strings.Repeat("k", 64))}, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Ready: func(context.Context) error { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}
