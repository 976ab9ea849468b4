package e2e

import (
	"regexp"
	"testing"
	"time"

	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/portalsim"
)

// TestWeeksBeginAsInThePortal: the board turns its pages by weeks that begin on the
// portal's first day of the week.
func TestWeeksBeginAsInThePortal(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	wednesday := time.Now().UTC().AddDate(0, 0, 14)
	for wednesday.Weekday() != time.Wednesday {
		wednesday = wednesday.AddDate(0, 0, 1)
	}
	path := "/find?dur=30&days=mo,tu,we,th,fr,sa,su&from=" + wednesday.AddDate(0, 0, -9).Format(time.DateOnly) +
		"&to=" + wednesday.AddDate(0, 0, 9).Format(time.DateOnly) + "&day=" + wednesday.Format(time.DateOnly)
	shown := regexp.MustCompile(`<a class="strip-day shown[^"]*" href="[^"]*day=(\d{4}-\d\d-\d\d)`)
	for user, c := range map[int]struct {
		setting string
		want    int // days from the Wednesday back to the first that is shown
	}{2: {"MO", 2}, 5: {"SU", 3}, 6: {"SA", 4}} { // nobody's settings are remembered for others
		p.Company.Change(func(portal *portalsim.Portal) {
			portal.Settings.WeekStart, portal.Settings.WeekHolidays, portal.Settings.YearHolidays = c.setting, nil, ""
		})
		_, body := p.Get(p.SignIn(user), path, "")
		days := shown.FindAllStringSubmatch(body, -1)
		if len(days) != 7 || days[0][1] != wednesday.AddDate(0, 0, -c.want).Format(time.DateOnly) {
			t.Errorf("%s: the days shown are %v, want the 7 from %d days before %s", c.setting, days, c.want, wednesday.Format(time.DateOnly))
		}
	}
}
