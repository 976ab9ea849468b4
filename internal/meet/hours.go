package meet

import (
	"context"
	"fmt"
	"slices"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/civil/zone"
	"slotfinder/internal/sweep"
)

// Everyone stands for a portal's default where a person could stand. No user has
// this id.
const Everyone int64 = 0

// Hours reads the working time that people have set in the app.
type Hours interface {
	// Schedules returns what these people of the portal have set and, under
	// Everyone, what an administrator has set for those who have not. Who has set
	// nothing is not in the map. An error means that nobody's working time is
	// known, so nobody may be called free.
	Schedules(ctx context.Context, portal string, people []int64) (map[int64]Schedule, error)
}

// Schedules keeps the working time that people set. A member with the user
// Everyone is the portal's default.
type Schedules interface {
	Hours
	// SaveSchedule inserts or replaces. NotFound: there is no such portal.
	SaveSchedule(ctx context.Context, m Member, s Schedule) error
	// DeleteSchedule does nothing when there is none.
	DeleteSchedule(ctx context.Context, m Member) error
}

// rota says whose working time holds: a person's own, else the portal's default,
// else what Bitrix24 says. The default's days off are the company's and hold for
// all. Equal hours are the same pointer, since the engine
// paints each only once.
type rota struct {
	own  map[int64]*sweep.Hours
	rest *sweep.Hours
}

func newRota(office Office, schedules map[int64]Schedule) rota {
	r := rota{own: map[int64]*sweep.Hours{}, rest: office.hours()}
	company, set := schedules[Everyone]
	if set {
		r.rest = company.everyone(office)
	}
	for id, s := range schedules {
		if id != Everyone {
			s.Off = append(slices.Clone(s.Off), company.Off...)
			r.own[id] = s.hours(office)
		}
	}
	return r
}

func (r rota) of(person int64) *sweep.Hours {
	if own := r.own[person]; own != nil {
		return own
	}
	return r.rest
}

// Timekeeper shows and keeps working time. Whose it is says a subject: a member,
// or the member's portal with the user Everyone. Who may set what is decided by
// the caller, who knows administrators.
type Timekeeper struct {
	Schedules Schedules
	Finder    *Finder
}

// Timesheet is the working time of a member and of the portal.
type Timesheet struct {
	schedules map[int64]Schedule
	office    Office
	zone      *time.Location // of the profile, else the portal's
}

// Read returns what holds for the member. Errors are those of Directory, Calendar
// and Hours.
func (k *Timekeeper) Read(ctx context.Context, m Member) (Timesheet, error) {
	p, err := k.Finder.look(ctx, m, Query{Me: true})
	if err != nil {
		return Timesheet{}, err
	}
	return Timesheet{schedules: p.schedules, office: p.office, zone: homeZone(p.profiles[m.User], p.office)}, nil
}

// Save keeps a schedule of the subject, less the days off that are over everywhere.
// Invalid: see Schedule.Validate.
func (k *Timekeeper) Save(ctx context.Context, subject Member, s Schedule) error {
	if err := s.Validate(); err != nil {
		return err
	}
	yesterday := civil.DateOf(k.Finder.Now().UTC()).Add(-1)
	s.Off = slices.DeleteFunc(slices.Clone(s.Off), func(p civil.Period) bool { return p.Last.Before(yesterday) })
	if err := k.Schedules.SaveSchedule(ctx, subject, s); err != nil {
		return fmt.Errorf("saving hours: %w", err)
	}
	return nil
}

// Drop forgets the schedule of the subject, for whom then the portal's holds.
func (k *Timekeeper) Drop(ctx context.Context, subject Member) error {
	if err := k.Schedules.DeleteSchedule(ctx, subject); err != nil {
		return fmt.Errorf("dropping hours: %w", err)
	}
	return nil
}

// Has reports whether a schedule was set for the user, or for Everyone.
func (t Timesheet) Has(user int64) bool {
	_, found := t.schedules[user]
	return found
}

// Schedule is what holds for the user, or for Everyone, as it would be set.
func (t Timesheet) Schedule(user int64) Schedule {
	if s, found := t.schedules[user]; found {
		return s
	}
	if s, found := t.schedules[Everyone]; found {
		s.Off = nil // the portal's days off, not the person's
		return s
	}
	return t.office.schedule()
}

// With is the timesheet as it would be with this schedule.
func (t Timesheet) With(user int64, s Schedule) Timesheet {
	schedules := map[int64]Schedule{user: s}
	for other, known := range t.schedules {
		if other != user {
			schedules[other] = known
		}
	}
	t.schedules = schedules
	return t
}

// Profile is the zone in which the member lives without having set one.
func (t Timesheet) Profile() *time.Location { return t.zone }

// Zone is the one in which the user's hours hold. That of Everyone is the
// member's: each person's own, in truth.
func (t Timesheet) Zone(user int64) *time.Location {
	if own, err := zone.Load(t.schedules[user].Zone); err == nil {
		return own
	}
	return t.zone
}

// Working returns the time at work from the first day on, for so many days, as
// every search will see it: maximal half-open intervals, chronological.
func (t Timesheet) Working(user int64, first civil.Date, days int) []civil.Span {
	zone := t.Zone(user)
	return sweep.Find(sweep.Input{
		People: []sweep.Person{{ID: 1, Required: true, Zone: zone, Hours: newRota(t.office, t.schedules).of(user)}},
		Rules: sweep.Rules{
			Zone: zone, From: first, To: first.Add(days - 1), Now: first.Midnight(zone), Duration: 1, Step: 60,
			Hours: civil.Range{End: day}, Days: NewQuery().Days, Work: true,
		},
	}).Windows
}

// Workday is a day with the hours at work on its clock, as far as they lie on it:
// a range over midnight is in two days.
type Workday struct {
	Date  civil.Date
	Hours []civil.Range // minutes from midnight, within the day, chronological
}

// Week returns Working for the seven days from now's on, day by day.
func (t Timesheet) Week(user int64, now time.Time) []Workday {
	zone := t.Zone(user)
	first := civil.DateOf(now.In(zone))
	windows := t.Working(user, first, 7)
	week := make([]Workday, 7)
	for i := range week {
		date := first.Add(i)
		begin, end := date.Midnight(zone), date.Add(1).Midnight(zone)
		week[i].Date = date
		for _, w := range windows {
			r := civil.Range{Start: reading(max(w.Start, begin), zone), End: day}
			if w.End < end {
				r.End = reading(w.End, zone)
			}
			if w.Start < end && begin < w.End && r.Start < r.End {
				week[i].Hours = append(week[i].Hours, r)
			}
		}
	}
	return week
}

// reading is what a clock shows at an instant, in minutes from midnight.
func reading(at civil.Minute, zone *time.Location) int {
	hour, minute, _ := at.Time().In(zone).Clock()
	return hour*60 + minute
}
