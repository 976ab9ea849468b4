package booker

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"slotfinder/internal/auth"
	"slotfinder/internal/civil"
	"slotfinder/internal/finder"
	"slotfinder/internal/meet"
	"slotfinder/internal/store"
)

var (
	anna = meet.Member{Portal: "m1", User: 7}
	noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
)

// portal is a portal with calendars that are read and written. It does what it is told to go
// wrong.
type portal struct {
	mu      sync.Mutex
	now     time.Time
	events  []meet.Event
	asked   int // how often an event was created
	create  func(e meet.Event, add func()) error
	looking error // of looking for a marker
}

func (p *portal) clock() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now
}

func (p *portal) wait(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now = p.now.Add(d)
}

func (p *portal) People(_ context.Context, _ meet.Member, ids []int64) (map[int64]meet.Person, error) {
	known := map[int64]meet.Person{}
	for _, id := range ids {
		known[id] = meet.Person{ID: id, Name: fmt.Sprint("Person ", id), Zone: "Europe/Berlin", Active: true}
	}
	return known, nil
}

func (p *portal) Everybody(context.Context, meet.Member) ([]meet.Person, error) { return nil, nil }
func (p *portal) Departments(context.Context, meet.Member) ([]meet.Department, error) {
	return nil, nil
}

func (p *portal) Office(context.Context, meet.Member) (meet.Office, error) {
	return meet.Office{WorkStart: 8 * 60, WorkEnd: 20 * 60, Zone: time.UTC}, nil
}

func (p *portal) Schedules(context.Context, string, []int64) (map[int64]meet.Schedule, error) {
	return nil, nil
}

func (p *portal) Busy(_ context.Context, _ meet.Member, people []meet.Resident, during civil.Span, _ bool) (map[int64]meet.Availability, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := map[int64]meet.Availability{}
	for _, r := range people {
		a := meet.Availability{}
		for _, e := range p.events {
			if s := e.Span().Clip(during); e.Invites(r.ID) && !s.Empty() {
				a.Blocks = append(a.Blocks, meet.Block{Span: s, Row: int32(e.ID)})
			}
		}
		all[r.ID] = a
	}
	return all, nil
}

func (p *portal) CreateEvent(_ context.Context, _ meet.Member, e meet.Event) (int64, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	add := func() {
		e.ID = int64(1000 + len(p.events))
		e.Row = e.ID
		p.events = append(p.events, e)
	}
	if do := p.create; do != nil {
		p.create = nil
		err := do(e, add)
		if err != nil {
			return 0, err
		}
		return e.ID, nil
	}
	add()
	return e.ID, nil
}

func (p *portal) EventByID(_ context.Context, _ meet.Member, id int64) (meet.Event, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.events {
		if e.ID == id {
			return e, nil
		}
	}
	return meet.Event{}, &meet.Error{Kind: meet.NotFound, Key: "error.meeting_gone"}
}

func (p *portal) MarkedEvent(_ context.Context, _ meet.Member, marker string, during civil.Span) (int64, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.looking != nil {
		return 0, p.looking
	}
	for _, e := range p.events {
		if e.Marker == marker && during.Overlaps(e.Span()) {
			return e.ID, nil
		}
	}
	return 0, &meet.Error{Kind: meet.NotFound, Key: "error.meeting_gone"}
}

func (p *portal) OwnEvents(context.Context, meet.Member, civil.Span) ([]meet.Event, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.events), nil
}

func (p *portal) MoveEvent(context.Context, meet.Member, meet.Event, time.Time, time.Time) error {
	return nil
}

func (p *portal) DeleteEvent(context.Context, meet.Member, int64) error { return nil }

func (p *portal) AnswerEvent(context.Context, meet.Member, int64, meet.EventAnswer) error { return nil }

// plain seals nothing.
type plain struct{}

func (plain) Seal(_, _, text string) string          { return text }
func (plain) Open(_, _, text string) (string, error) { return text, nil }

