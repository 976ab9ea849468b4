package bitrix24

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
	"slotfinder/internal/rescue"
)

const (
	peoplePerRequest = 25 // the cloud cuts a request off after 60 s (FACTS.md fact 11)
	maxConcurrent    = 6  // requests of one search at the same time
)

// cachedCalendar is a person's availability as it was read.
type cachedCalendar struct {
	during   civil.Span     // the time that was asked for
	zone     *time.Location // where whole days begin
	blocks   []meet.Block
	disputed []string
}

// busyQuestion is whose availability is asked for, by whom, and for which time.
type busyQuestion struct {
	member meet.Member
	people []meet.Resident
	during civil.Span
}

// Busy implements meet.Calendar. It costs one request per 25 people, and is cached for 15
// seconds, by member and person, for any span within the one that was read. What is unknown
// isn't cached. Progress is reported to the caller whose read it is, not to those who share
// it.
func (c *Client) Busy(ctx context.Context, m meet.Member, people []meet.Resident, during civil.Span, fresh bool) (map[int64]meet.Availability, error) {
	found, ask := c.cachedAvailability(busyQuestion{m, people, during}, fresh)
	meet.CalendarsRead(ctx, countKnown(found))
	if len(ask) == 0 {
		return found, nil
	}
	read, err := c.readCoalesced(ctx, busyQuestion{m, ask, during}, fresh)
	if err != nil && len(found) == 0 {
		return nil, toMeetError(err)
	}
	for _, p := range ask {
		a := meet.Availability{Unknown: meet.UnknownPortal}
		if err == nil {
			a = read[p.ID]
			a.Blocks = slices.Clone(a.Blocks) // callers that share the read have them, too
		}
		found[p.ID] = a
	}
	return found, nil
}

// cachedAvailability returns what the cache has, and the people who must be asked for.
func (c *Client) cachedAvailability(q busyQuestion, fresh bool) (found map[int64]meet.Availability, ask []meet.Resident) {
	found = make(map[int64]meet.Availability, len(q.people))
	asked := make(map[int64]bool, len(q.people))
	for _, p := range q.people {
		switch {
		case p.ID <= 0:
			found[p.ID] = meet.Availability{Unknown: meet.UnknownPerson}
			continue
		case p.Zone == nil:
			found[p.ID] = meet.Availability{Unknown: meet.UnknownZone}
			continue
		case q.during.Empty():
			found[p.ID] = meet.Availability{}
			continue
		}
		known, ok := c.calendars.get(personKey{q.member, p.ID})
		switch {
		case ok && !fresh && known.during.Contains(q.during) && known.zone.String() == p.Zone.String():
			found[p.ID] = meet.Availability{Blocks: clip(known.blocks, q.during), Disputed: known.disputed}
		case !asked[p.ID]:
			asked[p.ID] = true
			ask = append(ask, p)
		}
	}
	return found, ask
}

// clip returns copies of the blocks that lie in the span, cut to it.
func clip(blocks []meet.Block, during civil.Span) []meet.Block {
	kept := make([]meet.Block, 0, len(blocks))
	for _, b := range blocks {
		if b.Span = b.Clip(during); !b.Empty() {
			kept = append(kept, b)
		}
	}
	return kept
}

// readCoalesced shares a read with callers that ask for the same at the same time. One that
// must be fresh is not shared: another may have begun before the change that the caller
// wants to see.
func (c *Client) readCoalesced(ctx context.Context, q busyQuestion, fresh bool) (map[int64]meet.Availability, error) {
	if fresh {
		ctx, cancel := withReadTimeout(ctx)
		defer cancel()
		return c.readAll(ctx, q, 0)
	}
	generation, _ := c.portals.get(q.member.Portal).generation()
	var key strings.Builder
	fmt.Fprint(&key, "busy", q.member, q.during, generation)
	for _, p := range q.people {
		fmt.Fprint(&key, " ", p.ID, p.Zone)
	}
	return coalesce(ctx, c, key.String(), func(ctx context.Context) (map[int64]meet.Availability, error) {
		return c.readAll(ctx, q, availabilityTTL)
	})
}

