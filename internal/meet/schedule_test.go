package meet

import (
	"errors"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/civil"
)

func TestParseSchedule(t *testing.T) {
	t.Parallel()
	week := func(weekday time.Weekday, ranges ...civil.Range) (w [7][]civil.Range) {
		w[weekday] = ranges
		return w
	}
	christmas := civil.Period{First: civil.Date{Year: 2026, Month: 12, Day: 24}, Last: civil.Date{Year: 2026, Month: 12, Day: 31}}
	oneDay := civil.Period{First: civil.Date{Year: 2026, Month: 11, Day: 30}, Last: civil.Date{Year: 2026, Month: 11, Day: 30}}
	for _, c := range []struct {
		name, form string
		want       Schedule
	}{
		{"two ranges", "mo=09:00-12:30, 13:30-18:00", Schedule{Week: week(1, civil.Range{Start: 540, End: 750}, civil.Range{Start: 810, End: 1080})}},
		{"as people write", "mo=9 – 12.30; 13-17", Schedule{Week: week(1, civil.Range{Start: 540, End: 750}, civil.Range{Start: 780, End: 1020})}},
		{"in the wrong order", "su=13:00-17:00,9:00-12:00", Schedule{Week: week(0, civil.Range{Start: 540, End: 720}, civil.Range{Start: 780, End: 1020})}},
		{"across midnight", "fr=22:30-01:30", Schedule{Week: week(5, civil.Range{Start: 1350, End: 1530})}},
		{"until midnight", "fr=18:00-24:00", Schedule{Week: week(5, civil.Range{Start: 1080, End: 1440})}},
		{"until midnight as 0", "fr=18-0", Schedule{Week: week(5, civil.Range{Start: 1080, End: 1440})}},
		{"the whole day", "sa=0-24", Schedule{Week: week(6, civil.Range{Start: 0, End: 1440})}},
		{"touching", "mo=9-12,12-13", Schedule{Week: week(1, civil.Range{Start: 540, End: 720}, civil.Range{Start: 720, End: 780})}},
		{"everything", "tu=9-17&lunch=12-13&zone=Asia/Tokyo&prefer=10-12&off=2026-12-24/2026-12-31&off_from=2026-11-30", Schedule{
			Week: week(2, civil.Range{Start: 540, End: 1020}), Lunch: civil.Range{Start: 720, End: 780}, Zone: "Asia/Tokyo",
			Prefer: civil.Range{Start: 600, End: 720}, Off: []civil.Period{oneDay, christmas},
		}},
		{"days off twice", "tu=9-17&off=2026-12-24/2026-12-31&off_from=2026-12-24&off_to=2026-12-31", Schedule{
			Week: week(2, civil.Range{Start: 540, End: 1020}), Off: []civil.Period{christmas},
		}},
	} {
		values, err := url.ParseQuery(replaceSemicolons(c.form))
		if err != nil {
			t.Fatal(err)
		}
		got, err := ParseSchedule(values)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		again, err := ParseSchedule(got.Values())
		if diff := cmp.Diff(got, again); diff != "" || err != nil {
			t.Errorf("%s, written and read back: %v %s", c.name, err, diff)
		}
	}
}

// replaceSemicolons writes them as a browser does in a form.
func replaceSemicolons(form string) string {
	out := ""
	for _, r := range form {
		if r == ';' {
			out += "%3B"
			continue
		}
		out += string(r)
	}
	return out
}

func TestParseScheduleRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ form, field, key string }{
		{"", "mo", "field.no_hours"},
		{"mo=&lunch=12-13", "mo", "field.no_hours"},
		{"mo=nine to five", "mo", "field.ranges"},
		{"mo=9-17&tu=9", "tu", "field.ranges"},
		{"mo=9-9", "mo", "field.ranges"},
		{"mo=24:00-25:00", "mo", "field.ranges"},
		{"mo=24:00-01:00", "mo", "field.ranges"},
		{"mo=9-12,11-17", "mo", "field.ranges"},
		{"mo=22-6,23-1", "mo", "field.ranges"},
		{"mo=9:5-17", "mo", "field.ranges"},
		{"mo=9:-17", "mo", "field.ranges"},
		{"mo=-9-17", "mo", "field.ranges"},
		{"mo=1-2,3-4,5-6,7-8,9-10,11-12,13-14", "mo", "field.ranges"},
		{"mo=9-17&lunch=noon", "lunch", "field.lunch"},
		{"mo=9-17&lunch=10-16", "lunch", "field.lunch"},
		{"mo=9-17&prefer=22-2", "prefer", "field.hours"},
		{"mo=9-17&prefer=early", "prefer", "field.hours"},
		{"mo=9-17&zone=Local", "zone", "field.tz"},
		{"mo=9-17&zone=Mars/Base", "zone", "field.tz"},
		{"mo=9-17&off=2026-12-31/2026-12-24", "off", "field.date"},
		{"mo=9-17&off=soon", "off", "field.date"},
		{"mo=9-17&off_from=2026-13-01", "off_from", "field.date"},
		{"mo=9-17&off_to=2026-12-01", "off_from", "field.date"},
		{"mo=9-17&off_from=2026-12-02&off_to=2026-12-01", "off_to", "field.to_before_from"},
		{"mo=9-17&off_from=2026-01-01&off_to=2028-01-01", "off", "field.too_many_days_off"},
	} {
		values, err := url.ParseQuery(c.form)
		if err != nil {
			t.Fatal(err)
		}
		_, err = ParseSchedule(values)
		var fault *Error
		if !errors.As(err, &fault) || fault.Kind != Invalid {
			t.Errorf("%s: %v", c.form, err)
			continue
		}
		if diff := cmp.Diff(map[string]string{c.field: c.key}, fault.Fields); diff != "" {
			t.Errorf("%s: %s", c.form, diff)
		}
	}
}
