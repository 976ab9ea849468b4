package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"slotfinder/internal/portalsim"
)

// product is the running program with the simulated Bitrix24 it lives on: the
// real thing, on free ports, with a database of its own.
type product struct {
	t       *testing.T
	sim     *portalsim.Sim
	company *portalsim.Portal
	app     string // origin of the app
	env     map[string]string
	log     *testLog
	stop    func() int // ends the program and returns its exit code
	asked   *census    // requests to the authorization server
}

const (
	clientID     = "local.test"
	clientSecret = "canary-client-secret"
)

// start runs `serve`. Variables override those of the test.
func start(t *testing.T, variables ...string) *product {
	t.Helper()
	return startWith(t, portalsim.Company(portalsim.On(time.Now().Date())), variables...)
}

func startWith(t *testing.T, company *portalsim.Portal, variables ...string) *product {
	t.Helper()
	p := &product{t: t, company: company, sim: portalsim.New(portalsim.Config{Insecure: true}), asked: &census{of: map[string]int{}}}
	portal, authServer := httptest.NewServer(company), httptest.NewServer(p.asked.before(p.sim.AuthServer()))
	t.Cleanup(portal.Close)
	t.Cleanup(authServer.Close)
	company.Host = portal.Listener.Addr().String()
	p.sim.SetAuthURL(authServer.URL)
	p.sim.AddPortal(company)
	p.serve(settings(t, authServer.URL, variables...))
	p.sim.AddApp(portalsim.App{
		ClientID: clientID, ClientSecret: clientSecret, Name: "Slotfinder", RedirectURL: p.app + "/bitrix24",
		Scopes: []string{"calendar", "user_brief", "department"},
	})
	company.Install(clientID)
	return p
}

// settings is the environment of a program that lives on a simulated Bitrix24.
// Variables override those of the test.
func settings(t *testing.T, authServer string, variables ...string) map[string]string {
	env := map[string]string{
		"SLOTFINDER_LISTEN":       "127.0.0.1:0",
		"SLOTFINDER_PUBLIC_URL":   "http://127.0.0.1",
		"SLOTFINDER_DATABASE":     "sqlite:" + filepath.Join(t.TempDir(), "test.db"),
		"SLOTFINDER_SECRET":       base64.StdEncoding.EncodeToString([]byte("0123456789abcdef0123456789ABCDEF")),
		"SLOTFINDER_LOG":          "debug",
		"BITRIX24_CLIENT_ID":      clientID,
		"BITRIX24_CLIENT_SECRET":  clientSecret,
		"BITRIX24_AUTH_SERVERS":   authServer,
		"BITRIX24_ALLOW_INSECURE": "true",
		"SLOTFINDER_ADMIN_LISTEN": "",
	}
	for i := 0; i < len(variables); i += 2 {
		env[variables[i]] = variables[i+1]
	}
	return env
}

// serve starts the program and waits until it says where it listens.
func (p *product) serve(env map[string]string) {
	ctx, cancel := context.WithCancel(context.Background())
	log := newTestLog()
	p.env, p.log = env, log
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, []string{"serve"}, func(name string) string { return env[name] }, io.Discard, log)
		log.close()
	}()
	stopped := false
	p.stop = func() int {
		cancel()
		if stopped {
			return 0
		}
		stopped = true
		return <-code
	}
	p.t.Cleanup(func() { p.stop() })
	address, ok := <-p.log.listening
	if !ok {
		p.t.Fatalf("the program ended: %s", p.log.text())
	}
	p.app = "http://" + address
}

// browser is a client with a cookie jar that is signed in nowhere.
func (p *product) browser() *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	return &http.Client{Jar: jar, Timeout: 20 * time.Second}
}

// signIn walks through the whole OAuth flow as a user of the portal.
func (p *product) signIn(user int) *http.Client {
	p.t.Helper()
	client := p.browser()
	portal := &url.URL{Scheme: "http", Host: p.company.Host, Path: "/"}
	client.Jar.SetCookies(portal, []*http.Cookie{p.company.SignIn(user)})
	response, err := client.PostForm(p.app+"/login", url.Values{"portal": {p.company.Host}})
	if err != nil {
		p.t.Fatal(err)
	}
	body := readBody(p.t, response)
	if response.StatusCode != http.StatusOK || response.Request.URL.Path != "/find" {
		p.t.Fatalf("signing in ended at %s with %s: %.300s", response.Request.URL.Path, response.Status, body)
	}
	return client
}

