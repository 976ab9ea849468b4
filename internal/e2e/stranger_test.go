package e2e

import (
	"net/http"
	"net/url"
	"testing"

	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/portalsim"
)

// TestStartingNeedsNobody: the program starts, is ready and answers while no authorization
// server can be reached. What can't be verified then is told apart from what is refused.
func TestStartingNeedsNobody(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "BITRIX24_AUTH_SERVERS", "http://127.0.0.1:1")
	for _, path := range []string{"/readyz", "/"} {
		if response, _ := p.Get(p.Browser(), path, "text/html"); response.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", path, response.Status)
		}
	}
	frame := p.LaunchForm(2, "DEFAULT", "")
	response, _ := p.Post(p.Browser(), frame.Action, frame.Fields, p.CrossSite()...)
	if response.StatusCode < 502 || response.StatusCode > 504 || response.Header.Get("Retry-After") == "" {
		t.Errorf("a launch that can't be verified: %s", response.Status)
	}
}

// TestWhatALaunchIsAnswered: what is refused is 4xx, and what could not be verified is 502
// to 504, at the app and at its installer.
func TestWhatALaunchIsAnswered(t *testing.T) {
	t.Parallel()
	refused := func(status int) bool { return status >= 400 && status < 500 }
	unverified := func(status int) bool { return status >= 502 && status <= 504 }
	for name, c := range map[string]struct {
		before func(p *harness.Product)
		change func(fields url.Values)
		want   func(status int) bool
	}{
		"invented token":           {nil, func(f url.Values) { f.Set("AUTH_ID", "invented") }, refused},
		"another portal's key":     {nil, func(f url.Values) { f.Set("member_id", portalsim.BranchMember) }, refused},
		"no refresh token":         {nil, func(f url.Values) { f.Del("REFRESH_ID") }, refused},
		"used refresh token":       {func(p *harness.Product) { p.Sim.RevokeRefresh(portalsim.CompanyMember, 1) }, nil, refused},
		"server down":              {func(p *harness.Product) { p.Sim.FailAuth("*", portalsim.HTML502()) }, nil, unverified},
		"server down at the trade": {func(p *harness.Product) { p.Sim.FailAuth("/oauth/token/", portalsim.HTML502()) }, nil, unverified},
		"portal down":              {func(p *harness.Product) { p.Company.Fail("*", portalsim.HTML502()) }, nil, unverified},
	} {
		for _, path := range []string{"/bitrix24", "/bitrix24/install"} {
			t.Run(name+path, func(t *testing.T) {
				t.Parallel()
				p := startInstallable(t, "placement")
				frame := p.LaunchForm(1, "DEFAULT", "")
				action, err := url.Parse(frame.Action)
				if err != nil {
					t.Fatal(err)
				}
				if c.before != nil {
					c.before(p)
				}
				if c.change != nil {
					c.change(frame.Fields)
				}
				response, body := p.Post(p.Browser(), path+"?"+action.RawQuery, frame.Fields, p.CrossSite()...)
				if !c.want(response.StatusCode) {
					t.Errorf("%s %.200s", response.Status, body)
				}
				if n := rows(p, "grants"); n != 0 {
					t.Errorf("%d grants", n)
				}
			})
		}
	}
}
