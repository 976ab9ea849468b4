package ical

import (
	"bytes"
	"strings"
	"time"
	"unicode"

	ics "github.com/arran4/golang-ical"
)

// ContentType is the media type of a file.
const ContentType = "text/calendar; charset=utf-8; method=PUBLISH"

// product names the program that writes the files, as the standard asks for.
const product = "-//Slotfinder//Slotfinder//EN"

// Event is one of the things that a file is about. Its texts may come from anybody.
type Event struct {
	UID         string         // the same for the same event, and for no other one in the world
	Stamp       time.Time      // when the file is written
	Start, End  time.Time      // End is exclusive; in any zone, whole seconds
	Zone        *time.Location // whose clock the times are written in, with its rules; nil = UTC
	Place       string         // one line; "" = none
	Summary     string         // one line
	Description string         // may have line breaks; "" = none
	URL         string         // where to learn more; "" = none
	Free        bool           // it only tells of the time and takes none: calendars show it as free
	Tentative   bool           // nobody has agreed to it yet
}

// File writes events as a calendar file.
func File(events ...Event) []byte { return Annotated("", events...) }

// Annotated writes events as a calendar file with a text about all of them, "" = none.
func Annotated(about string, events ...Event) []byte {
	file := ics.NewCalendar()
	file.SetProductId(product)
	file.SetMethod(ics.MethodPublish)
	if about != "" {
		file.SetXWRCalDesc(lines(about)) // the library escapes it
	}
	for _, e := range events {
		e.addTo(file)
	}
	var b bytes.Buffer
	_ = file.SerializeTo(&b, ics.WithNewLineWindows) // a buffer takes everything
	return b.Bytes()
}

func (e Event) addTo(file *ics.Calendar) {
	event := file.AddEvent(line(e.UID))
	event.SetDtStampTime(e.Stamp)
	e.setTimes(file, event)
	event.SetSummary(line(e.Summary))
	if e.Description != "" {
		event.SetDescription(lines(e.Description))
	}
	if e.Place != "" {
		event.SetLocation(line(e.Place))
	}
	if e.URL != "" {
		event.SetURL(line(e.URL))
	}
	if e.Tentative {
		event.SetStatus(ics.ObjectStatusTentative)
	}
	if e.Free {
		event.SetTimeTransparency(ics.TransparencyTransparent)
	}
}

// line makes one line of a text: what breaks or steers a line becomes a space.
func line(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if steers(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "")))
}

// lines keeps the line breaks of a text, which the file has escaped.
func lines(text string) string {
	pieces := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, piece := range pieces {
		pieces[i] = line(piece)
	}
	return strings.TrimSpace(strings.Join(pieces, "\n"))
}

// steers reports whether a character is none to be read: a control character, or one
// of the two that Unicode made to break lines.
func steers(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }
