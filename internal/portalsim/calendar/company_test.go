package calendar

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/portalsim/clock"
	"slotfinder/internal/portalsim/portal"
	"slotfinder/internal/portalsim/seed"
	"slotfinder/internal/portalsim/truth"
)

// What an administrator reads of the people of the seeded companies is the truth.
// That includes timed absences, which are written by the asker's clock as it is
// today.
func TestSeededCompaniesReadBackAreTheTruth(t *testing.T) {
	t.Parallel()
	today := clock.WallOf(march2).Date
	from, to := march2.AddDate(0, 0, 8), march2.AddDate(0, 0, 70)
	for _, p := range []*Calendar{New(portal.New(*seed.Company(today))), New(portal.New(*seed.Branch(today)))} {
		p.EstimateBugs = false
		asks := adminOf(p)
		ahead := p.zones.Offset(p.zoneName(p.User(asks)), march2)
		for _, u := range p.Users {
			if len(p.Users) > 30 && u.ID%4 != 2 {
				continue // one in four of the large company is enough
			}
			home := loc(t, p.zoneName(u))
			var got []truth.Span
			for _, e := range busyRaw(t, p, asks, u.ID, "2026-01-20", "2026-05-12") {
				span := truth.Span{Tentative: e.Access == "quest", Absent: e.Access == "absent"}
				if timed := e.HR && len(e.From) > len("02.01.2006"); timed {
					clock := time.FixedZone("", int(ahead))
					e.DateFrom, e.DateTo = e.From, e.To
					span.From, span.To = readReadings(t, p.Culture, e, clock, clock)
				} else {
					span.From, span.To = readSpan(t, p.Culture, e, home)
					span.AllDay = e.SkipTime == "Y" || e.HR
				}
				got = append(got, within(span, from, to)...)
			}
			want := truth.Busy(p.Portal, u.ID, from, to)
			for i := range want {
				want[i].ID = 0
			}
			if diff := cmp.Diff(sorted(want), sorted(got)); diff != "" {
				t.Errorf("%s, user %d: %s", p.Host, u.ID, diff)
			}
		}
	}
}

func adminOf(p *Calendar) int {
	for _, u := range p.Users {
		if u.Admin {
			return u.ID
		}
	}
	return 0
}
