package auth_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// gate is a server that counts what passes, and lets a test in between.
type gate struct {
	*httptest.Server
	mu       sync.Mutex
	requests []*http.Request // with parsed form
	before   func(*http.Request)
	after    func(*http.Request)
}

func newGate(t *testing.T, next http.Handler) *gate {
	g := &gate{}
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the asker has gone
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		_ = r.ParseForm()
		r.Body = io.NopCloser(bytes.NewReader(body))
		g.mu.Lock()
		g.requests = append(g.requests, r)
		before, after := g.before, g.after
		g.mu.Unlock()
		if before != nil {
			before(r)
		}
		next.ServeHTTP(w, r)
		if after != nil {
			after(r)
		}
	}))
	t.Cleanup(g.Close)
	return g
}

// count returns how many requests with this path and grant_type came.
func (g *gate) count(path, grantType string) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := 0
	for _, r := range g.requests {
		if r.URL.Path == path && r.PostForm.Get("grant_type") == grantType {
			n++
		}
	}
	return n
}

func (g *gate) refreshes() int { return g.count("/oauth/token/", "refresh_token") }

func (g *gate) total() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.requests)
}

// hook sets what happens before and after the answer to a request.
func (g *gate) hook(before, after func(*http.Request)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.before, g.after = before, after
}
