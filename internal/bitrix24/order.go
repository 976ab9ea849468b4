package bitrix24

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"slotfinder/internal/meet"
)

// order is which of day and month comes first where a portal writes a date with
// the year at the end. Everything else about its format can be seen from the date.
type order uint8

const (
	unknownOrder order = iota
	dayFirst           // 31.12.2026
	monthFirst         // 12/31/2026
)

// ballot finds the order from the evidence in an answer. An entry votes when one order
// makes dates of it that were asked for and the other doesn't, or when only one agrees
// with the numbers beside the dates: those are off by the server's offset, never by more
// than 14 hours, and by weeks when day and month are swapped. Both ends must agree, as the
// numbers of a recurring event are those of the whole series (FACTS.md facts 33, 44 and 45).
type ballot struct {
	asked     window
	votes     [3]int // by order
	undecided bool   // a date was seen that needs the order
}

// A vote is all but a proof; several guard against a row somebody damaged.
const enough = 4

// person implements visitor.
func (b *ballot) person([]byte, bool) bool { return true }

// entry implements visitor.
func (b *ballot) entry(e *entry) bool {
	start, ok1 := readStamp(e.value[from])
	end, ok2 := readStamp(e.value[to])
	if !ok1 || !ok2 {
		return true
	}
	if start.yearFirst { // then all of them are, and the order doesn't matter
		b.votes[unknownOrder]++
		return b.votes[unknownOrder] < enough
	}
	b.undecided = b.undecided || start.undecided() || end.undecided()
	day, month := b.fits(dayFirst, start, end), b.fits(monthFirst, start, end)
	if day && month {
		day, month = agrees(dayFirst, e, start, end), agrees(monthFirst, e, start, end)
	}
	switch {
	case day && !month:
		b.votes[dayFirst]++
	case month && !day:
		b.votes[monthFirst]++
	}
	return b.votes[dayFirst] < enough && b.votes[monthFirst] < enough
}

// result returns the order most votes are for by far.
func (b *ballot) result() order {
	day, month := b.votes[dayFirst], b.votes[monthFirst]
	switch {
	case day > 3*month:
		return dayFirst
	case month > 3*day:
		return monthFirst
	}
	return unknownOrder
}

// torn reports whether there is evidence for either order: then none is better than
// the other, and not the one of earlier answers.
func (b *ballot) torn() bool { return b.votes[dayFirst] > 0 && b.votes[monthFirst] > 0 }

// fits reports whether the dates exist in the order o, and were asked for.
func (b *ballot) fits(o order, start, end stamp) bool {
	first, ok1 := start.day(o)
	last, ok2 := end.day(o)
	return ok1 && ok2 && b.asked.explains(first, last)
}

// agrees compares the dates with the numbers beside them. The event's zone is left
// out of it, which is good enough: it adds at most another 14 hours.
func agrees(o order, e *entry, start, end stamp) bool {
	return near(o, start, e.value[fromNumber]) && near(o, end, e.value[toNumber])
}

func near(o order, s stamp, number []byte) bool {
	reading, ok1 := s.reading(o)
	seconds, ok2 := digits(number)
	apart := reading - seconds
	const most = (14 + 14 + 1) * 3600
	return ok1 && ok2 && -most <= apart && apart <= most
}

// dateOrder finds a portal's order without evidence in the answer at hand: from what was
// found since then, else by reading the member's own calendar, where each date comes
// twice, once in the portal's format and once always in the same (FACTS.md fact 34).
func (c *Client) dateOrder(ctx context.Context, m meet.Member, since time.Time) (order, error) {
	portal := c.portals.get(m.Portal)
	if o := portal.dateOrder(since); o != unknownOrder {
		return o, nil
	}
	return together(ctx, c, fmt.Sprint("order", m), func(ctx context.Context) (order, error) {
		now := c.cfg.Now().UTC()
		var pairs ballot
		err := c.read(ctx, m, "calendar.event.get", params{
			"type":    "user",
			"ownerId": m.User,
			"from":    now.AddDate(0, 0, -100).Format(time.DateOnly),
			"to":      now.AddDate(0, 0, 100).Format(time.DateOnly),
		}, func(body []byte) (err error) {
			pairs, err = countPairs(body)
			return err
		})
		o := pairs.result()
		if o != unknownOrder {
			portal.learnOrder(o, now)
		}
		return o, err
	})
}

// countPairs takes votes from the dates of calendar.event.get.
func countPairs(body []byte) (ballot, error) {
	var answer struct {
		Result array[struct {
			From  text `json:"DATE_FROM"`
			Plain text `json:"DATE_FROM_FORMATTED"` // Sat Nov 01 2025 11:59:00, all-day without time
		}] `json:"result"`
	}
	var b ballot
	if json.Unmarshal(body, &answer) != nil {
		return b, errNotJSON
	}
	for _, event := range answer.Result {
		const layout = "Mon Jan 02 2006"
		s, ok := readStamp([]byte(event.From))
		plain, err := time.Parse(layout, string(event.Plain[:min(len(layout), len(event.Plain))]))
		if !ok || err != nil || s.yearFirst || s.first == s.second {
			continue
		}
		for _, o := range []order{dayFirst, monthFirst} {
			if day, ok := s.day(o); ok && int64(day)*86400 == plain.Unix() {
				b.votes[o]++
			}
		}
	}
	return b, nil
}
