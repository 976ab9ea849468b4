package ical_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"pgregory.net/rapid"

	tz "slotfinder/internal/civil/zone"
	"slotfinder/internal/ical"
)

// TestTimesOnAClock: a meeting that is booked is written on the clock of its zone, and the
// rules of that clock that hold then are in the file.
func TestTimesOnAClock(t *testing.T) {
	t.Parallel()
	e := sample(t)
	e.Zone, e.Place = zone(t, "Europe/Berlin"), "Fjord; second floor"
	file := string(ical.File(e))
	for _, want := range []string{
		"BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\n", "BEGIN:STANDARD\r\nDTSTART:20261025T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nTZNAME:CET\r\nEND:STANDARD\r\n",
		"DTSTART;TZID=Europe/Berlin:20261203T100000\r\n", "DTEND;TZID=Europe/Berlin:20261203T103000\r\n", `LOCATION:Fjord\; second floor`,
	} {
		if !strings.Contains(file, want) {
			t.Errorf("no %q in %s", want, file)
		}
	}
	if two := string(ical.File(e, e)); strings.Count(two, "BEGIN:VTIMEZONE") != 1 {
		t.Errorf("the rules of one clock twice: %s", two)
	}
}

// TestClockRulesGiveTheInstant: whoever reads the file with its own rules alone comes to the
// instant, in any zone and also while a clock changes.
func TestClockRulesGiveTheInstant(t *testing.T) {
	t.Parallel()
	names := tz.Names()
	rapid.Check(t, func(t *rapid.T) {
		loc, err := tz.Load(rapid.SampledFrom(names).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		start := time.Unix(rapid.Int64Range(0, 67*365*24*60).Draw(t, "minute")*60, 0).UTC()
		_, repeated := ambiguous(start, loc)
		e := ical.Event{UID: "u", Stamp: start, Start: start, End: start.Add(time.Duration(rapid.IntRange(5, 480).Draw(t, "length")) * time.Minute), Summary: "x", Zone: loc}
		read, err := ics.ParseCalendar(bytes.NewReader(ical.File(e)))
		if err != nil || len(read.Timezones()) != 1 && loc != time.UTC {
			t.Fatalf("%v", err)
		}
		if loc == time.UTC {
			return
		}
		wall, err := time.Parse("20060102T150405", read.Events()[0].GetProperty(ics.ComponentPropertyDtStart).Value)
		if err != nil {
			t.Fatal(err)
		}
		if got := instantBy(t, read.Timezones()[0], wall); !got.Equal(start) && !repeated {
			t.Errorf("%v in %v is read as %v", start, loc, got)
		}
	})
}

// ambiguous reports whether the clock shows an instant's reading twice.
func ambiguous(at time.Time, loc *time.Location) (time.Time, bool) {
	local := at.In(loc)
	for _, hours := range []time.Duration{-2, -1, 1, 2} {
		other := at.Add(hours * time.Hour / 2).In(loc)
		if other.Format(time.DateTime) == local.Format(time.DateTime) {
			return other, true
		}
	}
	return time.Time{}, false
}

// instantBy reads a clock by the rules of a file: the last change that the clock has reached
// counts.
func instantBy(t *rapid.T, rules *ics.VTimezone, wall time.Time) time.Time {
	var since time.Time
	offset, found := 0, false
	for _, c := range rules.Components {
		var props *ics.ComponentBase
		switch one := c.(type) {
		case *ics.Standard:
			props = &one.ComponentBase
		case *ics.Daylight:
			props = &one.ComponentBase
		default:
			t.Fatalf("%T among the rules", c)
		}
		began, err := time.Parse("20060102T150405", props.GetProperty(ics.ComponentPropertyDtStart).Value)
		if err != nil {
			t.Fatal(err)
		}
		text := props.GetProperty(ics.ComponentProperty(ics.PropertyTzoffsetto)).Value
		if !found || !began.After(wall) && !began.Before(since) {
			since, offset, found = began, seconds(t, text), true
		}
	}
	return wall.Add(-time.Duration(offset) * time.Second)
}

// seconds reads +HHMM or +HHMMSS.
func seconds(t *rapid.T, text string) int {
	layout := "150405"[:len(text)-1]
	at, err := time.Parse(layout, text[1:])
	if err != nil {
		t.Fatal(err)
	}
	n := at.Hour()*3600 + at.Minute()*60 + at.Second()
	if text[0] == '-' {
		return -n
	}
	return n
}
