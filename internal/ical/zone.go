package ical

import (
	"fmt"
	"time"

	ics "github.com/arran4/golang-ical"
)

// setTimes writes the times of an event: in UTC, or on the clock of its zone, whose rules are
// then in the file.
func (e Event) setTimes(file *ics.Calendar, event *ics.VEvent) {
	if e.Zone == nil || e.Zone == time.UTC {
		event.SetStartAt(e.Start)
		event.SetEndAt(e.End)
		return
	}
	addZone(file, e.Zone, e.Start, e.End)
	name := ics.WithTZID(e.Zone.String())
	event.SetProperty(ics.ComponentPropertyDtStart, e.Start.In(e.Zone).Format(wallLayout), name)
	event.SetProperty(ics.ComponentPropertyDtEnd, e.End.In(e.Zone).Format(wallLayout), name)
}

const wallLayout = "20060102T150405"

// addZone writes the rules of a zone that hold from start to end, once for each file: the
// offset that holds at the start, and those that the clock changes to until the end.
func addZone(file *ics.Calendar, zone *time.Location, start, end time.Time) {
	for _, known := range file.Timezones() {
		if name := known.GetProperty(ics.ComponentProperty(ics.PropertyTzid)); name != nil && name.Value == zone.String() {
			return
		}
	}
	rules := file.AddTimezone(zone.String())
	for at := start.In(zone); ; {
		began, until := at.ZoneBounds()
		if began.IsZero() {
			began = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC).In(zone)
		}
		addOffset(rules, began)
		if until.IsZero() || !until.Before(end) {
			return
		}
		at = until
	}
}

// addOffset writes the offset that holds from an instant on. It begins when the clock shows,
// by the offset before, the time of the change.
func addOffset(rules *ics.VTimezone, began time.Time) {
	name, offset := began.Zone()
	_, before := began.Add(-time.Second).Zone()
	set := func(c *ics.ComponentBase) {
		c.SetProperty(ics.ComponentPropertyDtStart, began.UTC().Add(time.Duration(before)*time.Second).Format(wallLayout))
		c.SetProperty(ics.ComponentProperty(ics.PropertyTzoffsetfrom), offsetText(before))
		c.SetProperty(ics.ComponentProperty(ics.PropertyTzoffsetto), offsetText(offset))
		c.SetProperty(ics.ComponentProperty(ics.PropertyTzname), name)
	}
	if began.IsDST() {
		daylight := &ics.Daylight{}
		set(&daylight.ComponentBase)
		rules.Components = append(rules.Components, daylight)
		return
	}
	set(&rules.AddStandard().ComponentBase)
}

// offsetText writes an offset in seconds east of UTC as +HHMM, with seconds if it has some.
func offsetText(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	text := fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
	if seconds%60 != 0 {
		text += fmt.Sprintf("%02d", seconds%60)
	}
	return text
}
