package booker

import (
	"slices"
	"testing"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
)

// TestPortalChangesAreFollowed: what was moved in the portal is said once and known then;
// what was removed there is cancelled here, and is not listed any more.
func TestPortalChangesAreFollowed(t *testing.T) {
	t.Parallel()
	p, b, _, _ := start(t)
	m, err := b.Book(t.Context(), anna, form("k"))
	if err != nil {
		t.Fatal(err)
	}
	one := func() View {
		t.Helper()
		v, err := b.One(t.Context(), anna, m.ID)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if d := Differences(one()); len(d) > 0 {
		t.Errorf("differs at once: %v", d)
	}
	p.mu.Lock()
	p.events[0].Start, p.events[0].End = p.events[0].Start.Add(time.Hour), p.events[0].End.Add(time.Hour)
	p.events[0].Title = "Another"
	p.mu.Unlock()
	if d := Differences(one()); !slices.Equal(d, []string{"meetings.differs.title", "meetings.differs.time"}) {
		t.Errorf("differs: %v", d)
	}
	if v := one(); slices.Contains(Differences(v), "meetings.differs.time") || !v.Booked.Start.Equal(m.Start.Add(time.Hour)) {
		t.Errorf("moved twice: %+v", v.Booked)
	}
	if list, err := b.Coming(t.Context(), anna); err != nil || len(list) != 1 || list[0].ID != m.ID || list[0].Event.Title != "Another" || len(list[0].People) != 3 {
		t.Errorf("listed: %+v, %v", list, err)
	}
	p.mu.Lock()
	p.events = nil
	p.mu.Unlock()
	if list, err := b.Coming(t.Context(), anna); err != nil || len(list) > 0 {
		t.Errorf("listed although it was removed: %+v, %v", list, err)
	}
	for range 2 {
		if v := one(); v.State() != meet.MeetingCancelled || v.Event.Title != "Review" {
			t.Errorf("removed: %+v", v)
		}
	}
}

// TestOthersMeetings: nobody but the host finds a meeting by its id, and one of the portal is
// found by the host's and the invited's own rows alone.
func TestOthersMeetings(t *testing.T) {
	t.Parallel()
	p, b, _, _ := start(t)
	m, err := b.Book(t.Context(), anna, form("k"))
	if err != nil {
		t.Fatal(err)
	}
	p.mu.Lock()
	p.events[0].Host = anna.User
	p.mu.Unlock()
	bob := meet.Member{Portal: "m1", User: 8}
	for id, who := range map[string]meet.Member{
		m.ID: bob, PortalPrefix + "1000": bob, PortalPrefix + "01000": anna, PortalPrefix + "-1": anna, PortalPrefix: anna, PortalPrefix + "9": anna, "": anna,
	} {
		if v, err := b.One(t.Context(), who, id); meet.KindOf(err) != meet.NotFound {
			t.Errorf("%q: %+v, %v", id, v, err)
		}
	}
	if v, err := b.One(t.Context(), anna, PortalPrefix+"1000"); err != nil || !v.Mine {
		t.Errorf("by the event's id: %+v, %v", v, err)
	}
}

// TestNextTimes: times that follow come first, then those before, last those that overlap.
func TestNextTimes(t *testing.T) {
	t.Parallel()
	answer := meet.Answer{Query: meet.Query{Duration: 60}}
	for _, at := range []civil.Minute{0, 30, 60, 75, 90, 120, 180, 240} {
		answer.Found.Slots = append(answer.Found.Slots, meet.Slot{Span: civil.Span{Start: at, End: at + 60}})
	}
	for start, want := range map[civil.Minute][]civil.Minute{0: {60, 120, 180}, 60: {120, 180, 240}, 180: {0, 60, 240}, 240: {0, 60, 120}} {
		var got []civil.Minute
		for _, s := range NextTimes(answer, start.Time()) {
			got = append(got, s.Start)
		}
		if !slices.Equal(got, want) {
			t.Errorf("after %d: %v, want %v", start, got, want)
		}
	}
	answer.Found.Slots = answer.Found.Slots[:4] // 0, 30, 60, 75
	if next := NextTimes(answer, civil.Minute(60).Time()); len(next) != 2 || next[0].Start != 0 || next[1].Start != 75 {
		t.Errorf("few times: %v", next)
	}
}
