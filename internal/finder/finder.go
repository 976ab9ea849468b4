package finder

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"slotfinder/internal/civil"
	"slotfinder/internal/civil/zone"
	"slotfinder/internal/meet"
	"slotfinder/internal/rescue"
	"slotfinder/internal/sweep"
)

// Finder answers queries. It is the only way in which the product decides that a
// slot is free: searches and shared links both ask it.
type Finder struct {
	Directory meet.Directory
	Calendar  meet.Calendar
	Hours     meet.Hours
	Events    Events  // nil: the query's Ignore has no effect
	Readers   Readers // nil: everybody searches with their own rights
	Gate      Gate    // nil: any number of searches compute at once
	Now       func() time.Time
}

// Gate bounds what computes at the same time. Finder holds a place while the engine
// works, and not while a portal is waited for.
type Gate interface {
	// Enter waits for a place and returns how to give it back.
	//
	// Errors: Busy when the member has too much at work, Unavailable when everybody
	// has, or the context ends.
	Enter(ctx context.Context, m meet.Member) (leave func(), err error)
}

// enter takes a place for the engine.
func (f *Finder) enter(ctx context.Context, m meet.Member) (leave func(), err error) {
	if f.Gate == nil {
		return func() {}, nil
	}
	return f.Gate.Enter(ctx, m)
}

// result is an answer with what finding more for it needs.
type result struct {
	meet.Answer
	engine *sweep.Search
	reader meet.Member // with whose rights calendars were read
	hours  hoursByPerson
	ignore []int32 // rows of calendars that keep nobody
}

// Find answers q for the member. The query need not be resolved.
//
// Errors: Invalid when fields contradict each other; otherwise those of
// Directory and Calendar, and Unavailable when ctx has ended: an answer is whole, but
// for the parts it calls cut. A person whose calendar alone could not be read is no
// error but unknown in the answer.
func (f *Finder) Find(ctx context.Context, m meet.Member, q meet.Query) (meet.Answer, error) {
	r, err := f.find(ctx, m, q, cached)
	if err == nil && len(r.Found.Slots) == 0 {
		err = f.findRelaxations(ctx, m, &r)
	}
	if err == nil {
		err = errIfEnded(ctx)
	}
	if err != nil {
		return meet.Answer{Query: r.Query}, err
	}
	return r.Answer, nil
}

// FindOnly is Find without looking for what would help when nothing is free.
func (f *Finder) FindOnly(ctx context.Context, m meet.Member, q meet.Query) (meet.Answer, error) {
	r, err := f.find(ctx, m, q, cached)
	return r.Answer, err
}

func (f *Finder) find(ctx context.Context, m meet.Member, q meet.Query, age freshness) (result, error) {
	now := f.Now()
	q, err := q.Named(m)
	if err != nil {
		return result{}, err // before anybody is looked up
	}
	p, err := f.readPremises(ctx, m, q)
	if err != nil {
		return result{}, err
	}
	home := homeZone(p.known[m.User], p.office)
	q, err = q.Resolve(home, now)
	if err != nil {
		return unanswered(q), err
	}
	people := attendees(q, p.known, home)
	meet.ReadingBegins(ctx, q, slices.Clone(people))
	ignore, err := f.ignored(ctx, m, q)
	if err != nil {
		return unanswered(q), err
	}
	busy, reader, err := f.readCalendars(ctx, m, p.office, calendarRead{people, q.During(), age})
	if err != nil {
		return unanswered(q), err
	}
	markUnread(people, busy)
	r := result{reader: reader.Member, hours: newHoursByPerson(p.office, p.schedules), ignore: ignore, Answer: meet.Answer{
		Query: q, AsOf: now.UTC().Truncate(time.Minute), People: people, View: reader.View,
		WeekStart: p.office.WeekStart, Holidays: p.office.Holidays, Searcher: p.known[m.User], Disputed: disputed(p.office, busy),
	}}
	in := sweep.Input{People: engineInput(people, busy, r.hours), Rules: rules(q, now, ignore), Seeker: m.User, Stop: stopWhenDone(ctx), Enough: f.budget(seriesTime)}
	in.Rules.Prefer = preferred(p.schedules[m.User], home, q.Zone, q.From.Midnight(q.Zone))
	if err := f.compute(ctx, m, &r, in); err != nil {
		return unanswered(q), err
	}
	return r, nil
}

// compute has the engine find what is free.
func (f *Finder) compute(ctx context.Context, m meet.Member, r *result, in sweep.Input) error {
	leave, err := f.enter(ctx, m)
	if err != nil {
		return err
	}
	defer leave()
	r.engine = sweep.Prepare(in)
	r.Details = &search{engine: r.engine}
	if r.Found = r.engine.Answer(); r.Found.Stopped {
		return errIfEnded(ctx)
	}
	if r.Found.CutSeries {
		r.Cut = append(r.Cut, meet.PartSeries)
	}
	return nil
}

