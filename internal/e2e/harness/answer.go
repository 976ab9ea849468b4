package harness

import (
	"encoding/json"
	"net/http"
	"time"
)

// Find asks for a search as JSON and expects an answer.
func (p *Product) Find(client *http.Client, query string) Answer {
	p.T.Helper()
	response, body := p.Get(client, "/find?"+query, AsJSON)
	if response.StatusCode != http.StatusOK {
		p.T.Fatalf("/find?%s: %s: %.500s", query, response.Status, body)
	}
	var a Answer
	if err := json.Unmarshal([]byte(body), &a); err != nil {
		p.T.Fatal(err)
	}
	return a
}

// Answer is the JSON of /find as it is documented, written down anew so that a
// change of the program's own structs is noticed.
type Answer struct {
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
	Windows []Interval `json:"windows"`
	Total   int        `json:"total"`
	Whole   *bool      `json:"complete"`
	Slots   []Slot     `json:"slots"`
	Near    []Slot     `json:"near"`
	Series  []any      `json:"series"`
	View    string     `json:"view"`
	Relax   []struct {
		Change string `json:"change"`
		Person int64  `json:"person"`
		Slots  int    `json:"slots"`
		URL    string `json:"url"`
	} `json:"relax"`
}

// Interval is a window of time, half open.
type Interval struct {
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
}

// Slot is a time to meet as the JSON shows it.
type Slot struct {
	Interval
	Rank      int      `json:"rank"`
	Free      []int64  `json:"free"`
	Busy      []int64  `json:"busy"`
	Tentative []int64  `json:"tentative"`
	Outside   []int64  `json:"outside"`
	Unknown   []int64  `json:"unknown"`
	Reasons   []string `json:"reasons"`
}