// readAll asks the portal, some people at a time. What was learned of its date format counts
// when it is no older than age. It fails only when every request failed.
func (c *Client) readAll(ctx context.Context, q busyQuestion, age time.Duration) (map[int64]meet.Availability, error) {
	var (
		mu       sync.Mutex
		group    errgroup.Group
		found    = make(map[int64]meet.Availability, len(q.people))
		lastErr  error
		answered bool
	)
	group.SetLimit(maxConcurrent)
	for chunk := range splitPeople(q.people) {
		read := rescue.Value(func() (map[int64]meet.Availability, error) {
			return c.readChunk(ctx, busyQuestion{q.member, chunk, q.during}, age)
		})
		group.Go(rescue.Err(func() error {
			part, err := read()
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				answered = true
				maps.Copy(found, part)
				meet.CalendarsRead(ctx, countKnown(part))
				return nil
			}
			lastErr = err
			c.cfg.Log.WarnContext(ctx, "bitrix24: availability", "people", len(chunk), "err", err)
			for _, p := range chunk {
				found[p.ID] = meet.Availability{Unknown: meet.UnknownPortal}
			}
			return nil
		}))
	}
	if err := group.Wait(); err != nil { // a fault of ours: failures of chunks are kept above
		return nil, err
	}
	if !answered {
		return nil, lastErr
	}
	return found, nil
}

// countKnown counts those whose calendar is known.
func countKnown(found map[int64]meet.Availability) int {
	n := 0
	for _, a := range found {
		if a.Unknown == "" {
			n++
		}
	}
	return n
}

// splitPeople divides people into as few parts as possible, of about the same size.
func splitPeople(people []meet.Resident) func(func([]meet.Resident) bool) {
	parts := (len(people) + peoplePerRequest - 1) / peoplePerRequest
	return slices.Chunk(people, (len(people)+parts-1)/parts)
}

// readChunk makes one request and caches what it found.
func (c *Client) readChunk(ctx context.Context, q busyQuestion, age time.Duration) (map[int64]meet.Availability, error) {
	ids := make([]int64, len(q.people))
	for i, p := range q.people {
		ids[i] = p.ID
	}
	began := c.cfg.Now()
	first, last := windowFor(q.during).dates()
	var found map[int64]meet.Availability
	err := c.read(ctx, q.member, availability, params{
		"users": ids,
		"from":  first,
		"to":    last,
	}, func(body []byte) (err error) {
		found, err = c.decodeAvailability(ctx, q, body, began.Add(-age))
		return err
	})
	if err != nil {
		return nil, err
	}
	c.cacheAvailability(q, found, began)
	return found, nil
}

// decodeAvailability finds out how the portal writes dates, and decodes an answer.
func (c *Client) decodeAvailability(ctx context.Context, q busyQuestion, body []byte, since time.Time) (map[int64]meet.Availability, error) {
	order, err := c.orderOf(ctx, q, body, since)
	if err != nil {
		return nil, err
	}
	viewer := sync.OnceValue(func() viewerClock {
		o, err := c.office(ctx, q.member)
		if err != nil {
			c.cfg.Log.WarnContext(ctx, "bitrix24: own settings", "err", err)
		}
		return o.viewer
	})
	r := newAnswerReader(order, viewer, q.people, q.during)
	if home, disputed := c.viewerZone(q.member); home != nil {
		r.home, r.homeDisputed = r.clockOf(home), disputed
	}
	found, err := r.read(ctx, body)
	for _, a := range found {
		c.logDisputes(ctx, q.member.Portal, a.Disputed)
	}
	return found, err
}

// orderOf returns the order of day and month in an answer: from the answer itself, or else from
// what was found no earlier than since, because an administrator can change it at any time
// (FACTS.md fact 35). It is unknownOrder when the order doesn't matter, or can't be found out.
func (c *Client) orderOf(ctx context.Context, q busyQuestion, body []byte, since time.Time) (order, error) {
	votes := dateOrderVotes{window: windowFor(q.during)}
	if err := walkContext(ctx, body, &votes); err != nil {
		return unknownOrder, err
	}
	switch o := votes.winner(); {
	case o != unknownOrder:
		c.portals.get(q.member.Portal).learnOrder(o, c.cfg.Now())
		return o, nil
	case !votes.orderNeeded:
		return unknownOrder, nil
	case votes.ambiguous():
		since = c.cfg.Now()
	}
	o, err := c.dateOrder(ctx, q.member, since)
	if err != nil {
		c.cfg.Log.WarnContext(ctx, "bitrix24: date order", "err", err)
	}
	return o, nil
}

// cacheAvailability caches what is known, unless the portal's calendars changed meanwhile.
func (c *Client) cacheAvailability(q busyQuestion, found map[int64]meet.Availability, began time.Time) {
	if _, since := c.portals.get(q.member.Portal).generation(); !since.IsZero() && !began.After(since) {
		return
	}
	for _, p := range q.people {
		if a := found[p.ID]; a.Unknown == "" {
			c.calendars.put(personKey{q.member, p.ID}, cachedCalendar{q.during, p.Zone, a.Blocks, a.Disputed}, len(a.Blocks)+1, began)
		}
	}
}
