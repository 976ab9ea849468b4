package calendar

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"slotfinder/internal/portalsim/clock"
	"slotfinder/internal/portalsim/portal"
	"slotfinder/internal/portalsim/truth"
)

// readSpan reads an entry as a client should: the readings in the zones that stand
// beside them, whole days in home. It uses nothing of the simulator.
func readSpan(t fataler, culture clock.Culture, r raw, home *time.Location) (from, to time.Time) {
	t.Helper()
	if r.HR {
		r.DateFrom, r.DateTo, r.SkipTime = r.From, r.To, "Y"
	}
	if r.SkipTime == "Y" {
		from, to = readReadings(t, culture, r, home, home)
		return from, to.AddDate(0, 0, 1)
	}
	return readReadings(t, culture, r, loc(t, r.ZoneFrom), loc(t, r.ZoneTo))
}

// readReadings reads DATE_FROM and DATE_TO, with time or without.
func readReadings(t fataler, culture clock.Culture, r raw, zoneFrom, zoneTo *time.Location) (from, to time.Time) {
	t.Helper()
	formats := map[clock.Culture][2]string{
		clock.CultureDMY:   {"02.01.2006", "02.01.2006 15:04:05"},
		clock.CultureMDY:   {"01/02/2006", "01/02/2006 03:04:05 pm"},
		clock.CultureISO:   {"2006-01-02", "2006-01-02 15:04:05"},
		clock.CultureSlash: {"02/01/2006", "02/01/2006 15:04:05"},
	}[culture]
	read := func(text string, zone *time.Location) time.Time {
		layout := formats[1]
		if len(text) <= len("02.01.2006") {
			layout = formats[0]
		}
		at, err := time.ParseInLocation(layout, text, zone)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	return read(r.DateFrom, zoneFrom), read(r.DateTo, zoneTo)
}

// drawEvent is any event of Olga's. It avoids the small hours, where a zone may
// skip or repeat a reading. Events that end in another zone come only on servers
// that never change their clocks: on others Bitrix24 shifts the end by an hour on
// the day of the change.
func drawEvent(r *rapid.T, steadyServer bool) portal.Event {
	zone := rapid.SampledFrom([]string{"Europe/Berlin", "America/New_York", "Asia/Tokyo", "Pacific/Auckland", "Asia/Kolkata", "America/Los_Angeles", "UTC"})
	// No first time lies at a change of any server's clocks.
	day := rapid.SampledFrom([]clock.Date{clock.On(2024, 1, 31), clock.On(2025, 6, 10), clock.On(2025, 12, 30), clock.On(2026, 1, 15), clock.On(2026, 2, 2), clock.On(2026, 2, 24)}).Draw(r, "day")
	e := portal.Event{
		Owner: olga, Name: "E",
		From:   day.At(rapid.IntRange(5, 18).Draw(r, "hour"), rapid.SampledFrom([]int{0, 15, 30, 59}).Draw(r, "minute")),
		Access: rapid.SampledFrom([]string{"busy", "quest", "absent", "free"}).Draw(r, "access"),
	}
	e.ZoneFrom = zone.Draw(r, "zone from")
	e.ZoneTo = e.ZoneFrom
	if rapid.Bool().Draw(r, "all day") {
		e.AllDay = true
		e.To = day.Plus(rapid.IntRange(0, 4).Draw(r, "days")).At(0, 0)
	} else {
		e.To = e.From.AddSeconds(int64(rapid.IntRange(0, 300).Draw(r, "minutes")) * 60)
		if steadyServer && rapid.Bool().Draw(r, "two zones") {
			e.ZoneTo = zone.Draw(r, "zone to")
		}
	}
	if rapid.Bool().Draw(r, "recurs") {
		e.Rule = drawRule(r)
		e.ExDates = rapid.SliceOfN(rapid.Custom(func(r *rapid.T) clock.Date {
			return clock.On(2026, 3, rapid.IntRange(1, 40).Draw(r, "excluded"))
		}), 0, 3).Draw(r, "exdates")
	}
	return e
}

func drawRule(r *rapid.T) *portal.Rule {
	rule := &portal.Rule{
		Freq:     rapid.SampledFrom([]string{"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}).Draw(r, "freq"),
		Interval: rapid.IntRange(1, 3).Draw(r, "interval"),
	}
	if rule.Freq == "WEEKLY" {
		days := rapid.SliceOfNDistinct(rapid.IntRange(0, 6), 0, 4, rapid.ID[int]).Draw(r, "days")
		for _, d := range days {
			rule.ByDay = append(rule.ByDay, time.Weekday(d))
		}
	}
	switch rapid.IntRange(0, 2).Draw(r, "end") {
	case 1:
		rule.Count = rapid.IntRange(1, 300).Draw(r, "count")
	case 2:
		rule.Until = clock.On(2026, 3, rapid.IntRange(-10, 40).Draw(r, "until"))
	}
	return rule
}

// Whatever the server's zone, the culture and the asker: an answer, read as a
// client should read it, is the truth.
func TestAnswersReadBackAreTheTruth(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, time.March, 5, 0, 0, 0, 0, time.UTC)
	to := time.Date(2026, time.April, 3, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(r *rapid.T) {
		p := example(t)
		p.ServerZone = loc(t, rapid.SampledFrom([]string{"UTC", "Europe/Moscow", "America/New_York"}).Draw(r, "server"))
		p.Culture = rapid.SampledFrom([]clock.Culture{clock.CultureDMY, clock.CultureMDY, clock.CultureISO, clock.CultureSlash}).Draw(r, "culture")
		for range rapid.IntRange(1, 4).Draw(r, "events") {
			p.AddEvent(drawEvent(r, p.ServerZone.String() != "America/New_York"))
		}
		if rapid.Bool().Draw(r, "absent") {
			first := clock.On(2026, 3, rapid.IntRange(-5, 40).Draw(r, "first"))
			p.AddAbsence(portal.Absence{User: olga, From: first.At(0, 0), To: first.Plus(rapid.IntRange(0, 9).Draw(r, "more")).At(0, 0)})
		}
		asks := rapid.SampledFrom([]int{asker, olga, boss}).Draw(r, "asker")
		var got []truth.Span
		for _, e := range busyRaw(t, p, asks, olga, "2026-01-19", "2026-04-04") {
			var s truth.Span
			s.From, s.To = readSpan(r, p.Culture, e, loc(r, "Europe/Moscow"))
			s.Tentative, s.Absent = e.Access == "quest", e.Access == "absent"
			s.AllDay = e.SkipTime == "Y" || e.HR
			got = append(got, within(s, from, to)...)
		}
		want := truth.Busy(p.Portal, olga, from, to)
		for i := range want {
			want[i].ID = 0
		}
		if diff := cmp.Diff(sorted(want), sorted(got)); diff != "" {
			r.Fatalf("the answer differs from the truth: %s", diff)
		}
	})
}

// within is the part of a span in a period, if any.
func within(s truth.Span, from, to time.Time) []truth.Span {
	if s.From.Before(from) {
		s.From = from
	}
	if s.To.After(to) {
		s.To = to
	}
	if !s.From.Before(s.To) {
		return nil
	}
	s.From, s.To = s.From.UTC(), s.To.UTC()
	return []truth.Span{s}
}

func sorted(spans []truth.Span) []truth.Span {
	spans = slices.Clone(spans)
	flags := func(s truth.Span) int {
		n := 0
		for i, set := range []bool{s.Tentative, s.AllDay, s.Absent} {
			if set {
				n |= 1 << i
			}
		}
		return n
	}
	slices.SortFunc(spans, func(a, b truth.Span) int {
		if c := a.From.Compare(b.From); c != 0 {
			return c
		}
		if c := a.To.Compare(b.To); c != 0 {
			return c
		}
		return flags(a) - flags(b)
	})
	return spans
}
