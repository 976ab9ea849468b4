package bitrix24

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"slotfinder/internal/meet"
)

// order tells whether day or month comes first in a portal's dates that end with the year.
// Everything else about the format can be seen from a date.
type order uint8

const (
	unknownOrder order = iota
	dayFirst           // 31.12.2026
	monthFirst         // 12/31/2026
)

// dateOrderVotes finds the order from the evidence in an answer. An entry votes for an order
// when its dates, read in that order, were asked for and those read in the other were not.
// If both were, the numbers beside the dates decide: they are off by the server's offset,
// which is 14 hours at most, and by weeks when day and month are swapped. Both ends must
// agree, because a recurring event has the numbers of its series (FACTS.md facts 33, 44 and
// 45).
type dateOrderVotes struct {
	window      window
	votes       [3]int // by order
	orderNeeded bool   // some date can't be read without the order
}

// enoughVotes ends the count. One vote is nearly a proof; several protect against a row that
// is damaged.
const enoughVotes = 4

// person implements visitor.
func (v *dateOrderVotes) person([]byte, bool) bool { return true }

// entry implements visitor.
func (v *dateOrderVotes) entry(e *entry) bool {
	start, ok1 := readStamp(e.value[from])
	end, ok2 := readStamp(e.value[to])
	if !ok1 || !ok2 {
		return true
	}
	if start.yearFirst { // then all dates begin with the year, and the order doesn't matter
		v.votes[unknownOrder]++
		return v.votes[unknownOrder] < enoughVotes
	}
	v.orderNeeded = v.orderNeeded || start.orderMatters() || end.orderMatters()
	day, month := v.fitsWindow(dayFirst, start, end), v.fitsWindow(monthFirst, start, end)
	if day && month {
		day, month = matchesNumbers(dayFirst, e, start, end), matchesNumbers(monthFirst, e, start, end)
	}
	switch {
	case day && !month:
		v.votes[dayFirst]++
	case month && !day:
		v.votes[monthFirst]++
	}
	return v.votes[dayFirst] < enoughVotes && v.votes[monthFirst] < enoughVotes
}

// winner returns the order that has by far the most votes.
func (v *dateOrderVotes) winner() order {
	day, month := v.votes[dayFirst], v.votes[monthFirst]
	switch {
	case day > 3*month:
		return dayFirst
	case month > 3*day:
		return monthFirst
	}
	return unknownOrder
}

// ambiguous reports whether there are votes for both orders. Then the order of earlier answers
// is no better than the other one.
func (v *dateOrderVotes) ambiguous() bool { return v.votes[dayFirst] > 0 && v.votes[monthFirst] > 0 }

// fitsWindow reports whether the dates, read in the order o, exist and were asked for.
func (v *dateOrderVotes) fitsWindow(o order, start, end stamp) bool {
	first, ok1 := start.day(o)
	last, ok2 := end.day(o)
	return ok1 && ok2 && v.window.mayContain(first, last)
}

// matchesNumbers reports whether the dates, read in the order o, are close to the numbers
// beside them. It ignores the event's zone, which adds at most another 14 hours.
func matchesNumbers(o order, e *entry, start, end stamp) bool {
	return nearNumber(o, start, e.value[fromNumber]) && nearNumber(o, end, e.value[toNumber])
}

func nearNumber(o order, s stamp, number []byte) bool {
	reading, ok1 := s.reading(o)
	seconds, ok2 := parseWhole(number)
	apart := reading - seconds
	const most = (14 + 14 + 1) * 3600
	return ok1 && ok2 && -most <= apart && apart <= most
}

// dateOrder finds a portal's order when an answer has no evidence: from what was found since
// then, or else by reading the member's own calendar, where each date stands twice, once in
// the portal's format and once in English (FACTS.md fact 34).
func (c *Client) dateOrder(ctx context.Context, m meet.Member, since time.Time) (order, error) {
	portal := c.portals.get(m.Portal)
	if o := portal.dateOrder(since); o != unknownOrder {
		return o, nil
	}
	return coalesce(ctx, c, fmt.Sprint("order", m), func(ctx context.Context) (order, error) {
		now := c.cfg.Now().UTC()
		var votes dateOrderVotes
		err := c.read(ctx, m, "calendar.event.get", params{
			"type":    "user",
			"ownerId": m.User,
			"from":    now.AddDate(0, 0, -100).Format(time.DateOnly),
			"to":      now.AddDate(0, 0, 100).Format(time.DateOnly),
		}, func(body []byte) (err error) {
			votes, err = countEventVotes(body)
			return err
		})
		o := votes.winner()
		if o != unknownOrder {
			portal.learnOrder(o, now)
		}
		return o, err
	})
}

// countEventVotes counts the votes of the dates in an answer of calendar.event.get.
func countEventVotes(body []byte) (dateOrderVotes, error) {
	var answer struct {
		Result array[struct {
			From  text `json:"DATE_FROM"`
			Plain text `json:"DATE_FROM_FORMATTED"` // Sat Nov 01 2025 11:59:00, all-day without time
		}] `json:"result"`
	}
	var v dateOrderVotes
	if json.Unmarshal(body, &answer) != nil {
		return v, errNotJSON
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
				v.votes[o]++
			}
		}
	}
	return v, nil
}
