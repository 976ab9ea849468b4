package e2e

import (
	"bufio"
	"context"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/portalsim"
)

// anotherInstance starts another instance on the same database.
func anotherInstance(p *harness.Product) *harness.Product {
	p.T.Helper()
	q := &harness.Product{T: p.T, Sim: p.Sim, Company: p.Company}
	q.Serve(p.Env)
	return q
}

// streamLimit only ends what hangs.
const streamLimit = 20 * time.Second

// listen opens the event stream, waits until it has begun and returns the names of
// its events. The channel is closed with the stream.
func listen(p *harness.Product, client *http.Client) <-chan string {
	p.T.Helper()
	ctx, cancel := context.WithTimeout(p.T.Context(), streamLimit)
	p.T.Cleanup(cancel)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.App+"/live", nil)
	if err != nil {
		p.T.Fatal(err)
	}
	response, err := (&http.Client{Jar: client.Jar}).Do(request)
	if err != nil {
		p.T.Fatal(err)
	}
	p.T.Cleanup(func() { _ = response.Body.Close() })
	if kind := response.Header.Get("Content-Type"); response.StatusCode != http.StatusOK || kind != "text/event-stream" {
		p.T.Fatalf("/live: %s, %s", response.Status, kind)
	}
	lines := bufio.NewScanner(response.Body)
	if !lines.Scan() || !strings.HasPrefix(lines.Text(), "id: ") {
		p.T.Fatalf("the stream begins with %q", lines.Text())
	}
	events := make(chan string, 100)
	go func() {
		defer close(events)
		for lines.Scan() {
			if name, found := strings.CutPrefix(lines.Text(), "event: "); found {
				events <- name
			}
		}
	}()
	return events
}

// eachDatabase runs a test on both.
func eachDatabase(t *testing.T, body func(t *testing.T, address string)) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		body(t, "sqlite:"+filepath.Join(t.TempDir(), "shared.db"))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		body(t, harness.Postgres.Schema(t))
	})
}

// TestLiveAcrossInstances: an event that reaches one instance is heard at the
// other, which has forgotten what it knew when it tells.
func TestLiveAcrossInstances(t *testing.T) {
	eachDatabase(t, func(t *testing.T, address string) {
		p := harness.Start(t, "SLOTFINDER_DATABASE", address)
		client := p.SignIn(1)
		p.BindEvents(1)
		q := anotherInstance(p)
		here, there := listen(p, client), listen(q, client)
		monday := harness.NextMonday(time.Now())
		query := "who=2&from=" + monday.Format(time.DateOnly) + "&to=" + monday.AddDate(0, 0, 13).Format(time.DateOnly)
		before := q.Find(client, query)
		if len(before.Slots) == 0 {
			t.Fatal("no slots to take away")
		}
		taken := before.Slots[0].Interval
		p.Occupy(2, taken.Start, taken.End)
		for i, events := range []<-chan string{here, there} {
			if event := <-events; event != "calendars-changed" {
				t.Errorf("instance %d hears %q", i+1, event)
			}
		}
		for _, s := range q.Find(client, query).Slots {
			if s.Start.Before(taken.End) && taken.Start.Before(s.End) {
				t.Errorf("the slot of %s is still there", s.Start)
			}
		}
		if code := q.Stop(); code != 0 {
			t.Errorf("exit code %d", code)
		}
		if event, open := <-there; open {
			t.Errorf("after the end: %q", event)
		}
	})
}

