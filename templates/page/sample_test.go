package page_test

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
	"slotfinder/templates/page"
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

// sample returns the facts of n people over some days, half an hour each.
func sample(t testing.TB, n, days int) page.Facts {
	t.Helper()
	berlin := zone(t, "Europe/Berlin")
	f := page.Facts{
		Zone: berlin, From: time.Date(2026, 11, 23, 0, 0, 0, 0, berlin), Now: sampleNow,
		Duration: 30, Step: 30, Hours: civil.Range{Start: 8 * 60, End: 19 * 60}, WeekStart: time.Monday, Weeks: 1,
	}
	f.To = f.From.AddDate(0, 0, days-1)
	f.Query = url.Values{"me": {"0"}, "who": {"1,2,3,4,5,6,7,8"}, "dur": {"30"}, "from": {"2026-11-23"}, "to": {f.To.Format(time.DateOnly)}, "hours": {"08:00-19:00"}, "tz": {"Europe/Berlin"}}.Encode()
	for i := range n {
		staff := sampleStaff[i%len(sampleStaff)]
		p := page.Person{
			ID: int64(i + 1), Name: staff.name, Position: staff.role, Department: staff.department,
			Zone: zone(t, staff.zone), Required: true, Me: i == 0,
		}
		p.Stretches = sampleWeek(p, f.From, days)
		f.People = append(f.People, p)
	}
	answer(&f)
	return f
}

// sampleWeek makes up working hours and meetings.
func sampleWeek(p page.Person, from time.Time, days int) []page.Stretch {
	random := rand.New(rand.NewPCG(7, uint64(p.ID)))
	var list []page.Stretch
	add := func(a, b time.Time, kind page.Kind) { list = append(list, page.Stretch{Start: a, End: b, Kind: kind}) }
	for d := -1; d <= days; d++ {
		year, month, date := from.AddDate(0, 0, d).Date()
		at := func(hour, minute int) time.Time { return time.Date(year, month, date, hour, minute, 0, 0, p.Zone) }
		if w := at(12, 0).Weekday(); w == time.Saturday || w == time.Sunday {
			add(at(0, 0), at(24, 0), page.Outside)
			continue
		}
		add(at(0, 0), at(8, 30), page.Outside)
		if p.ID%10 == 5 && (d == 1 || d == 2) {
			add(at(0, 0), at(24, 0), page.Away)
		}
		for range 2 + random.IntN(2) {
			start := at(9+random.IntN(9), 30*random.IntN(2))
			kind := page.Busy
			if random.IntN(4) == 0 {
				kind = page.Tentative
			}
			add(start, start.Add(time.Duration(30*(1+random.IntN(2)))*time.Minute), kind)
		}
		add(at(18, 0), at(24, 0), page.Outside)
	}
	slices.SortStableFunc(list, func(a, b page.Stretch) int { return a.Start.Compare(b.Start) })
	return list
}

// answer fills in windows, slots and near misses by looking at every start.
func answer(f *page.Facts) {
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

func requiredMissing(f *page.Facts, s meet.Slot) int {
	n := 0
	for _, m := range missing(f.People, s.Start.Time(), s.End.Time()) {
		if f.People[slices.IndexFunc(f.People, func(p page.Person) bool { return p.ID == m.Person })].Required {
			n++
		}
	}
	return n
}

// rules are the engine's rules for the kinds.
var rules = map[page.Kind]meet.Reason{page.Outside: "outside", page.Tentative: "tentative", page.Busy: "busy", page.Away: "absent", page.Unread: "unknown"}

func missing(people []page.Person, start, end time.Time) (list []meet.Verdict) {
	for _, p := range people {
		kind, free := page.Outside, p.Unknown == ""
		if !free {
			kind = page.Unread
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
func view(f page.Facts) page.FindView {
	values, _ := url.ParseQuery(f.Query)
	return page.FindView{Form: page.Form{Values: values, People: f.People, Choice: f.Choice}, Result: page.NewResult(f)}
}
