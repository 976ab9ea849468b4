package locale

import (
	"testing"
	"time"

	"slotfinder/internal/civil/zone"
)

// A clock that is put back shows readings twice; only those are told apart.
func TestTimesThatComeTwice(t *testing.T) {
	t.Parallel()
	c := For("en")
	at := func(zoneName string, hour, minute int) time.Time {
		z, err := zone.Load(zoneName)
		if err != nil {
			t.Fatal(err)
		}
		return time.Date(2026, 10, 25, hour, minute, 0, 0, time.UTC).In(z)
	}
	const berlin = "Europe/Berlin"
	for _, test := range []struct{ got, want string }{
		{c.Time(at(berlin, 0, 30)), "02:30 (UTC+2)"},
		{c.Time(at(berlin, 1, 30)), "02:30 (UTC+1)"},
		{c.Time(at(berlin, 0, 0)), "02:00 (UTC+2)"},
		{c.Time(at(berlin, 1, 59)), "02:59 (UTC+1)"},
		{c.Time(at(berlin, 2, 0)), "03:00"},
		{c.Time(at(berlin, -1, 59)), "01:59"},
		{c.With12Hours().Time(at(berlin, 0, 30)), "2:30 am (UTC+2)"},
		{c.TimeRange(at(berlin, 0, 15), at(berlin, 0, 45)), "02:15–02:45 (UTC+2)"},
		{c.TimeRange(at(berlin, 0, 30), at(berlin, 1, 30)), "02:30 (UTC+2)–02:30 (UTC+1)"},
		{c.TimeRange(at(berlin, -1, 30), at(berlin, 0, 30)), "01:30–02:30 (UTC+2)"},
		{c.TimeRange(at(berlin, 1, 30), at(berlin, 2, 30)), "02:30 (UTC+1)–03:30"},
		{c.Time(at("Asia/Kolkata", 0, 30)), "06:00"},
	} {
		if test.got != test.want {
			t.Errorf("%q, want %q", test.got, test.want)
		}
	}
}