// login presses the button of the landing page and does not follow it to the portal.
func (p *product) login(client *http.Client, portal, next string) *http.Response {
	p.t.Helper()
	response, err := noRedirects(client).PostForm(p.app+"/login", url.Values{"portal": {portal}, "next": {next}})
	if err != nil {
		p.t.Fatal(err)
	}
	readBody(p.t, response)
	return response
}

// get asks for a path of the app; accept is "" for a browser's page.
func (p *product) get(client *http.Client, path, accept string) (*http.Response, string) {
	p.t.Helper()
	request, err := http.NewRequest(http.MethodGet, p.app+path, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	if accept == "" {
		accept = "text/html,application/xhtml+xml,*/*;q=0.8"
	}
	request.Header.Set("Accept", accept)
	response, err := client.Do(request)
	if err != nil {
		p.t.Fatal(err)
	}
	return response, readBody(p.t, response)
}

const asJSON = "application/json"

// find asks for a search as JSON and expects an answer.
func (p *product) find(client *http.Client, query string) answer {
	p.t.Helper()
	response, body := p.get(client, "/find?"+query, asJSON)
	if response.StatusCode != http.StatusOK {
		p.t.Fatalf("/find?%s: %s: %.500s", query, response.Status, body)
	}
	var a answer
	if err := json.Unmarshal([]byte(body), &a); err != nil {
		p.t.Fatal(err)
	}
	return a
}

// answer is the JSON of /find as the contract shows it, written down anew here so
// that a change of the program's own structs is noticed.
type answer struct {
	Query  map[string]any `json:"query"`
	AsOf   time.Time      `json:"as_of"`
	People []struct {
		ID           int64  `json:"id"`
		Name         string `json:"name"`
		TimeZone     string `json:"time_zone"`
		Required     bool   `json:"required"`
		Availability string `json:"availability"`
		Reason       string `json:"reason"`
	} `json:"people"`
	Windows []interval `json:"windows"`
	Total   int        `json:"total"`
	Whole   *bool      `json:"complete"`
	Slots   []slot     `json:"slots"`
	Near    []slot     `json:"near"`
	Series  []any      `json:"series"`
	View    string     `json:"view"`
	Relax   []struct {
		Change string `json:"change"`
		Person int64  `json:"person"`
		Slots  int    `json:"slots"`
		URL    string `json:"url"`
	} `json:"relax"`
}

type interval struct {
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
}

type slot struct {
	interval
	Rank      int      `json:"rank"`
	Free      []int64  `json:"free"`
	Busy      []int64  `json:"busy"`
	Tentative []int64  `json:"tentative"`
	Outside   []int64  `json:"outside"`
	Unknown   []int64  `json:"unknown"`
	Reasons   []string `json:"reasons"`
}

func readBody(t *testing.T, response *http.Response) string {
	t.Helper()
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// testLog keeps what the program logs and tells the address it listens on.
type testLog struct {
	*io.PipeWriter
	listening chan string
	done      chan struct{}
	lines     strings.Builder
}

func newTestLog() *testLog {
	reader, writer := io.Pipe()
	l := &testLog{PipeWriter: writer, listening: make(chan string, 1), done: make(chan struct{})}
	go func() {
		defer close(l.done)
		defer close(l.listening)
		scanner := bufio.NewScanner(reader)
		scanner.Buffer(nil, 1<<20)
		for scanner.Scan() {
			l.lines.WriteString(scanner.Text() + "\n")
			var line struct{ Msg, Address string }
			if json.Unmarshal(scanner.Bytes(), &line) == nil && line.Msg == "listening" {
				l.listening <- line.Address
			}
		}
	}()
	return l
}

func (l *testLog) close() {
	l.PipeWriter.Close()
	<-l.done
}

// text is everything logged; only after the program has ended.
func (l *testLog) text() string {
	<-l.done
	return l.lines.String()
}
