package e2e

import (
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/portalsim"
)

// counted is a listener that counts who connects, and hangs up.
func counted(t *testing.T, address string) (port string, connected *atomic.Int64) {
	t.Helper()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	connected = &atomic.Int64{}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			connected.Add(1)
			_ = conn.Close()
		}
	}()
	_, port, err = net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port, connected
}

// TestNothingPrivateIsDialled: in production not even the authorization
// server that the operator has named is reached where its name leads inside. That is
// the one client for everything outside; what addresses it refuses, and that it looks
// at them after the name was resolved, package bitrix24 tests.
func TestNothingPrivateIsDialled(t *testing.T) {
	t.Parallel()
	port, connected := counted(t, "127.0.0.1:0")
	for _, insecure := range []string{"false", "true"} {
		p := &harness.Product{T: t}
		p.Serve(harness.Settings(t, "https://localhost:"+port, "BITRIX24_ALLOW_INSECURE", insecure, "SLOTFINDER_PUBLIC_URL", "https://slots.example"))
		form := url.Values{"AUTH_ID": {"token"}, "REFRESH_ID": {"token"}, "AUTH_EXPIRES": {"3600"}, "member_id": {portalsim.CompanyMember}}
		response, body := p.Post(harness.Guest(), "/bitrix24?DOMAIN=company.bitrix24.com&PROTOCOL=1", form, "Sec-Fetch-Site", "cross-site")
		if response.StatusCode < 502 || response.StatusCode > 504 || strings.Contains(body, "localhost") || strings.Contains(body, "refused") {
			t.Errorf("launch: %s %.300s", response.Status, body)
		}
		response = login(p, harness.Guest(), "company.bitrix24.com", "")
		to, err := url.Parse(response.Header.Get("Location"))
		if err != nil || response.StatusCode != http.StatusSeeOther {
			t.Fatalf("%s %v", response.Status, err)
		}
		cookie, _, _ := strings.Cut(response.Header.Get("Set-Cookie"), ";")
		response, _ = p.GetWith(harness.Guest(), "/bitrix24?code=c&server_domain=localhost:"+port+"&state="+to.Query().Get("state"), "Cookie", cookie)
		if response.StatusCode < 502 || response.StatusCode > 504 {
			t.Errorf("sign-in: %s", response.Status)
		}
		if n := connected.Load(); insecure == "false" && n != 0 {
			t.Errorf("%d connections went inside", n)
		} else if insecure == "true" && n == 0 {
			t.Error("nothing is counted: this test shows nothing")
		}
		p.Stop()
	}
}

// TestPrivateAddressesOfPortalsAreRefused: in production no form of a private address, or of a
// name that can't be public, is taken as a portal's, typed or posted.
func TestPrivateAddressesOfPortalsAreRefused(t *testing.T) {
	t.Parallel()
	p := &harness.Product{T: t}
	p.Serve(harness.Settings(t, "https://oauth.example", "BITRIX24_ALLOW_INSECURE", "false", "SLOTFINDER_PUBLIC_URL", "https://slots.example"))
	for _, address := range []string{
		"localhost", "localhost:8080", "intranet", "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.0.0.1:443", "[::1]", "[::ffff:127.0.0.1]",
		"10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254", "[fd00:ec2::254]", "[fe80::1]", "0.0.0.0", "[::]", "user@company.bitrix24.com",
		"company.bitrix24.com#@127.0.0.1", "file:///etc/passwd", "gopher://company.bitrix24.com", "company.bitrix24.com\r\nHost: x",
	} {
		response := login(p, harness.Guest(), address, "")
		to := response.Header.Get("Location")
		if response.StatusCode != http.StatusUnprocessableEntity && !strings.HasPrefix(to, "https://company.bitrix24.com/oauth/") {
			t.Errorf("typed %q: %s to %q", address, response.Status, to)
		}
		form := url.Values{"AUTH_ID": {"token"}, "REFRESH_ID": {"token"}, "member_id": {portalsim.CompanyMember}}
		response, _ = p.Post(harness.Guest(), "/bitrix24?PROTOCOL=1&DOMAIN="+url.QueryEscape(address), form)
		if response.StatusCode != http.StatusForbidden {
			t.Errorf("posted %q: %s", address, response.Status)
		}
	}
}

// TestRedirectsAreNotFollowed: an answer of a portal or of an authorization
// server that leads elsewhere leads nowhere, neither with a token nor without.
func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	evil := newTrap(t)
	client := p.SignIn(2)
	p.Company.Fail("*", portalsim.Redirect(evil.url))
	for _, path := range []string{"/find?who=3&from=2099-01-05&to=2099-01-06", "/people?q=zz", "/hours", "/photo/3"} {
		if response, _ := p.GetWith(client, path); response.StatusCode == http.StatusFound {
			t.Errorf("%s: %s", path, response.Status)
		}
	}
	frame := p.LaunchForm(4, "DEFAULT", "")
	if response, _ := p.Post(p.Browser(), frame.Action, frame.Fields); response.StatusCode < 502 || len(response.Cookies()) > 0 {
		t.Errorf("a launch in a portal that redirects: %s", response.Status)
	}
	p.Company.Heal()
	p.Sim.FailAuth("*", portalsim.Redirect(evil.url))
	p.Company.ExpireTokens()
	frame = p.LaunchForm(5, "DEFAULT", "")
	if response, _ := p.Post(p.Browser(), frame.Action, frame.Fields); response.StatusCode < 502 || len(response.Cookies()) > 0 {
		t.Errorf("a launch with an authorization server that redirects: %s", response.Status)
	}
	p.GetWith(client, "/find?who=5&from=2099-01-05&to=2099-01-06")
	if n := evil.asked(); n != 0 {
		t.Errorf("the attacker's host was asked %d times", n)
	}
}
