package harness

import (
	"net/http"
	"sync"
)

// requestCount counts what passes, by path.
type requestCount struct {
	mu    sync.Mutex
	of    map[string]int
	hooks map[string]func() // called before the next answer
}

func (c *requestCount) before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		c.of[r.URL.Path]++
		hook := c.hooks[r.URL.Path]
		c.mu.Unlock()
		if hook != nil {
			hook()
		}
		next.ServeHTTP(w, r)
	})
}

// Hook does something before each request with a path is answered; it replaces an
// earlier one.
func (c *requestCount) Hook(path string, do func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hooks = map[string]func(){path: do}
}

// Count returns how many requests with a path there were; "": in all.
func (c *requestCount) Count(path string) (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for of, times := range c.of {
		if path == "" || path == of {
			n += times
		}
	}
	return n
}
