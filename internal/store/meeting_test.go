package store

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/meet"
)

var wideLimits = meet.MeetingLimits{Open: 100, OpenPortal: 100, All: 100}

// meeting is an intended meeting of a host that uses every column.
func meeting(host meet.Member, id, key string) meet.Meeting {
	return meet.Meeting{
		ID: id, Host: host, Key: key, Marker: "MARKER" + id, SealedForm: "sealed " + id,
		Start: now.Add(24 * time.Hour), End: now.Add(25 * time.Hour), Zone: "Asia/Kathmandu",
		State: meet.MeetingIntended, Created: now, Look: now.Add(30 * time.Second),
	}
}

func addMeeting(t *testing.T, s *Store, m meet.Meeting, people ...int64) meet.Meeting {
	t.Helper()
	kept, added, err := s.AddMeeting(t.Context(), m, people, wideLimits)
	must(t, err)
	if !added {
		t.Fatalf("%s was not added", m.ID)
	}
	return kept
}

// wantMeeting compares a meeting with what is stored of it.
func wantMeeting(t *testing.T, s *Store, want meet.Meeting) {
	t.Helper()
	got, err := s.MeetingOf(t.Context(), want.Host, want.ID)
	must(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestMeetingIsBooked goes the way of a booking whose outcome is not known at first.
func TestMeetingIsBooked(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		savePortal(t, s, "m1")
		m := addMeeting(t, s, meeting(anna, "a", "k"), 7, 8)
		wantMeeting(t, s, m)

		sent, err := s.MarkSent(ctx, m, now.Add(time.Second))
		must(t, err)
		again, err := s.MarkSent(ctx, m, now.Add(2*time.Second))
		must(t, err)
		if !sent || again {
			t.Errorf("sent: %v, sent a second time: %v", sent, again)
		}
		must(t, s.DropMeeting(ctx, m)) // nothing happens: the portal was asked
		must(t, s.MarkEnded(ctx, m, now.Add(8*time.Second), now.Add(9*time.Second)))
		must(t, s.WantAgain(ctx, m))
		must(t, s.LookLater(ctx, m, now.Add(12*time.Second)))
		m.State, m.Sent, m.Ended, m.Look, m.Looks, m.Again = meet.MeetingSent, now.Add(time.Second), now.Add(8*time.Second), now.Add(12*time.Second), 1, true
		wantMeeting(t, s, m)
		for at, want := range map[time.Time]int{now.Add(11 * time.Second): 0, now.Add(12 * time.Second): 1} {
			if due, err := s.OpenMeetings(ctx, at, 10); err != nil || len(due) != want {
				t.Errorf("at %v %d are due, want %d: %v", at, len(due), want, err)
			}
		}
		for _, want := range []bool{true, false} { // of two processes one looks after it
			if taken, err := s.TakeOpen(ctx, m, now.Add(time.Minute)); err != nil || taken != want {
				t.Errorf("taken: %v, want %v: %v", taken, want, err)
			}
		}
		m.Look = now.Add(time.Minute)
		must(t, s.ConfirmMeeting(ctx, m, 1213))
		m.State, m.Event = meet.MeetingConfirmed, 1213
		wantMeeting(t, s, m)
		must(t, s.FailMeeting(ctx, m, "error.late")) // what was confirmed stays so
		wantMeeting(t, s, m)
		must(t, s.MoveMeeting(ctx, m, m.Start.Add(time.Hour), m.End.Add(time.Hour)))
		m.Start, m.End = m.Start.Add(time.Hour), m.End.Add(time.Hour)
		wantMeeting(t, s, m)
		coming, err := s.MeetingsOf(ctx, anna, now, 10)
		must(t, err)
		if diff := cmp.Diff([]meet.Meeting{m}, coming); diff != "" {
			t.Error(diff)
		}
		must(t, s.CancelMeeting(ctx, m))
		if coming, err := s.MeetingsOf(ctx, anna, now, 10); err != nil || len(coming) > 0 {
			t.Errorf("a cancelled meeting is coming: %v %v", coming, err)
		}
	})
}

// TestFormBooksOnce: the same form is the same meeting, unless that failed. Then it is begun
// anew, by the same name and with the same marker.
func TestFormBooksOnce(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		savePortal(t, s, "m1")
		first := addMeeting(t, s, meeting(anna, "a", "k"), 7)
		again := meeting(anna, "b", "k")
		again.SealedForm, again.Start, again.End = "another", now.Add(48*time.Hour), now.Add(49*time.Hour)
		kept, added, err := s.AddMeeting(ctx, again, []int64{7}, wideLimits)
		must(t, err)
		if added || kept.ID != "a" {
			t.Errorf("a second meeting of one form: %+v", kept)
		}
		byKey, err := s.MeetingByKey(ctx, anna, "k")
		must(t, err)
		if byKey.ID != "a" {
			t.Errorf("by its key: %+v", byKey)
		}
		must(t, s.FailMeeting(ctx, first, "error.portal_down"))
		kept, added, err = s.AddMeeting(ctx, again, []int64{7}, wideLimits)
		must(t, err)
		if !added || kept.ID != "a" || kept.Marker != first.Marker || kept.SealedForm != "another" || !kept.Start.Equal(again.Start) {
			t.Errorf("begun anew: %+v", kept)
		}
	})
}

