package bitrix24

import (
	"fmt"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
	"slotfinder/internal/portalsim"
)

// The 5th of December, which is the 12th of May with day and month swapped.
const december, may = "2026-12-05", "2026-05-12"

// instance is an instance of a series, whose numbers tell nothing, on a day as it is written.
func instance(day, until string) string {
	return strings.ReplaceAll(fmt.Sprintf(`{"ID":"4","DATE_FROM":"%s 10:00:00","DATE_TO":"%s 12:00:00","DATE_FROM_TS_UTC":"1756702800","DATE_TO_TS_UTC":"2145992400","DT_SKIP_TIME":"N","TZ_FROM":"UTC","TZ_TO":"UTC","ACCESSIBILITY":"busy"}`, day, until), "/", `\/`)
}

func oneDay(t testing.TB, date string) civil.Span {
	t.Helper()
	start := minute(t, date+" 00:00")
	return civil.Span{Start: start, End: start + 24*60}
}

// An administrator swaps day and month. What was learned before must not show anybody as free who
// isn't.
func TestCultureChanges(t *testing.T) {
	t.Parallel()
	const busy, unreadable = "12-05 10:00 - 12-05 12:00 #4", "unknown: unreadable"
	absence := func(from, to string) string {
		return strings.ReplaceAll(fmt.Sprintf(`{"FROM_HR":true,"ID":"9","DT_FROM":"%s","DT_TO":"%s","ACCESSIBILITY":"absent"}`, from, to), "/", `\/`)
	}
	tests := []struct {
		name, learned, then, own, want string
		during                         string
	}{
		{"day first, then month first", "05/11/2026", instance("12/05/2026", "12/05/2026"), "", busy, december},
		{"month first, then day first", "11/20/2026", instance("05/12/2026", "05/12/2026"), "", busy, december},
		{"it would end before it begins", "11/20/2026", instance("04/12/2026", "05/12/2026"), "", "12-05 00:00 - 12-05 12:00 #4", december},
		{"an absence", "20/11/2026", absence("12/05/2026", "12/06/2026"), "", "12-05 00:00 - 12-06 00:00 all-day absent #0", december},
		{
			"as likely as not: the portal is asked", "20/11/2026", instance("12/11/2026", "12/11/2026"),
			`{"result":[{"DATE_FROM":"12\/05\/2026 10:00:00","DATE_FROM_FORMATTED":"Sat Dec 05 2026 10:00:00"}]}`,
			"12-11 10:00 - 12-11 12:00 #4", "2026-12-11",
		},
		{"as likely as not, and the portal can't tell", "20/11/2026", instance("12/11/2026", "12/11/2026"), `{"result":[]}`, unreadable, "2026-12-11"},
		{
			"evidence for both", "20/11/2026", instance("12/05/2026", "12/05/2026") + "," + instance("06/12/2026", "06/12/2026"),
			`{"result":[]}`, unreadable, december,
		},
		{"nobody asked for it either way", "20/11/2026", instance("03/04/2026", "03/04/2026"), `{"result":[]}`, unreadable, december},
		{"nor for this, whatever the order", "20/11/2026", instance("2026-05-12", "2026-05-12"), "", unreadable, december},
		{"an absence nobody asked for", "20/11/2026", absence("12.05.2026", "14.05.2026"), "", unreadable, december},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
			f := newFake(map[string]func(request) answer{
				"batch": ok(berlinSettings),
				"calendar.accessibility.get": inTurn(
					ok(`{"result":{"1":[`+instance(test.learned, test.learned)+`]}}`), ok(`{"result":{"1":[`+test.then+`]}}`)),
				"calendar.event.get": ok(test.own),
			})
			c := f.client(t)
			c.cfg.Now = func() time.Time { return now }
			c.calendars.now, c.portals.now = c.cfg.Now, c.cfg.Now
			people := []meet.Resident{{ID: 1, Zone: time.UTC}}
			first, err := c.Busy(t.Context(), anna, people, oneDay(t, "2026-11-20"), false)
			if err != nil || first[1].Unknown != "" || c.portals.get(anna.Portal).dateOrder(now) == unknownOrder {
				t.Fatalf("nothing was learned: %s, %v", show(first[1]), err)
			}
			now = now.Add(availabilityTTL + time.Second)
			got, err := c.Busy(t.Context(), anna, people, oneDay(t, test.during), false)
			if err != nil || show(got[1]) != test.want {
				t.Errorf("got %q, %v; want %q", show(got[1]), err, test.want)
			}
		})
	}
}

