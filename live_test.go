package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
	"slotfinder/internal/portalsim"
	"slotfinder/internal/seal"
	"slotfinder/internal/store"
	"slotfinder/internal/store/pgtest"
)

var postgres pgtest.Server

func TestMain(m *testing.M) {
	remove, err := makeCertificate()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	postgres.Stop()
	remove()
	os.Exit(code)
}

// beside starts another instance on the same database.
func (p *product) beside() *product {
	p.t.Helper()
	q := &product{t: p.t, sim: p.sim, company: p.company}
	q.serve(p.env)
	return q
}

// database opens the database of the running program, and what keeps its secrets.
func (p *product) database() (*store.Store, *auth.Portals) {
	p.t.Helper()
	db, err := store.Open(p.t.Context(), p.env["SLOTFINDER_DATABASE"])
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = db.Close() })
	secret, err := base64.StdEncoding.DecodeString(p.env["SLOTFINDER_SECRET"])
	if err != nil {
		p.t.Fatal(err)
	}
	box, err := seal.New([][]byte{secret})
	if err != nil {
		p.t.Fatal(err)
	}
	return db, auth.New(auth.Config{Vault: db, Seal: box, HTTP: http.DefaultClient, Now: time.Now})
}

// bindEvents does what an installer does, as somebody who has signed in: the portal
// sends its events to this instance, which knows the token they carry.
func (p *product) bindEvents(user int64) {
	p.t.Helper()
	_, portals := p.database()
	if err := portals.SetAppToken(p.t.Context(), p.company.MemberID, p.company.ApplicationToken(clientID)); err != nil {
		p.t.Fatal(err)
	}
	root, token, err := portals.Token(p.t.Context(), meet.Member{Portal: p.company.MemberID, User: user})
	if err != nil {
		p.t.Fatal(err)
	}
	for _, event := range []string{portalsim.EntryAdded, portalsim.EntryUpdated, portalsim.EntryDeleted} {
		response, err := http.PostForm(root+"event.bind", url.Values{"auth": {token}, "event": {event}, "handler": {p.app + "/bitrix24/events"}})
		if err != nil {
			p.t.Fatal(err)
		}
		if body := readBody(p.t, response); response.StatusCode != http.StatusOK {
			p.t.Fatalf("event.bind: %s: %s", response.Status, body)
		}
	}
}

// occupy gives a colleague something to do, and has the portal tell of it.
func (p *product) occupy(user int, from, to time.Time) {
	p.t.Helper()
	wall := func(t time.Time) portalsim.Wall {
		t = t.UTC()
		return portalsim.On(t.Date()).At(t.Hour(), t.Minute())
	}
	p.company.AddEvent(portalsim.Event{Owner: user, Name: "Dentist", From: wall(from), To: wall(to), ZoneFrom: "UTC", ZoneTo: "UTC"})
	if accepted := p.company.Deliver(p.t.Context()); accepted == 0 {
		p.t.Fatal("no event was accepted")
	}
}

// streamLimit only ends what hangs.
const streamLimit = 20 * time.Second

// listen opens the event stream, waits until it has begun and returns the names of
// its events. The channel is closed with the stream.
func (p *product) listen(client *http.Client) <-chan string {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), streamLimit)
	p.t.Cleanup(cancel)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.app+"/live", nil)
	if err != nil {
		p.t.Fatal(err)
	}
	response, err := (&http.Client{Jar: client.Jar}).Do(request)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { _ = response.Body.Close() })
	if kind := response.Header.Get("Content-Type"); response.StatusCode != http.StatusOK || kind != "text/event-stream" {
		p.t.Fatalf("/live: %s, %s", response.Status, kind)
	}
	lines := bufio.NewScanner(response.Body)
	if !lines.Scan() || !strings.HasPrefix(lines.Text(), "id: ") {
		p.t.Fatalf("the stream begins with %q", lines.Text())
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
		body(t, postgres.Schema(t))
	})
}

