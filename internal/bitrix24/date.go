package bitrix24

import (
	"bytes"
)

// stamp is a date, perhaps with a time of day, as it was written. Which of its numbers are
// day and month may not be known yet.
type stamp struct {
	year          int
	first, second int  // day and month, in the order they stand
	yearFirst     bool // as in 2026-03-10
	seconds       int  // of the day
	timed         bool // a time of day was there
	separator     byte // what separates the numbers of the date
}

// readStamp reads a date in any numeric format a portal's culture can have (FACTS.md
// fact 32): day, month and year with any separator, the year first or last and in four
// digits, optionally followed by a time of 24 hours, or of 12 with am or pm. raw is the
// inside of a JSON string.
func readStamp(raw []byte) (stamp, bool) {
	if s, ok := plainStamp(raw); ok {
		return s, true
	}
	s, ok := parseStamp(raw)
	if !ok && bytes.IndexByte(raw, '\\') >= 0 {
		return parseStamp(unescaped(raw))
	}
	return s, ok
}

// plainStamp reads the form that most portals use, 10.03.2026 14:00:00, by the positions of
// its digits. All other forms are left to parseStamp.
func plainStamp(b []byte) (s stamp, ok bool) {
	if len(b) != 19 || b[2] != '.' || b[5] != '.' || b[10] != ' ' || b[13] != ':' || b[16] != ':' {
		return s, false
	}
	hour, minute, second := twoDigits(b[11:]), twoDigits(b[14:]), twoDigits(b[17:])
	s = stamp{
		first: twoDigits(b), second: twoDigits(b[3:]), year: twoDigits(b[6:])*100 + twoDigits(b[8:]),
		separator: '.', timed: true, seconds: hour*3600 + minute*60 + second,
	}
	return s, (s.first|s.second|s.year|hour|minute|second) >= 0 && hour <= 23 && minute <= 59 && second <= 59
}

// twoDigits returns a number far below zero when b doesn't begin with two.
func twoDigits(b []byte) int {
	tens, ones := b[0]-'0', b[1]-'0'
	if tens > 9 || ones > 9 {
		return -1_000_000
	}
	return int(tens)*10 + int(ones)
}

// parseStamp reads a date of any form. It takes "\/" for "/" (FACTS.md fact 13).
func parseStamp(raw []byte) (stamp, bool) {
	var s stamp
	p := stampReader{b: raw}
	a, digitsA := p.number()
	s.separator = p.separator()
	b, digitsB := p.number()
	second := p.separator()
	c, digitsC := p.number()
	if s.separator == 0 || second != s.separator || digitsA == 0 || digitsB == 0 || digitsB > 2 || digitsC == 0 {
		return s, false
	}
	switch {
	case digitsA == 4 && digitsC <= 2:
		s.year, s.first, s.second, s.yearFirst = a, b, c, true
	case digitsC == 4 && digitsA <= 2:
		s.first, s.second, s.year = a, b, c
	default:
		return s, false
	}
	if p.end() {
		return s, true
	}
	s.timed = true
	s.seconds = p.timeOfDay()
	return s, s.seconds >= 0 && p.end()
}

// orderMatters reports whether s alone doesn't tell its day from its month: no culture
// writes the month first with dots, or the day between year and month (FACTS.md fact 33).
func (s stamp) orderMatters() bool {
	return !s.yearFirst && s.separator != '.' && s.first != s.second && s.first <= 12 && s.second <= 12
}

// day returns the days since 1970-01-01 of s, read in the order o. It is not ok when there
// is no such day, or when the order matters and isn't known.
func (s stamp) day(o order) (day int, ok bool) {
	switch {
	case s.yearFirst, o == monthFirst:
		return civilDay(s.year, s.first, s.second)
	case o == dayFirst, s.separator == '.', s.first == s.second:
		return civilDay(s.year, s.second, s.first)
	}
	return 0, false
}

// reading returns s as the Unix seconds of a clock that shows UTC.
func (s stamp) reading(o order) (int64, bool) {
	day, ok := s.day(o)
	return int64(day)*86400 + int64(s.seconds), ok
}

// stampReader walks over the bytes of a date. Its methods return 0 or -1 for what isn't
// there.
type stampReader struct {
	b []byte
	i int
}

func (p *stampReader) end() bool { return p.i >= len(p.b) }

func (p *stampReader) number() (n, digits int) {
	for p.i < len(p.b) && digits < 5 {
		d := p.b[p.i] - '0'
		if d > 9 {
			break
		}
		n = n*10 + int(d)
		digits++
		p.i++
	}
	return n, digits
}

func (p *stampReader) separator() byte {
	if p.i+1 < len(p.b) && p.b[p.i] == '\\' && p.b[p.i+1] == '/' {
		p.i++
	}
	if p.i >= len(p.b) {
		return 0
	}
	switch c := p.b[p.i]; c {
	case '.', '/', '-', ' ':
		p.i++
		return c
	}
	return 0
}

// timeOfDay reads " 14:05:00", " 02:05 pm" or "T14:05"; -1 if it isn't one.
func (p *stampReader) timeOfDay() int {
	if c := p.b[p.i]; c != ' ' && c != 'T' {
		return -1
	}
	p.i++
	hour, digits := p.number()
	if digits < 1 || digits > 2 || !p.skip(':') {
		return -1
	}
	minute, digits := p.number()
	if digits != 2 {
		return -1
	}
	second := 0
	if p.skip(':') {
		if second, digits = p.number(); digits != 2 {
			return -1
		}
	}
	if !p.end() {
		hour = p.halfDay(hour)
	}
	if hour < 0 || hour > 23 || minute > 59 || second > 59 {
		return -1
	}
	return hour*3600 + minute*60 + second
}

func (p *stampReader) skip(c byte) bool {
	if p.i < len(p.b) && p.b[p.i] == c {
		p.i++
		return true
	}
	return false
}

// halfDay applies "am" or "pm" to an hour. After an hour of a 24-hour clock they are odd,
// but the meaning is clear.
func (p *stampReader) halfDay(hour int) int {
	p.skip(' ')
	rest := p.b[p.i:]
	p.i = len(p.b)
	switch {
	case bytes.EqualFold(rest, []byte("am")) && hour <= 12:
		return hour % 12
	case bytes.EqualFold(rest, []byte("pm")) && hour < 12 && hour > 0:
		return hour + 12
	case bytes.EqualFold(rest, []byte("pm")) && hour >= 12:
		return hour
	}
	return -1
}

// civilDay returns the days from 1970-01-01 to a date of the Gregorian calendar.
func civilDay(year, month, day int) (int, bool) {
	if year < 1 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return 0, false
	}
	// Years begin in March here, so that the leap day is their last.
	if month <= 2 {
		year--
		month += 12
	}
	return 365*year + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + day - 1 - 719468, true
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}
