package zone

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Canonical returns the name under which tzdata keeps the rules of a zone: Europe/Kyiv
// for Europe/Kiev. Lists show one of those that share it.
func Canonical(name string) string { return current().canonical(name) }

// Fixed returns a zone with that offset in seconds east of UTC; for whole hours one
// with a name on the list, so that it can stand in a URL.
func Fixed(offset int) *time.Location {
	if offset == 0 {
		return time.UTC
	}
	if offset%3600 == 0 {
		if zone, err := Load(fmt.Sprintf("Etc/GMT%+d", -offset/3600)); err == nil {
			return zone
		}
	}
	sign, abs := '+', offset
	if offset < 0 {
		sign, abs = '-', -offset
	}
	return time.FixedZone(fmt.Sprintf("UTC%c%02d:%02d", sign, abs/3600, abs/60%60), offset)
}

// Offset reads the name of a zone that is nothing but an offset, in seconds east of
// UTC. In names such as Etc/GMT+5 the sign is the other way round: it is west of UTC.
func Offset(name string) (seconds int, ok bool) {
	if hours, found := strings.CutPrefix(name, "Etc/GMT"); found && hours != "" {
		n, err := strconv.Atoi(hours)
		return -n * 3600, err == nil
	}
	switch Canonical(name) {
	case "Etc/UTC", "Etc/GMT", "UTC", "GMT":
		return 0, true
	}
	if text, found := strings.CutPrefix(name, "UTC"); found && len(text) == len("+05:30") {
		hours, err1 := strconv.Atoi(text[1:3])
		minutes, err2 := strconv.Atoi(text[4:])
		seconds = hours*3600 + minutes*60
		if text[0] == '-' {
			seconds = -seconds
		}
		return seconds, err1 == nil && err2 == nil
	}
	return 0, false
}
