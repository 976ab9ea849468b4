package bitrix24

import (
	"fmt"
	"testing"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/civil/zone"
)

// blocked is the time that an event between two clock readings blocks, "" for none. Zones are that
// of its beginning and, if it differs, that of its end.
func blocked(t *testing.T, from, to string, zones ...string) string {
	t.Helper()
	first, err1 := time.Parse("2006-01-02 15:04", from)
	last, err2 := time.Parse("2006-01-02 15:04", to)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	var e entry
	e.value[fromZone], e.value[toZone] = []byte(zones[0]), []byte(zones[len(zones)-1])
	around := civil.Span{Start: civil.Floor(first.AddDate(0, 0, -9)), End: civil.Floor(last.AddDate(0, 0, 9))}
	start, end, ok := newAnswerReader(dayFirst, nil, nil, around).timedSpan(&e, first.Unix(), last.Unix())
	if !ok || start >= end {
		return ""
	}
	utc := func(at int64) string { return time.Unix(at, 0).UTC().Format("02 15:04") }
	return utc(start) + " - " + utc(end)
}

// An event that has a length on the clock blocks a time, also in a night in which the
// clock skips it.
func TestEventsInTheHourThatAClockSkips(t *testing.T) {
	t.Parallel()
	const berlin, santiago = "Europe/Berlin", "America/Santiago"
	tests := []struct{ name, from, to, zone, toZone, want string }{
		{"the whole hour", "2026-03-29 02:00", "2026-03-29 03:00", berlin, berlin, "29 01:00 - 29 02:00"},
		{"its second half", "2026-03-29 02:30", "2026-03-29 03:00", berlin, berlin, "29 01:30 - 29 02:00"},
		{"its first half", "2026-03-29 02:00", "2026-03-29 02:30", berlin, berlin, "29 01:00 - 29 01:30"},
		{"a part of it", "2026-03-29 02:15", "2026-03-29 02:45", berlin, berlin, "29 01:15 - 29 01:45"},
		{"out of it, shorter than it", "2026-03-29 02:30", "2026-03-29 03:15", berlin, berlin, "29 01:30 - 29 02:15"},
		{"out of it, longer than it", "2026-03-29 02:30", "2026-03-29 04:00", berlin, berlin, "29 01:30 - 29 02:00"},
		{"into it", "2026-03-29 01:30", "2026-03-29 02:30", berlin, berlin, "29 00:30 - 29 01:30"},
		{"over it", "2026-03-29 01:00", "2026-03-29 04:00", berlin, berlin, "29 00:00 - 29 02:00"},
		{"up to it", "2026-03-29 01:00", "2026-03-29 02:00", berlin, berlin, "29 00:00 - 29 01:00"},
		{"no time at all in it", "2026-03-29 02:30", "2026-03-29 02:30", berlin, berlin, ""},
		{"backwards in it", "2026-03-29 02:45", "2026-03-29 02:15", berlin, berlin, ""},
		{"backwards out of it", "2026-03-29 03:30", "2026-03-29 02:45", berlin, berlin, "29 01:30 - 29 01:45"},
		{"the same clock in another city", "2026-03-29 02:00", "2026-03-29 03:00", berlin, "Europe/Paris", "29 01:00 - 29 02:00"},
		{"to a clock that skips another hour", "2026-03-29 02:30", "2026-03-29 02:00", berlin, "Europe/London", "29 01:30 - 29 02:00"},
		{"the first hour of a day", "2028-09-03 00:00", "2028-09-03 01:00", santiago, santiago, "03 04:00 - 03 05:00"},
		{"over that midnight", "2028-09-02 23:30", "2028-09-03 00:30", santiago, santiago, "03 03:30 - 03 04:30"},
		{"half an hour that is skipped", "2026-10-04 02:00", "2026-10-04 02:30", "Australia/Lord_Howe", "Australia/Lord_Howe", "03 15:30 - 03 16:00"},
		{"another day", "2026-03-30 02:00", "2026-03-30 03:00", berlin, berlin, "30 00:00 - 30 01:00"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := blocked(t, test.from, test.to, test.zone, test.toZone); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// In an hour that comes twice the first one counts, for starts and ends.
func TestEventsInTheHourThatComesTwice(t *testing.T) {
	t.Parallel()
	tests := []struct{ from, to, zone, want string }{
		{"2026-10-25 02:00", "2026-10-25 03:00", "Europe/Berlin", "25 00:00 - 25 02:00"},
		{"2026-10-25 02:15", "2026-10-25 02:45", "Europe/Berlin", "25 00:15 - 25 00:45"},
		{"2026-10-25 01:30", "2026-10-25 02:30", "Europe/Berlin", "24 23:30 - 25 00:30"},
		{"2026-10-25 02:30", "2026-10-25 03:30", "Europe/Berlin", "25 00:30 - 25 02:30"},
		{"2026-10-25 02:45", "2026-10-25 02:15", "Europe/Berlin", ""},
		{"2026-04-05 01:30", "2026-04-05 02:00", "Australia/Lord_Howe", "04 14:30 - 04 15:30"},
		{"2027-04-03 23:00", "2027-04-03 23:30", "America/Santiago", "04 02:00 - 04 02:30"},
	}
	for _, test := range tests {
		if got := blocked(t, test.from, test.to, test.zone); got != test.want {
			t.Errorf("%s - %s in %s: got %q, want %q", test.from, test.to, test.zone, got, test.want)
		}
	}
}

// TestNoSwitchSwallowsAnEvent tries every change of every clock on the list, with events
// of all lengths around it.
func TestNoSwitchSwallowsAnEvent(t *testing.T) {
	t.Parallel()
	from, to := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2029, 1, 1, 0, 0, 0, 0, time.UTC)
	switches := 0
	for _, name := range zone.Names() {
		if zone.Canonical(name) != name {
			continue
		}
		loc := zoneNamed(t, name)
		for _, at := range changes(loc, from, to) {
			switches++
			if fault := swallowed(loc, name, at); fault != "" {
				t.Errorf("%s at %s: %s", name, at.UTC().Format(time.RFC3339), fault)
			}
		}
	}
	if switches < 500 {
		t.Errorf("only %d switches were looked at", switches)
	}
}

// changes are the instants from which on a clock has another offset.
func changes(loc *time.Location, from, to time.Time) (found []time.Time) {
	for at := from.In(loc); ; {
		_, next := at.ZoneBounds()
		if next.IsZero() || next.After(to) {
			return found
		}
		_, before := next.Add(-time.Second).Zone()
		if _, after := next.Zone(); before != after {
			found = append(found, next)
		}
		at = next
	}
}

// swallowed says what is wrong with events around a change of a clock: an event that has a length
// on the clock blocks a time, and exactly the one between its readings if the clock shows both.
func swallowed(loc *time.Location, name string, change time.Time) string {
	around := civil.Span{Start: civil.Floor(change.Add(-72 * time.Hour)), End: civil.Floor(change.Add(72 * time.Hour))}
	r := newAnswerReader(dayFirst, nil, nil, around)
	var e entry
	e.value[fromZone], e.value[toZone] = []byte(name), []byte(name)
	_, before := change.Add(-time.Second).In(loc).Zone()
	base := change.Unix() + int64(before) - 3*3600
	for first := base; first < base+6*3600; first += 15 * 60 {
		for _, length := range []int64{15, 30, 60, 90, 180} {
			last := first + length*60
			start, end, ok := r.timedSpan(&e, first, last)
			shown := reads(loc, start) == first && reads(loc, end) == last
			text := fmt.Sprintf("%s for %d minutes takes %d", time.Unix(first, 0).UTC().Format("15:04"), length, (end-start)/60)
			switch {
			case !ok || start >= end:
				return text
			case !shown && reads(loc, start) == first && reads(loc, end) != last && end-start != length*60:
				return text + ", ending in no reading"
			case reads(loc, start) != first && start < change.Unix():
				return text + ", beginning before the skip"
			case earlier(loc, start):
				return text + ", beginning at the second of two readings"
			}
		}
	}
	return ""
}

// reads is what the clock shows at an instant, as if it were UTC.
func reads(loc *time.Location, at int64) int64 {
	_, offset := time.Unix(at, 0).In(loc).Zone()
	return at + int64(offset)
}

// earlier reports whether the clock has shown the same reading in the hours before.
func earlier(loc *time.Location, at int64) bool {
	for back := int64(15 * 60); back <= 3*3600; back += 15 * 60 {
		if reads(loc, at-back) == reads(loc, at) {
			return true
		}
	}
	return false
}
