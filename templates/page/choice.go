package page

import (
	"net/url"
	"time"
)

// Views of the board.
const (
	Timeline = "timeline"
	HeatMap  = "heat"
)

// Choice is what the page shows of an answer. It is no part of the query.
type Choice struct {
	View string    // Timeline or HeatMap; "" = Timeline
	Day  string    // YYYY-MM-DD in the viewer's zone, the day that phones show; "" = that of the slot
	Slot time.Time // start of the chosen slot, UTC; zero = the best
}

const slotLayout = "20060102T1504Z"

// ReadChoice reads the parameters view, day and slot. Wrong values count as missing.
func ReadChoice(values url.Values) Choice {
	c := Choice{View: Timeline}
	if values.Get("view") == HeatMap {
		c.View = HeatMap
	}
	if day := values.Get("day"); isDay(day) {
		c.Day = day
	}
	if slot, err := time.Parse(slotLayout, values.Get("slot")); err == nil {
		c.Slot = slot
	}
	return c
}

func isDay(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}

// Append adds the choice to a query and returns the URL of the search page.
// The query must be encoded and may be empty.
func (c Choice) Append(query string) string {
	url := "/find?" + query
	if c.View == HeatMap {
		url += "&view=" + HeatMap
	}
	if c.Day != "" {
		url += "&day=" + c.Day
	}
	if !c.Slot.IsZero() {
		url += "&slot=" + c.Slot.UTC().Format(slotLayout)
	}
	return url
}
