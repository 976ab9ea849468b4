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

	"slotfinder/internal/meet"
	"slotfinder/internal/rescue"
	"slotfinder/internal/span"
)

const (
	chunkSize = 25 // people in one request; the cloud cuts a request off after 60 s
	atOnce    = 6  // requests of one reading on their way at the same time
)

// calendar is a person's availability as it was read: for which time, with whole
// days in which zone.
type calendar struct {
	during span.Span
	zone   *time.Location
	blocks []meet.Block

	disputed []string
}

// Busy implements meet.Calendar. It costs one request per 25 people and is
// remembered for 15 seconds, per member and person, for any span within the one
// that was read. What is unknown isn't remembered. How far it is hears who began
// the reading, not who joined it.
func (c *Client) Busy(ctx context.Context, m meet.Member, people []meet.Resident, during span.Span, fresh bool) (map[int64]meet.Availability, error) {
	found, ask := c.recall(m, people, during, fresh)
	meet.CalendarsRead(ctx, understood(found))
	if len(ask) == 0 {
		return found, nil
	}
	read, err := c.readTogether(ctx, m, ask, during, fresh)
	if err != nil && len(found) == 0 {
		return nil, explain(err)
	}
	for _, p := range ask {
		a := meet.Availability{Unknown: meet.UnknownPortal}
		if err == nil {
			a = read[p.ID]
			a.Blocks = slices.Clone(a.Blocks) // others may hold the same reading
		}
		found[p.ID] = a
	}
	return found, nil
}

// recall answers from what is remembered, and says who must be asked for.
func (c *Client) recall(m meet.Member, people []meet.Resident, during span.Span, fresh bool) (found map[int64]meet.Availability, ask []meet.Resident) {
	found = make(map[int64]meet.Availability, len(people))
	asked := make(map[int64]bool, len(people))
	for _, p := range people {
		switch {
		case p.ID <= 0:
			found[p.ID] = meet.Availability{Unknown: meet.UnknownPerson}
			continue
		case p.Zone == nil:
			found[p.ID] = meet.Availability{Unknown: meet.UnknownZone}
			continue
		case during.Empty():
			found[p.ID] = meet.Availability{}
			continue
		}
		known, ok := c.calendars.get(acquaintance{m, p.ID})
		switch {
		case ok && !fresh && known.during.Contains(during) && known.zone.String() == p.Zone.String():
			found[p.ID] = meet.Availability{Blocks: clip(known.blocks, during), Disputed: known.disputed}
		case !asked[p.ID]:
			asked[p.ID] = true
			ask = append(ask, p)
		}
	}
	return found, ask
}

// clip returns copies of the blocks that lie in the span, cut to it.
func clip(blocks []meet.Block, during span.Span) []meet.Block {
	kept := make([]meet.Block, 0, len(blocks))
	for _, b := range blocks {
		if b.Span = b.Clip(during); !b.Empty() {
			kept = append(kept, b)
		}
	}
	return kept
}

// readTogether shares the reading with whoever asks the same right now, unless it
// must be fresh: a reading that is under way may have begun before what the caller
// wants to see.
func (c *Client) readTogether(ctx context.Context, m meet.Member, people []meet.Resident, during span.Span, fresh bool) (map[int64]meet.Availability, error) {
	if fresh {
		ctx, cancel := hurried(ctx)
		defer cancel()
		return c.readAll(ctx, m, people, during, 0)
	}
	turns, _ := c.portals.get(m.Portal).leaf()
	var key strings.Builder
	fmt.Fprint(&key, "busy", m, during, turns)
	for _, p := range people {
		fmt.Fprint(&key, " ", p.ID, p.Zone)
	}
	return together(ctx, c, key.String(), func(ctx context.Context) (map[int64]meet.Availability, error) {
		return c.readAll(ctx, m, people, during, calendarAge)
	})
}

