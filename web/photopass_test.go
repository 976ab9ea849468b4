package web

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
)

// someSessions are sessions by the hashes of their ids.
type someSessions struct {
	noSessions
	rows map[string]auth.Session
}

func (s someSessions) LoadSession(_ context.Context, hash string, _ time.Time) (auth.Session, error) {
	if row, ok := s.rows[hash]; ok {
		return row, nil
	}
	return auth.Session{}, &meet.Error{Kind: meet.NotFound}
}

// TestPhotoPass: a pass opens the photos of its own address for an hour, as long as its
// session in the frame goes on, and says nothing of anybody.
func TestPhotoPass(t *testing.T) {
	t.Parallel()
	const path = "/faces/2.7"
	made := time.Date(2026, 11, 30, 10, 7, 0, 0, time.UTC)
	now := made
	frame := auth.Session{IDHash: HashID("a"), Member: meet.Member{Portal: "m1", User: 7}, Data: `{"frame":"https://one.example"}`}
	other := auth.Session{IDHash: HashID("b"), Member: meet.Member{Portal: "m2", User: 7}, Data: `{"frame":"https://two.example"}`}
	tab := auth.Session{IDHash: HashID("c"), Member: meet.Member{Portal: "m1", User: 7}, Data: `{}`}
	kept := someSessions{rows: map[string]auth.Session{frame.IDHash: frame, other.IDHash: other, tab.IDHash: tab}}
	newest, older := []byte(strings.Repeat("n", 64)), []byte(strings.Repeat("o", 64))
	server := func(keys ...[]byte) *Server {
		clock := func() time.Time { return now }
		return &Server{Config: Config{SessionKeys: keys, Now: clock}, Cookies: newSessionStore(kept, keys, true, clock)}
	}
	s := server(newest, older)
	passOf := func(s *Server, row auth.Session, path string) string {
		t.Helper()
		address, err := url.Parse(s.photoPasses(&Identity{Row: row})(path + "?v=x#p7"))
		if err != nil || address.Path != path || address.Fragment != "p7" || address.Query().Get("v") != "x" {
			t.Fatalf("%s, %v", address, err)
		}
		return address.Query().Get(photoPassParameter)
	}
	pass := passOf(s, frame, path)
	flipped := []byte(pass)
	flipped[0] ^= 1
	for name, c := range map[string]struct {
		pass, path string
		age        time.Duration
		portal     string // whose photos it opens, "" = refused
	}{
		"its own":                   {pass, path, 0, "m1"},
		"an hour later":             {pass, path, time.Hour, "m1"},
		"too late":                  {pass, path, 75 * time.Minute, ""},
		"other people":              {pass, "/faces/2.8", 0, ""},
		"one photo":                 {pass, "/photo/2", 0, ""},
		"another portal's":          {passOf(s, other, path), path, 0, "m2"},
		"a tab's":                   {passOf(s, tab, path), path, 0, ""},
		"an ended session's":        {passOf(s, auth.Session{IDHash: HashID("gone")}, path), path, 0, ""},
		"signed by an older key":    {passOf(server(older), frame, path), path, 0, "m1"},
		"signed by somebody else":   {passOf(server([]byte(strings.Repeat("x", 64))), frame, path), path, 0, ""},
		"changed":                   {string(flipped), path, 0, ""},
		"another portal's sessions": {passOf(s, other, path)[:43] + pass[43:], path, 0, ""},
		"cut":                       {pass[:len(pass)-1], path, 0, ""},
		"no pass":                   {"\x00", path, 0, ""},
		"very long":                 {strings.Repeat("A", 60_000), path, 0, ""},
	} {
		now = made.Add(c.age)
		v, err := s.passed(t.Context(), c.pass, &url.URL{Path: c.path})
		switch {
		case c.portal == "" && meet.KindOf(err) != meet.SignedOut:
			t.Errorf("%s: %v", name, err)
		case c.portal != "" && (err != nil || v.Member.Portal != c.portal):
			t.Errorf("%s: %+v, %v", name, v, err)
		}
		now = made
	}
	now = made.Add(5 * time.Minute)
	if passOf(s, frame, path) != pass {
		t.Error("the address changes within minutes: no browser keeps the photos")
	}
	if unknown := s.photoPasses(&Identity{})("/faces/2?v=x#p2"); unknown != "" {
		t.Errorf("without a session there is %s", unknown)
	}
}
