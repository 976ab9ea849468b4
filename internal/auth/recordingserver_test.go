package auth_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// recordingServer is a server that records its requests and lets tests run code around them.
type recordingServer struct {
	*httptest.Server
	mu       sync.Mutex
	requests []*http.Request // with parsed form
	before   func(*http.Request)
	after    func(*http.Request)
}

func newRecordingServer(t *testing.T, next http.Handler) *recordingServer {
	g := &recordingServer{}
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
func (g *recordingServer) count(path, grantType string) int {
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

func (g *recordingServer) refreshes() int { return g.count("/oauth/token/", "refresh_token") }

func (g *recordingServer) total() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.requests)
}

// hook sets what happens before and after the answer to a request.
func (g *recordingServer) hook(before, after func(*http.Request)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.before, g.after = before, after
}