// readAll asks the portal, some people at a time, and trusts what was learned of its
// date format no longer ago than age. It fails only when every request did.
func (c *Client) readAll(ctx context.Context, m meet.Member, people []meet.Resident, during span.Span, age time.Duration) (map[int64]meet.Availability, error) {
	var (
		mu    sync.Mutex
		group errgroup.Group
		found = make(map[int64]meet.Availability, len(people))
		fault error
		any   bool
	)
	group.SetLimit(atOnce)
	for chunk := range chunks(people) {
		read := rescue.Value(func() (map[int64]meet.Availability, error) { return c.readChunk(ctx, m, chunk, during, age) })
		group.Go(rescue.Err(func() error {
			part, err := read()
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				any = true
				maps.Copy(found, part)
				meet.CalendarsRead(ctx, understood(part))
				return nil
			}
			fault = err
			c.cfg.Log.WarnContext(ctx, "bitrix24: availability", "people", len(chunk), "err", err)
			for _, p := range chunk {
				found[p.ID] = meet.Availability{Unknown: meet.UnknownPortal}
			}
			return nil
		}))
	}
	if err := group.Wait(); err != nil { // failures are kept per chunk; this is a fault of ours
		return nil, err
	}
	if !any {
		return nil, fault
	}
	return found, nil
}

// understood counts those whose calendar is known.
func understood(found map[int64]meet.Availability) int {
	n := 0
	for _, a := range found {
		if a.Unknown == "" {
			n++
		}
	}
	return n
}

// chunks divides people into as few parts as may be, of about the same size.
func chunks(people []meet.Resident) func(func([]meet.Resident) bool) {
	parts := (len(people) + chunkSize - 1) / chunkSize
	return slices.Chunk(people, (len(people)+parts-1)/parts)
}

// readChunk makes one request and remembers what it learned.
func (c *Client) readChunk(ctx context.Context, m meet.Member, people []meet.Resident, during span.Span, age time.Duration) (map[int64]meet.Availability, error) {
	ids := make([]int64, len(people))
	for i, p := range people {
		ids[i] = p.ID
	}
	began := c.cfg.Now()
	first, last := around(during).dates()
	var found map[int64]meet.Availability
	err := c.read(ctx, m, availability, params{
		"users": ids,
		"from":  first,
		"to":    last,
	}, func(body []byte) (err error) {
		found, err = c.understand(ctx, m, people, during, body, began.Add(-age))
		return err
	})
	if err != nil {
		return nil, err
	}
	c.remember(m, people, during, found, began)
	return found, nil
}

// understand decodes an answer, after it found out how the portal writes dates: from
// the answer itself, else from what was found no earlier than since. An administrator
// can change the format at any time, and the answers to come are written in another.
func (c *Client) understand(ctx context.Context, m meet.Member, people []meet.Resident, during span.Span, body []byte, since time.Time) (map[int64]meet.Availability, error) {
	evidence := ballot{asked: around(during)}
	if err := walkFor(ctx, body, &evidence); err != nil {
		return nil, err
	}
	order := evidence.result()
	switch {
	case order != unknownOrder:
		c.portals.get(m.Portal).learnOrder(order, c.cfg.Now())
	case evidence.undecided:
		if evidence.torn() {
			since = c.cfg.Now()
		}
		var err error
		if order, err = c.dateOrder(ctx, m, since); err != nil {
			c.cfg.Log.WarnContext(ctx, "bitrix24: date order", "err", err)
		}
	}
	own := sync.OnceValue(func() viewer {
		o, err := c.office(ctx, m)
		if err != nil {
			c.cfg.Log.WarnContext(ctx, "bitrix24: own settings", "err", err)
		}
		return o.viewer
	})
	r := newReading(order, own, people, during)
	if home, disputed := c.homeOf(m); home != nil {
		r.home, r.homeDisputed = r.clockOf(home), disputed
	}
	found, err := r.read(ctx, body)
	for _, a := range found {
		c.warn(ctx, m.Portal, a.Disputed)
	}
	return found, err
}

// remember keeps what is known, unless the portal's calendars changed meanwhile.
func (c *Client) remember(m meet.Member, people []meet.Resident, during span.Span, found map[int64]meet.Availability, began time.Time) {
	if _, turned := c.portals.get(m.Portal).leaf(); !turned.IsZero() && !began.After(turned) {
		return
	}
	for _, p := range people {
		if a := found[p.ID]; a.Unknown == "" {
			c.calendars.put(acquaintance{m, p.ID}, calendar{during, p.Zone, a.Blocks, a.Disputed}, len(a.Blocks)+1, began)
		}
	}
}
