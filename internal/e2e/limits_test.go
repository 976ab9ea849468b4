package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"slotfinder/internal/e2e/harness"
)

// TestAttemptsAreLimited: an address has so many attempts, those of other addresses are
// theirs, and what a client says of its own address counts only where a proxy of ours
// stands behind it. Launches do not use up the attempts to sign in.
func TestAttemptsAreLimited(t *testing.T) {
	t.Parallel()
	const few, many = 150, 5000 // more than a burst; more than comes back while they are made
	for name, c := range map[string]struct {
		proxies string
		address func(i int) string // as the request says
		limited bool
	}{
		"one address behind the proxy":    {"127.0.0.0/8", func(int) string { return "203.0.113.7" }, true},
		"one address, with invented hops": {"127.0.0.0/8", func(i int) string { return invented(i) + ", 203.0.113.7" }, true},
		"many addresses":                  {"127.0.0.0/8", invented, false},
		"no proxy":                        {"", invented, true},
		"another proxy":                   {"10.0.0.0/8", invented, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := harness.Start(t, "SLOTFINDER_TRUSTED_PROXIES", c.proxies)
			limited, attempts := false, map[bool]int{true: many, false: few}[c.limited]
			for i := 0; i < attempts && !limited; i++ {
				response, _ := p.Post(p.Browser(), "/bitrix24", url.Values{}, "X-Forwarded-For", c.address(i))
				limited = response.StatusCode == http.StatusTooManyRequests && response.Header.Get("Retry-After") != ""
			}
			if limited != c.limited {
				t.Errorf("limited: %v", limited)
			}
			if response, _ := p.Post(p.Browser(), "/login", url.Values{"portal": {p.Company.Host}}, "X-Forwarded-For", c.address(0)); response.StatusCode != http.StatusSeeOther {
				t.Errorf("no sign-in after launches: %s", response.Status)
			}
		})
	}
}

// invented is one of the addresses that nobody has.
func invented(i int) string { return fmt.Sprintf("203.0.113.%d", i%250) }
