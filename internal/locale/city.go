package locale

import (
	"strings"
	"time"
)

// City returns what people call the city of a time zone: Europe/Moscow is Moskau in
// German. Where CLDR knows nothing else it is what the zone's own name says. A zone
// that is nothing but an offset is called by it: Etc/GMT+5, whose sign is the other way
// round, is UTC−5.
func (c *Catalogue) City(zone *time.Location) string {
	name := zone.String()
	if Cityless(zone) {
		if label := Offset(time.Unix(0, 0).In(zone)); label != "UTC+0" {
			return label
		}
		return "UTC"
	}
	if city, known := c.cities[name]; known {
		return city
	}
	return strings.ReplaceAll(name[strings.LastIndexByte(name, '/')+1:], "_", " ")
}
