package bitrix24

import (
	"context"
	"strconv"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/civil/zone"
	"slotfinder/internal/meet"
)

// answerReader turns an availability answer into blocks. It implements visitor. The blocks of
// all people lie in one slice, so that no event costs an allocation.
type answerReader struct {
	during     civil.Span
	start, end int64 // during in Unix seconds
	window     window
	order      order
	viewer     func() viewerClock // asked only when an entry needs it

	home          *wallClock // the token user's, if it is known without asking
	homeDisputed  bool       // by what the portal says of it
	homeConfirmed bool       // some event's clock and home are as far apart as the portal says

	clocks       map[*time.Location]*wallClock
	clocksByName map[string]*wallClock // by the zone's name as the answer writes it
	lastClock    *wallClock            // the one named lastly, which is mostly the next as well
	lastName     []byte

	persons map[int64]*personBlocks
	current *personBlocks
	blocks  []meet.Block
}

// personBlocks is the part of one person: which of the blocks are theirs.
type personBlocks struct {
	zone       *time.Location
	clock      *wallClock
	start, end int
	unknown    meet.Unknown
	seen       bool
	disputed   []string // zones whose clocks the portal reads otherwise
}

// clockMargin is how many seconds before and after the wanted time clocks are exact. Events
// further out are cut off anyway.
const clockMargin = 3 * 24 * 60 * 60

// How many zones an answer may name, and in how many bytes each, escapes included. The world
// has about 600. Looking up every name that a hostile portal invents would take long.
const maxZones, maxZoneName = 1000, 128

// newAnswerReader returns a reader for the answer about people. Their zones must not be nil.
func newAnswerReader(o order, viewer func() viewerClock, people []meet.Resident, during civil.Span) *answerReader {
	r := &answerReader{
		during:       during,
		start:        during.Start.Time().Unix(),
		end:          during.End.Time().Unix(),
		window:       windowFor(during),
		order:        o,
		viewer:       viewer,
		clocksByName: map[string]*wallClock{},
		clocks:       map[*time.Location]*wallClock{},
		persons:      make(map[int64]*personBlocks, len(people)),
	}
	for _, p := range people {
		r.persons[p.ID] = &personBlocks{zone: p.Zone, unknown: meet.UnknownMissing}
	}
	return r
}

