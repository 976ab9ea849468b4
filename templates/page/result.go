package page

import (
	"slices"
	"sort"
	"time"

	"slotfinder/internal/meet"
)

const (
	mostCards   = 4   // best slots shown as cards
	mostNamed   = 12  // people up to whom every bar tells its times on hover and no groups are made
	mostRows    = 400 // slots up to which the list has more than one day
	mostRelaxed = 12  // changes of the query that would help, smallest first
)

// Result is what the search page shows of an answer. NewResult makes it.
type Result struct {
	facts  Facts
	people map[int64]Person
	cards  []card
	chosen *chosen
	unread []Person // required or optional people whose calendar is unknown
	board  board
	list   []listDay
}

// card is one of the best slots.
type card struct {
	meet.Slot
	start, end time.Time // in the viewer's zone
	url        string
	missing    []meet.Verdict
	chosen     bool
}

// chosen is the slot that the page is about at the moment.
type chosen struct {
	meet.Slot            // without reasons when it is no offer
	start, end time.Time // in the viewer's zone
	url        string
	share      string // "" when it is no offer
	missing    []meet.Verdict
	clocks     []clock
}

// NewResult works out what the page shows of an answer.
func NewResult(f Facts) *Result {
	r := &Result{facts: f, people: make(map[int64]Person, len(f.People))}
	for _, p := range f.People {
		r.people[p.ID] = p
		if p.Unknown != "" {
			r.unread = append(r.unread, p)
		}
	}
	r.cards = r.bestCards()
	r.chosen = r.choose()
	r.board = r.newBoard()
	r.list = r.newList()
	return r
}

// cut reports whether a part of the answer was not looked for to the end.
func (r *Result) cut(part meet.Part) bool { return slices.Contains(r.facts.Cut, part) }

// offers are what there is to choose from: slots or, without any, the nearest misses.
func (r *Result) offers() []meet.Slot {
	if len(r.facts.Slots) > 0 {
		return r.facts.Slots
	}
	return r.facts.Near
}

// bestCards picks the best offer of each day, best first.
func (r *Result) bestCards() []card {
	ranked := slices.Clone(r.offers())
	sort.SliceStable(ranked, func(i, j int) bool { return ranked[i].Rank < ranked[j].Rank })
	var cards []card
	taken := map[string]bool{}
	for _, slot := range ranked {
		start, end := slot.In(r.facts.Zone)
		key := start.Format(time.DateOnly)
		if taken[key] || len(cards) == mostCards {
			continue
		}
		taken[key] = true
		cards = append(cards, card{
			Slot: slot, start: start, end: end,
			url: r.slotURL(start), missing: r.facts.Missing(start, end),
		})
	}
	return cards
}

// choose returns the slot of the URL, else the best; nil when there is none.
func (r *Result) choose() *chosen {
	start := r.facts.Choice.Slot
	if start.IsZero() || !r.inRange(start) {
		if len(r.cards) == 0 {
			return nil
		}
		start = r.cards[0].start
	}
	start = start.In(r.facts.Zone)
	c := &chosen{start: start, end: start.Add(time.Duration(r.facts.Duration) * time.Minute), url: r.slotURL(start)}
	for _, offer := range r.offers() {
		if offer.Start.Time().Equal(start) {
			c.Slot = offer
			c.start, c.end = offer.In(r.facts.Zone)
			if len(r.facts.Slots) > 0 {
				c.share = NewLinkURL(r.facts.Query, start)
			}
		}
	}
	for i := range r.cards {
		r.cards[i].chosen = r.cards[i].start.Equal(start)
	}
	c.missing, c.clocks = r.facts.Missing(c.start, c.end), clocksAt(r.facts.People, c.start, c.end)
	return c
}

// free counts those who are not missing.
func (r *Result) free(missing []meet.Verdict) int { return len(r.facts.People) - len(missing) }

// inRange keeps a slot of an old link from being shown beside a new range.
func (r *Result) inRange(start time.Time) bool {
	day := start.In(r.facts.Zone).Format(time.DateOnly)
	return day >= r.dayKey(r.facts.From) && day <= r.dayKey(r.facts.To) && !start.Before(r.facts.Now)
}

func (r *Result) dayKey(t time.Time) string { return t.In(r.facts.Zone).Format(time.DateOnly) }

func (r *Result) slotURL(start time.Time) string {
	return Choice{View: r.facts.Choice.View, Slot: start, Open: r.facts.Choice.Open, Left: r.facts.Choice.Left}.Append(r.facts.Query)
}

func (r *Result) dayURL(key string) string {
	c := r.facts.Choice
	c.Day = key
	return c.Append(r.facts.Query)
}

func (r *Result) viewURL(view string) string {
	c := r.facts.Choice
	c.View = view
	return c.Append(r.facts.Query)
}

// required counts the people who must be there.
func (r *Result) required() int {
	n := 0
	for _, p := range r.facts.People {
		if p.Required {
			n++
		}
	}
	return n
}
