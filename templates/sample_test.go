package templates_test

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"sort"
	"testing"
	"time"

	"slotfinder/internal/civil"
	tz "slotfinder/internal/civil/zone"
	"slotfinder/internal/meet"
	"slotfinder/templates/find"
	"slotfinder/templates/part"
)

// A made-up company that stays the same: the pages' tests and pictures are about it.

var sampleNow = time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)

var sampleStaff = []struct{ name, role, department, zone string }{
	{"Anna Becker", "Head of sales", "Sales", "Europe/Berlin"},
	{"Дмитрий Соколов", "Инженер", "Product", "Europe/Berlin"},
	{"Aigerim Nurlanova", "Account manager", "Sales", "Asia/Almaty"},
	{"João Pereira", "Designer", "Product", "Europe/Lisbon"},
	{"Marta Kowalska", "Lawyer", "Finance", "Europe/Warsaw"},
	{"Lukas Weber", "Engineer", "Product", "Europe/Berlin"},
	{"Priya Raman", "Support lead", "Support", "Asia/Kolkata"},
	{"Tom Fischer", "Engineer", "Product", "Europe/Berlin"},
	{"Олена Шевченко", "Marketing", "Sales", "Europe/Kyiv"},
	{"Emre Yıldız", "Analyst", "Finance", "Europe/Istanbul"},
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := tz.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// facts are a made-up answer, and the choice of whoever looks at it. Tests change it as
// they like; answer() is what the engine would have said.
type facts struct {
	Query     string // encoded
	Choice    find.Choice
	Zone      *time.Location
	From, To  time.Time // first and last day
	Now       time.Time
	Duration  int
	Step      int
	Hours     civil.Range
	Days      [7]bool
	WeekStart time.Weekday
	Weeks     int
	Quorum    int
	People    []person
	View      meet.View
	Disputed  []string
	Windows   []civil.Span
	Slots     []meet.Slot
	Why       meet.Reason
	Near      []meet.Slot
	Series    []meet.Series
	Rotation  []meet.Turn
	Relax     []meet.Relaxation
	Split     []meet.SplitPart
	Cut       []meet.Part
	Missing   func(start, end time.Time) []meet.Verdict
	Remarks   []meet.Remark // on the cards, in their order
	Burdens   []meet.Burden
	Instead   []meet.Slot // for every week in which the series fails
	Holidays  []civil.YearDay
}

// person is somebody with when they are not available, chronological.
type person struct {
	part.Person
	Stretches []stretch
}

// stretch is a part of time in which somebody is not available; the search may allow it.
type stretch struct {
	Start, End time.Time
	Kind       find.Kind
	Free       bool
}

// states are what the engine says of the kinds.
var states = map[find.Kind]meet.State{
	find.Outside: meet.StateMissing &^ meet.StateUnread &^ meet.StateBooked, find.Tentative: meet.StateBooked | meet.StateUnsure, find.Busy: meet.StateBooked | meet.StateDecided,
	find.Away: meet.StateBooked | meet.StateAway, find.Unread: meet.StateUnread,
}

// people are those of the answer as the pages show them.
func (f facts) people() []part.Person {
	people := make([]part.Person, len(f.People))
	for i, p := range f.People {
		people[i] = p.Person
	}
	return people
}

func (f facts) answer() meet.Answer {
	a := meet.Answer{
		Query: meet.Query{
			Zone: f.Zone, From: civil.DateOf(f.From), To: civil.DateOf(f.To), Duration: f.Duration, Step: f.Step,
			Hours: f.Hours, Days: f.Days, Weeks: f.Weeks, Quorum: f.Quorum,
		},
		AsOf: f.Now, View: f.View, Disputed: f.Disputed, WeekStart: f.WeekStart, Holidays: f.Holidays, Relax: f.Relax, Split: f.Split, Cut: f.Cut, Details: details{facts: f},
	}
	a.Found.Windows, a.Found.Slots, a.Found.Near, a.Found.Why = f.Windows, f.Slots, f.Near, f.Why
	a.Found.Series, a.Found.Rotation = f.Series, f.Rotation
	for _, p := range f.People {
		a.People = append(a.People, p.Attendee)
	}
	return a
}

// details answer what the pages ask of single people and times.
type details struct {
	meet.Details // nil: pages ask for nothing else
	facts        facts
}

func (d details) Verdicts(start, end time.Time) []meet.Verdict { return d.facts.Missing(start, end) }

func (d details) Remarks(proposals []civil.Span) []meet.Remark {
	return append(slices.Clone(d.facts.Remarks), make([]meet.Remark, len(proposals))...)[:len(proposals)]
}

func (d details) Instead(within civil.Span, _ int) (slots []meet.Slot) {
	for _, s := range d.facts.Instead {
		if within.Contains(s.Span) {
			slots = append(slots, s)
		}
	}
	return slots
}

func (d details) Burdens(civil.Span) []meet.Burden { return d.facts.Burdens }

func (d details) Timeline(i int) []meet.Stretch {
	var list []meet.Stretch
	for _, s := range d.facts.People[i].Stretches {
		state := states[s.Kind]
		if s.Free {
			state &^= meet.StateMissing
		}
		list = append(list, meet.Stretch{Span: civil.Outward(s.Start, s.End), State: state})
	}
	return list
}

// sample returns the facts of n people over some days, half an hour each.
func sample(t testing.TB, n, days int) facts {
	t.Helper()
	berlin := zone(t, "Europe/Berlin")
	f := facts{
		Zone: berlin, From: time.Date(2026, 11, 23, 0, 0, 0, 0, berlin), Now: sampleNow,
		Duration: 30, Step: 30, Hours: civil.Range{Start: 8 * 60, End: 19 * 60}, WeekStart: time.Monday, Weeks: 1,
	}
	f.To = f.From.AddDate(0, 0, days-1)
	f.Query = url.Values{"me": {"0"}, "who": {"1,2,3,4,5,6,7,8"}, "dur": {"30"}, "from": {"2026-11-23"}, "to": {f.To.Format(time.DateOnly)}, "hours": {"08:00-19:00"}, "tz": {"Europe/Berlin"}}.Encode()
	for i := range n {
		staff := sampleStaff[i%len(sampleStaff)]
		p := person{Person: part.Person{Department: staff.department, Me: i == 0}}
		p.ID, p.Name, p.Position = int64(i+1), staff.name, staff.role
		p.Zone, p.Required = zone(t, staff.zone), true
		p.Stretches = sampleWeek(p, f.From, days)
		f.People = append(f.People, p)
	}
	f.fill()
	return f
}

// sampleWeek makes up working hours and meetings.
func sampleWeek(p person, from time.Time, days int) []stretch {
	random := rand.New(rand.NewPCG(7, uint64(p.ID)))
	var list []stretch
	add := func(a, b time.Time, kind find.Kind) { list = append(list, stretch{Start: a, End: b, Kind: kind}) }
	for d := -1; d <= days; d++ {
		year, month, date := from.AddDate(0, 0, d).Date()
		at := func(hour, minute int) time.Time { return time.Date(year, month, date, hour, minute, 0, 0, p.Zone) }
		if w := at(12, 0).Weekday(); w == time.Saturday || w == time.Sunday {
			add(at(0, 0), at(24, 0), find.Outside)
			continue
		}
		add(at(0, 0), at(8, 30), find.Outside)
		if p.ID%10 == 5 && (d == 1 || d == 2) {
			add(at(0, 0), at(24, 0), find.Away)
		}
		for range 2 + random.IntN(2) {
			start := at(9+random.IntN(9), 30*random.IntN(2))
			kind := find.Busy
			if random.IntN(4) == 0 {
				kind = find.Tentative
			}
			add(start, start.Add(time.Duration(30*(1+random.IntN(2)))*time.Minute), kind)
		}
		add(at(18, 0), at(24, 0), find.Outside)
	}
	slices.SortStableFunc(list, func(a, b stretch) int { return a.Start.Compare(b.Start) })
	return list
}

// fill looks for windows, slots and near misses at every start.
func (f *facts) fill() {
	f.Missing = func(start, end time.Time) []meet.Verdict { return missing(f.People, start, end) }
	f.Windows, f.Slots, f.Near = nil, nil, nil
	step := time.Duration(f.Step) * time.Minute
	length := time.Duration(f.Duration) * time.Minute
	var all []meet.Slot
	for day := f.From; !day.After(f.To); day = day.AddDate(0, 0, 1) {
		year, month, date := day.Date()
		first := time.Date(year, month, date, 0, f.Hours.Start, 0, 0, f.Zone)
		last := time.Date(year, month, date, 0, f.Hours.End, 0, 0, f.Zone)
		for t := first; !t.Add(length).After(last); t = t.Add(step) {
			all = append(all, meet.Slot{Span: civil.Outward(t, t.Add(length))})
		}
	}
	absent := make(map[civil.Minute]int, len(all))
	for _, s := range all {
		absent[s.Start] = requiredMissing(f, s)
		if absent[s.Start] == 0 {
			s.Rank, s.Reasons = len(f.Slots)+1, []meet.Reason{"all_free", "keeps_focus"}
			f.Slots = append(f.Slots, s)
			if n := len(f.Windows); n > 0 && f.Windows[n-1].End >= s.Start {
				f.Windows[n-1].End = s.End
			} else {
				f.Windows = append(f.Windows, s.Span)
			}
		}
	}
	if len(f.Slots) == 0 {
		sort.SliceStable(all, func(i, j int) bool { return absent[all[i].Start] < absent[all[j].Start] })
		f.Near = all[:min(20, len(all))]
		for i := range f.Near {
			f.Near[i].Rank, f.Near[i].Reasons = i+1, []meet.Reason{"missing_required"}
		}
	}
}

func requiredMissing(f *facts, s meet.Slot) int {
	n := 0
	for _, m := range missing(f.People, s.Start.Time(), s.End.Time()) {
		if f.People[slices.IndexFunc(f.People, func(p person) bool { return p.ID == m.Person })].Required {
			n++
		}
	}
	return n
}

// rules are the engine's rules for the kinds.
var rules = map[find.Kind]meet.Reason{find.Outside: "outside", find.Tentative: "tentative", find.Busy: "busy", find.Away: "absent", find.Unread: "unknown"}

func missing(people []person, start, end time.Time) (list []meet.Verdict) {
	for _, p := range people {
		kind, free := find.Outside, p.Unknown == ""
		if !free {
			kind = find.Unread
		}
		for _, s := range p.Stretches {
			if s.Start.Before(end) && s.End.After(start) && !s.Free {
				kind, free = max(kind, s.Kind), false
			}
		}
		if !free {
			list = append(list, meet.Verdict{Person: p.ID, Rule: rules[kind]})
		}
	}
	return list
}

// scan reads a text of a page.
func scan(t testing.TB, text, format string, into ...any) {
	t.Helper()
	if _, err := fmt.Sscanf(text, format, into...); err != nil {
		t.Fatalf("%q is no %q: %v", text, format, err)
	}
}

// view is the whole search page about some facts.
func view(f facts) find.View {
	values, _ := url.ParseQuery(f.Query)
	form := find.Form{Values: values, People: f.people(), Choice: f.Choice}
	return find.View{Form: form, Result: find.NewResult(f.answer(), form)}
}

func attendee(id int64, required bool) part.Person {
	return part.Person{Attendee: meet.Attendee{Person: meet.Person{ID: id}, Required: required}}
}

func named(id int64, name string) *part.Person {
	p := attendee(id, false)
	p.Name = name
	return &p
}

// kept is a group of people as it is kept.
func kept(name string, people []part.Person) meet.Kept {
	k := meet.Kept{Group: meet.Group{Name: name, Selection: meet.Selection{Required: []int64{1, 2}}}}
	for _, p := range people {
		k.Staff = append(k.Staff, p.Attendee.Person)
	}
	return k
}
