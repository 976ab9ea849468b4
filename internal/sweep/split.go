package sweep

import (
	"slotfinder/internal/civil"
)

// mostSessions is how many sessions a meeting is split into at most.
const mostSessions = 3

// Session is one of the meetings a large one is split into.
type Session struct {
	civil.Span
	People []int64 // the required people who come to this one
}

// Split returns two or three sessions, in order of time, that together cover all
// required people; nil if there are none, if one slot holds everybody, or if enough
// (nil: never) has said so before they were found, which is what cut tells. Each
// session in turn is the slot with the most people who have none yet (the
// earliest of these), so it needs at most 1 + ln n times as many sessions as
// the best plan.
func (s *Search) Split(enough func() bool) (sessions []Session, cut bool) {
	b := s.within(enough)
	if !b.pulled() {
		sessions = s.split(b)
	}
	if b.on {
		return nil, true
	}
	return sessions, false
}

func (s *Search) split(b *brake) []Session {
	waiting := s.members(s.required)
	var sessions []Session
	for len(waiting) > 0 {
		start, come := s.fullest(s.offered, waiting, b)
		if come == 0 || come == len(waiting) && len(sessions) == 0 || len(sessions) == mostSessions {
			return nil
		}
		session := Session{Span: s.slot(start)}
		left := waiting[:0:0]
		for _, i := range waiting {
			if s.cannot(int(i), start) {
				left = append(left, i)
			} else {
				session.People = append(session.People, s.in.People[i].ID)
			}
		}
		waiting = left
		sessions = insert(sessions, session)
	}
	return sessions
}

// fullest returns the start to which most of these people can come.
func (s *Search) fullest(offered row, people []int32, b *brake) (start, come int) {
	var missing tally
	missing.count(&s.canvas, s.tiles, people)
	for i := range s.canvas.starts(offered) {
		if b.pulled() {
			break
		}
		if n := len(people) - missing.at(int(s.canvas.bits[i])); n > come {
			start, come = i, n
		}
	}
	return start, come
}

// insert puts a session in its place in time.
func insert(list []Session, x Session) []Session {
	list = append(list, x)
	for i := len(list) - 1; i > 0 && list[i].Start < list[i-1].Start; i-- {
		list[i], list[i-1] = list[i-1], list[i]
	}
	return list
}
