package find

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"slotfinder/internal/meet"
	"slotfinder/templates/part"
)

// Views of the board.
const (
	Timeline = "timeline"
	HeatMap  = "heat"
	List     = "list"
)

// Choice is what the page shows of an answer. It is no part of the query.
type Choice struct {
	View  string    // Timeline, HeatMap or List; "" = Timeline
	Day   string    // YYYY-MM-DD in the viewer's zone, the day that phones show; "" = that of the slot
	Slot  time.Time // start of the chosen slot, UTC; zero = the best
	Open  []int     // numbers of the unfolded groups of people, ascending, from 1
	Month string    // YYYY-MM that the calendar shows, which is open then; "" = that of the range
	Left  []int64   // who belongs to a chat or group that was chosen and is not asked

	// Swaps are the starts, UTC, that were chosen for weeks in which the series of Slot fails.
	Swaps []time.Time
}

// The bounds of what a URL names.
const (
	mostOpen  = 100 // groups
	mostLeft  = 20  // people who are left out
	mostSwaps = meet.MaxWeeks
)

const slotLayout = "20060102T1504Z"

// ReadChoice reads the parameters view, day, slot, open, month, left and swap. Wrong values count as missing.
func ReadChoice(values url.Values) Choice {
	c := Choice{View: Timeline}
	if view := values.Get("view"); view == HeatMap || view == List {
		c.View = view
	}
	if day := values.Get("day"); part.IsDay(day) {
		c.Day = day
	}
	if slot, err := time.Parse(slotLayout, values.Get("slot")); err == nil {
		c.Slot = slot
	}
	if month := values.Get("month"); part.IsDay(month + "-01") {
		c.Month = month
	}
	for _, text := range strings.Split(values.Get("open"), ",") {
		if n, err := strconv.Atoi(text); err == nil && n > 0 && len(c.Open) < mostOpen {
			c.Open = append(c.Open, n)
		}
	}
	for _, text := range strings.Split(strings.Join(values["left"], ","), ",") {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil && id > 0 && len(c.Left) < mostLeft && !slices.Contains(c.Left, id) {
			c.Left = append(c.Left, id)
		}
	}
	for _, text := range strings.Split(values.Get("swap"), ",") {
		if at, err := time.Parse(slotLayout, text); err == nil && len(c.Swaps) < mostSwaps {
			c.Swaps = append(c.Swaps, at)
		}
	}
	slices.Sort(c.Open)
	c.Open = slices.Compact(c.Open)
	return c
}

// toggled is the choice with a group folded, if it was unfolded, or else unfolded.
func (c Choice) toggled(group int) Choice {
	at, open := slices.BinarySearch(c.Open, group)
	c.Open = slices.Clone(c.Open)
	if open {
		c.Open = slices.Delete(c.Open, at, at+1)
	} else {
		c.Open = slices.Insert(c.Open, at, group)
	}
	return c
}

// OpenParameter is the value of the parameter open, "" when no group is unfolded.
func (c Choice) OpenParameter() string {
	var numbers []string
	for _, n := range c.Open {
		numbers = append(numbers, strconv.Itoa(n))
	}
	return strings.Join(numbers, ",")
}

// viewed reports whether the view is another than that of a search without any.
func (c Choice) viewed() bool { return c.View == HeatMap || c.View == List }

// Append adds the choice to a query and returns the URL of the search page.
// The query must be encoded and may be empty.
func (c Choice) Append(query string) string {
	url := "/find?" + query
	if c.viewed() {
		url += "&view=" + c.View
	}
	if c.Day != "" {
		url += "&day=" + c.Day
	}
	if !c.Slot.IsZero() {
		url += "&slot=" + c.Slot.UTC().Format(slotLayout)
	}
	if len(c.Open) > 0 {
		url += "&open=" + c.OpenParameter()
	}
	if c.Month != "" {
		url += "&month=" + c.Month
	}
	if len(c.Left) > 0 {
		url += "&left=" + meet.JoinIDs(c.Left)
	}
	if len(c.Swaps) > 0 {
		url += "&swap=" + c.swaps()
	}
	return url
}

// swaps are the times of single weeks as the address has them.
func (c Choice) swaps() string {
	texts := make([]string, len(c.Swaps))
	for i, at := range c.Swaps {
		texts[i] = at.UTC().Format(slotLayout)
	}
	return strings.Join(texts, ",")
}
