package harness

import (
	"net/http"
	"net/url"
)

// SignIn walks through the whole OAuth flow as a user of the portal.
func (p *Product) SignIn(user int) *http.Client {
	p.T.Helper()
	client := p.Browser()
	portal := &url.URL{Scheme: "http", Host: p.Company.Host, Path: "/"}
	client.Jar.SetCookies(portal, []*http.Cookie{p.Company.SignIn(user)})
	response, err := client.PostForm(p.App+"/login", url.Values{"portal": {p.Company.Host}})
	if err != nil {
		p.T.Fatal(err)
	}
	body := ReadBody(p.T, response)
	if response.StatusCode != http.StatusOK || response.Request.URL.Path != "/find" {
		p.T.Fatalf("signing in ended at %s with %s: %.300s", response.Request.URL.Path, response.Status, body)
	}
	return client
}
