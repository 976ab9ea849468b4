package bitrix24

import (
	"context"
	"strconv"
	"time"

	"slotfinder/internal/civil/zone"
	"slotfinder/internal/meet"
	"slotfinder/internal/span"
)

// reading turns one availability answer into blocks. It implements visitor: entries
// become blocks as they come, in one arena for the whole answer, so that no event
// costs an allocation.
type reading struct {
	during      span.Span
	since, till int64 // the same in Unix seconds
	asked       window
	order       order
	viewer      func() viewer // asked only when an entry needs it

	home         *wallClock // the token user's, if it is known without asking
	homeDisputed bool       // by what the portal says of it
	agreed       bool       // some event's clock and home are as far apart as the portal says

	ticking map[*time.Location]*wallClock
	named   map[string]*wallClock // by the zone's name as the answer writes it
	last    *wallClock            // the one named lastly, which is mostly the next as well
	lastly  []byte

	persons map[int64]*stretch
	current *stretch
	blocks  []meet.Block
}

// stretch is one person's part of the arena.
type stretch struct {
	zone       *time.Location
	clock      *wallClock
	start, end int
	unknown    meet.Unknown
	seen       bool
	disputed   []string // zones whose clocks the portal reads otherwise
}

// margin is how far around the wanted time clocks are exact. Events that lie further
// out are cut off anyway.
const margin = 3 * 24 * 60 * 60

// An answer may name so many zones, in so many bytes, escapes included; the world has
// about 600. Looking for each name somebody invented would take long.
const mostZones, longestZone = 1000, 128

// newReading prepares for the answer about people. Their zones must not be nil.
func newReading(o order, viewer func() viewer, people []meet.Resident, during span.Span) *reading {
	r := &reading{
		during:  during,
		since:   during.Start.Time().Unix(),
		till:    during.End.Time().Unix(),
		asked:   around(during),
		order:   o,
		viewer:  viewer,
		named:   map[string]*wallClock{},
		ticking: map[*time.Location]*wallClock{},
		persons: make(map[int64]*stretch, len(people)),
	}
	for _, p := range people {
		r.persons[p.ID] = &stretch{zone: p.Zone, unknown: meet.UnknownMissing}
	}
	return r
}

// read visits the answer, as long as somebody waits. Who isn't in it stays missing.
func (r *reading) read(ctx context.Context, body []byte) (map[int64]meet.Availability, error) {
	r.blocks = make([]meet.Block, 0, len(body)/800+8)
	if err := walkFor(ctx, body, r); err != nil {
		return nil, err
	}
	r.settleDisputes()
	found := make(map[int64]meet.Availability, len(r.persons))
	for id, s := range r.persons {
		a := meet.Availability{Unknown: s.unknown, Disputed: s.disputed}
		if a.Unknown == "" {
			a.Blocks = r.blocks[s.start:s.end:s.end]
		}
		found[id] = a
	}
	return found, nil
}

// person implements visitor.
func (r *reading) person(key []byte, list bool) bool {
	id, err := strconv.ParseInt(string(key), 10, 64)
	s := r.persons[id]
	if err != nil || s == nil {
		return false
	}
	if s.seen || !list {
		s.seen, s.unknown = true, meet.UnknownUnreadable
		return false
	}
	s.clock = r.clockOf(s.zone)
	s.seen, s.unknown = true, ""
	s.start, s.end = len(r.blocks), len(r.blocks)
	r.current = s
	return true
}

// entry implements visitor. One entry that can't be read makes the person unknown,
// and one that, as it was read, nobody asked for.
func (r *reading) entry(e *entry) bool {
	s := r.current
	if s.unknown != "" || is(e.value[access], "free") {
		return true
	}
	start, end, allDay, ok := r.stretchOf(e, s.clock)
	if !ok {
		s.unknown = meet.UnknownUnreadable
		r.blocks = r.blocks[:s.start]
		return true
	}
	start, end = max(start, r.since), min(end, r.till)
	if start >= end {
		return true
	}
	b := meet.Block{
		Span:   span.Span{Start: span.Minute(start / 60), End: span.Minute((end + 59) / 60)},
		AllDay: allDay,
		Absent: e.absence || is(e.value[access], "absent"),
	}
	b.Tentative = !b.Absent && is(e.value[access], "quest")
	if row, ok := digits(e.value[rowID]); ok && !e.absence && row == int64(int32(row)) {
		b.Row = int32(row)
	}
	r.blocks = append(r.blocks, b)
	s.end = len(r.blocks)
	return true
}