// TestStopsWithOpenStreams: the program does not wait for streams, or it would run
// into its limit and fail.
func TestStopsWithOpenStreams(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(1)
	streams := []<-chan string{listen(p, client), listen(p, client), listen(p, client)}
	if code := p.Stop(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	for _, events := range streams {
		if event, open := <-events; open {
			t.Errorf("after the end: %q", event)
		}
	}
}

// eventForm is an event as the portal would send it, with secrets that must not
// appear anywhere.
func eventForm(p *harness.Product, changes ...string) url.Values {
	form := url.Values{
		"event": {portalsim.EntryUpdated}, "event_handler_id": {"3"}, "data[id]": {"1414"}, "ts": {"1734608169"},
		"auth[member_id]": {p.Company.MemberID}, "auth[application_token]": {p.Company.ApplicationToken(harness.ClientID)},
		"auth[domain]": {p.Company.Host}, "auth[client_endpoint]": {"http://127.0.0.1:1/canary-rest/"}, "auth[server_endpoint]": {"http://127.0.0.1:1/canary-auth/"},
		"auth[access_token]": {"canary-access"}, "auth[refresh_token]": {"canary-refresh"}, "auth[user_id]": {"1"},
	}
	for i := 0; i < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	return form
}

func postEvent(p *harness.Product, query, kind, body string) int {
	p.T.Helper()
	response, err := http.Post(p.App+"/bitrix24/events"+query, kind, strings.NewReader(body))
	if err != nil {
		p.T.Fatal(err)
	}
	harness.ReadBody(p.T, response)
	return response.StatusCode
}

// TestForgedEvents: they are refused, and nothing is published; nor is anything of
// a true event kept or logged.
func TestForgedEvents(t *testing.T) {
	t.Parallel()
	const form = "application/x-www-form-urlencoded"
	for _, test := range []struct {
		name        string
		post        func(p *harness.Product) int
		want, wrote int
	}{
		{"a true one", func(p *harness.Product) int { return postEvent(p, "", form, eventForm(p).Encode()) }, 200, 1},
		{"wrong token", func(p *harness.Product) int {
			return postEvent(p, "", form, eventForm(p, "auth[application_token]", "canary-wrong").Encode())
		}, 403, 0},
		{"no token", func(p *harness.Product) int {
			return postEvent(p, "", form, eventForm(p, "auth[application_token]", "").Encode())
		}, 403, 0},
		{"unknown portal", func(p *harness.Product) int {
			return postEvent(p, "", form, eventForm(p, "auth[member_id]", strings.Repeat("0", 32)).Encode())
		}, 403, 0},
		{"no portal", func(p *harness.Product) int { return postEvent(p, "", form, "event=ONCALENDARENTRYADD") }, 403, 0},
		{"in the address", func(p *harness.Product) int { return postEvent(p, "?"+eventForm(p).Encode(), form, "") }, 403, 0},
		{"as JSON", func(p *harness.Product) int {
			return postEvent(p, "", harness.AsJSON, `{"event":"ONCALENDARENTRYADD","auth":{"member_id":"`+p.Company.MemberID+`"}}`)
		}, 403, 0},
		{"broken", func(p *harness.Product) int { return postEvent(p, "", form, "canary=%zz&"+eventForm(p).Encode()) }, 422, 0},
		{"too large", func(p *harness.Product) int {
			return postEvent(p, "", form, eventForm(p, "data[id]", strings.Repeat("x", 70_000)).Encode())
		}, 413, 0},
		{"another event", func(p *harness.Product) int {
			return postEvent(p, "", form, eventForm(p, "event", "ONUSERADD").Encode())
		}, 200, 0},
		{"an uninstallation", func(p *harness.Product) int {
			return postEvent(p, "", form, eventForm(p, "event", "ONAPPUNINSTALL").Encode())
		}, 200, 0},
		{"a forged uninstallation", func(p *harness.Product) int {
			return postEvent(p, "", form, eventForm(p, "event", "ONAPPUNINSTALL", "auth[application_token]", "canary-wrong").Encode())
		}, 403, 0},
		{"an installation", func(p *harness.Product) int {
			return postEvent(p, "", form, eventForm(p, "event", "ONAPPINSTALL", "auth[application_token]", "canary-other").Encode())
		}, 200, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := harness.Start(t)
			client := p.SignIn(1)
			p.BindEvents(1)
			if got := test.post(p); got != test.want {
				t.Errorf("status %d instead of %d", got, test.want)
			}
			if response, _ := p.Get(client, "/find", harness.AsJSON); response.StatusCode != http.StatusOK {
				t.Errorf("afterwards: %s", response.Status)
			}
			p.Stop() // only then everything is written down
			db, portals := p.Database()
			changed, err := db.Changes(t.Context(), 0)
			if err != nil {
				t.Fatal(err)
			}
			if len(changed) != test.wrote {
				t.Errorf("published: %v", changed)
			}
			if err := portals.CheckEvent(t.Context(), p.Company.MemberID, p.Company.ApplicationToken(harness.ClientID)); err != nil {
				t.Errorf("the portal's token: %v", err)
			}
			if strings.Contains(p.Log.Text(), "canary") {
				t.Error("the log tells something of the body")
			}
		})
	}
}

// TestLiveEndsWithTheSession: signing out ends the stream as well.
func TestLiveEndsWithTheSession(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(1)
	p.BindEvents(1)
	events := listen(p, client)
	post(t, client, p.App+"/logout", "same-origin")
	p.Occupy(2, time.Now().Add(time.Hour), time.Now().Add(2*time.Hour))
	if event, open := <-events; open {
		t.Errorf("after the end: %q", event)
	}
	if response, _ := p.Get(client, "/live", harness.AsJSON); response.StatusCode != http.StatusUnauthorized {
		t.Errorf("a stranger: %s", response.Status)
	}
}
