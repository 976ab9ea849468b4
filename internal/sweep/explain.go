package sweep

import "slotfinder/internal/civil"

// The rules by which a person is unavailable; of several, Verdict names the first that
// applies.
const (
	ByUnknown   Reason = "unknown"   // the calendar could not be read
	ByAbsent    Reason = "absent"    // an absence
	ByBusy      Reason = "busy"      // an event
	ByAllDay    Reason = "all_day"   // an all-day event
	ByTentative Reason = "tentative" // only tentative events
	ByBuffer    Reason = "buffer"    // an event within the buffer before or after
	ByHoliday   Reason = "holiday"   // a holiday or a day off
	ByOutside   Reason = "outside"   // outside working hours
)

// The rules by which the seeker excludes a time.
const (
	ByPast  Reason = "past"  // before Now+Notice
	ByRange Reason = "range" // before the first day or after the last
	ByDay   Reason = "day"   // not an allowed weekday
	ByHours Reason = "hours" // outside the seeker's hours
)

// Explanation says why an instant is in no window. If both fields are empty, nothing
// excludes it; a window may still be too short, or a quorum not met.
type Explanation struct {
	Seeker Reason    // empty if the seeker allows the time
	People []Verdict // those who are unavailable, in the order of Input.People
}

// Verdict names a person who is unavailable, and the rule that makes them so.
type Verdict struct {
	Person int64 // id
	Rule   Reason
}

// Explain says who is unavailable in the minute that begins at the instant, and whether
// the seeker allows that minute. It costs one look-up per person.
func (s *Search) Explain(at civil.Minute) Explanation {
	return Explanation{Seeker: s.refused(at), People: s.Verdicts(civil.Span{Start: at, End: at + 1})}
}

// Verdicts says who is unavailable for a slot, in the order of Input.People, and by which
// rule: the first in the list of rules that holds at some time in the slot. Everybody else
// is free. If the slot is not wholly in the time that is searched, everybody is unknown.
func (s *Search) Verdicts(slot civil.Span) []Verdict {
	var all []Verdict
	for i := range s.in.People {
		if rule := s.rule(i, slot); rule != "" {
			all = append(all, Verdict{s.in.People[i].ID, rule})
		}
	}
	return all
}

// refused returns why the seeker excludes the instant; empty if they allow it.
func (s *Search) refused(at civil.Minute) Reason {
	r := &s.in.Rules
	d := civil.DateIn(r.Zone, at)
	switch {
	case s.allowed.Overlaps(civil.Span{Start: at, End: at + 1}):
		return ""
	case d.Before(r.From) || r.To.Before(d):
		return ByRange
	case at < r.Now+civil.Minute(r.Notice):
		return ByPast
	case !r.Days[d.Weekday()]:
		return ByDay
	default:
		return ByHours
	}
}

// rule returns the rule that makes a person unavailable for a slot; empty if they are
// available.
func (s *Search) rule(i int, slot civil.Span) Reason {
	state := s.state(i, slot)
	switch {
	case state&Missing == 0:
		return ""
	case state&Unread != 0:
		return ByUnknown
	case state&Booked != 0:
		return s.block(i, slot)
	case s.in.People[i].offOn(slot.Start):
		return ByHoliday
	default:
		return ByOutside
	}
}

// block returns what kind of block takes the slot: the first in the list of rules of
// those in the slot itself, or else the buffer.
func (s *Search) block(i int, slot civil.Span) Reason {
	var found State
	for _, st := range s.timeline(i).within(slot) {
		if st.State&Booked != 0 {
			found |= st.State
		}
	}
	switch {
	case found == 0:
		return ByBuffer
	case found&Away != 0:
		return ByAbsent
	case found&Event != 0:
		return ByBusy
	case found&Decided != 0:
		return ByAllDay
	default:
		return ByTentative
	}
}

// offOn reports whether the day at the instant is a holiday or a day off.
func (p *Person) offOn(at civil.Minute) bool {
	return p.Hours != nil && p.Hours.off(civil.DateIn(p.Zone, at))
}
