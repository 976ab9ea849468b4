package bitrix24

import (
	"bytes"
	"strconv"
)

// entry is a record of an availability answer: an event, or an absence of the
// absence chart, which has other keys (the calendar fact sheet, sections 2.1 and
// 2.7). The fields are the texts of the values inside the answer. Names of events
// are not among them: nothing in this program ever reads one.
type entry struct {
	id         []byte
	access     []byte // busy, quest, absent
	from, to   []byte // clock readings in fromZone and toZone
	fromZone   []byte
	toZone     []byte
	fromShift  []byte // seconds from the token user's zone to the event's
	toShift    []byte
	fromNumber []byte // Unix seconds, shifted by the server's offset; in a series those of the series
	toNumber   []byte
	skipTime   []byte // "Y": all day, to is the last day
	absence    bool   // a record of the absence chart
	broken     bool   // not even an object
}

// visitor is told what an answer holds, person by person.
type visitor interface {
	// person reports whether the entries of the user with this id are wanted. list
	// is false when the portal gave no list.
	person(id []byte, list bool) (wanted bool)
	// entry reports whether to go on at all. e is valid until it returns.
	entry(e *entry) (proceed bool)
}

// walk reads an availability answer: {"result":{"7":[{…},…],"12":[]},"time":{…}}.
// When result isn't an object nobody is visited. It fails with errNotJSON.
func walk(body []byte, v visitor) error {
	s := scanner{b: body}
	for s.open('{'); s.more('}'); {
		if string(s.key()) != "result" || s.peek() != '{' {
			s.skip()
			continue
		}
		if !s.people(v) {
			return nil
		}
	}
	if s.bad || s.peek() != 0 || s.i < len(s.b) {
		return errNotJSON
	}
	return nil
}

// people visits the persons of a result; false means that the visitor had enough.
func (s *scanner) people(v visitor) bool {
	var e entry
	for s.open('{'); s.more('}'); {
		id := s.key()
		list := s.peek() == '['
		if s.bad || !v.person(id, list) || !list {
			s.skip()
			continue
		}
		for s.open('['); s.more(']'); {
			s.entry(&e)
			if !s.bad && !v.entry(&e) {
				return false
			}
		}
	}
	return true
}

// entry reads one record.
func (s *scanner) entry(e *entry) {
	*e = entry{}
	if s.peek() != '{' {
		e.broken = true
		s.skip()
		return
	}
	for s.open('{'); s.more('}'); {
		switch string(s.key()) {
		case "ID":
			e.id = s.value()
		case "ACCESSIBILITY":
			e.access = s.value()
		case "DATE_FROM", "DT_FROM":
			e.from = s.value()
		case "DATE_TO", "DT_TO":
			e.to = s.value()
		case "TZ_FROM":
			e.fromZone = s.value()
		case "TZ_TO":
			e.toZone = s.value()
		case "~USER_OFFSET_FROM":
			e.fromShift = s.value()
		case "~USER_OFFSET_TO":
			e.toShift = s.value()
		case "DATE_FROM_TS_UTC", "FROM":
			e.fromNumber = s.value()
		case "DATE_TO_TS_UTC", "TO":
			e.toNumber = s.value()
		case "DT_SKIP_TIME":
			e.skipTime = s.value()
		case "FROM_HR":
			e.absence = yes(s.value())
		default:
			s.skip()
		}
	}
}

// is reports whether a value is the given text, however it is escaped.
func is(raw []byte, text string) bool {
	return string(raw) == text || bytes.IndexByte(raw, '\\') >= 0 && string(unescaped(raw)) == text
}

// digits reads a whole number; PHP sends them bare, in quotes or with a fraction of 0.
func digits(raw []byte) (int64, bool) {
	n := int64(0)
	b := raw
	negative := len(b) > 0 && b[0] == '-'
	if negative {
		b = b[1:]
	}
	if len(b) == 0 || len(b) > 15 {
		return 0, false
	}
	for _, c := range b {
		if c < '0' || c > '9' {
			f, err := strconv.ParseFloat(string(raw), 64)
			return int64(f), err == nil && f == float64(int64(f))
		}
		n = n*10 + int64(c-'0')
	}
	if negative {
		n = -n
	}
	return n, true
}