// Entries a little outside of what was asked for are accepted (FACTS.md fact 25).
func TestLooseEntries(t *testing.T) {
	t.Parallel()
	w := windowFor(oneDay(t, december)) // 21 October to 6 December
	if from, to := w.dates(); from != "2026-10-21" || to != "2026-12-06" {
		t.Fatalf("asked for %s to %s", from, to)
	}
	tests := []struct {
		name, first, last string
		want              bool
	}{
		{"the day itself", december, december, true},
		{"began long before", "2020-01-01", "2026-10-21", true},
		{"ends long after", "2026-12-06", "2031-01-01", true},
		{"an instance a day early", "2026-10-20", "2026-10-20", true},
		{"and by the clock of another zone", "2026-10-19", "2026-10-19", true},
		{"an instance a day late", "2026-12-07", "2026-12-07", true},
		{"an absence, for a token user far ahead of the server", "2026-12-08", "2026-12-08", true},
		{"lands, by the clock there, the day before", "2026-12-05", "2026-12-04", true},
		{"a month too early", "2026-09-21", "2026-09-21", false},
		{"half a year too early", may, may, false},
		{"a month too late", "2027-01-06", "2027-01-06", false},
		{"ends weeks before it begins", "2026-12-05", "2026-11-05", false},
	}
	day := func(date string) int {
		s, _ := readStamp([]byte(date))
		day, _ := s.day(unknownOrder)
		return day
	}
	for _, test := range tests {
		if got := w.mayContain(day(test.first), day(test.last)); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

// Between two readings an administrator changes the culture, to whatever it may be:
// what is read is the truth, or known not to be.
func TestBusyIsTheTruthAfterAChangeOfCulture(t *testing.T) {
	t.Parallel()
	cultures := rapid.SampledFrom([]portalsim.Culture{portalsim.CultureDMY, portalsim.CultureMDY, portalsim.CultureISO, portalsim.CultureSlash})
	read, unreadable := 0, 0
	rapid.Check(t, func(r *rapid.T) {
		now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
		p := portalsim.NewPortal(portalsim.Data{ServerZone: zoneNamed(t, "Europe/Moscow"), Culture: cultures.Draw(r, "culture"), Lang: "en", AbsenceBlock: true})
		for id := 1; id <= 3; id++ {
			p.Users = append(p.Users, &portalsim.User{ID: id, Active: true, Admin: id == 1, Zone: "Europe/Berlin"})
		}
		w, c := newWorld(t, p, 1, func() time.Time { return now })
		for range rapid.IntRange(1, 4).Draw(r, "events") {
			p.AddEvent(drawEvent(r, true))
		}
		if rapid.Bool().Draw(r, "absence") {
			p.AddAbsence(drawAbsence(r, true))
		}
		people := residents(t, p)
		for range 2 {
			start := minute(t, "2026-03-02 00:00") + civil.Minute(rapid.IntRange(0, 40).Draw(r, "first day")*24*60)
			during := civil.Span{Start: start, End: start + civil.Minute(rapid.IntRange(1, 31).Draw(r, "days")*24*60)}
			fresh := rapid.Bool().Draw(r, "fresh")
			got, err := c.Busy(t.Context(), w.member, people, during, fresh)
			if err != nil {
				r.Fatal(err)
			}
			for _, person := range people {
				a := got[person.ID]
				read++
				if a.Unknown == meet.UnknownUnreadable {
					unreadable++
					continue
				}
				want := withoutAbsenceRows(p, trueBlocks(p, person, during))
				if diff := gocmp.Diff(want, sortedBlocks(a.Blocks), cmpopts.EquateEmpty()); diff != "" || a.Unknown != "" {
					r.Fatalf("person %d %s (-want +got):\n%s", person.ID, a.Unknown, diff)
				}
			}
			p.Culture = cultures.Draw(r, "then")
			now = now.Add(availabilityTTL + time.Duration(rapid.IntRange(1, 600).Draw(r, "seconds"))*time.Second)
		}
	})
	if unreadable*10 > read {
		t.Errorf("%d of %d calendars unreadable: too many to be portals that give no hint", unreadable, read)
	}
}
