package auth_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"slotfinder/internal/auth"
	"slotfinder/internal/bitrix24"
	"slotfinder/internal/meet"
	"slotfinder/internal/portalsim"
)

// place is a server whose address somebody types, and how often it was asked.
func place(t *testing.T, answer http.HandlerFunc) (host string, asked *atomic.Int64) {
	asked = &atomic.Int64{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if r.URL.Path != "/rest/profile" || r.Method != http.MethodGet || r.URL.RawQuery != "" {
			t.Errorf("asked for %s %s", r.Method, r.URL)
		}
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://"), asked
}

func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func TestOnlyPortalsPassTheProbe(t *testing.T) {
	w := onSQLite(t)
	p := w.process()
	noAuth := `{"error":"NO_AUTH_FOUND","error_description":"Wrong authorization data"}`
	moved, _ := place(t, says(401, noAuth))
	redirect := func(to string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) }
	}
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		portal bool
	}{
		"a portal":                        {says(401, noAuth), true},
		"a portal of another plan":        {says(403, `{"error":"ACCESS_DENIED"}`), true},
		"a portal with a code in 200":     {says(200, `{"error":"OVERLOAD_LIMIT"}`), true},
		"a page":                          {says(200, "<html>Welcome"), false},
		"a page that is not there":        {says(404, "<html>404"), false},
		"another interface":               {says(404, `{"message":"Not Found"}`), false},
		"a list":                          {says(200, `[]`), false},
		"a huge page":                     {says(200, strings.Repeat(" ", 1<<20)+noAuth), false},
		"a portal in trouble":             {says(502, "<html>Bad gateway"), true},
		"a portal that is asked too much": {says(429, ""), true},
		"a portal that has moved":         {redirect("http://" + moved + "/rest/profile"), true},
		"a site that leads to a page":     {redirect("http://" + moved + "/welcome"), false},
		"a site that leads nowhere":       {redirect("file:///rest/profile"), false},
	} {
		host, _ := place(t, c.answer)
		err := p.Probe(t.Context(), host)
		if c.portal {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		w.wantError(err, meet.Invalid, "error.no_portal")
	}
	loop := ""
	loop, asked := place(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://"+loop+r.URL.Path, http.StatusFound)
	})
	w.wantError(p.Probe(t.Context(), loop), meet.Invalid, "error.no_portal")
	if n := asked.Load(); n != 2 {
		t.Errorf("a redirect in a circle was followed %d times", n)
	}
}

func TestAHostThatCannotBeReachedIsNoPortal(t *testing.T) {
	w := onSQLite(t)
	p := w.process()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	nobody := closed.Addr().String()
	must(t, closed.Close())
	for _, host := range []string{"nonsense", nobody} {
		w.wantError(p.Probe(t.Context(), host), meet.Invalid, "error.no_portal")
	}
	inside, asked := place(t, says(401, `{"error":"NO_AUTH_FOUND"}`))
	guarded := w.process(func(c *auth.Config) { c.HTTP = bitrix24.NewHTTPClient(false) })
	w.wantError(guarded.Probe(t.Context(), inside), meet.Invalid, "error.no_portal")
	if n := asked.Load(); n != 0 {
		t.Errorf("%d requests went inside", n)
	}
}

// TestKnownPortalsAreNotProbed: neither installed portals nor cached ones cost a request. A
// host that was no portal is probed again later.
func TestKnownPortalsAreNotProbed(t *testing.T) {
	w := onSQLite(t)
	local, asked := place(t, says(404, "x"))
	p := w.process(func(c *auth.Config) { c.Apps = append(c.Apps, auth.App{Portal: local, ClientID: "local.1"}) })
	must(t, p.Probe(t.Context(), local))
	if asked.Load() != 0 {
		t.Error("a portal that the operator has named was asked")
	}
	w.signIn(p, w.portal, 7)
	w.portal.Fail("*", portalsim.HTML502())
	must(t, p.Probe(t.Context(), w.portal.Host))
	w.portal.Heal()

	answer := says(404, "<html>")
	host, asked := place(t, func(rw http.ResponseWriter, r *http.Request) { answer(rw, r) })
	for range 5 {
		w.wantError(p.Probe(t.Context(), host), meet.Invalid, "error.no_portal")
	}
	answer = says(401, `{"error":"NO_AUTH_FOUND"}`)
	w.clock.forward(time.Minute)
	for range 5 {
		must(t, p.Probe(t.Context(), host))
	}
	if n := asked.Load(); n != 2 {
		t.Errorf("asked %d times", n)
	}
}

// TestSlowHostsHoldNobodyUp: a few hosts that don't answer are probed at a time; meanwhile
// others count as portals.
func TestSlowHostsHoldNobodyUp(t *testing.T) {
	w := onSQLite(t)
	p := w.process()
	release, arrived := make(chan struct{}), make(chan struct{}, 32)
	host, asked := place(t, func(rw http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		select {
		case <-release:
		case <-r.Context().Done():
		}
		says(401, `{"error":"x"}`)(rw, r)
	})
	done := make(chan error, 16)
	for range 16 {
		go func() { done <- p.Probe(t.Context(), host) }()
		<-arrived
	}
	for range 100 {
		must(t, p.Probe(t.Context(), host))
	}
	close(release)
	for range 16 {
		must(t, <-done)
	}
	if n := asked.Load(); n != 16 {
		t.Errorf("asked %d times", n)
	}
}

// TestACloudNameThatDoesNotResolveMayBeAPortal: if a name below Bitrix24's own domains does
// not resolve, our resolver is at fault.
func TestACloudNameThatDoesNotResolveMayBeAPortal(t *testing.T) {
	w := onSQLite(t)
	p := w.process(func(c *auth.Config) {
		c.HTTP = &http.Client{Transport: &http.Transport{DialContext: func(_ context.Context, _, address string) (net.Conn, error) {
			return nil, &net.DNSError{Err: "no such host", Name: address, IsNotFound: true}
		}}}
	})
	for _, host := range []string{"company.bitrix24.com", "company.bitrix24.com.br"} {
		must(t, p.Probe(t.Context(), host))
	}
	for _, host := range []string{"company.example", "bitrix24.com.company.example", "nonsense"} {
		w.wantError(p.Probe(t.Context(), host), meet.Invalid, "error.no_portal")
	}
}
