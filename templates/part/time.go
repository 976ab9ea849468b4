package part

import (
	"strings"
	"time"

	"slotfinder/internal/locale"
)

// TimeLine is one time as a message names it, as in "Thu 26 Nov, 10:00–11:00 Berlin /
// 12:00 Moscow". The first zone says the day; without any it is UTC.
func TimeLine(c *locale.Catalogue, start time.Time, minutes int, zones []*time.Location) string {
	if len(zones) == 0 {
		zones = []*time.Location{time.UTC}
	}
	home := start.In(zones[0])
	end := home.Add(time.Duration(minutes) * time.Minute)
	var line strings.Builder
	line.WriteString(c.DayShort(home) + ", " + c.TimeRange(home, end) + " " + c.City(zones[0]))
	for _, zone := range zones[1:] {
		there := start.In(zone)
		line.WriteString(" / ")
		if there.Format(time.DateOnly) != home.Format(time.DateOnly) {
			line.WriteString(c.DayShort(there) + ", ")
		}
		line.WriteString(c.Time(there) + " " + c.City(zone))
	}
	return line.String()
}
