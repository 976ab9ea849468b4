package meet

import (
	"net/url"
	"slices"
	"strings"

	"slotfinder/internal/civil"
)

// maxHoursText bounds the text of one field, in bytes.
const maxHoursText = 200

// ParseSchedule reads a schedule from the values of a form:
//
//	mo … su           ranges such as "09:00-12:30, 13:30-18:00"; empty = free
//	lunch, prefer     one range or nothing
//	zone              IANA name or nothing
//	off               days off kept, each "2026-12-24/2026-12-31"
//	off_from, off_to  first and last of further ones; without a last one it is one wholeDay
//
// Ranges are read as people write them: 9-17, 9.30–17:00. One that ends before it
// starts runs over midnight, but not that of prefer. All faults are reported
// at once, as by Schedule.Validate; off_from and off_to are fields of their own.
func ParseSchedule(values url.Values) (Schedule, error) {
	f := form{values: values, faults: map[string]string{}}
	var s Schedule
	for i, name := range weekdays {
		s.Week[i] = f.ranges(name)
	}
	s.Lunch, s.Prefer = f.span("lunch"), f.span("prefer")
	s.Zone = f.one("zone")
	s.Off = f.periods()
	readable := len(f.faults) == 0
	for name, key := range s.faults() {
		// That no day has hours is no news when some could not be read.
		if readable || key != noHours {
			f.fault(name, key)
		}
	}
	return s, InvalidFields(f.faults)
}

// Values writes a schedule so that ParseSchedule reads it back.
func (s Schedule) Values() url.Values {
	v := url.Values{"zone": {s.Zone}}
	for i, name := range weekdays {
		v.Set(name, formatRanges(s.Week[i]...))
	}
	for name, r := range map[string]civil.Range{"lunch": s.Lunch, "prefer": s.Prefer} {
		if r != (civil.Range{}) {
			v.Set(name, formatRanges(r))
		}
	}
	for _, p := range s.Off {
		v.Add("off", p.First.String()+"/"+p.Last.String())
	}
	return v
}

func formatRanges(ranges ...civil.Range) string {
	texts := make([]string, len(ranges))
	for i, r := range ranges {
		if r.End > wholeDay {
			r.End -= wholeDay
		}
		texts[i] = FormatRange(r)
	}
	return strings.Join(texts, ", ")
}

// ranges reads the hours of a weekday.
func (f *form) ranges(name string) []civil.Range {
	text := f.one(name)
	if len(text) > maxHoursText {
		f.fault(name, "field.ranges")
		return nil
	}
	var ranges []civil.Range
	for _, piece := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' }) {
		r, ok := parseShift(piece)
		if !ok {
			f.fault(name, "field.ranges")
			return nil
		}
		ranges = append(ranges, r)
	}
	slices.SortFunc(ranges, func(a, b civil.Range) int { return a.Start - b.Start })
	return ranges
}

// span reads a field of at most one range.
func (f *form) span(name string) civil.Range {
	text := f.one(name)
	if text == "" {
		return civil.Range{}
	}
	r, ok := parseShift(text)
	if !ok {
		f.fault(name, map[string]string{"lunch": "field.lunch", "prefer": "field.hours"}[name])
	}
	return r
}

// parseShift reads one range; one that ends at or before its start ends on the
// next day. "09:00-09:00" may mean a whole day or nothing: it is a fault.
func parseShift(text string) (civil.Range, bool) {
	from, to, found := strings.Cut(strings.NewReplacer("–", "-", "—", "-", "−", "-").Replace(text), "-")
	start, ok1 := parseReading(from)
	end, ok2 := parseReading(to)
	if !found || !ok1 || !ok2 || start == end || start == wholeDay {
		return civil.Range{}, false
	}
	if end < start {
		end += wholeDay
	}
	return civil.Range{Start: start, End: end}, true
}

// parseReading reads 9, 09, 9:30 or 9.30 into minutes from midnight, up to 24:00.
func parseReading(text string) (int, bool) {
	hour, minute, _ := strings.Cut(strings.Replace(strings.TrimSpace(text), ".", ":", 1), ":")
	if minute == "" && !strings.ContainsAny(text, ".:") {
		minute = "00"
	}
	if len(hour) == 1 {
		hour = "0" + hour
	}
	return parseClock(hour + ":" + minute)
}

// periods reads the days off: those kept and the one added.
func (f *form) periods() []civil.Period {
	var off []civil.Period
	for _, text := range f.values["off"] {
		first, last, _ := strings.Cut(text, "/")
		p, ok := parsePeriod(first, last)
		if !ok || len(off) > MaxDaysOff {
			f.fault("off", "field.date")
			return nil
		}
		off = append(off, p)
	}
	p := civil.Period{First: f.date("off_from"), Last: f.date("off_to")}
	none := civil.Date{}
	switch {
	case p.First == none && p.Last != none:
		f.fault("off_from", "field.date")
	case p.First != none && p.Last == none:
		p.Last = p.First
		fallthrough
	case p.First != none && !p.Last.Before(p.First):
		off = append(off, p)
	case p.First != none:
		f.fault("off_to", "field.to_before_from")
	}
	slices.SortFunc(off, func(a, b civil.Period) int {
		return strings.Compare(a.First.String()+a.Last.String(), b.First.String()+b.Last.String())
	})
	return slices.Compact(off)
}

func parsePeriod(first, last string) (civil.Period, bool) {
	a, err1 := civil.ParseDate(first)
	b, err2 := civil.ParseDate(last)
	p := civil.Period{First: a, Last: b}
	return p, err1 == nil && err2 == nil && !p.Last.Before(p.First) && p.Days() <= MaxDaysOff
}
