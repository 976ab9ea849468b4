package locale

import (
	"strings"
	"time"
)

// City returns what people call the city of a time zone: Europe/Moscow is Moskau in
// German. Where CLDR knows nothing else it is what the zone's own name says.
func (c *Catalogue) City(zone *time.Location) string {
	name := zone.String()
	if city, known := c.cities[name]; known {
		return city
	}
	return strings.ReplaceAll(name[strings.LastIndexByte(name, '/')+1:], "_", " ")
}