func unanswered(q meet.Query) result { return result{Answer: meet.Answer{Query: q}} }

// disputed are the zones whose clocks the portal reads otherwise than we do, in order and
// once each.
func disputed(office meet.Office, busy map[int64]meet.Availability) []string {
	zones := slices.Clone(office.Disputed)
	for _, a := range busy {
		zones = append(zones, a.Disputed...)
	}
	slices.Sort(zones)
	return slices.Compact(zones)
}

// Persons returns what the portal tells of the query's people and of the member.
func (f *Finder) Persons(ctx context.Context, m meet.Member, q meet.Query) (map[int64]meet.Person, error) {
	return f.Directory.People(ctx, m, meet.Distinct(append(q.People(), m.User)))
}

// premises are what is read before the calendars.
type premises struct {
	office    meet.Office
	profiles  map[int64]meet.Person   // as the portal tells
	known     map[int64]meet.Person   // in the zones that they have set for themselves
	schedules map[int64]meet.Schedule // and the portal's default, under Everyone
}

// readPremises reads the premises of a query, all at the same time.
func (f *Finder) readPremises(ctx context.Context, m meet.Member, q meet.Query) (p premises, err error) {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(rescue.Err(func() (err error) {
		p.office, err = f.Calendar.Office(ctx, m)
		return err
	}))
	group.Go(rescue.Err(func() (err error) {
		p.profiles, err = f.Persons(ctx, m, q)
		return err
	}))
	group.Go(rescue.Err(func() (err error) {
		p.schedules, err = f.Hours.Schedules(ctx, m.Portal, meet.Distinct(append(q.People(), m.User)))
		return err
	}))
	if err := group.Wait(); err != nil {
		return premises{}, fmt.Errorf("looking up people: %w", err)
	}
	p.known = moved(p.profiles, p.schedules)
	return p, nil
}

// moved puts people into the zones that they have set. The map that was read is
// left as it is: others may have it, too.
func moved(profiles map[int64]meet.Person, schedules map[int64]meet.Schedule) map[int64]meet.Person {
	known := maps.Clone(profiles)
	for id, s := range schedules {
		if person, found := known[id]; found && s.Zone != "" {
			person.Zone = s.Zone
			known[id] = person
		}
	}
	return known
}

// calendarRead is whose calendars are read, of which time, and how.
type calendarRead struct {
	people []meet.Attendee
	during civil.Span
	age    freshness
}

// busy reads, with the rights of the reader, the calendars of those who can be known.
func (f *Finder) busy(ctx context.Context, reader meet.Member, read calendarRead) (map[int64]meet.Availability, error) {
	var residents []meet.Resident
	for _, a := range read.people {
		if a.Unknown == "" {
			residents = append(residents, meet.Resident{ID: a.ID, Zone: a.Zone})
		}
	}
	if len(residents) == 0 {
		return nil, nil
	}
	busy, err := f.Calendar.Busy(ctx, reader, residents, read.during, read.age == fresh)
	if err != nil {
		return nil, fmt.Errorf("reading calendars: %w", err)
	}
	return busy, nil
}

// markUnread notes whose calendar is not known. Somebody the portal's answer left
// out is unknown, not free.
func markUnread(attendees []meet.Attendee, busy map[int64]meet.Availability) {
	for i := range attendees {
		if attendees[i].Unknown != "" {
			continue
		}
		read, found := busy[attendees[i].ID]
		if !found {
			read.Unknown = meet.UnknownMissing
		}
		attendees[i].Unknown = read.Unknown
	}
}

// attendees lists everybody the query asks for, in its order.
func attendees(q meet.Query, known map[int64]meet.Person, home *time.Location) []meet.Attendee {
	required := make(map[int64]bool, len(q.Required))
	for _, id := range q.Required {
		required[id] = true
	}
	var all []meet.Attendee
	for _, id := range q.People() {
		person, found := known[id]
		a := meet.Attendee{Person: person, Zone: home, Required: required[id]}
		a.ID = id
		switch own, err := zone.Load(person.Zone); {
		case !found:
			a.Unknown = meet.UnknownPerson
		case !person.Active:
			a.Unknown = meet.UnknownDismissed
		case err == nil:
			a.Zone = own
		case person.Zone != "":
			a.Unknown = meet.UnknownZone
		}
		all = append(all, a)
	}
	return all
}

func homeZone(me meet.Person, office meet.Office) *time.Location {
	if own, err := zone.Load(me.Zone); err == nil {
		return own
	}
	return office.Zone
}
