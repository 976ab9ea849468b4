package e2e

import (
	"net/http"
	"net/url"
	"os"
	"testing"

	"slotfinder/internal/e2e/harness"
)

func TestMain(m *testing.M) {
	code := m.Run()
	harness.Postgres.Stop()
	os.Exit(code)
}

// login presses the button of the landing page and does not follow it to the portal.
func login(p *harness.Product, client *http.Client, portal, next string) *http.Response {
	p.T.Helper()
	response, err := harness.NoRedirects(client).PostForm(p.App+"/login", url.Values{"portal": {portal}, "next": {next}})
	if err != nil {
		p.T.Fatal(err)
	}
	harness.ReadBody(p.T, response)
	return response
}
