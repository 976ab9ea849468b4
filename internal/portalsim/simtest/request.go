package simtest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/portalsim"
)

// Send answers a request as the one listener of all hosts would.
func (w *World) Send(r *http.Request) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	w.Sim.ServeHTTP(rec, r)
	return rec
}

// Get asks for an address.
func (w *World) Get(address string) *httptest.ResponseRecorder {
	return w.Send(httptest.NewRequest(http.MethodGet, address, nil))
}

// PostForm posts a form to an address.
func (w *World) PostForm(address string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.Send(r)
}

// Call calls a method with a JSON body; the token goes into the query.
func (w *World) Call(token, method, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "http://"+Host+"/rest/"+method+"?auth="+token, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return w.Send(r)
}

// Token is an access token of the user.
func (w *World) Token(user int) string { return w.Portal.IssueToken(ClientID, user).Access }

// Ask calls a method as a user and returns the answer without its time block.
func (w *World) Ask(t testing.TB, user int, method, body string) string {
	t.Helper()
	return Untimed(t, w.Call(w.Token(user), method, body).Body.Bytes())
}

// Untimed cuts the time block off an answer, byte for byte otherwise.
func Untimed(t testing.TB, body []byte) string {
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

// ErrorOf is the status and the code of an answer that is an error.
func ErrorOf(t testing.TB, rec *httptest.ResponseRecorder) string {
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

// Equal fails unless two values are equal.
func Equal(t testing.TB, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Page opens a page of the portal as a user; 0 is nobody.
func (w *World) Page(user int, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "http://"+Host+path, nil)
	if user != 0 {
		r.AddCookie(w.Portal.SignIn(user))
	}
	return w.Send(r)
}

// Submit posts a form of the portal's pages as a user.
func (w *World) Submit(user int, path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "http://"+Host+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.AddCookie(w.Portal.SignIn(user))
	return w.Send(r)
}

// UserOf is a user of a portal by their id.
func UserOf(p *portalsim.Portal, id int) *portalsim.User {
	for _, u := range p.Users {
		if u.ID == id {
			return u
		}
	}
	return nil
}
