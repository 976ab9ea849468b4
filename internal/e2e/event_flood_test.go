package e2e

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/portalsim"
)

// startBehindProxy starts the program where requests say whose address they come from.
func startBehindProxy(t *testing.T) *harness.Product {
	t.Helper()
	p := harness.Start(t, "SLOTFINDER_TRUSTED_PROXIES", "127.0.0.0/8")
	p.Sim.AddApp(portalsim.App{
		ClientID: harness.ClientID, ClientSecret: harness.ClientSecret, Name: "Slotfinder", RedirectURL: p.App + "/bitrix24", InstallURL: p.App + "/bitrix24/install",
		Scopes: []string{"calendar", "user_brief", "department", "placement"},
	})
	return p
}

// sendEvent posts an event of the app from an address.
func sendEvent(p *harness.Product, address, name string, changes ...string) *http.Response {
	p.T.Helper()
	form := eventForm(p, append([]string{"event", name}, changes...)...)
	request, err := http.NewRequestWithContext(p.T.Context(), http.MethodPost, p.App+"/bitrix24/events", strings.NewReader(form.Encode()))
	if err != nil {
		p.T.Fatal(err)
	}
	request.Header.Set("Content-Type", formKind)
	request.Header.Set("X-Forwarded-For", address)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		p.T.Fatal(err)
	}
	harness.ReadBody(p.T, response)
	return response
}

// floodOfEvents posts forged installation events from one address and counts the answers.
func floodOfEvents(p *harness.Product, n int, changes func(i int) []string) map[int]int {
	var mu sync.Mutex
	var all sync.WaitGroup
	statuses := map[int]int{}
	for worker := range 8 {
		all.Go(func() {
			for i := worker; i < n; i += 8 {
				r := sendEvent(p, "198.51.100.7", "ONAPPINSTALL", changes(i)...)
				if r.StatusCode != http.StatusOK && r.Header.Get("Retry-After") == "" {
					p.T.Errorf("%s without Retry-After", r.Status)
				}
				mu.Lock()
				statuses[r.StatusCode]++
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return statuses
}

// comesTrue waits for something that the program does in the background.
func comesTrue(t *testing.T, what string, isTrue func() bool) {
	t.Helper()
	for limit := time.Now().Add(harness.HangLimit); !isTrue(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatalf("%s: not worked off", what)
		}
	}
}

// TestAFloodOfEventsHidesNothing: 2,000 forged installations come from one address. A few
// are kept, the rest is told to come later; the authorization server is asked at a slow
// pace. A true one from elsewhere is worked off at once, and so is an uninstallation.
func TestAFloodOfEventsHidesNothing(t *testing.T) {
	t.Parallel()
	const forged = 2000
	for name, claimed := range map[string]func(i int) string{
		"about ever other portals": func(i int) string { return strings.Repeat("0", 27) + strconv.Itoa(10000+i) },
		"about the very portal":    func(int) string { return portalsim.CompanyMember },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := startBehindProxy(t)
			began := time.Now()
			statuses := floodOfEvents(p, forged, func(i int) []string {
				return []string{"auth[member_id]", claimed(i), "auth[access_token]", "forged" + strconv.Itoa(i), "ts", strconv.Itoa(i)}
			})
			if taken := statuses[http.StatusOK]; taken < 10 || taken > 300 || statuses[http.StatusServiceUnavailable] == 0 || statuses[http.StatusTooManyRequests] == 0 {
				t.Errorf("answers %v", statuses)
			}
			if n := rows(p, "jobs"); n > 300 {
				t.Errorf("%d rows", n)
			}
			token := p.Company.ApplicationToken(harness.ClientID)
			if r := sendEvent(p, "203.0.113.9", "ONAPPINSTALL", "auth[access_token]", p.Company.IssueToken(harness.ClientID, 1).Access); r.StatusCode != http.StatusOK {
				t.Fatal(r.Status)
			}
			comesTrue(t, "the true event", func() bool { return knowsToken(p, token) })
			p.SignIn(2)
			p.Company.Uninstall(harness.ClientID)
			if r := sendEvent(p, "203.0.113.9", "ONAPPUNINSTALL", "auth[application_token]", token); r.StatusCode != http.StatusOK {
				t.Fatal(r.Status)
			}
			comesTrue(t, "the true uninstallation", func() bool { return rows(p, "sessions WHERE user_id > 0") == 0 })
			took := time.Since(began)
			if n, most := p.Asked.Count(""), 30+2*5*int(took/time.Second+1); n > most {
				t.Errorf("the authorization server was asked %d times in %s", n, took)
			}
			t.Logf("figure: %d forged events %s: answers %v, %d questions to the authorization server, the true one worked off within %s of the first",
				forged, name, statuses, p.Asked.Count(""), took.Round(100*time.Millisecond))
		})
	}
}

// TestAFloodOfRefusedEvents: whoever posts events with wrong tokens is soon told so
// without a look into the database. The portal's own go on, and so do those of all others
// that come from the same address: Bitrix24's cloud sends the events of all portals.
func TestAFloodOfRefusedEvents(t *testing.T) {
	t.Parallel()
	p := startBehindProxy(t)
	install(p, 1)
	for _, claimed := range []string{portalsim.CompanyMember, portalsim.BranchMember} {
		last := 0
		for range 110 {
			last = sendEvent(p, "198.51.100.7", portalsim.EntryUpdated, "auth[application_token]", "forged", "auth[member_id]", claimed).StatusCode
		}
		if last != http.StatusTooManyRequests {
			t.Errorf("the last one was answered %d", last)
		}
	}
	for i := range 120 {
		sendEvent(p, "203.0.113.9", portalsim.EntryUpdated, "auth[application_token]", "forged", "auth[member_id]", strings.Repeat("0", 27)+strconv.Itoa(10000+i))
		sendEvent(p, "203.0.113.9", "ONAPPINSTALL", "auth[member_id]", portalsim.BranchMember, "ts", strconv.Itoa(i))
	}
	if r := sendEvent(p, "203.0.113.9", portalsim.EntryUpdated); r.StatusCode != http.StatusOK {
		t.Errorf("a true one: %s", r.Status)
	}
	token := p.Company.ApplicationToken(harness.ClientID)
	p.Company.Install(harness.ClientID) // gives a new token
	if r := sendEvent(p, "203.0.113.9", "ONAPPUPDATE", "auth[access_token]", p.Company.IssueToken(harness.ClientID, 1).Access); r.StatusCode != http.StatusOK {
		t.Errorf("a true update: %s", r.Status)
	}
	comesTrue(t, "the true update", func() bool { return !knowsToken(p, token) })
	t.Logf("figure: %d events with false tokens or about others from the addresses of two true ones: both are worked off", 2*110+2*120)
}
