package ical_test

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
	"github.com/google/go-cmp/cmp"

	tz "slotfinder/internal/civil/zone"
	"slotfinder/internal/ical"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := tz.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func sample(t testing.TB) ical.Event {
	berlin := zone(t, "Europe/Berlin")
	return ical.Event{
		UID: "4f1c@slots.example", Stamp: time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC),
		Start: time.Date(2026, 12, 3, 10, 0, 0, 0, berlin), End: time.Date(2026, 12, 3, 10, 30, 0, 0, berlin),
		Summary: "Product demo", URL: "https://slots.example/s/TOKEN",
	}
}

func TestFile(t *testing.T) {
	t.Parallel()
	e := sample(t)
	e.Description, e.Tentative = "Bring questions;\r\nand time, please.", true
	want := strings.Join([]string{
		"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Slotfinder//Slotfinder//EN", "METHOD:PUBLISH",
		"BEGIN:VEVENT", "UID:4f1c@slots.example", "DTSTAMP:20261124T080000Z",
		"DTSTART:20261203T090000Z", "DTEND:20261203T093000Z", "SUMMARY:Product demo",
		`DESCRIPTION:Bring questions\;\nand time\, please.`, "URL:https://slots.example/s/TOKEN", "STATUS:TENTATIVE",
		"END:VEVENT", "END:VCALENDAR", "",
	}, "\r\n")
	if diff := cmp.Diff(want, string(ical.File(e))); diff != "" {
		t.Error(diff)
	}
}

// TestFiles: several events are one file, and those that take no time say so.
func TestFiles(t *testing.T) {
	t.Parallel()
	one, other := sample(t), sample(t)
	other.UID, other.Free = "other@slots.example", true
	file := string(ical.File(one, other))
	_, second, found := strings.Cut(file, "BEGIN:VEVENT\r\nUID:other@slots.example\r\n")
	if !found || strings.Count(file, "BEGIN:VCALENDAR") != 1 || strings.Count(file, "BEGIN:VEVENT") != 2 ||
		strings.Count(file, "TRANSP:TRANSPARENT\r\n") != 1 || !strings.Contains(second, "TRANSP:TRANSPARENT\r\n") {
		t.Error(file)
	}
}

// On the night in which the clock is put back, 02:30 comes twice; the file knows which.
func TestTimesAreInstants(t *testing.T) {
	t.Parallel()
	berlin := zone(t, "Europe/Berlin")
	for utc, want := range map[int]string{0: "DTSTART:20261025T003000Z", 1: "DTSTART:20261025T013000Z"} {
		e := sample(t)
		e.Start = time.Date(2026, 10, 25, utc, 30, 0, 0, time.UTC).In(berlin)
		if got := e.Start.Format("15:04"); got != "02:30" {
			t.Fatalf("the clock shows %s", got)
		}
		if !bytes.Contains(ical.File(e), []byte(want+"\r\n")) {
			t.Errorf("no %s in %s", want, ical.File(e))
		}
	}
}

// injections are texts that would steer the file, if anything let them.
var injections = []string{
	"x\r\nATTENDEE:mailto:a@b.example", "x\nEND:VEVENT", "x\rBEGIN:VALARM", "x\r\n BEGIN:VALARM", "x\x00y", "x\vy\fz", "x\u2028END:VEVENT\u2029",
	"x\u0085END:VEVENT", "<script>alert(1)</script>", `x\nEND:VEVENT`, `x\`, `\\;,:"`, "\xff\xfe\r\nEND:VEVENT", "", " ", strings.Repeat("ж", 300),
	strings.Repeat("a", 74) + "\r\nEND:VEVENT", strings.Repeat(`\`, 200), strings.Repeat("👩‍👩‍👧 ", 60),
}

func TestTextsOfOthersSteerNothing(t *testing.T) {
	t.Parallel()
	for _, text := range injections {
		e := sample(t)
		e.UID, e.Summary, e.Description, e.URL = "u"+text, text, text, "https://slots.example/"+text
		check(t, e)
	}
}

func FuzzFile(f *testing.F) {
	for _, text := range injections {
		f.Add(text, text, text)
	}
	f.Fuzz(func(t *testing.T, summary, description, url string) {
		e := sample(t)
		e.Summary, e.Description, e.URL = summary, description, url
		check(t, e)
	})
}

// check reads the file with a parser, and line by line as the standard has it.
func check(t *testing.T, e ical.Event) {
	t.Helper()
	file := ical.File(e)
	for l := range strings.SplitSeq(strings.TrimSuffix(string(file), "\r\n"), "\r\n") {
		if len(l) > 75 || !utf8.ValidString(l) || strings.ContainsFunc(l, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			t.Errorf("line %q of %d bytes in the file about %q", l, len(l), e.Summary)
		}
	}
	read, err := ics.ParseCalendar(bytes.NewReader(file))
	if err != nil {
		t.Fatalf("%v in %q", err, file)
	}
	if len(read.Events()) != 1 || len(read.Components) != 1 || len(read.Events()[0].Components) != 0 {
		t.Fatalf("more than one event in %q", file)
	}
	names := map[string]int{}
	for _, p := range read.Events()[0].Properties {
		names[p.IANAToken]++
	}
	want := map[string]int{"UID": 1, "DTSTAMP": 1, "DTSTART": 1, "DTEND": 1, "SUMMARY": 1}
	if e.Description != "" {
		want["DESCRIPTION"] = 1
	}
	if e.URL != "" {
		want["URL"] = 1
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("properties of %q: %s", file, diff)
	}
	summary := read.Events()[0].GetProperty(ics.ComponentPropertySummary).Value
	if got, want := letters(summary), letters(e.Summary); got != want {
		t.Errorf("the summary %q came out as %q", e.Summary, summary)
	}
	if start, err := read.Events()[0].GetStartAt(); err != nil || !start.Equal(e.Start) {
		t.Errorf("starts at %v, want %v: %v", start, e.Start, err)
	}
}

// letters is all of a text but what separates words.
func letters(text string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, ""), func(r rune) bool {
		return r <= ' ' || r >= 0x7f && r <= 0xa0 || r == '\u2028' || r == '\u2029' || strings.ContainsRune("\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", r)
	}), "")
}

// A text about all events stands once, and can't become more than that.
func TestAnnotated(t *testing.T) {
	t.Parallel()
	file := string(ical.Annotated("Bring questions;\r\nand time, please.\u2028END:VCALENDAR", sample(t), sample(t)))
	want := "X-WR-CALDESC:Bring questions\\;\\nand time\\, please. END:VCALENDAR\r\n"
	if strings.Count(file, want) != 1 || strings.Contains(file, "DESCRIPTION") || strings.Count(file, "END:VCALENDAR\r\n") != 2 {
		t.Error(file)
	}
	if _, err := ics.ParseCalendar(strings.NewReader(file)); err != nil {
		t.Error(err)
	}
}
