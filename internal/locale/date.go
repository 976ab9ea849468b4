package locale

import (
	"strconv"
	"strings"
	"time"
)

// dates is how a language writes days and times: the generated table.
type dates struct {
	FirstDay time.Weekday        `json:"firstDay"`
	Patterns map[string]string   `json:"patterns"` // by shape, with {weekday} {day} {month} {year} {hour2} {hour12} {minute2} {half}
	Months   map[string][]string `json:"months"`   // by shape, January first
	Weekdays map[string][]string `json:"weekdays"` // by shape, Sunday first
	Halves   []string            `json:"halves"`   // before and after noon
}

// DayLong writes a day as in "Monday 23 November". Like all functions here it
// reads the day and the clock in t's own zone.
func (c *Catalogue) DayLong(t time.Time) string { return c.date("dayLong", t) }

// DayShort writes a day as in "Mon 23 Nov".
func (c *Catalogue) DayShort(t time.Time) string { return c.date("dayShort", t) }

// DayMonth writes a day as in "23 Nov".
func (c *Catalogue) DayMonth(t time.Time) string { return c.date("dayMonth", t) }

// MonthYear writes a month as in "November 2026".
func (c *Catalogue) MonthYear(t time.Time) string { return c.date("monthYear", t) }

// Weekday writes a short weekday as in "Mon".
func (c *Catalogue) Weekday(day time.Weekday) string { return c.dates.Weekdays["weekday"][day] }

// WeekdayLong writes a weekday as in "Monday".
func (c *Catalogue) WeekdayLong(day time.Weekday) string { return c.dates.Weekdays["dayLong"][day] }

// Date writes a day with its year, as in "23 Nov 2026".
func (c *Catalogue) Date(t time.Time) string { return c.date("date", t) }

// Time writes a clock reading, as in "09:30" or "9:30 AM". One that the clock shows
// twice that day has its offset, as in "02:30 (UTC+2)".
func (c *Catalogue) Time(t time.Time) string {
	if Twice(t) {
		return c.reading(t) + " (" + Offset(t) + ")"
	}
	return c.reading(t)
}

func (c *Catalogue) reading(t time.Time) string {
	if c.hour12 {
		return c.date("time12", t)
	}
	return c.date("time", t)
}

// ClockHours is how many hours the clock has: 12 or 24.
func (c *Catalogue) ClockHours() string {
	if c.hour12 {
		return "12"
	}
	return "24"
}

// ClockPatterns is how a script writes clock readings, with {hour2}, {hour12} and {minute2}:
// before noon and, behind a bar, after it. Without a bar there is no difference.
func (c *Catalogue) ClockPatterns() string {
	if !c.hour12 {
		return c.dates.Patterns["time"]
	}
	pattern := c.dates.Patterns["time12"]
	return strings.ReplaceAll(pattern, "{half}", c.dates.Halves[0]) + "|" + strings.ReplaceAll(pattern, "{half}", c.dates.Halves[1])
}

// unspaced makes a clock reading as short as it goes.
var unspaced = strings.NewReplacer(" ", "", ".", "")

// Hour writes a clock reading where there is little room, as in "14", "14:30", "2pm" or
// "2:30pm".
func (c *Catalogue) Hour(t time.Time) string {
	text := c.reading(t)
	if t.Minute() == 0 {
		text = strings.Replace(text, ":00", "", 1)
	}
	if !c.hour12 {
		return text
	}
	return unspaced.Replace(text)
}

// Clock writes minutes from midnight as a clock reading; 1440 is 24:00, the end of
// a day.
func (c *Catalogue) Clock(minutes int) string {
	if minutes == 24*60 && !c.hour12 {
		return "24:00"
	}
	return c.Time(time.Date(2000, 1, 1, 0, minutes, 0, 0, time.UTC))
}

// TimeRange writes the time from a to b on one day, as in "09:30–10:00". Where only an
// offset tells which reading is meant, it has one: "02:30 (UTC+2)–03:30".
func (c *Catalogue) TimeRange(a, b time.Time) string {
	if c.hour12 {
		return c.halvedRange(a, b)
	}
	if _, offset := a.Zone(); Twice(a) && Twice(b) {
		if _, other := b.Zone(); offset == other {
			return c.reading(a) + "–" + c.reading(b) + " (" + Offset(a) + ")"
		}
	}
	return c.Time(a) + "–" + c.Time(b)
}

// halvedRange is TimeRange with 12 hours: "9:30 – 10:00 am", "11:30 am – 12:30 pm". It says
// the half of the day once where that is enough, and its lines break at the dash only.
func (c *Catalogue) halvedRange(a, b time.Time) string {
	from, till := c.Time(a), c.Time(b)
	if a.Hour()/12 == b.Hour()/12 && a.YearDay() == b.YearDay() && !Twice(a) && !Twice(b) {
		half := c.dates.Halves[a.Hour()/12]
		from = strings.TrimSuffix(from, " "+half)
		till = strings.TrimPrefix(till, half+" ")
	}
	return strings.ReplaceAll(from, " ", "\u00a0") + " – " + strings.ReplaceAll(till, " ", "\u00a0")
}

// DayRange writes the days from a to b, both inclusive, as in "Mon 23 Nov – Fri 4 Dec".
func (c *Catalogue) DayRange(a, b time.Time) string {
	if a.YearDay() == b.YearDay() && a.Year() == b.Year() {
		return c.DayShort(a)
	}
	return c.DayShort(a) + " – " + c.DayShort(b)
}

func (c *Catalogue) date(shape string, t time.Time) string {
	var b strings.Builder
	b.Grow(32)
	rest := c.dates.Patterns[shape]
	for {
		before, after, found := strings.Cut(rest, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		field, tail, _ := strings.Cut(after, "}")
		c.write(&b, shape, field, t)
		rest = tail
	}
}

func (c *Catalogue) write(b *strings.Builder, shape, field string, t time.Time) {
	switch field {
	case "weekday":
		b.WriteString(c.dates.Weekdays[shape][t.Weekday()])
	case "month":
		b.WriteString(c.dates.Months[shape][t.Month()-1])
	case "day":
		b.WriteString(strconv.Itoa(t.Day()))
	case "year":
		b.WriteString(strconv.Itoa(t.Year()))
	case "hour2":
		writeTwo(b, t.Hour())
	case "hour12":
		b.WriteString(strconv.Itoa((t.Hour()+11)%12 + 1))
	case "minute2":
		writeTwo(b, t.Minute())
	case "half":
		b.WriteString(c.dates.Halves[t.Hour()/12])
	}
}

func writeTwo(b *strings.Builder, n int) {
	b.WriteByte(byte('0' + n/10%10))
	b.WriteByte(byte('0' + n%10))
}