// open starts a process on the database of a test.
func open(t *testing.T, p *portal, path string) (*Booker, *store.Store) {
	t.Helper()
	db, err := store.Open(t.Context(), "sqlite:"+path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := db.SavePortal(t.Context(), auth.Portal{PortalID: "m1", Host: "m1.example", ClientID: "local.1"}); err != nil {
		t.Fatal(err)
	}
	search := &finder.Finder{Directory: p, Calendar: p, Events: p, Hours: p, Now: p.clock}
	return &Booker{Meetings: db, Events: p, Finder: search, Seal: plain{}, Random: rand.Reader, Now: p.clock, Log: slog.New(slog.DiscardHandler)}, db
}

func start(t *testing.T) (*portal, *Booker, *store.Store, string) {
	t.Helper()
	p, path := &portal{now: noon}, filepath.Join(t.TempDir(), "test.db")
	b, db := open(t, p, path)
	return p, b, db, path
}

// form books an hour of three people tomorrow.
func form(key string) meet.MeetingForm {
	q := meet.NewQuery()
	q.Required, q.Optional, q.Zone = []int64{8}, []int64{9}, time.UTC
	q.From, q.To = civil.DateOf(noon), civil.DateOf(noon).Add(3)
	return meet.MeetingForm{Query: q, Start: noon.Add(24 * time.Hour), Title: "Review", Key: key}
}

// uncertain is a failure after which nobody knows what happened.
func uncertain() error { return &meet.Error{Kind: meet.Uncertain, Key: "error.uncertain"} }

// recovered looks after bookings until the outcome of one is known, or that takes too long.
func recovered(t *testing.T, p *portal, b *Booker, id string) meet.Meeting {
	t.Helper()
	for range 40 {
		if err := b.Recover(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.Wait(t.Context())
		m, err := b.Meetings.MeetingOf(t.Context(), anna, id)
		if err != nil {
			t.Fatal(err)
		}
		if !m.State.Open() {
			return m
		}
		p.wait(time.Second)
	}
	t.Fatalf("the outcome is not known after 40 s")
	return meet.Meeting{}
}

func TestBook(t *testing.T) {
	t.Parallel()
	p, b, _, _ := start(t)
	m, err := b.Book(t.Context(), anna, form("k"))
	if err != nil || m.State != meet.MeetingConfirmed || m.Event == 0 || len(m.Marker) != 16 {
		t.Fatalf("%+v, %v", m, err)
	}
	e := p.events[0]
	if len(p.events) != 1 || e.Zone != "Europe/Berlin" || e.Marker != m.Marker || !e.Invites(7) || !e.Invites(8) || !e.Invites(9) || !e.Start.Equal(m.Start) {
		t.Errorf("created %+v", p.events)
	}
	again, err := b.Book(t.Context(), anna, form("k"))
	if err != nil || again.ID != m.ID || p.asked != 1 {
		t.Errorf("the same form: %+v, %v, asked %d times", again, err, p.asked)
	}
	_, err = b.Book(t.Context(), anna, form("another"))
	var taken *Taken
	if !errors.As(err, &taken) || len(taken.Next) != 3 || meet.KindOf(err) != meet.Conflict {
		t.Errorf("the same time: %v", err)
	}
	later := form("later")
	later.Start = taken.Next[0].Start.Time()
	if m, err := b.Book(t.Context(), anna, later); err != nil || m.State != meet.MeetingConfirmed {
		t.Errorf("the next time: %+v, %v", m, err)
	}
}

// TestRefusalLeavesNothing: after a clear refusal the same form may be sent again.
func TestRefusalLeavesNothing(t *testing.T) {
	t.Parallel()
	p, b, _, _ := start(t)
	p.create = func(meet.Event, func()) error { return &meet.Error{Kind: meet.Forbidden, Key: "error.meeting_refused"} }
	if _, err := b.Book(t.Context(), anna, form("k")); meet.KindOf(err) != meet.Forbidden {
		t.Fatalf("refused: %v", err)
	}
	if m, err := b.Book(t.Context(), anna, form("k")); err != nil || m.State != meet.MeetingConfirmed || len(p.events) != 1 {
		t.Errorf("again: %+v, %v", m, err)
	}
}

// TestUncertainOutcomes: what happened is found out; what was not created is not there, and
// becomes one event if the host sends the form again.
func TestUncertainOutcomes(t *testing.T) {
	t.Parallel()
	for _, created := range []bool{true, false} {
		for _, portalDown := range []bool{true, false} {
			t.Run(fmt.Sprint("created ", created, ", portal down ", portalDown), func(t *testing.T) {
				t.Parallel()
				p, b, _, _ := start(t)
				p.create = func(_ meet.Event, add func()) error {
					if created {
						add()
					}
					return uncertain()
				}
				if portalDown {
					p.looking = &meet.Error{Kind: meet.Unavailable, Key: "error.portal_down"}
				}
				m, err := b.Book(t.Context(), anna, form("k"))
				if err != nil || created && !portalDown && m.State != meet.MeetingConfirmed || (!created || portalDown) && !m.State.Open() {
					t.Fatalf("%+v, %v", m, err)
				}
				if portalDown {
					for range 300 { // ten minutes
						p.wait(2 * time.Second)
						if err := b.Recover(t.Context()); err != nil {
							t.Fatal(err)
						}
					}
					p.mu.Lock()
					p.looking = nil
					p.mu.Unlock()
				}
				before := p.clock()
				m = recovered(t, p, b, m.ID)
				if want := map[bool]meet.MeetingState{true: meet.MeetingConfirmed, false: meet.MeetingFailed}[created]; m.State != want {
					t.Errorf("became %s, want %s", m.State, want)
				}
				if took := p.clock().Sub(before); took > 20*time.Second {
					t.Errorf("known after %v", took)
				}
				again, err := b.Book(t.Context(), anna, form("k"))
				if err != nil || again.ID != m.ID || again.State != meet.MeetingConfirmed || len(p.events) != 1 {
					t.Errorf("again: %+v, %v, %d events", again, err, len(p.events))
				}
			})
		}
	}
}

// TestKilledProcesses: wherever a process dies, the next one finds out, and the form, sent
// again, is one event.
func TestKilledProcesses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		die     func(b *Booker, db *store.Store, p *portal)
		resend  bool // the host sends the form again
		created bool
	}{
		"before the portal was asked": {die: func(b *Booker, db *store.Store, _ *portal) { b.Meetings = dying{db, "MarkSent"} }},
		"before the portal was asked, sent again": {
			die: func(b *Booker, db *store.Store, _ *portal) { b.Meetings = dying{db, "MarkSent"} }, resend: true, created: true,
		},
		"while the portal was asked": {die: func(_ *Booker, _ *store.Store, p *portal) {
			p.create = func(_ meet.Event, add func()) error { add(); panic("killed") }
		}, created: true},
		"after the portal has created it": {die: func(b *Booker, db *store.Store, _ *portal) { b.Meetings = dying{db, "ConfirmMeeting"} }, created: true},
		"while the portal was asked in vain": {die: func(_ *Booker, _ *store.Store, p *portal) {
			p.create = func(meet.Event, func()) error { panic("killed") }
		}},
		"while the portal was asked in vain, sent again": {die: func(_ *Booker, _ *store.Store, p *portal) {
			p.create = func(meet.Event, func()) error { panic("killed") }
		}, resend: true, created: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, b, db, path := start(t)
			c.die(b, db, p)
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			_, _ = b.Book(ctx, anna, form("k"))
			next, _ := open(t, p, path)
			if c.resend {
				ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
				defer cancel()
				if m, err := next.Book(ctx, anna, form("k")); err != nil || !m.State.Open() {
					t.Fatalf("sent again: %+v, %v", m, err)
				}
			}
			m, err := next.Meetings.MeetingByKey(t.Context(), anna, "k")
			if err != nil {
				t.Fatal(err)
			}
			m = recovered(t, p, next, m.ID)
			want, events := meet.MeetingFailed, 0
			if c.created {
				want, events = meet.MeetingConfirmed, 1
			}
			if m.State != want || len(p.events) != events {
				t.Errorf("became %s, want %s; %d events", m.State, want, len(p.events))
			}
		})
	}
}

// dying is a store whose process dies at a call: what it does is never done, and the call
// never returns well.
type dying struct {
	*store.Store
	at string
}

var errKilled = errors.New("killed")

func (d dying) MarkSent(ctx context.Context, m meet.Meeting, at time.Time) (bool, error) {
	if d.at == "MarkSent" {
		return false, errKilled
	}
	return d.Store.MarkSent(ctx, m, at)
}

func (d dying) ConfirmMeeting(ctx context.Context, m meet.Meeting, event int64) error {
	if d.at == "ConfirmMeeting" {
		return errKilled
	}
	return d.Store.ConfirmMeeting(ctx, m, event)
}
