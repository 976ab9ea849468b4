package locale_test

import (
	"compress/gzip"
	"encoding/json"
	"os"
	"testing"
	"time"

	"slotfinder/internal/locale"
)

// TestDatesAreThoseOfIntl compares every day of a leap year, in every shape and
// every language, with what Intl (CLDR 48) writes.
func TestDatesAreThoseOfIntl(t *testing.T) {
	t.Parallel()
	file, err := os.Open("testdata/intl.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var intl struct {
		Year    int
		Samples map[string]map[string][]string
	}
	if err := json.NewDecoder(unzipped).Decode(&intl); err != nil {
		t.Fatal(err)
	}
	for _, c := range locale.All() {
		write := map[string]func(time.Time) string{
			"dayLong": c.DayLong, "dayShort": c.DayShort, "dayMonth": c.DayMonth, "monthYear": c.MonthYear,
			"date": c.Date, "time": c.Time, "time12": c.With12Hours().Time,
			"weekday": func(t time.Time) string { return c.Weekday(t.Weekday()) },
		}
		if len(intl.Samples[c.Tag]) != len(write) {
			t.Errorf("%s: %d shapes in the samples, %d here", c.Tag, len(intl.Samples[c.Tag]), len(write))
		}
		for shape, want := range intl.Samples[c.Tag] {
			for i, want := range want {
				day := time.Date(intl.Year, 1, 1+i, 21, 7, 0, 0, time.UTC)
				if got := write[shape](day); got != want {
					t.Errorf("%s %s %s: %q, Intl writes %q", c.Tag, shape, day.Format(time.DateOnly), got, want)
				}
			}
		}
	}
}

func TestRanges(t *testing.T) {
	t.Parallel()
	c := locale.For("en")
	morning := time.Date(2026, 11, 23, 9, 5, 0, 0, time.UTC)
	cases := []struct{ name, got, want string }{
		{"times", c.TimeRange(morning, morning.Add(30*time.Minute)), "09:05–09:35"},
		{"times in halves", c.With12Hours().TimeRange(morning, morning.Add(4*time.Hour)), "9:05\u00a0am – 1:05\u00a0pm"},
		{"times in one half", c.With12Hours().TimeRange(morning, morning.Add(time.Hour)), "9:05 – 10:05\u00a0am"},
		{"times where the half comes first", locale.For("tr").With12Hours().TimeRange(morning, morning.Add(time.Hour)), "ÖÖ\u00a09:05 – 10:05"},
		{"over midnight in halves", c.With12Hours().TimeRange(morning.Add(14*time.Hour), morning.Add(16*time.Hour)), "11:05\u00a0pm – 1:05\u00a0am"},
		{"an hour", c.Hour(morning.Add(-5 * time.Minute)), "09"},
		{"a half hour", c.Hour(morning.Add(25 * time.Minute)), "09:30"},
		{"an hour in halves", c.With12Hours().Hour(morning.Add(5*time.Hour - 5*time.Minute)), "2pm"},
		{"a half hour in halves", locale.For("es").With12Hours().Hour(morning.Add(25 * time.Minute)), "9:30am"},
		{"a pattern for scripts", c.ClockPatterns(), "{hour2}:{minute2}"},
		{"two patterns for scripts", c.With12Hours().ClockPatterns(), "{hour12}:{minute2} am|{hour12}:{minute2} pm"},
		{"midnight in halves", c.With12Hours().Clock(0), "12:00 am"},
		{"noon in halves", c.With12Hours().Clock(12 * 60), "12:00 pm"},
		{"days", c.DayRange(morning, morning.AddDate(0, 0, 11)), "Mon 23 Nov – Fri 4 Dec"},
		{"one day", c.DayRange(morning, morning.Add(time.Hour)), "Mon 23 Nov"},
		{"the same day a year later", c.DayRange(morning, morning.AddDate(1, 0, 0)), "Mon 23 Nov – Tue 23 Nov"},
		{"a clock reading", c.Clock(8*60 + 30), "08:30"},
		{"the end of a day", c.Clock(24 * 60), "24:00"},
		{"a weekday", locale.For("ru").WeekdayLong(time.Monday), "понедельник"},
	}
	for _, x := range cases {
		if x.got != x.want {
			t.Errorf("%s: %q, want %q", x.name, x.got, x.want)
		}
	}
}
