package bitrix24

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestReadStamp(t *testing.T) {
	t.Parallel()
	tests := []struct {
		raw   string
		order order
		want  string // "" = unreadable
	}{
		{"10.03.2026 14:00:00", dayFirst, "2026-03-10 14:00:00"},
		{"10.03.2026 14:00", dayFirst, "2026-03-10 14:00:00"},
		{"10.03.2026", dayFirst, "2026-03-10 00:00:00"},
		{"10.03.2026", unknownOrder, "2026-03-10 00:00:00"}, // dots: the day comes first everywhere
		{`03\/10\/2026 02:00:00 pm`, monthFirst, "2026-03-10 14:00:00"},
		{`03\/10\/2026 02:00:00 pm`, dayFirst, "2026-10-03 14:00:00"},
		{`03\/10\/2026 02:00:00 pm`, unknownOrder, ""},
		{`10\/10\/2026 12:00:00 am`, unknownOrder, "2026-10-10 00:00:00"},
		{"03/10/2026 12:30 PM", monthFirst, "2026-03-10 12:30:00"},
		{"03/10/2026 12:30AM", monthFirst, "2026-03-10 00:30:00"},
		{`03\u002F10\u002f2026 1:05:09 am`, monthFirst, "2026-03-10 01:05:09"},
		{"2026-03-10 14:00:00", unknownOrder, "2026-03-10 14:00:00"},
		{"2026-03-10 14:00:00", dayFirst, "2026-03-10 14:00:00"},
		{"2026/3/9", unknownOrder, "2026-03-09 00:00:00"},
		{"9.3.2026 7:05:00", dayFirst, "2026-03-09 07:05:00"},
		{"10-03-2026 14:00:00", dayFirst, "2026-03-10 14:00:00"},
		{"29.02.2028", dayFirst, "2028-02-29 00:00:00"},
		{"29.02.2026", dayFirst, ""},
		{"31.04.2026", dayFirst, ""},
		{"00.03.2026", dayFirst, ""},
		{"13.13.2026", dayFirst, ""},
		{"10.03.26", dayFirst, ""},
		{"10.03.2026 24:00:00", dayFirst, ""},
		{"10.03.2026 14:60:00", dayFirst, ""},
		{"10.03.2026 14:00:00 ", dayFirst, ""},
		{"10.03.2026 14:00:00 xm", dayFirst, ""},
		{"10.03.2026 14:00:00 am", dayFirst, ""},
		{"10.03.2026 00:00:00 pm", dayFirst, ""},
		{"10.03.2026 14", dayFirst, ""},
		{"10.03.2026T14:00:00+03:00", dayFirst, ""},
		{"10.03/2026", dayFirst, ""},
		{"10032026", dayFirst, ""},
		{"10 March 2026", dayFirst, ""},
		{"0000-00-00 00:00:00", unknownOrder, ""},
		{"", dayFirst, ""},
		{`\`, dayFirst, ""},
		{`10.03.2026 14:00\`, dayFirst, ""},
		{"123456789012345678901234567890", dayFirst, ""},
	}
	for _, test := range tests {
		s, ok := readStamp([]byte(test.raw))
		reading, decided := s.reading(test.order)
		got := ""
		if ok && decided {
			got = time.Unix(reading, 0).UTC().Format(time.DateTime)
		}
		if got != test.want {
			t.Errorf("%q: got %q, want %q", test.raw, got, test.want)
		}
	}
}

// Reading by positions is faster and otherwise the same. Each byte of a plain date is replaced
// by others.
func TestPlainStamp(t *testing.T) {
	t.Parallel()
	const plain = "10.03.2026 14:05:09"
	taken := 0
	for at := range len(plain) {
		for c := range 256 {
			raw := []byte(plain)
			raw[at] = byte(c)
			s, ok := plainStamp(raw)
			slow, slowly := parseStamp(raw)
			if ok && (!slowly || s != slow) {
				t.Errorf("%q: %+v, but %+v, %v", raw, s, slow, slowly)
			}
			if ok {
				taken++
			}
		}
	}
	if taken < 19*3 {
		t.Errorf("only %d dates were read by places", taken)
	}
}

func TestCivilDay(t *testing.T) {
	t.Parallel()
	for at := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2500; at = at.AddDate(0, 0, 13) {
		day, ok := civilDay(at.Year(), int(at.Month()), at.Day())
		if want := at.Unix() / 86400; !ok || int64(day) != want {
			t.Fatalf("%v: got %d, %v; want %d", at, day, ok, want)
		}
	}
}

// layouts are cultures in Go's terms, with their order.
var layouts = []struct {
	layout string
	order  order
}{
	{"02.01.2006 15:04:05", dayFirst},
	{"02/01/2006 15:04:05", dayFirst},
	{"02-01-2006 15:04", dayFirst},
	{"2.1.2006 15:04:05", dayFirst},
	{"01/02/2006 03:04:05 pm", monthFirst},
	{"1/2/2006 3:04 PM", monthFirst},
	{"2006-01-02 15:04:05", unknownOrder},
	{"2006/01/02 15:04:05", unknownOrder},
}

func TestDatesOfAllCulturesRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		want := time.Unix(rapid.Int64Range(-2e9, 4e9).Draw(r, "at")/60*60, 0).UTC()
		culture := rapid.SampledFrom(layouts).Draw(r, "culture")
		raw := strings.ReplaceAll(want.Format(culture.layout), "/", `\/`)
		s, ok := readStamp([]byte(raw))
		got, decided := s.reading(culture.order)
		if !ok || !decided || got != want.Unix() {
			r.Fatalf("%q: got %v, want %v", raw, time.Unix(got, 0).UTC(), want)
		}
	})
}

// A reading of a zone's clock gives the instant at which the clock shows it; a skipped one by
// the offset before the change, a repeated one the first of the two instants.
func TestWallClockRoundTrip(t *testing.T) {
	t.Parallel()
	names := []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Chatham", "Asia/Kathmandu", "America/Santiago", "Africa/Cairo", "Asia/Beirut", "Africa/Casablanca", "America/St_Johns", "Pacific/Apia", "UTC", "America/Havana"}
	rapid.Check(t, func(r *rapid.T) {
		loc := zoneNamed(t, rapid.SampledFrom(names).Draw(r, "zone"))
		from := time.Date(rapid.IntRange(2011, 2040).Draw(r, "year"), time.Month(rapid.IntRange(1, 12).Draw(r, "month")), 1, 0, 0, 0, 0, time.UTC)
		w := newWallClock(loc, from.Unix(), from.AddDate(0, 3, 0).Unix())
		at := from.Add(time.Duration(rapid.IntRange(0, 89*24*60).Draw(r, "minute")) * time.Minute)
		_, offset := at.In(loc).Zone()
		got := w.instant(at.Unix() + int64(offset))
		_, gotOffset := time.Unix(got, 0).In(loc).Zone()
		if got == at.Unix() {
			return
		}
		// Only a repeated reading may be another instant: the earlier one of two.
		if got > at.Unix() || got+int64(gotOffset) != at.Unix()+int64(offset) {
			r.Fatalf("%v read back as %v", at.In(loc), time.Unix(got, 0).In(loc))
		}
	})
}

func TestWallClockInGapsAndOverlaps(t *testing.T) {
	t.Parallel()
	tests := []struct{ zone, reading, want string }{
		{"Europe/Berlin", "2026-03-29 01:59:00", "2026-03-29T00:59:00Z"},
		{"Europe/Berlin", "2026-03-29 02:30:00", "2026-03-29T01:30:00Z"}, // skipped: the clock shows 03:30
		{"Europe/Berlin", "2026-03-29 03:00:00", "2026-03-29T01:00:00Z"},
		{"Europe/Berlin", "2026-10-25 02:30:00", "2026-10-25T00:30:00Z"}, // the first of two
		{"Europe/Berlin", "2026-10-25 03:00:00", "2026-10-25T02:00:00Z"},
		{"Australia/Lord_Howe", "2026-04-05 01:45:00", "2026-04-04T14:45:00Z"}, // half an hour is repeated
		{"Australia/Lord_Howe", "2026-10-04 02:15:00", "2026-10-03T15:45:00Z"}, // and skipped
		{"Africa/Cairo", "2026-04-24 00:00:00", "2026-04-23T22:00:00Z"},        // a day that begins at 01:00
		{"America/New_York", "2026-03-08 02:00:00", "2026-03-08T07:00:00Z"},
	}
	from, to := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, test := range tests {
		reading, err := time.Parse(time.DateTime, test.reading)
		if err != nil {
			t.Fatal(err)
		}
		got := time.Unix(newWallClock(zoneNamed(t, test.zone), from.Unix(), to.Unix()).instant(reading.Unix()), 0).UTC().Format(time.RFC3339)
		if got != test.want {
			t.Errorf("%s in %s: got %s, want %s", test.reading, test.zone, got, test.want)
		}
	}
}

// After 2037 the bounds of a zone that package time returns don't advance at the end of leap
// years. A search that far ahead must neither hang nor be wrong.
func TestWallClockAtTheEndOfLeapYears(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Europe/Berlin", "Australia/Lord_Howe", "America/Santiago", "Pacific/Chatham"} {
		loc := zoneNamed(t, name)
		from := time.Date(2039, 10, 1, 0, 0, 0, 0, time.UTC)
		w := newWallClock(loc, from.Unix(), from.AddDate(6, 0, 0).Unix())
		for at := from; at.Before(from.AddDate(6, 0, 0)); at = at.Add(5 * time.Hour) {
			_, offset := at.In(loc).Zone()
			got := w.instant(at.Unix() + int64(offset))
			if _, repeated := time.Unix(got, 0).In(loc).Zone(); got != at.Unix() && got+int64(repeated) != at.Unix()+int64(offset) {
				t.Fatalf("%v read back as %v", at.In(loc), time.Unix(got, 0).In(loc))
			}
		}
	}
}

func FuzzStamp(f *testing.F) {
	for _, culture := range layouts {
		f.Add(time.Date(2026, 3, 10, 14, 5, 9, 0, time.UTC).Format(culture.layout))
	}
	f.Add(`03\/10\/2026 02:00:00 pm`)
	f.Add(`03\u002f10\u002f2026`)
	f.Fuzz(func(t *testing.T, raw string) {
		s, ok := readStamp([]byte(raw))
		if slow, slowly := parseStamp([]byte(raw)); slowly && (!ok || s != slow) {
			t.Errorf("%q: %+v, but %+v", raw, s, slow)
		}
		if plain, plainly := plainStamp([]byte(raw)); plainly {
			if slow, slowly := parseStamp([]byte(raw)); !slowly || plain != slow {
				t.Errorf("%q by places: %+v, but %+v, %v", raw, plain, slow, slowly)
			}
		}
		if !ok {
			return
		}
		for _, o := range []order{unknownOrder, dayFirst, monthFirst} {
			day, ok := s.day(o)
			if !ok {
				continue
			}
			at := time.Unix(int64(day)*86400, 0).UTC()
			numbers := fmt.Sprint(at.Year(), " ", int(at.Month()), " ", at.Day())
			written := fmt.Sprint(s.year, " ", s.first, " ", s.second)
			swapped := fmt.Sprint(s.year, " ", s.second, " ", s.first)
			if numbers != written && numbers != swapped {
				t.Errorf("%q in order %d is %v", raw, o, at)
			}
		}
		if s.seconds < 0 || s.seconds >= 86400 {
			t.Errorf("%q: %d seconds", raw, s.seconds)
		}
	})
}