// stretchOf returns when an entry begins and ends, in Unix seconds. An entry that
// takes no time ends where it begins, or before.
func (r *reading) stretchOf(e *entry, owner *wallClock) (start, end int64, allDay, ok bool) {
	first, ok1 := readStamp(e.value[from])
	last, ok2 := readStamp(e.value[to])
	firstDay, ok3 := first.day(r.order)
	lastDay, ok4 := last.day(r.order)
	if e.broken || !ok1 || !ok2 || !ok3 || !ok4 || !r.asked.explains(firstDay, lastDay) {
		return 0, 0, false, false
	}
	switch {
	case e.absence:
		allDay = !first.timed && !last.timed
		start, ok1 = r.absence(first, firstDay, owner)
		end, ok2 = r.absence(last, lastDay+1, owner)
		// A negative absence is malformed; ignoring it would show the person as free.
		ok1 = ok1 && start <= end && firstDay <= lastDay
	case yes(e.value[skipTime]):
		// Floating dates: the owner's days, the last one included (FACTS.md fact 46).
		allDay = true
		start = owner.instant(int64(firstDay) * 86400)
		end = owner.instant(int64(max(firstDay, lastDay)+1) * 86400)
	default:
		start, end, ok1 = r.timed(e, at(firstDay, first), at(lastDay, last))
	}
	return start, end, allDay, ok1 && ok2
}

// timed returns when an event with times begins and ends. Each end is read on a clock of
// its own.
func (r *reading) timed(e *entry, first, last int64) (start, end int64, ok bool) {
	from, ok1 := r.shown(first, e.value[fromZone], e.value[fromShift])
	to, ok2 := r.shown(last, e.value[toZone], e.value[toShift])
	if !ok1 || !ok2 {
		return 0, 0, false
	}
	start, end = from.instant(from.reading), to.instant(to.reading)
	r.compare(e, from, start)
	if end <= start {
		end = start + clockLength(from, to)
	}
	return start, end, true
}

// shown is a reading with the clock that shows it.
type shown struct {
	*wallClock
	reading int64
}

// clockLength is how long an event is that takes no time by its instants. If it begins
// or ends in an hour that a clock skips it still has the length of its readings by the
// offsets before the change: 02:00 to 03:00 in the night in which 03:00 follows 01:59 is
// an hour, and blocks one. Else it has none.
func clockLength(from, to shown) int64 {
	start, skipped := from.unchanged(from.reading)
	end, skipped2 := to.unchanged(to.reading)
	if !skipped && !skipped2 {
		return 0
	}
	return max(end-start, 0)
}

// at returns a stamp of a known day as Unix seconds of a clock that shows UTC.
func at(day int, s stamp) int64 { return int64(day)*86400 + int64(s.seconds) }

// absence returns the instant of one end of an absence. A bare date is a day of the owner
// (FACTS.md fact 48); for a bare end the caller passes the day after. A date with a time
// was shifted by the portal into the token user's zone with the offset of today (fact 49).
func (r *reading) absence(s stamp, day int, owner *wallClock) (int64, bool) {
	if !s.timed {
		return owner.instant(int64(day) * 86400), true
	}
	v := r.viewer()
	reading, ok := s.reading(r.order)
	return reading - int64(v.offset), ok && v.known
}

// shown finds the clock of an event's zone. No zone means UTC (FACTS.md fact 38). For a
// zone that we don't know the portal still tells the distance to the token user's (fact 39).
func (r *reading) shown(reading int64, zone, shift []byte) (shown, bool) {
	if len(zone) == 0 {
		return shown{r.clockOf(time.UTC), reading}, true
	}
	if clock := r.clock(zone); clock != nil {
		return shown{clock, reading}, true
	}
	seconds, ok := digits(shift)
	if !ok || seconds < -2*86400 || seconds > 2*86400 {
		return shown{}, false
	}
	v := r.viewer()
	if v.zone == nil {
		return shown{}, false
	}
	return shown{r.clockOf(v.zone), reading - seconds}, true
}

// clock returns the clock of a zone by its name as it stands in the answer, or nil.
func (r *reading) clock(name []byte) *wallClock {
	if string(name) == string(r.lastly) {
		return r.last
	}
	clock, known := r.named[string(name)]
	if !known && (len(r.named) == mostZones || len(name) > longestZone) {
		return nil
	}
	if !known {
		if found, err := zone.Load(string(unescaped(name))); err == nil {
			clock = r.clockOf(found)
		}
		r.named[string(name)] = clock
	}
	r.lastly, r.last = name, clock
	return clock
}

func (r *reading) clockOf(zone *time.Location) *wallClock {
	clock := r.ticking[zone]
	if clock == nil {
		clock = newWallClock(zone, r.since-margin, r.till+margin)
		r.ticking[zone] = clock
	}
	return clock
}
