package meet

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"slotfinder/internal/civil"
	"slotfinder/internal/civil/zone"
	"slotfinder/internal/rescue"
	"slotfinder/internal/sweep"
)

// Finder answers queries. It is the only way in which the product decides that a
// slot is free: searching, sharing and booking all ask it.
type Finder struct {
	Directory Directory
	Calendar  Calendar
	Hours     Hours
	Steward   *Steward // nil: everybody searches with their own rights
	Gate      Gate     // nil: any number of searches compute at once
	Now       func() time.Time
}

// Gate bounds what computes at the same time. Finder holds a place while the engine
// works, and not while a portal is waited for.
type Gate interface {
	// Enter waits for a place and returns how to give it back.
	//
	// Errors: Busy when the member has too much at work, Unavailable when everybody
	// has, or the context ends.
	Enter(ctx context.Context, m Member) (leave func(), err error)
}

// enter takes a place for the engine.
func (f *Finder) enter(ctx context.Context, m Member) (leave func(), err error) {
	if f.Gate == nil {
		return func() {}, nil
	}
	return f.Gate.Enter(ctx, m)
}

// Answer is what Finder found out. Several readers may share it.
type Answer struct {
	Query     Query     // resolved: zone, days and people are explicit
	AsOf      time.Time // UTC, the minute that has begun
	People    []Attendee
	View      View     // with whose rights calendars were read
	Disputed  []string // zones whose clocks the portal reads otherwise than we do: its time zone data or ours is old
	Found     sweep.Answer
	WeekStart time.Weekday // the first day of a week at the portal
	Relax     []Relaxation // only when nothing was found
	Split     []sweep.Part // meetings that together cover everybody; only when nothing was found
	Cut       []Part       // what was not looked for to the end: there may be more, or better
	search    *inquiry
	seeker    Person // who asks, as the portal tells
	reader    Member // with whose rights calendars were read
	hours     rota
}

// Attendee is an asked person with what the answer says of him.
type Attendee struct {
	Person
	Zone     *time.Location
	Required bool
	Unknown  Unknown // why the calendar could not be read; "" = it was
}

// Attendance says how everybody stands to a meeting during s.
func (a Answer) Attendance(s civil.Span) sweep.Attendance {
	defer a.search.hold()()
	return a.search.Attendance(s)
}

// Explain says who is unavailable in the minute that t lies in, and by which rule.
func (a Answer) Explain(t time.Time) sweep.Explanation {
	defer a.search.hold()()
	return a.search.Explain(civil.Floor(t))
}

// Timeline returns the stretches of time in which the i-th of People is not
// available, chronological, for the table of people and time.
func (a Answer) Timeline(i int) []sweep.Stretch {
	defer a.search.hold()()
	return a.search.Timeline(i)
}

// Find answers q for the member. The query need not be resolved.
//
// Errors: Invalid when fields contradict each other; otherwise those of
// Directory and Calendar, and Unavailable when ctx has ended: an answer is whole, but
// for the parts it calls cut. A person whose calendar alone could not be read is no
// error but unknown in the answer.
func (f *Finder) Find(ctx context.Context, m Member, q Query) (Answer, error) {
	a, err := f.find(ctx, m, q)
	if err == nil && len(a.Found.Slots) == 0 {
		err = f.help(ctx, m, &a)
	}
	if err == nil {
		err = ended(ctx)
	}
	if err != nil {
		return Answer{Query: a.Query}, err
	}
	return a, nil
}

// split looks for several meetings instead of one.
func (f *Finder) split(a *Answer) {
	parts, cut := a.search.Split(f.budget(splitTime))
	a.Split = parts
	a.cut(PartSplit, cut)
}

// cut notes that a part was cut, if it was.
func (a *Answer) cut(part Part, so bool) {
	if so {
		a.Cut = append(a.Cut, part)
	}
}

// find answers q without looking for what would help when nothing is free.
func (f *Finder) find(ctx context.Context, m Member, q Query) (Answer, error) {
	now := f.Now()
	q, err := q.name(m)
	if err != nil {
		return Answer{}, err // before anybody is looked up
	}
	p, err := f.look(ctx, m, q)
	if err != nil {
		return Answer{}, err
	}
	home := homeZone(p.known[m.User], p.office)
	q, err = q.resolve(home, now)
	if err != nil {
		return Answer{Query: q}, err
	}
	attendees := q.attendees(p.known, home)
	watchOf(ctx).begin(q, slices.Clone(attendees))
	busy, eyes, err := f.see(ctx, m, p.office, attendees, q.during())
	if err != nil {
		return Answer{Query: q}, err
	}
	markUnread(attendees, busy)
	hours, rules := newRota(p.office, p.schedules), q.rules(now)
	rules.Prefer = p.schedules[m.User].prefer(home, q.Zone, q.From.Midnight(q.Zone))
	a := Answer{
		Query: q, AsOf: now.UTC().Truncate(time.Minute), People: attendees, View: eyes.view,
		WeekStart: p.office.WeekStart, seeker: p.known[m.User], reader: eyes.reader, hours: hours,
	}
	a.Disputed = disputed(p.office, busy)
	leave, err := f.enter(ctx, m)
	if err != nil {
		return Answer{Query: q}, err
	}
	defer leave()
	a.search = &inquiry{Search: sweep.Prepare(sweep.Input{
		People: engineInput(attendees, busy, hours), Rules: rules, Stop: over(ctx), Enough: f.budget(seriesTime),
	})}
	if a.Found = a.search.Answer(); a.Found.Stopped {
		return Answer{Query: q}, ended(ctx)
	}
	a.cut(PartSeries, a.Found.CutSeries)
	return a, nil
}

