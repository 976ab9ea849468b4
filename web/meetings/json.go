package meetings

import (
	"slices"
	"time"

	"slotfinder/internal/booker"
	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
	"slotfinder/web"
)

// meetingJSON is a meeting for programs.
type meetingJSON struct {
	ID     string       `json:"id"`
	Event  int64        `json:"event,omitempty"`
	Title  string       `json:"title"`
	Start  time.Time    `json:"start"`
	End    time.Time    `json:"end"`
	Zone   string       `json:"time_zone"`
	State  string       `json:"state"`
	Rooms  []any        `json:"rooms"`
	Weeks  []any        `json:"weeks"`
	People []personJSON `json:"people"`
}

type personJSON struct {
	ID       int64            `json:"id"`
	Name     string           `json:"name"`
	Required bool             `json:"required"`
	Answer   meet.EventAnswer `json:"answer"`
}

// meetingsJSON is the list of somebody's coming meetings.
type meetingsJSON struct {
	Meetings []meetingJSON `json:"meetings"`
}

// openJSON is a meeting of which only its state is known.
type openJSON struct {
	ID    string `json:"id"`
	State string `json:"state"`
}

func newMeetingJSON(m booker.View) meetingJSON {
	j := meetingJSON{
		ID: m.ID, Event: m.Event.ID, Title: m.Event.Title, Start: m.Event.Start, End: m.Event.End, Zone: m.Event.Zone,
		State: stateWord(m.State()), Rooms: []any{}, Weeks: []any{}, People: []personJSON{},
	}
	optional := m.Form.Query.Optional
	for i, one := range m.Event.Invited {
		p := personJSON{ID: one.User, Required: !slices.Contains(optional, one.User), Answer: one.Answer}
		if i < len(m.People) {
			p.Name = m.People[i].Name
		}
		j.People = append(j.People, p)
	}
	return j
}

// stateWord is the public word for how a meeting stands.
func stateWord(s meet.MeetingState) string {
	if s.Open() {
		return "checking"
	}
	return string(s)
}

// takenAnswer is an error with the times that are free instead.
type takenAnswer struct {
	web.ErrorBody
	Next []web.WindowJSON `json:"next"`
}

func takenJSON(next []civil.Span, body web.ErrorBody) takenAnswer {
	answer := takenAnswer{ErrorBody: body, Next: []web.WindowJSON{}}
	for _, s := range next {
		answer.Next = append(answer.Next, web.NewWindowJSON(s))
	}
	return answer
}
