package sweep

import "slotfinder/internal/civil"

// state returns how a person stands to a slot: calendar blocks count with the buffer
// around the slot, working hours without.
func (s *Search) state(i int, slot civil.Span) State {
	if !s.axis.Contains(slot) {
		return Unread
	}
	const own = Outside | Unread
	return s.timeline(i).at(slot)&own | s.timeline(i).at(s.in.Rules.widened(slot))&^own
}

// Attendance says how everybody stands to a slot, with the buffer around it. If the slot
// is not wholly in the time that is searched, everybody is unknown.
func (s *Search) Attendance(slot civil.Span) Attendance {
	var a Attendance
	for i := range s.in.People {
		id, state := s.in.People[i].ID, s.state(i, slot)
		for _, list := range []struct {
			ids *[]int64
			in  bool
		}{
			{&a.Free, state&Missing == 0},
			{&a.Busy, state&Decided != 0},
			{&a.Tentative, state&Unsure != 0},
			{&a.Outside, state&Outside != 0},
			{&a.Unknown, state&Unread != 0},
		} {
			if list.in {
				*list.ids = append(*list.ids, id)
			}
		}
	}
	return a
}
