package e2e

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	tz "slotfinder/internal/civil/zone"
	"slotfinder/internal/e2e/harness"
)

// TestSearchEqualsTheTruth compares /find, from the portal's REST answers to JSON,
// with a minute-by-minute reading of the simulated portal's own model.
func TestSearchEqualsTheTruth(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(1)
	monday := harness.NextMonday(time.Now())
	day := func(n int) string { return monday.AddDate(0, 0, n).Format(time.DateOnly) }
	for _, query := range []string{
		"from=" + day(0) + "&to=" + day(4) + "&who=2,3&dur=30&tz=Europe/Berlin",
		"from=" + day(0) + "&to=" + day(13) + "&who=2,3,4,5&dur=60&step=30&tz=Asia/Kolkata",
		"from=" + day(0) + "&to=" + day(6) + "&who=4&opt=6,7&dur=45&tz=America/New_York&tentative=free&allday=free",
		"from=" + day(0) + "&to=" + day(6) + "&who=8,9,10&work=0&dur=60&tz=Europe/Moscow&hours=08:00-22:00&days=mo,we,fr",
		"from=" + day(0) + "&to=" + day(6) + "&who=2,11&buffer=15&dur=30&step=5&tz=Australia/Lord_Howe&notice=2880",
		"from=" + day(7) + "&to=" + day(60) + "&who=2,3,12&dur=120&step=60&tz=Europe/London",
	} {
		t.Run(query, func(t *testing.T) {
			got := p.Find(client, query)
			windows, slots := truth(p, t, query, got)
			if diff := cmp.Diff(windows, got.Windows); diff != "" {
				t.Errorf("windows (-truth +answer): %s", diff)
			}
			var starts []harness.Interval
			for _, s := range got.Slots {
				starts = append(starts, s.Interval)
			}
			if diff := cmp.Diff(slots, starts); diff != "" {
				t.Errorf("slots (-truth +answer): %s", diff)
			}
		})
	}
}

// truth works the answer out from the model, minute by minute.
func truth(p *harness.Product, t *testing.T, query string, a harness.Answer) (windows, slots []harness.Interval) {
	t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	zone, err := tz.Load(values.Get("tz"))
	if err != nil {
		t.Fatal(err)
	}
	from, _ := time.ParseInLocation(time.DateOnly, values.Get("from"), zone)
	last, _ := time.ParseInLocation(time.DateOnly, values.Get("to"), zone)
	end := time.Date(last.Year(), last.Month(), last.Day()+1, 0, 0, 0, 0, zone)
	number := func(name string, missing int) int {
		if n, err := strconv.Atoi(values.Get(name)); err == nil {
			return n
		}
		return missing
	}
	length := time.Duration(number("dur", 60)) * time.Minute

	open := make([]bool, int(end.Sub(from)/time.Minute))
	earliest := a.AsOf.Truncate(time.Minute).Add(time.Duration(number("notice", 0)) * time.Minute)
	for i := range open {
		minute := from.Add(time.Duration(i) * time.Minute)
		open[i] = !minute.Before(earliest) && asked(values, minute)
	}
	for _, person := range a.People {
		if person.Availability != "known" {
			t.Fatalf("person %d is unknown: %s", person.ID, person.Reason)
		}
		if person.Required {
			strike(p, t, open, from, end, int(person.ID), person.TimeZone, values, number("buffer", 0))
		}
	}
	for i := 0; i < len(open); i++ {
		j := i
		for j < len(open) && open[j] {
			j++
		}
		if w := (harness.Interval{Start: from.Add(time.Duration(i) * time.Minute).UTC(), End: from.Add(time.Duration(j) * time.Minute).UTC()}); w.End.Sub(w.Start) >= length {
			windows = append(windows, w)
			slots = append(slots, starts(w, length, number("step", 15), zone)...)
		}
		i = j
	}
	return windows, slots
}

// asked reports whether the seeker's hours and days allow a minute.
func asked(values url.Values, minute time.Time) bool {
	if days := values.Get("days"); days != "" && !strings.Contains(days, strings.ToLower(minute.Weekday().String()[:2])) {
		return false
	}
	clock := minute.Format("15:04")
	after, before, limited := strings.Cut(values.Get("hours"), "-")
	return !limited || clock >= after && (clock < before || before == "24:00")
}

// strike closes the minutes in which a person is not available.
func strike(p *harness.Product, t *testing.T, open []bool, from, end time.Time, user int, zoneName string, values url.Values, buffer int) {
	zone, err := tz.Load(zoneName)
	if err != nil {
		t.Fatal(err)
	}
	slack := time.Duration(buffer) * time.Minute
	for _, busy := range p.Company.TrueBusy(user, from.Add(-24*time.Hour), end.Add(24*time.Hour), zone) {
		if !busy.Absent && (busy.Tentative && values.Get("tentative") == "free" || busy.AllDay && values.Get("allday") == "free") {
			continue
		}
		for i := range open {
			minute := from.Add(time.Duration(i) * time.Minute)
			if minute.Add(time.Minute).After(busy.From.Add(-slack)) && minute.Before(busy.To.Add(slack)) {
				open[i] = false
			}
		}
	}
	if values.Get("work") == "0" {
		return
	}
	for i := range open {
		open[i] = open[i] && works(p, t, from.Add(time.Duration(i)*time.Minute).In(zone))
	}
}

// works reports whether the portal's office is open at a local minute.
func works(p *harness.Product, t *testing.T, local time.Time) bool {
	office := p.Company.Settings
	yearDay := fmt.Sprintf("%d.%02d", local.Day(), int(local.Month()))
	if slices.Contains(strings.Split(office.YearHolidays, ","), yearDay) {
		return false
	}
	weekend := slices.Contains(office.WeekHolidays, strings.ToUpper(local.Weekday().String()[:2]))
	if weekend && !slices.Contains(strings.Split(office.YearWorkdays, ","), yearDay) {
		return false
	}
	at := local.Hour()*60 + local.Minute()
	return at >= clock(t, office.WorkStart) && at < clock(t, office.WorkEnd)
}

func clock(t *testing.T, text string) int {
	hour, minute, _ := strings.Cut(text, ".")
	h, err := strconv.Atoi(hour)
	if err != nil {
		t.Fatal(err)
	}
	m, _ := strconv.Atoi(minute)
	return h*60 + m
}

// starts lists the grid's slots within a window.
func starts(w harness.Interval, length time.Duration, step int, zone *time.Location) (slots []harness.Interval) {
	for at := w.Start; !at.Add(length).After(w.End); at = at.Add(time.Minute) {
		if local := at.In(zone); (local.Hour()*60+local.Minute())%step == 0 {
			slots = append(slots, harness.Interval{Start: at, End: at.Add(length)})
		}
	}
	return slots
}
