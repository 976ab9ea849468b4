package auth_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
	"slotfinder/internal/portalsim"
	"slotfinder/internal/seal"
	"slotfinder/internal/store"
	"slotfinder/internal/store/pgtest"
)

var postgres pgtest.Server

func TestMain(m *testing.M) {
	code := m.Run()
	postgres.Stop()
	os.Exit(code)
}

// Everything secret in these tests has one of these in it: see canaries.
const (
	tokenCanary  = "cafecafecafe" // every code and token of the simulator
	secretCanary = "canary"       // client secrets and foreign texts
)

const (
	clientID = "app.slotfinder"
	member   = "0123456789abcdef0123456789abcdef"
	rival    = "fedcba9876543210fedcba9876543210"
)

// world is a simulated Bitrix24 with two portals and a database.
type world struct {
	t       *testing.T
	clock   *clock
	sim     *portalsim.Sim
	tokens  *recordingServer // the authorization server
	portal  *portalsim.Portal
	rival   *portalsim.Portal // another company, with the same user ids
	address string            // of the database
	secrets [][]byte
	log     *safeBuffer
}

// each runs body once per database.
func each(t *testing.T, body func(w *world)) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		body(newWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "test.db")))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		body(newWorld(t, postgres.Schema(t)))
	})
}

// onSQLite is for what does not depend on the database.
func onSQLite(t *testing.T) *world {
	t.Parallel()
	return newWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "test.db"))
}

func newWorld(t *testing.T, address string) *world {
	w := &world{
		t: t, address: address, log: &safeBuffer{},
		clock:   &clock{now: time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)},
		secrets: [][]byte{bytes.Repeat([]byte{7}, seal.SecretSize)},
	}
	w.sim = portalsim.New(portalsim.Config{Now: w.clock.Now, Rand: &markedTokens{}, Insecure: true})
	w.tokens = newRecordingServer(t, w.sim.AuthServer())
	w.sim.SetAuthURL(w.tokens.URL)
	w.sim.AddApp(portalsim.App{
		ClientID: clientID, ClientSecret: "canary-client-secret", RedirectURL: "http://app.example/bitrix24",
		Scopes: []string{"calendar", "user"},
	})
	w.portal, w.rival = w.newPortal(member), w.newPortal(rival)
	t.Cleanup(func() { w.wantNoSecret(w.log.String()) })
	return w
}

func (w *world) newPortal(memberID string) *portalsim.Portal {
	p := portalsim.NewPortal(portalsim.Data{
		MemberID: memberID, ServerZone: time.UTC, Culture: portalsim.CultureISO,
		Users: []*portalsim.User{
			{ID: 7, Name: "Anna", LastName: "Becker", Zone: "Europe/Berlin", Active: true},
			{ID: 8, Name: "Boris", LastName: "Ünal", Active: true, Admin: true},
		},
	})
	server := httptest.NewServer(p)
	w.t.Cleanup(server.Close)
	p.Host = strings.TrimPrefix(server.URL, "http://")
	w.sim.AddPortal(p)
	p.Install(clientID)
	return p
}

// process is one running app: its own connections, the common database.
type process struct {
	*auth.Portals
	vault *store.Store
	asked *[]string // the REST roots that were asked for a profile
}

func (w *world) process(adjust ...func(*auth.Config)) process {
	w.t.Helper()
	vault, err := store.Open(w.t.Context(), w.address)
	must(w.t, err)
	vault.UseClock(w.clock.Now)
	w.t.Cleanup(func() { must(w.t, vault.Close()) })
	box, err := seal.New(w.secrets)
	must(w.t, err)
	people := &profiles{}
	c := auth.Config{
		Vault: vault, Accounts: vault, Queue: noQueue{}, Seal: box, HTTP: http.DefaultClient, AuthServers: []string{w.tokens.URL + "/"},
		Apps:     []auth.App{{ClientID: clientID, ClientSecret: "canary-client-secret"}},
		Insecure: true, Profiles: people, Now: w.clock.Now,
		Log: slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	for _, f := range adjust {
		f(&c)
	}
	portals := auth.New(c)
	w.t.Cleanup(func() {
		ended, end := context.WithCancel(context.Background())
		end()
		portals.Flush(ended)
	})
	return process{portals, vault, &people.asked}
}

// callback sends a browser of the user to the portal and returns what it brings.
func (w *world) callback(p process, portal *portalsim.Portal, user int, pending auth.Pending) auth.Callback {
	w.t.Helper()
	address, err := p.Begin(pending.Host, pending.State)
	must(w.t, err)
	request, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, address, nil)
	must(w.t, err)
	request.AddCookie(portal.SignIn(user))
	answer, err := http.DefaultTransport.RoundTrip(request)
	must(w.t, err)
	must(w.t, answer.Body.Close())
	back, err := answer.Location()
	must(w.t, err)
	q := back.Query()
	return auth.Callback{
		Code: q.Get("code"), State: q.Get("state"), Domain: q.Get("domain"),
		MemberID: q.Get("member_id"), ServerDomain: q.Get("server_domain"),
	}
}

