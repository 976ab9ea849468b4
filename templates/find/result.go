package find

import (
	"net/url"
	"slices"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
	"slotfinder/templates/part"
)

const (
	mostNamed   = 12  // people up to whom every bar tells its times on hover and no groups are made
	mostRows    = 400 // openings in the list, and starts up to which it has more than one day
	mostRelaxed = 12  // changes of the query that would help, smallest first
	mostLeftOut = 4   // members of a chosen group who are not asked, named without unfolding
)

// Result is what the search page shows of an answer. NewResult makes it.
type Result struct {
	answer   meet.Answer
	people   []part.Person // those of the answer, in its order
	byID     map[int64]part.Person
	zone     *time.Location // the viewer's
	asked    url.Values     // the query, without the choice
	query    string         // the same, encoded
	choice   Choice
	cards    []card
	open     openings // in all
	openDays map[civil.Date]openings
	chosen   *chosen
	unread   []part.Person // required or optional people whose calendar is unknown
	groups   []anyOf       // of whom some must come
	board    board
	list     []opening
	unlisted int              // openings beyond those of the list
	called   map[int64]string // people by the names they are called by in a sentence

	onePerZone []part.Person // places; nil before it is asked for
}

// chosen is the slot that the page is about at the moment.
type chosen struct {
	meet.Slot            // without reasons when it is no offer
	start, end time.Time // in the viewer's zone
	url        string
	share      string // "" when it is no offer
	book       string // address of the form that books it
	missing    []meet.Verdict
	burdens    []meet.Burden // of an offer
	clocks     []clock
}

// NewResult works out what the page shows of an answer. The form holds its question and
// its people.
func NewResult(a meet.Answer, f Form) *Result {
	r := &Result{
		answer: a, people: f.People, byID: make(map[int64]part.Person, len(f.People)),
		zone: a.Query.Zone, asked: f.Values, query: f.Values.Encode(), choice: f.Choice, groups: f.anyOf(),
	}
	for _, p := range f.People {
		r.byID[p.ID] = p
		if p.Unknown != "" {
			r.unread = append(r.unread, p)
		}
	}
	r.countOpenings()
	r.cards, r.called = r.proposals(), firstNames(r.people)
	r.chosen = r.choose()
	r.board = r.newBoard()
	r.list, r.unlisted = r.openings()
	return r
}

// cut reports whether a part of the answer was not looked for to the end.
func (r *Result) cut(part meet.Part) bool { return slices.Contains(r.answer.Cut, part) }

// offers are what there is to choose from: slots or, without any, the nearest misses.
func (r *Result) offers() []meet.Slot {
	if len(r.answer.Found.Slots) > 0 {
		return r.answer.Found.Slots
	}
	return r.answer.Found.Near
}

// choose returns the slot of the URL, else the best; nil when there is none.
func (r *Result) choose() *chosen {
	start := r.choice.Slot
	if start.IsZero() || !r.inRange(start) {
		if len(r.cards) == 0 {
			return nil
		}
		start = r.cards[slices.IndexFunc(r.cards, func(c card) bool { return c.best })].start
		if series := r.answer.Found.Series; len(series) > 0 && series[0].OK > 0 {
			start = series[0].Start.Time()
		}
	}
	start = start.In(r.zone)
	c := &chosen{start: start, end: start.Add(time.Duration(r.answer.Query.Duration) * time.Minute), url: r.slotURL(start), book: part.BookURL(r.query, start)}
	for _, offer := range r.offers() {
		if offer.Start.Time().Equal(start) {
			c.Slot = offer
			c.start, c.end = offer.In(r.zone)
			c.burdens = r.answer.Burdens(offer.Span)
			if len(r.answer.Found.Slots) > 0 {
				c.share = part.NewLinkURL(r.query, start)
			}
		}
	}
	for i := range r.cards {
		r.cards[i].chosen = r.cards[i].start.Equal(start)
	}
	c.missing, c.clocks = r.answer.Verdicts(c.start, c.end), clocksAt(r.people, c.start, c.end)
	return c
}

// free counts those who are not missing.
func (r *Result) free(missing []meet.Verdict) int { return len(r.people) - len(missing) }

// inRange keeps a slot of an old link from being shown beside a new range.
func (r *Result) inRange(start time.Time) bool {
	day, q := civil.DateOf(start.In(r.zone)), r.answer.Query
	return day.Sub(q.From) >= 0 && day.Sub(q.To) <= 0 && !start.Before(r.answer.AsOf)
}

func (r *Result) dayKey(t time.Time) string { return t.In(r.zone).Format(time.DateOnly) }

func (r *Result) slotURL(start time.Time) string {
	return Choice{View: r.choice.View, Slot: start, Open: r.choice.Open, Left: r.choice.Left}.Append(r.query)
}

func (r *Result) dayURL(key string) string {
	c := r.choice
	c.Day = key
	return c.Append(r.query)
}

func (r *Result) viewURL(view string) string {
	c := r.choice
	c.View = view
	return c.Append(r.query)
}

// required counts the people who must be there.
func (r *Result) required() int {
	n := 0
	for _, p := range r.people {
		if p.Required {
			n++
		}
	}
	return n
}

// partURL searches for those who come to one part of a meeting that is split, with its
// time chosen.
func (r *Result) partURL(p meet.SplitPart) string {
	q := r.answer.Query
	q.Me, q.Selection, q.Quorum = false, meet.Selection{Required: p.People}, 0
	return Choice{View: r.choice.View, Slot: p.Start.Time()}.Append(q.Values().Encode())
}
