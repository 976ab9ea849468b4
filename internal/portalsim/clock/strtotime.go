package clock

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Strtotime reads text as PHP's strtotime does, as far as callers need it: dates
// in their common spellings, with or without a time of day and a zone, and
// relative words. Without a zone the text means the clock of zone. ok is false for
// everything else; a bare Unix timestamp is no date to PHP.
func Strtotime(text string, now time.Time, zone *time.Location, known *ZoneCache) (t time.Time, ok bool) {
	r := &phpDate{rest: strings.TrimSpace(text), now: WallOf(now.In(zone)), zone: zone, known: known}
	dated := r.date()
	timed := r.time()
	zoned := (dated || timed) && r.zoned()
	moved, ok := r.relative()
	if !ok || !(dated || timed || zoned || moved) {
		return time.Time{}, false
	}
	return Mktime(r.wall, r.zone), true
}

// phpDate is a text with a date that is being read from left to right.
type phpDate struct {
	rest  string
	now   Wall
	wall  Wall
	zone  *time.Location
	known *ZoneCache
}

// take cuts a match of pattern off the front and gives its groups.
func (r *phpDate) take(pattern *regexp.Regexp) []string {
	match := pattern.FindStringSubmatch(r.rest)
	if match != nil {
		r.rest = strings.TrimLeft(r.rest[len(match[0]):], " ,")
	}
	return match
}

// spellings are the forms of a date, each with the places of year, month and day
// among its groups.
var spellings = []struct {
	pattern          *regexp.Regexp
	year, month, day int
}{
	{regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})(?:\b|T)`), 1, 2, 3},
	{regexp.MustCompile(`^(\d{4})/(\d{1,2})/(\d{1,2})\b`), 1, 2, 3},
	{regexp.MustCompile(`^(\d{1,2})[.-](\d{1,2})[.-](\d{4})\b`), 3, 2, 1},
	{regexp.MustCompile(`^(\d{1,2})/(\d{1,2})/(\d{4})\b`), 3, 1, 2},
	{regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})(?:\b|T)`), 1, 2, 3},
	{regexp.MustCompile(`(?i)^(?:[a-z]{3,9},? )?(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})[ -](\d{4})\b`), 3, 2, 1},
	{regexp.MustCompile(`(?i)^([a-z]{3,9}) (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b`), 3, 1, 2},
}

var dayWord = regexp.MustCompile(`(?i)^(now|today|midnight|noon|tomorrow|yesterday)\b`)

func (r *phpDate) date() bool {
	r.wall = r.now
	if word := r.take(dayWord); word != nil {
		r.word(strings.ToLower(word[1]))
		return true
	}
	for _, s := range spellings {
		match := s.pattern.FindStringSubmatch(r.rest)
		if match == nil {
			continue
		}
		month, ok := monthOf(match[s.month])
		day, _ := strconv.Atoi(match[s.day])
		if !ok || day > 31 {
			continue
		}
		year, _ := strconv.Atoi(match[s.year])
		r.take(s.pattern)
		r.wall = On(year, month, day).At(0, 0)
		return true
	}
	return false
}

func (r *phpDate) word(word string) {
	midnight := r.now.Date.At(0, 0)
	switch word {
	case "today", "midnight":
		r.wall = midnight
	case "noon":
		r.wall = r.now.Date.At(12, 0)
	case "tomorrow":
		r.wall = midnight.AddSeconds(DaySeconds)
	case "yesterday":
		r.wall = midnight.AddSeconds(-DaySeconds)
	}
}

// monthOf reads a month's number or English name, whole or of three letters.
func monthOf(text string) (time.Month, bool) {
	if n, err := strconv.Atoi(text); err == nil {
		return time.Month(n), n >= 1 && n <= 12
	}
	for m := time.January; m <= time.December; m++ {
		if strings.EqualFold(text, m.String()) || strings.EqualFold(text, m.String()[:3]) {
			return m, true
		}
	}
	return 0, false
}

var timeOfDay = regexp.MustCompile(`(?i)^(?:T|at )?(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?(?: ?([ap])\.?m\b\.?)?`)

func (r *phpDate) time() bool {
	before := r.rest
	match := r.take(timeOfDay)
	if match == nil {
		return false
	}
	hour, _ := strconv.Atoi(match[1])
	minute, _ := strconv.Atoi(match[2])
	second, _ := strconv.Atoi(match[3])
	switch {
	case strings.EqualFold(match[4], "p") && hour < 12:
		hour += 12
	case strings.EqualFold(match[4], "a") && hour == 12:
		hour = 0
	}
	if hour > 24 || minute > 59 || second > 60 {
		r.rest = before
		return false
	}
	r.wall = r.wall.Date.At(0, 0).AddSeconds(int64(hour*3600 + minute*60 + second))
	return true
}

var (
	zoneOffset = regexp.MustCompile(`^(?:GMT|UTC)?([+-])(\d{2}):?(\d{2})$`)
	zoneName   = regexp.MustCompile(`^(?:Z|z|UTC|GMT|[A-Z][A-Za-z]+/[A-Za-z_/-]+)(?: |$)`)
)

func (r *phpDate) zoned() bool {
	if match := r.take(zoneOffset); match != nil {
		hours, _ := strconv.Atoi(match[2])
		minutes, _ := strconv.Atoi(match[3])
		seconds := hours*3600 + minutes*60
		if match[1] == "-" {
			seconds = -seconds
		}
		r.zone = time.FixedZone("", seconds)
		return true
	}
	before := r.rest
	match := r.take(zoneName)
	if match == nil {
		return false
	}
	name := strings.TrimSpace(match[0])
	if len(name) < 4 {
		name = "UTC"
	}
	zone, err := r.known.Load(name)
	if err != nil {
		r.rest = before
		return false
	}
	r.zone = zone
	return true
}

var relativeStep = regexp.MustCompile(`(?i)^([+-]?) ?(\d+|next|last) ?(sec|second|min|minute|hour|day|week|fortnight|month|year)s?\b( ago\b)?`)

// relative applies steps such as "+1 week 2 days"; ok is false if some text is
// left that it cannot read.
func (r *phpDate) relative() (moved, ok bool) {
	for r.rest != "" {
		match := r.take(relativeStep)
		if match == nil {
			return moved, false
		}
		moved = true
		r.move(stepCount(match), strings.ToLower(match[3]))
	}
	return moved, true
}

func stepCount(match []string) int {
	n, err := strconv.Atoi(match[2])
	switch {
	case err != nil && strings.EqualFold(match[2], "last"):
		n = -1
	case err != nil:
		n = 1
	}
	if (match[1] == "-") != (match[4] != "") {
		n = -n
	}
	return n
}

func (r *phpDate) move(n int, unit string) {
	day := r.wall.Date
	switch unit {
	case "sec", "second":
		r.wall = r.wall.AddSeconds(int64(n))
	case "min", "minute":
		r.wall = r.wall.AddSeconds(int64(n) * 60)
	case "hour":
		r.wall = r.wall.AddSeconds(int64(n) * 3600)
	case "day":
		r.wall.Date = day.Plus(n)
	case "week":
		r.wall.Date = day.Plus(7 * n)
	case "fortnight":
		r.wall.Date = day.Plus(14 * n)
	case "month":
		r.wall.Date = On(day.Year, day.Month+time.Month(n), day.Day)
	case "year":
		r.wall.Date = On(day.Year+n, day.Month, day.Day)
	}
}
