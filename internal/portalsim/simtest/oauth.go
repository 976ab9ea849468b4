package simtest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
)

// SignIn goes through /oauth/authorize/ as a signed-in user and returns the
// address that the browser is sent back to.
func (w *World) SignIn(t *testing.T, user int) *url.URL {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "http://"+Host+"/oauth/authorize/?client_id="+ClientID+"&state=s-1", nil)
	r.AddCookie(w.Portal.SignIn(user))
	rec := w.Send(r)
	back, err := url.Parse(rec.Header().Get("Location"))
	if rec.Code != http.StatusFound || err != nil {
		t.Fatalf("authorize: status %d, location error %v", rec.Code, err)
	}
	return back
}

// Code is an authorization code of a user.
func (w *World) Code(t *testing.T, user int) string {
	t.Helper()
	return w.SignIn(t, user).Query().Get("code")
}

// Exchange are the parameters that turn a code into tokens.
func Exchange(code string) url.Values {
	return url.Values{
		"grant_type": {"authorization_code"}, "code": {code},
		"client_id": {ClientID}, "client_secret": {ClientSecret},
	}
}

// Refresh are the parameters that renew tokens.
func Refresh(token string) url.Values {
	return url.Values{
		"grant_type": {"refresh_token"}, "refresh_token": {token},
		"client_id": {ClientID}, "client_secret": {ClientSecret},
	}
}

// TokenURL is the address at which tokens are given.
const TokenURL = "http://" + AuthHost + "/oauth/token/"

// TokenAnswer is what is told there.
type TokenAnswer struct {
	Access     string `json:"access_token"`
	Refresh    string `json:"refresh_token"`
	Expires    int64  `json:"expires"`
	ExpiresIn  int    `json:"expires_in"`
	Scope      string `json:"scope"`
	Domain     string `json:"domain"`
	Server     string `json:"server_endpoint"`
	Client     string `json:"client_endpoint"`
	Status     string `json:"status"`
	MemberID   string `json:"member_id"`
	UserID     any    `json:"user_id"`
	NotGranted string `json:"error"`
}

// Tokens asks for tokens and fails when they are refused.
func (w *World) Tokens(t *testing.T, form url.Values) TokenAnswer {
	t.Helper()
	var got TokenAnswer
	rec := w.PostForm(TokenURL, form)
	if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil || got.NotGranted != "" {
		t.Fatalf("token: status %d, error %q, %v", rec.Code, got.NotGranted, err)
	}
	return got
}
