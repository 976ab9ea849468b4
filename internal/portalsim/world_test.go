package portalsim

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	worldApp    = "app.573ad8a0346747.09223434"
	worldSecret = "secret-of-the-app"
	worldAuth   = "oauth.localhost"
	worldHost   = "alpha.localhost"
	worldMember = "0123456789abcdef0123456789abcdef"
)

// world is a simulator with one portal and one app, whose clock stands still.
type world struct {
	sim    *Sim
	portal *Portal

	mu  sync.Mutex
	now time.Time
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{now: time.Date(2026, time.March, 10, 9, 0, 0, 0, time.UTC)}
	w.sim = New(Config{Now: w.clock, Insecure: true})
	w.sim.SetAuthURL("http://" + worldAuth)
	w.portal = &Portal{
		MemberID: worldMember, Host: worldHost, Plan: "S", Lang: "en",
		ServerZone: time.FixedZone("", 3*3600),
		Users: []*User{
			{ID: 1, Name: "Anna", LastName: "Becker", Position: "Director", Departments: []int{1}, Zone: "Europe/Berlin", Active: true, Admin: true, Photo: []byte("png")},
			{ID: 7, Name: "Boris", LastName: "O'Neil", Position: "R&D engineer", Departments: []int{1, 5}, Active: true},
			{ID: 8, Name: "Clara", LastName: "Dismissed", Departments: []int{5}},
			{ID: 9, Name: "Dan", LastName: "Guest", Extranet: true, Active: true},
			{ID: 10, Name: "Eve", LastName: "Stranger", Extranet: true, Active: true},
		},
		Departments: []*Department{{ID: 1, Name: "Company", Head: 1, Sort: 100}, {ID: 5, Name: "R&D", Parent: 1, Sort: 500}},
		Groups: []*Group{
			{ID: 10, Name: "Launch", Members: []GroupMember{{1, "A"}, {7, "E"}, {9, "K"}, {8, "K"}}},
			{ID: 11, Name: "Board", Members: []GroupMember{{1, "A"}}},
		},
		Chats: []*Chat{{ID: 29, Name: "Lunch", Members: []int{7, 1, 8}}, {ID: 30, Name: "Secret", Members: []int{1}}},
	}
	w.sim.AddPortal(w.portal)
	w.sim.AddApp(App{
		ClientID: worldApp, ClientSecret: worldSecret, RedirectURL: "http://app.localhost/bitrix24",
		Scopes: []string{"calendar", "user_brief", "department", "im", "sonet_group", "placement"},
		Code:   "acme.slots", Name: "Slots",
	})
	w.portal.Install(worldApp)
	return w
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// send answers a request as the one listener of all hosts would.
func (w *world) send(r *http.Request) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	w.sim.ServeHTTP(rec, r)
	return rec
}

func (w *world) get(address string) *httptest.ResponseRecorder {
	return w.send(httptest.NewRequest(http.MethodGet, address, nil))
}

func (w *world) postForm(address string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.send(r)
}

// rest calls a method with a JSON body; the token goes into the query.
func (w *world) rest(token, method, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "http://"+worldHost+"/rest/"+method+"?auth="+token, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return w.send(r)
}

// token is an access token of the user.
func (w *world) token(user int) string { return w.portal.IssueToken(worldApp, user).Access }

// ask calls a method as a user and returns the answer without its time block.
func (w *world) ask(t testing.TB, user int, method, body string) string {
	t.Helper()
	return untimed(t, w.rest(w.token(user), method, body).Body.Bytes())
}

// untimed cuts the time block off an answer, byte for byte otherwise.
func untimed(t testing.TB, body []byte) string {
	t.Helper()
	text, _, timed := strings.Cut(string(body), `,"time":{"start":`)
	if timed {
		text += "}"
	}
	if !json.Valid([]byte(text)) {
		t.Fatalf("not JSON: %s", body)
	}
	return text
}

// failure is the status and the code of an answer that is an error.
func failure(t testing.TB, rec *httptest.ResponseRecorder) string {
	t.Helper()
	var body struct {
		Error *string `json:"error"`
		Text  *string `json:"error_description"`
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &body); err != nil {
		t.Fatalf("status %d, body is no JSON: %v", rec.Code, err)
	}
	if body.Error == nil || body.Text == nil {
		t.Fatalf("status %d, no error: %s", rec.Code, rec.Body)
	}
	return strconv.Itoa(rec.Code) + " " + *body.Error
}

func same(t testing.TB, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