// TestOneOfManyClaimsATime: of those who book the same people at the same time one goes on,
// over two processes, and another time or person is free.
func TestOneOfManyClaimsATime(t *testing.T) {
	eachAddress(t, func(t *testing.T, address string) {
		stores := []*Store{open(t, address), open(t, address)}
		savePortal(t, stores[0], "m1")
		savePortal(t, stores[0], "m2")
		var mu sync.Mutex
		var all sync.WaitGroup
		added := 0
		for i := range 30 {
			all.Go(func() {
				m := meeting(meet.Member{Portal: "m1", User: int64(100 + i)}, "a", fmt.Sprint(i))
				_, ok, err := stores[i%2].AddMeeting(t.Context(), m, []int64{7, int64(100 + i)}, wideLimits)
				mu.Lock()
				defer mu.Unlock()
				if ok {
					added++
				} else if meet.KindOf(err) != meet.Conflict {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if added != 1 {
			t.Errorf("%d claimed the same time", added)
		}
		later := meeting(anna, "later", "l") // it begins when the other ends
		later.Start, later.End = later.End, later.End.Add(time.Hour)
		addMeeting(t, stores[0], later, 7)
		addMeeting(t, stores[0], meeting(meet.Member{Portal: "m1", User: 9}, "others", "o"), 9)
		addMeeting(t, stores[0], meeting(meet.Member{Portal: "m2", User: 7}, "a", "k"), 7)
	})
}

// TestOutcomeReleasesTheTime: when a booking is confirmed, fails or is dropped, the time may
// be claimed again.
func TestOutcomeReleasesTheTime(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		savePortal(t, s, "m1")
		for name, end := range map[string]func(meet.Meeting) error{
			"confirmed": func(m meet.Meeting) error { return s.ConfirmMeeting(t.Context(), m, 5) },
			"failed":    func(m meet.Meeting) error { return s.FailMeeting(t.Context(), m, "error.portal_down") },
			"dropped":   func(m meet.Meeting) error { return s.DropMeeting(t.Context(), m) },
		} {
			m := addMeeting(t, s, meeting(anna, name, name), 7)
			must(t, end(m))
		}
		if got, err := s.MeetingOf(t.Context(), anna, "dropped"); meet.KindOf(err) != meet.NotFound {
			t.Errorf("dropped: %+v %v", got, err)
		}
	})
}

// TestMeetingsAreBounded: one host, and one portal, may have only so many.
func TestMeetingsAreBounded(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		savePortal(t, s, "m1")
		bob := meet.Member{Portal: "m1", User: 8}
		add := func(host meet.Member, id string, limits meet.MeetingLimits) error {
			_, _, err := s.AddMeeting(t.Context(), meeting(host, id, id), nil, limits)
			return err
		}
		must(t, add(anna, "a", wideLimits))
		must(t, add(anna, "b", wideLimits))
		wantKind(t, add(anna, "c", meet.MeetingLimits{Open: 2, OpenPortal: 9, All: 9}), meet.Busy)
		wantKind(t, add(bob, "c", meet.MeetingLimits{Open: 9, OpenPortal: 2, All: 9}), meet.Busy)
		wantKind(t, add(anna, "c", meet.MeetingLimits{Open: 9, OpenPortal: 9, All: 2}), meet.Busy)
		must(t, add(bob, "c", meet.MeetingLimits{Open: 1, OpenPortal: 3, All: 1}))
	})
}

// TestMeetingsOfOthers: a meeting is its host's, and is forgotten long after it has ended.
func TestMeetingsOfOthers(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		savePortal(t, s, "m1")
		savePortal(t, s, "m2")
		m := addMeeting(t, s, meeting(anna, "a", "k"), 7)
		for _, other := range []meet.Member{{Portal: "m1", User: 8}, {Portal: "m2", User: 7}} {
			_, err := s.MeetingOf(ctx, other, "a")
			wantKind(t, err, meet.NotFound)
			_, err = s.MeetingByKey(ctx, other, "k")
			wantKind(t, err, meet.NotFound)
			stolen := m
			stolen.Host = other
			must(t, s.ConfirmMeeting(ctx, stolen, 9))
			must(t, s.DropMeeting(ctx, stolen))
		}
		wantMeeting(t, s, m)
		must(t, s.Purge(ctx, m.End.Add(89*24*time.Hour)))
		wantMeeting(t, s, m)
		must(t, s.Purge(ctx, m.End.Add(91*24*time.Hour)))
		_, err := s.MeetingOf(ctx, anna, "a")
		wantKind(t, err, meet.NotFound)
	})
}