// read returns what the answer says of each person, or the error of ctx when that ends first.
// People who aren't in it are unknown (FACTS.md fact 22).
func (r *answerReader) read(ctx context.Context, body []byte) (map[int64]meet.Availability, error) {
	r.blocks = make([]meet.Block, 0, len(body)/800+8)
	if err := walkContext(ctx, body, r); err != nil {
		return nil, err
	}
	r.resolveDisputes()
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
func (r *answerReader) person(key []byte, list bool) bool {
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

// entry implements visitor. An entry that can't be read, or that can't be what was asked for,
// makes the person unknown.
func (r *answerReader) entry(e *entry) bool {
	s := r.current
	if s.unknown != "" || equalsText(e.value[access], "free") {
		return true
	}
	start, end, allDay, ok := r.spanOf(e, s.clock)
	if !ok {
		s.unknown = meet.UnknownUnreadable
		r.blocks = r.blocks[:s.start]
		return true
	}
	start, end = max(start, r.start), min(end, r.end)
	if start >= end {
		return true
	}
	b := meet.Block{
		Span:   civil.Span{Start: civil.Minute(start / 60), End: civil.Minute((end + 59) / 60)},
		AllDay: allDay,
		Absent: e.absence || equalsText(e.value[access], "absent"),
	}
	b.Tentative = !b.Absent && equalsText(e.value[access], "quest")
	if row, ok := parseWhole(e.value[rowID]); ok && !e.absence && row == int64(int32(row)) {
		b.Row = int32(row)
	}
	r.blocks = append(r.blocks, b)
	s.end = len(r.blocks)
	return true
}

// spanOf returns when an entry begins and ends, in Unix seconds. One of no length ends where
// it begins, or before (FACTS.md fact 47).
func (r *answerReader) spanOf(e *entry, owner *wallClock) (start, end int64, allDay, ok bool) {
	first, ok1 := readStamp(e.value[from])
	last, ok2 := readStamp(e.value[to])
	firstDay, ok3 := first.day(r.order)
	lastDay, ok4 := last.day(r.order)
	if e.broken || !ok1 || !ok2 || !ok3 || !ok4 || !r.window.mayContain(firstDay, lastDay) {
		return 0, 0, false, false
	}
	switch {
	case e.absence:
		allDay = !first.timed && !last.timed
		start, ok1 = r.absenceInstant(first, firstDay, owner)
		end, ok2 = r.absenceInstant(last, lastDay+1, owner)
		// A negative absence is malformed; ignoring it would show the person as free
		// (FACTS.md fact 51).
		ok1 = ok1 && start <= end && firstDay <= lastDay
	case isYes(e.value[skipTime]):
		// Floating dates: the owner's days, the last one included (FACTS.md fact 46).
		allDay = true
		start = owner.instant(int64(firstDay) * 86400)
		end = owner.instant(int64(max(firstDay, lastDay)+1) * 86400)
	default:
		start, end, ok1 = r.timedSpan(e, at(firstDay, first), at(lastDay, last))
	}
	return start, end, allDay, ok1 && ok2
}

// timedSpan returns when a timed event begins and ends. Each end is read on its own clock
// (FACTS.md fact 37).
func (r *answerReader) timedSpan(e *entry, first, last int64) (start, end int64, ok bool) {
	from, ok1 := r.eventClock(first, e.value[fromZone], e.value[fromShift])
	to, ok2 := r.eventClock(last, e.value[toZone], e.value[toShift])
	if !ok1 || !ok2 {
		return 0, 0, false
	}
	start, end = from.instant(from.reading), to.instant(to.reading)
	r.compareClocks(e, from, start)
	if end <= start {
		end = start + nominalLength(from, to)
	}
	return start, end, true
}

// clockReading is a reading and the clock that shows it.
type clockReading struct {
	*wallClock
	reading int64
}

// nominalLength is the length of an event whose two instants are the same. If it begins or
// ends in an hour that its clock skips, it has the length of its readings by the offsets
// before the change: 02:00 to 03:00 in the night in which 03:00 follows 01:59 is an hour, and
// blocks one (FACTS.md fact 40). Otherwise it has none.
func nominalLength(from, to clockReading) int64 {
	start, skipped := from.unchanged(from.reading)
	end, skipped2 := to.unchanged(to.reading)
	if !skipped && !skipped2 {
		return 0
	}
	return max(end-start, 0)
}

// at returns the reading of a stamp whose day is known.
func at(day int, s stamp) int64 { return int64(day)*86400 + int64(s.seconds) }

// absenceInstant returns the instant of one end of an absence. A bare date is a day of the
// owner (FACTS.md fact 48); for a bare end the caller passes the day after. A date with a time
// was shifted by the portal into the token user's zone with the offset of today (fact 49).
func (r *answerReader) absenceInstant(s stamp, day int, owner *wallClock) (int64, bool) {
	if !s.timed {
		return owner.instant(int64(day) * 86400), true
	}
	v := r.viewer()
	reading, ok := s.reading(r.order)
	return reading - int64(v.offset), ok && v.offsetKnown
}

// eventClock finds the clock of an event's zone. No zone means UTC (FACTS.md fact 38). For a
// zone that we don't know the portal still tells the distance to the token user's (fact 39).
func (r *answerReader) eventClock(reading int64, zone, shift []byte) (clockReading, bool) {
	if len(zone) == 0 {
		return clockReading{r.clockOf(time.UTC), reading}, true
	}
	if clock := r.clock(zone); clock != nil {
		return clockReading{clock, reading}, true
	}
	seconds, ok := parseWhole(shift)
	if !ok || seconds < -2*86400 || seconds > 2*86400 {
		return clockReading{}, false
	}
	v := r.viewer()
	if v.zone == nil {
		return clockReading{}, false
	}
	return clockReading{r.clockOf(v.zone), reading - seconds}, true
}

// clock returns the clock of a zone by its name in the answer, or nil if we don't know it.
func (r *answerReader) clock(name []byte) *wallClock {
	if string(name) == string(r.lastName) {
		return r.lastClock
	}
	clock, known := r.clocksByName[string(name)]
	if !known && (len(r.clocksByName) == maxZones || len(name) > maxZoneName) {
		return nil
	}
	if !known {
		if found, err := zone.Load(string(unescaped(name))); err == nil {
			clock = r.clockOf(found)
		}
		r.clocksByName[string(name)] = clock
	}
	r.lastName, r.lastClock = name, clock
	return clock
}

func (r *answerReader) clockOf(zone *time.Location) *wallClock {
	clock := r.clocks[zone]
	if clock == nil {
		clock = newWallClock(zone, r.start-clockMargin, r.end+clockMargin)
		r.clocks[zone] = clock
	}
	return clock
}
