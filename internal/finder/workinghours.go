package finder

import (
	"context"
	"fmt"
	"slices"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/civil/zone"
	"slotfinder/internal/meet"
	"slotfinder/internal/sweep"
)

// WorkingHours shows and keeps working time. Whose it is says a subject: a member,
// or the member's portal with the user Everyone. Who may set what is decided by
// the caller, who knows administrators.
type WorkingHours struct {
	Schedules meet.Schedules
	Finder    *Finder
}

// Timesheet is the working time of a member and of the portal.
type Timesheet struct {
	schedules map[int64]meet.Schedule
	office    meet.Office
	zone      *time.Location // of the profile, else the portal's
}

// Read returns what holds for the member. Errors are those of Directory, Calendar
// and Hours.
func (k *WorkingHours) Read(ctx context.Context, m meet.Member) (Timesheet, error) {
	p, err := k.Finder.readPremises(ctx, m, meet.Query{Me: true})
	if err != nil {
		return Timesheet{}, err
	}
	return Timesheet{schedules: p.schedules, office: p.office, zone: homeZone(p.profiles[m.User], p.office)}, nil
}

// WeekStart is the first day of a week at the portal.
func (t Timesheet) WeekStart() time.Weekday { return t.office.WeekStart }

// Save keeps a schedule of the subject, less the days off that are over everywhere.
// Invalid: see Schedule.Validate.
func (k *WorkingHours) Save(ctx context.Context, subject meet.Member, s meet.Schedule) error {
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
func (k *WorkingHours) Drop(ctx context.Context, subject meet.Member) error {
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
func (t Timesheet) Schedule(user int64) meet.Schedule {
	if s, found := t.schedules[user]; found {
		return s
	}
	if s, found := t.schedules[meet.Everyone]; found {
		s.Off = nil // the portal's days off, not the person's
		return s
	}
	return officeSchedule(t.office)
}

// With is the timesheet as it would be with this schedule.
func (t Timesheet) With(user int64, s meet.Schedule) Timesheet {
	schedules := map[int64]meet.Schedule{user: s}
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
		People: []sweep.Person{{ID: 1, Required: true, Zone: zone, Hours: newHoursByPerson(t.office, t.schedules).of(user)}},
		Rules: sweep.Rules{
			Zone: zone, From: first, To: first.Add(days - 1), Now: first.Midnight(zone), Duration: 1, Step: 60,
			Hours: civil.Range{End: day}, Days: meet.NewQuery().Days, Work: true,
		},
	}).Windows
}

// Week returns Working for the seven days from now's on, day by day.
func (t Timesheet) Week(user int64, now time.Time) []meet.Workday {
	zone := t.Zone(user)
	first := civil.DateOf(now.In(zone))
	windows := t.Working(user, first, 7)
	week := make([]meet.Workday, 7)
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

// day is the minutes of a day on the wall.
const day = int(civil.Day)

// reading is what a clock shows at an instant, in minutes from midnight.
func reading(at civil.Minute, zone *time.Location) int {
	hour, minute, _ := at.Time().In(zone).Clock()
	return hour*60 + minute
}
