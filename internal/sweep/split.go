package sweep

import (
	"slotfinder/internal/civil"
	"slotfinder/internal/sweep/bitset"
)

// mostParts is into how many parts a meeting is split at most.
const mostParts = 3

// Part is one of the meetings that a large one is split into.
type Part struct {
	civil.Span
	People []int64 // ids of the required people who come to this one, in the order of Input.People
}

// Split returns two or three parts, in order of time, that together cover all required
// people; nil if there are none, or if one slot holds everybody. It also returns nil if
// enough (nil: never) said so before the parts were found; cut tells that.
//
// Each part in turn is the slot to which most of the people who have none yet can come,
// the earliest of these. So there are at most 1 + ln n times as many parts as in the best
// plan for n people.
func (s *Search) Split(enough func() bool) (parts []Part, cut bool) {
	stop := s.budget(enough)
	if !stop.check() {
		parts = s.split(stop)
	}
	if stop.stopped {
		return nil, true
	}
	return parts, false
}

func (s *Search) split(stop *stopper) []Part {
	waiting := s.members(s.required)
	var parts []Part
	for len(waiting) > 0 {
		start, come := s.fullest(s.offered, waiting, stop)
		if come == 0 || come == len(waiting) && len(parts) == 0 || len(parts) == mostParts {
			return nil
		}
		part := Part{Span: s.slot(start)}
		left := waiting[:0:0]
		for _, i := range waiting {
			if s.cannot(int(i), start) {
				left = append(left, i)
			} else {
				part.People = append(part.People, s.in.People[i].ID)
			}
		}
		waiting = left
		parts = insert(parts, part)
	}
	return parts
}

// fullest returns the start to which most of these people can come, and how many.
func (s *Search) fullest(offered bitset.Row, people []int32, stop *stopper) (start, come int) {
	var missing bitset.Tally
	missing.Count(&s.matrix, people)
	for i := range s.layout.Starts(offered) {
		if stop.check() {
			break
		}
		if n := len(people) - missing.At(s.layout.Bit(i)); n > come {
			start, come = i, n
		}
	}
	return start, come
}

// insert puts a part in its place in time.
func insert(list []Part, x Part) []Part {
	list = append(list, x)
	for i := len(list) - 1; i > 0 && list[i].Start < list[i-1].Start; i-- {
		list[i], list[i-1] = list[i-1], list[i]
	}
	return list
}