// signIn does a whole sign-in.
func (w *world) signIn(p process, portal *portalsim.Portal, user int) auth.SignIn {
	w.t.Helper()
	pending := p.NewPending(w.t.Context(), portal.Host)
	in, err := p.Finish(w.t.Context(), pending, w.callback(p, portal, user, pending))
	must(w.t, err)
	return in
}

// token returns the member's stored access token.
func (w *world) token(p process, m meet.Member) string {
	w.t.Helper()
	_, token, err := p.Token(w.t.Context(), m)
	must(w.t, err)
	return token
}

// tokenUser returns whose token the portal takes it for.
func (w *world) tokenUser(endpoint, token string) int64 {
	w.t.Helper()
	profile, err := (&profiles{}).Profile(w.t.Context(), endpoint, token)
	must(w.t, err)
	return profile.User
}

// wantError checks kind and key of an error, and that it shows no secret.
func (w *world) wantError(err error, kind meet.Kind, key string) {
	w.t.Helper()
	var e *meet.Error
	if err == nil || !asError(err, &e) || e.Kind != kind || e.Key != key {
		w.t.Errorf("error %v instead of kind %d, %s", err, kind, key)
		return
	}
	w.wantNoSecret(err.Error())
	w.wantNoSecret(fmt.Sprintf("%#v %+v", err, *e))
}

// wantNoSecret checks that a text shows no secret.
func (w *world) wantNoSecret(text string) {
	w.t.Helper()
	for _, canary := range []string{tokenCanary, secretCanary} {
		if strings.Contains(text, canary) {
			w.t.Errorf("a secret is shown: %s", text)
		}
	}
}

// clock is a clock that tests set.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// markedTokens makes unique tokens that can be found anywhere.
type markedTokens struct{ n uint64 }

func (m *markedTokens) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = "\xca\xfe"[i%2]
	}
	m.n++
	binary.BigEndian.PutUint64(b[len(b)-8:], m.n)
	return len(b), nil
}

// profiles is as much of a REST client as sign-in needs.
type profiles struct {
	mu    sync.Mutex
	asked []string
}

func (p *profiles) Profile(ctx context.Context, endpoint, token string) (meet.Profile, error) {
	p.mu.Lock()
	p.asked = append(p.asked, endpoint)
	p.mu.Unlock()
	body := strings.NewReader(url.Values{"auth": {token}}.Encode())
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint+"profile", body)
	if err != nil {
		return meet.Profile{}, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return meet.Profile{}, meet.Errorf(meet.Unavailable, "error.portal_down", "no portal")
	}
	defer func() { _ = answer.Body.Close() }()
	var out struct {
		Error  string
		Result struct {
			ID       string
			Name     string `json:"NAME"`
			LastName string `json:"LAST_NAME"`
			Admin    bool
			Zone     any `json:"TIME_ZONE"`
		}
	}
	if err := json.NewDecoder(answer.Body).Decode(&out); err != nil || out.Error != "" {
		return meet.Profile{}, meet.Errorf(meet.Unavailable, "error.portal_down", "the portal says %s %w", out.Error, err)
	}
	id, err := strconv.ParseInt(out.Result.ID, 10, 64)
	zone, _ := out.Result.Zone.(string)
	return meet.Profile{
		User: id, Name: out.Result.Name + " " + out.Result.LastName, Admin: out.Result.Admin, Zone: zone,
	}, err
}

// safeBuffer is a bytes.Buffer for concurrent use.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// must is for steps that are not what the test is about.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// noQueue drops events: those about the app are tested with the whole program.
type noQueue struct{}

func (noQueue) Add(context.Context, auth.AppEvent) error { return nil }