// TestLiveAcrossInstances: an event that reaches one instance is heard at the
// other, which has forgotten what it knew when it tells.
func TestLiveAcrossInstances(t *testing.T) {
	eachDatabase(t, func(t *testing.T, address string) {
		p := start(t, "SLOTFINDER_DATABASE", address)
		client := p.signIn(1)
		p.bindEvents(1)
		q := p.beside()
		here, there := p.listen(client), q.listen(client)
		monday := nextMonday(time.Now())
		query := "who=2&from=" + monday.Format(time.DateOnly) + "&to=" + monday.AddDate(0, 0, 13).Format(time.DateOnly)
		before := q.find(client, query)
		if len(before.Slots) == 0 {
			t.Fatal("no slots to take away")
		}
		taken := before.Slots[0].interval
		p.occupy(2, taken.Start, taken.End)
		for i, events := range []<-chan string{here, there} {
			if event := <-events; event != "calendars-changed" {
				t.Errorf("instance %d hears %q", i+1, event)
			}
		}
		for _, s := range q.find(client, query).Slots {
			if s.Start.Before(taken.End) && taken.Start.Before(s.End) {
				t.Errorf("the slot of %s is still there", s.Start)
			}
		}
		if code := q.stop(); code != 0 {
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
	p := start(t)
	client := p.signIn(1)
	streams := []<-chan string{p.listen(client), p.listen(client), p.listen(client)}
	if code := p.stop(); code != 0 {
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
func (p *product) eventForm(changes ...string) url.Values {
	form := url.Values{
		"event": {portalsim.EntryUpdated}, "event_handler_id": {"3"}, "data[id]": {"1414"}, "ts": {"1734608169"},
		"auth[member_id]": {p.company.MemberID}, "auth[application_token]": {p.company.ApplicationToken(clientID)},
		"auth[domain]": {p.company.Host}, "auth[client_endpoint]": {"http://127.0.0.1:1/canary-rest/"}, "auth[server_endpoint]": {"http://127.0.0.1:1/canary-auth/"},
		"auth[access_token]": {"canary-access"}, "auth[refresh_token]": {"canary-refresh"}, "auth[user_id]": {"1"},
	}
	for i := 0; i < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	return form
}

func (p *product) postEvent(query, kind, body string) int {
	p.t.Helper()
	response, err := http.Post(p.app+"/bitrix24/events"+query, kind, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	readBody(p.t, response)
	return response.StatusCode
}

// TestForgedEvents: they are refused, and nothing is published; nor is anything of
// a true event kept or logged.
func TestForgedEvents(t *testing.T) {
	t.Parallel()
	const form = "application/x-www-form-urlencoded"
	for _, test := range []struct {
		name        string
		post        func(p *product) int
		want, wrote int
	}{
		{"a true one", func(p *product) int { return p.postEvent("", form, p.eventForm().Encode()) }, 200, 1},
		{"wrong token", func(p *product) int {
			return p.postEvent("", form, p.eventForm("auth[application_token]", "canary-wrong").Encode())
		}, 403, 0},
		{"no token", func(p *product) int {
			return p.postEvent("", form, p.eventForm("auth[application_token]", "").Encode())
		}, 403, 0},
		{"unknown portal", func(p *product) int {
			return p.postEvent("", form, p.eventForm("auth[member_id]", strings.Repeat("0", 32)).Encode())
		}, 403, 0},
		{"no portal", func(p *product) int { return p.postEvent("", form, "event=ONCALENDARENTRYADD") }, 403, 0},
		{"in the address", func(p *product) int { return p.postEvent("?"+p.eventForm().Encode(), form, "") }, 403, 0},
		{"as JSON", func(p *product) int {
			return p.postEvent("", asJSON, `{"event":"ONCALENDARENTRYADD","auth":{"member_id":"`+p.company.MemberID+`"}}`)
		}, 403, 0},
		{"broken", func(p *product) int { return p.postEvent("", form, "canary=%zz&"+p.eventForm().Encode()) }, 422, 0},
		{"too large", func(p *product) int {
			return p.postEvent("", form, p.eventForm("data[id]", strings.Repeat("x", 70_000)).Encode())
		}, 413, 0},
		{"another event", func(p *product) int { return p.postEvent("", form, p.eventForm("event", "ONUSERADD").Encode()) }, 200, 0},
		{"an uninstallation", func(p *product) int { return p.postEvent("", form, p.eventForm("event", "ONAPPUNINSTALL").Encode()) }, 200, 0},
		{"a forged uninstallation", func(p *product) int {
			return p.postEvent("", form, p.eventForm("event", "ONAPPUNINSTALL", "auth[application_token]", "canary-wrong").Encode())
		}, 403, 0},
		{"an installation", func(p *product) int {
			return p.postEvent("", form, p.eventForm("event", "ONAPPINSTALL", "auth[application_token]", "canary-other").Encode())
		}, 200, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := start(t)
			client := p.signIn(1)
			p.bindEvents(1)
			if got := test.post(p); got != test.want {
				t.Errorf("status %d instead of %d", got, test.want)
			}
			if response, _ := p.get(client, "/find", asJSON); response.StatusCode != http.StatusOK {
				t.Errorf("afterwards: %s", response.Status)
			}
			p.stop() // only then everything is written down
			db, portals := p.database()
			changed, err := db.Changes(t.Context(), 0)
			if err != nil {
				t.Fatal(err)
			}
			if len(changed) != test.wrote {
				t.Errorf("published: %v", changed)
			}
			if err := portals.CheckEvent(t.Context(), p.company.MemberID, p.company.ApplicationToken(clientID)); err != nil {
				t.Errorf("the portal's token: %v", err)
			}
			if strings.Contains(p.log.text(), "canary") {
				t.Error("the log tells something of the body")
			}
		})
	}
}

// TestLiveEndsWithTheSession: signing out ends the stream as well.
func TestLiveEndsWithTheSession(t *testing.T) {
	t.Parallel()
	p := start(t)
	client := p.signIn(1)
	p.bindEvents(1)
	events := p.listen(client)
	post(t, client, p.app+"/logout", "same-origin")
	p.occupy(2, time.Now().Add(time.Hour), time.Now().Add(2*time.Hour))
	if event, open := <-events; open {
		t.Errorf("after the end: %q", event)
	}
	if response, _ := p.get(client, "/live", asJSON); response.StatusCode != http.StatusUnauthorized {
		t.Errorf("a stranger: %s", response.Status)
	}
}

// TestBrowserIsLive: while somebody types, a colleague's calendar changes. The page
// shows it, and nothing is taken out of the typing hand.
func TestBrowserIsLive(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		prepare []chromedp.Action[chromedp.Void] // what somebody is in the middle of
		state   string                           // a script that tells how it stands
		want    []any
	}{
		{
			"the people search",
			[]chromedp.Action[chromedp.Void]{
				chromedp.SendKeys(chromedp.CSS("#f-who"), "a"),
				chromedp.WaitVisible(chromedp.CSS("#q-list [role=option]")),
				chromedp.KeyEvent(kb.ArrowDown),
			},
			`[document.activeElement.id, document.activeElement.value, document.activeElement.selectionStart,
				document.activeElement.getAttribute("aria-expanded"), document.querySelector("#q-list").hidden,
				document.querySelector("#q-list [aria-selected=true]").id == document.activeElement.getAttribute("aria-activedescendant")]`,
			[]any{"f-who", "a", 1.0, "true", false, true},
		},
		{
			"an open part of the form",
			[]chromedp.Action[chromedp.Void]{chromedp.Click(chromedp.CSS("#more-lengths > summary"))},
			`[document.activeElement.parentElement.id, document.querySelector("#more-lengths").open]`,
			[]any{"more-lengths", true},
		},
		{
			"a number",
			[]chromedp.Action[chromedp.Void]{
				chromedp.Click(chromedp.CSS("#more-options > summary")),
				chromedp.WaitVisible(chromedp.CSS("#f-buffer")),
				chromedp.SendKeys(chromedp.CSS("#f-buffer"), "1"),
			},
			`[document.activeElement.id, document.activeElement.value.length, document.querySelector("#more-options").open, location.search.includes("buffer")]`,
			[]any{"f-buffer", 2.0, true, false},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := start(t)
			client := p.signIn(1)
			p.bindEvents(1)
			ctx := chromium(t)
			p.signInBy(ctx, "1")
			monday := nextMonday(time.Now())
			days := "&from=" + monday.Format(time.DateOnly) + "&to=" + monday.AddDate(0, 0, 4).Format(time.DateOnly)
			search(t, ctx, p.app+"/find?me=0&who=2"+days)
			do(t, ctx, test.prepare...)
			until(t, ctx, `!!document.querySelector("[hx-sse\\:connect]")._htmx?.sse?.reader`)

			taken := p.find(client, "me=0&who=2"+days).Slots[0].interval
			if diff := cmp.Diff(test.want, evaluate[[]any](t, ctx, test.state)); diff != "" {
				t.Fatalf("before: %s", diff)
			}
			history := evaluate[int](t, ctx, "history.length")
			evaluate[bool](t, ctx, `(window.old = document.querySelector("#page").innerText, true)`)
			p.occupy(2, taken.Start, taken.End)
			until(t, ctx, `document.querySelector("#page").innerText != window.old`)
			if diff := cmp.Diff(test.want, evaluate[[]any](t, ctx, test.state)); diff != "" {
				t.Errorf("what somebody was doing (-before +after): %s", diff)
			}
			if now := evaluate[int](t, ctx, "history.length"); now != history {
				t.Errorf("the history grew from %d to %d", history, now)
			}
		})
	}
}