// disputed are the zones whose clocks the portal reads otherwise than we do, in order and
// once each.
func disputed(office Office, busy map[int64]Availability) []string {
	zones := slices.Clone(office.Disputed)
	for _, a := range busy {
		zones = append(zones, a.Disputed...)
	}
	slices.Sort(zones)
	return slices.Compact(zones)
}

// Persons returns what the portal tells of the query's people and of the member.
func (f *Finder) Persons(ctx context.Context, m Member, q Query) (map[int64]Person, error) {
	return f.Directory.People(ctx, m, distinct(append(q.people(), m.User)))
}

// premises are what is read before the calendars.
type premises struct {
	office    Office
	profiles  map[int64]Person   // as the portal tells
	known     map[int64]Person   // in the zones that they have set for themselves
	schedules map[int64]Schedule // and the portal's default, under Everyone
}

// look reads the premises of a query, all at the same time.
func (f *Finder) look(ctx context.Context, m Member, q Query) (p premises, err error) {
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
		p.schedules, err = f.Hours.Schedules(ctx, m.Portal, distinct(append(q.people(), m.User)))
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
func moved(profiles map[int64]Person, schedules map[int64]Schedule) map[int64]Person {
	known := maps.Clone(profiles)
	for id, s := range schedules {
		if person, found := known[id]; found && s.Zone != "" {
			person.Zone = s.Zone
			known[id] = person
		}
	}
	return known
}

// busy reads, with the rights of the reader, the calendars of those who can be known.
func (f *Finder) busy(ctx context.Context, reader Member, attendees []Attendee, during civil.Span) (map[int64]Availability, error) {
	var residents []Resident
	for _, a := range attendees {
		if a.Unknown == "" {
			residents = append(residents, Resident{ID: a.ID, Zone: a.Zone})
		}
	}
	if len(residents) == 0 {
		return nil, nil
	}
	busy, err := f.Calendar.Busy(ctx, reader, residents, during, false)
	if err != nil {
		return nil, fmt.Errorf("reading calendars: %w", err)
	}
	return busy, nil
}

// markUnread notes whose calendar is not known. Somebody the portal's answer left
// out is unknown, not free.
func markUnread(attendees []Attendee, busy map[int64]Availability) {
	for i := range attendees {
		if attendees[i].Unknown != "" {
			continue
		}
		read, found := busy[attendees[i].ID]
		if !found {
			read.Unknown = UnknownMissing
		}
		attendees[i].Unknown = read.Unknown
	}
}

// attendees lists everybody the query asks for, in its order.
func (q Query) attendees(known map[int64]Person, home *time.Location) []Attendee {
	required := make(map[int64]bool, len(q.Who))
	for _, id := range q.Who {
		required[id] = true
	}
	var all []Attendee
	for _, id := range q.people() {
		person, found := known[id]
		a := Attendee{Person: person, Zone: home, Required: required[id]}
		a.ID = id
		switch own, err := zone.Load(person.Zone); {
		case !found:
			a.Unknown = UnknownPerson
		case !person.Active:
			a.Unknown = UnknownDismissed
		case err == nil:
			a.Zone = own
		case person.Zone != "":
			a.Unknown = UnknownZone
		}
		all = append(all, a)
	}
	return all
}

func homeZone(me Person, office Office) *time.Location {
	if own, err := zone.Load(me.Zone); err == nil {
		return own
	}
	return office.Zone
}

func engineInput(attendees []Attendee, busy map[int64]Availability, hours rota) []sweep.Person {
	people := make([]sweep.Person, len(attendees))
	for i, a := range attendees {
		people[i] = sweep.Person{ID: a.ID, Required: a.Required, Zone: a.Zone, Hours: hours.of(a.ID), Unknown: a.Unknown != ""}
		for _, b := range busy[a.ID].Blocks {
			people[i].Blocks = append(people[i].Blocks, sweep.Block{Span: b.Span, Kind: b.kind(), Row: b.Row})
		}
	}
	return people
}

func (b Block) kind() sweep.Kind {
	var k sweep.Kind
	if b.Tentative {
		k |= sweep.Tentative
	}
	if b.AllDay {
		k |= sweep.AllDay
	}
	if b.Absent {
		k |= sweep.Absent
	}
	return k
}

// hours is the portal's working time as everybody has it in his own zone.
func (o Office) hours() *sweep.Hours {
	day := []civil.Range{{Start: o.WorkStart, End: o.WorkEnd}}
	h := &sweep.Hours{Extra: day}
	for weekday, free := range o.Weekend {
		if !free {
			h.Week[weekday] = day
		}
	}
	h.Holidays, h.Workdays = o.Holidays, o.Workdays
	return h
}
