package harness

import (
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"
)

// AsJSON and AsPage are values of the header Accept: a program's and a browser's.
const (
	AsJSON = "application/json"
	AsPage = "text/html"
)

// FormType is the Content-Type of a form.
const FormType = "application/x-www-form-urlencoded"

// Guest is a browser without cookies, which has never been here.
func Guest() *http.Client { return &http.Client{Timeout: 20 * time.Second} }

// Browser is a client with a cookie jar that is signed in nowhere.
func (p *Product) Browser() *http.Client {
	client := Guest()
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.T.Fatal(err)
	}
	client.Jar = jar
	return client
}

// Scripted makes a client ask as a browser does which has run our script.
func (p *Product) Scripted(client *http.Client) *http.Client {
	p.T.Helper()
	site, err := url.Parse(p.App)
	if err != nil {
		p.T.Fatal(err)
	}
	client.Jar.SetCookies(site, []*http.Cookie{{Name: "script", Value: "1"}})
	return client
}

// NoRedirects is the same client, which follows no redirects.
func NoRedirects(client *http.Client) *http.Client {
	copied := *client
	copied.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &copied
}

// Ask sends a request to an address, or to a path of the app, and returns what came.
// Headers are pairs. All other requests of tests are made of it.
func (p *Product) Ask(client *http.Client, method, address, body string, headers ...string) (*http.Response, string) {
	p.T.Helper()
	if strings.HasPrefix(address, "/") {
		address = p.App + address
	}
	request, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		p.T.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := client.Do(request)
	if err != nil {
		p.T.Fatal(err)
	}
	return response, ReadBody(p.T, response)
}

// Get asks for a path of the app; accept is "" for a browser's page.
func (p *Product) Get(client *http.Client, path, accept string) (*http.Response, string) {
	p.T.Helper()
	return p.Ask(client, http.MethodGet, path, "", "Accept", cmp.Or(accept, "text/html,application/xhtml+xml,*/*;q=0.8"))
}

// GetWith asks for a page with more headers, without following.
func (p *Product) GetWith(client *http.Client, path string, headers ...string) (*http.Response, string) {
	p.T.Helper()
	return p.Ask(NoRedirects(client), http.MethodGet, path, "", append([]string{"Accept", AsPage}, headers...)...)
}

// Post sends a form as a browser in the portal's frame would, without following.
func (p *Product) Post(client *http.Client, address string, fields url.Values, headers ...string) (*http.Response, string) {
	p.T.Helper()
	return p.Ask(NoRedirects(client), http.MethodPost, address, fields.Encode(), append([]string{"Content-Type", FormType, "Accept", AsPage}, headers...)...)
}

// Send posts a form as a page of ours does.
func (p *Product) Send(client *http.Client, path string, form url.Values, headers ...string) (*http.Response, string) {
	p.T.Helper()
	return p.Ask(client, http.MethodPost, path, form.Encode(), append([]string{"Content-Type", FormType, "Accept", AsPage, "Sec-Fetch-Site", "same-origin"}, headers...)...)
}

// SendForm is Send with the form as text, and an Accept of choice.
func (p *Product) SendForm(client *http.Client, path, form, accept string) (*http.Response, string) {
	p.T.Helper()
	return p.Ask(client, http.MethodPost, path, form, "Content-Type", FormType, "Accept", accept, "Sec-Fetch-Site", "same-origin")
}

// ReadBody reads an answer to its end and closes it.
func ReadBody(t *testing.T, response *http.Response) string {
	t.Helper()
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// Decode reads JSON, which must be whole.
func Decode[T any](t *testing.T, body string) (value T) {
	t.Helper()
	if err := json.Unmarshal([]byte(body), &value); err != nil {
		t.Fatalf("%v in %.300s", err, body)
	}
	return value
}
