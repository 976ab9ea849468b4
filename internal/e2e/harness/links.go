package harness

import (
	"net/http"
	"time"
)

// MadeLink is the answer to a program that makes a link.
type MadeLink struct{ ID, URL, Token string }

// Share makes a link and expects it to work.
func (p *Product) Share(client *http.Client, form string) MadeLink {
	p.T.Helper()
	response, body := p.SendForm(client, "/links", form, AsJSON)
	if response.StatusCode != http.StatusCreated {
		p.T.Fatalf("POST /links %s: %s %s", form, response.Status, body)
	}
	return Decode[MadeLink](p.T, body)
}

// Shared is the JSON of a shared page as it is documented.
type Shared struct {
	Title  string     `json:"title"`
	Dur    int        `json:"dur"`
	Mode   string     `json:"mode"`
	State  string     `json:"state"`
	Zone   string     `json:"tz"`
	Slots  []Interval `json:"slots"`
	Note   string     `json:"note"`
	People []string   `json:"people"`
	Number int        `json:"number"`
}

// Offered is what a shared page offers, as JSON.
func (p *Product) Offered(client *http.Client, token string) Shared {
	p.T.Helper()
	response, body := p.Get(client, "/s/"+token, AsJSON)
	if response.StatusCode != http.StatusOK {
		p.T.Fatalf("/s/TOKEN: %s %s", response.Status, body)
	}
	return Decode[Shared](p.T, body)
}

// ComingWeek is a query for next Monday to Friday.
func ComingWeek() string {
	monday := NextMonday(time.Now())
	return "from=" + monday.Format(time.DateOnly) + "&to=" + monday.AddDate(0, 0, 4).Format(time.DateOnly) + "&dur=30&step=30&tz=Europe/Berlin"
}

// NextMonday is the first Monday after t.
func NextMonday(t time.Time) time.Time {
	return t.AddDate(0, 0, 7-int(t.Weekday()+6)%7)
}
