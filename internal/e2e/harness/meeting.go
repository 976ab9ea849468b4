package harness

import (
	"net/http"
	"time"
)

// Meeting is the JSON of a meeting as it is documented.
type Meeting struct {
	ID     string    `json:"id"`
	Event  int64     `json:"event"`
	Title  string    `json:"title"`
	Start  time.Time `json:"start"`
	End    time.Time `json:"end"`
	Zone   string    `json:"time_zone"`
	State  string    `json:"state"`
	People []struct {
		ID       int64  `json:"id"`
		Name     string `json:"name"`
		Required bool   `json:"required"`
		Answer   string `json:"answer"`
	} `json:"people"`
}

// Text is the body of an answer that is expected to be there.
func (p *Product) Text(client *http.Client, path, accept string) string {
	p.T.Helper()
	response, body := p.Get(client, path, accept)
	if response.StatusCode != http.StatusOK {
		p.T.Fatalf("%s: %s %.300s", path, response.Status, body)
	}
	return body
}
