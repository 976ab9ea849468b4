package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
	"slotfinder/templates/layout"
)

// kept is a store of sessions that counts what is written.
type kept struct {
	noSessions
	mu   sync.Mutex
	rows map[string]auth.Session
	uses int
}

func (k *kept) LoadSession(_ context.Context, hash string, now time.Time) (auth.Session, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	row, there := k.rows[hash]
	if !there || !now.Before(row.Expires) {
		return auth.Session{}, errNoSession
	}
	return row, nil
}

func (k *kept) SaveSession(_ context.Context, row auth.Session) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.rows[row.IDHash] = row
	return nil
}

func (k *kept) UseSession(_ context.Context, hash string, used, expires time.Time) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	row := k.rows[hash]
	row.Used, row.Expires = used, expires
	k.rows[hash], k.uses = row, k.uses+1
	return nil
}

// TestSessionsEndWhenNothingIsDone: a tab's after a day, a frame's after half of one, both
// after a week of use; what pages ask for on their own is no use, and use is written down
// rarely.
func TestSessionsEndWhenNothingIsDone(t *testing.T) {
	t.Parallel()
	for _, frame := range []string{"", "https://company.example"} {
		now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
		rows := &kept{rows: map[string]auth.Session{}}
		s := newTestServer(t)
		s.Cookies.rows, s.Cookies.now = rows, func() time.Time { return now }
		name, idle := s.Cookies.TabName(), tabIdle
		if frame != "" {
			name, idle = s.Cookies.FrameName(), frameIdle
		}
		session := s.Cookies.Blank(name)
		*session.Values[IdentityKey].(*Identity) = Identity{Member: meet.Member{Portal: "m1", User: 7}, Frame: frame}
		answer := httptest.NewRecorder()
		if err := session.Save(httptest.NewRequest(http.MethodGet, "/", nil), answer); err != nil {
			t.Fatal(err)
		}
		cookie := answer.Result().Cookies()[0]
		ask := func(method, path string, headers ...string) bool {
			r := httptest.NewRequest(method, path, nil)
			r.AddCookie(cookie)
			if frame != "" {
				r.Header.Set("Sec-Fetch-Dest", "iframe")
			}
			for i := 0; i < len(headers); i += 2 {
				r.Header.Set(headers[i], headers[i+1])
			}
			c := s.echo.NewContext(r, httptest.NewRecorder())
			c.SetPath(strings.Split(path, "?")[0])
			if method == http.MethodHead {
				c.SetRequest(r.WithContext(context.WithValue(r.Context(), headOnly{}, true)))
			}
			_, v, err := s.Session(c)
			if err != nil {
				t.Fatal(err)
			}
			return v.SignedIn()
		}
		began := now
		for range 100 {
			ask("GET", "/find")
			now = now.Add(time.Second)
		}
		if rows.uses != 0 {
			t.Errorf("%q: use is written %d times in two minutes", frame, rows.uses)
		}
		for now.Sub(began) < sessionLife-idle/2 {
			now = now.Add(idle / 2)
			if !ask("GET", "/find") {
				t.Fatalf("%q: ended in use after %v", frame, now.Sub(began))
			}
		}
		now = began.Add(sessionLife)
		if ask("GET", "/find") {
			t.Errorf("%q: lasts longer than a week", frame)
		}

		rows.rows[hashIDOf(rows)] = auth.Session{
			IDHash: hashIDOf(rows), Member: meet.Member{Portal: "m1", User: 7}, Data: rows.rows[hashIDOf(rows)].Data, Begun: now, Used: now, Expires: now.Add(idle),
		}
		end := now.Add(idle)
		for now = now.Add(time.Hour); now.Before(end); now = now.Add(time.Hour) {
			ask("GET", "/live")
			ask("GET", "/photo/:id")
			ask("GET", PhotoSpritePath+":ids")
			ask("HEAD", "/find")
			ask("GET", "/find", "HX-Request", "true", "HX-Source", "div#"+layout.RefreshID)
			ask("GET", "/find", "HX-Request", "true", layout.ReadingHeader, "x")
		}
		if ask("GET", "/find") {
			t.Errorf("%q: what pages ask for on their own keeps a session alive", frame)
		}
	}
}

func hashIDOf(k *kept) string {
	for hash := range k.rows {
		return hash
	}
	return ""
}
