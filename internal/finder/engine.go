package finder

import (
	"sync"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
	"slotfinder/internal/sweep"
)

// search is the engine's search behind an answer. The engine makes some of what it tells
// only when it is asked, and serves one at a time; an answer may have several readers at
// once, so they wait for each other.
type search struct {
	engine *sweep.Search
	mu     sync.Mutex
}

// Attendance says how everybody stands to a meeting during that time.
func (s *search) Attendance(during civil.Span) sweep.Attendance {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.engine.Attendance(during)
}

// Explain says who is unavailable in the minute that t lies in, and by which rule.
func (s *search) Explain(t time.Time) sweep.Explanation {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.engine.Explain(civil.Floor(t))
}

// Timeline returns the stretches of time in which the i-th person is not available.
func (s *search) Timeline(i int) []sweep.Stretch {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.engine.Timeline(i)
}

// Remarks says of each of these meetings what distinguishes it from the others.
func (s *search) Remarks(proposals []civil.Span) []sweep.Remark {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.engine.Remarks(proposals)
}

// Burdens says whom a meeting costs what, beside an early or late hour.
func (s *search) Burdens(during civil.Span) []sweep.Burden {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.engine.Burdens(during)
}

// Instead proposes slots for a week in which a series fails.
func (s *search) Instead(within civil.Span, most int) []sweep.Slot {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.engine.Instead(within, most)
}

// Verdicts says who can't come to a meeting from start to end, and by which rule.
func (s *search) Verdicts(start, end time.Time) []sweep.Verdict {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.engine.Verdicts(civil.Outward(start, end))
}

// engineInput is the people as the engine reads them. Whoever is unknown has no blocks and
// is never free.
func engineInput(attendees []meet.Attendee, busy map[int64]meet.Availability, hours hoursByPerson) []sweep.Person {
	people := make([]sweep.Person, len(attendees))
	for i, a := range attendees {
		people[i] = sweep.Person{ID: a.ID, Required: a.Required, Zone: a.Zone, Hours: hours.of(a.ID), Unknown: a.Unknown != ""}
		people[i].Gone = a.Unknown == meet.UnknownPerson || a.Unknown == meet.UnknownDismissed
		for _, b := range busy[a.ID].Blocks {
			people[i].Blocks = append(people[i].Blocks, sweep.Block{Span: b.Span, Kind: kindOf(b), Row: b.Row})
		}
	}
	return people
}

// kindOf is what the engine knows of a block.
func kindOf(b meet.Block) sweep.Kind {
	var k sweep.Kind
	if b.Tentative {
		k |= sweep.Tentative
	}
	if b.AllDay {
		k |= sweep.AllDay
	}
	if b.Absent {
		k |= sweep.Absent
	}
	return k
}

// rules is the query as the engine reads it; the query must be resolved. ignore are the rows of
// the events that it ignores.
func rules(q meet.Query, now time.Time, ignore []int32) sweep.Rules {
	return sweep.Rules{
		Zone: q.Zone, From: q.From, To: q.To,
		Now: civil.Ceil(now.Truncate(time.Minute)), Notice: q.Notice,
		Duration: q.Duration, Step: q.Step, Hours: q.Hours, Days: q.Days,
		Work: q.Work, TentativeFree: q.TentativeFree, AllDayFree: q.AllDayFree,
		Buffer: q.Buffer, Quorum: q.Quorum, Any: q.Any, Weeks: q.Weeks, Ignore: ignore,
	}
}
