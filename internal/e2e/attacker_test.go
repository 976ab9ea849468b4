package e2e

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

// trap is an attacker's host. Whoever asks it for anything has been tricked.
type trap struct {
	url, host string
	n         atomic.Int64
}

func newTrap(t *testing.T) *trap {
	e := &trap{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		e.n.Add(1)
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"result":{"ID":"1","ADMIN":true,"client_id":"local.test","install":{"member_id":"7d1f0a6c2b9e4853a1c07e5d94b63f28"}}}`))
	}))
	t.Cleanup(server.Close)
	e.url, e.host = server.URL, strings.TrimPrefix(server.URL, "http://")
	return e
}

func (e *trap) asked() int64 { return e.n.Load() }
