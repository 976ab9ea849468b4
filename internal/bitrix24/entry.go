package bitrix24

import (
	"bytes"
	"cmp"
	"context"
	"strconv"
)

// entry is a record of an availability answer: an event, or an absence, which has other keys
// (FACTS.md fact 48). It holds the values as bytes of the answer. Names of events are not
// among them: nothing in this program ever reads one.
type entry struct {
	value   [fields][]byte
	absence bool // from the absence chart
	broken  bool // no object, or longer than entryLimit
}

// field is a value of an entry that we use.
type field uint8

const (
	rowID       field = iota
	access            // busy, quest, absent
	from              // readings of the clocks of fromZone and toZone
	to                //
	fromZone          // IANA name; none: UTC
	toZone            //
	fromShift         // seconds from the token user's zone to the event's
	toShift           //
	fromNumber        // Unix seconds, shifted by the server's offset; in a series those of the series
	toNumber          //
	skipTime          // "Y": all day, to is the last day
	absenceMark       // true: a record of the absence chart
	ignored           // of no interest
	fields      = ignored
)

// usualKeys are an event's keys in their usual order. The next key is compared with the usual
// one first, which is faster than looking for its end.
var usualKeys = [...]struct {
	key   string
	field field
}{
	{`"ID":`, rowID},
	{`"NAME":`, ignored},
	{`"DATE_FROM":`, from},
	{`"DATE_TO":`, to},
	{`"DATE_FROM_TS_UTC":`, fromNumber},
	{`"DATE_TO_TS_UTC":`, toNumber},
	{`"~USER_OFFSET_FROM":`, fromShift},
	{`"~USER_OFFSET_TO":`, toShift},
	{`"DT_SKIP_TIME":`, skipTime},
	{`"TZ_FROM":`, fromZone},
	{`"TZ_TO":`, toZone},
	{`"ACCESSIBILITY":`, access},
	{`"IMPORTANCE":`, ignored},
	{`"EVENT_TYPE":`, ignored},
}

func fieldOf(key []byte) field {
	switch string(key) {
	case "ID":
		return rowID
	case "ACCESSIBILITY":
		return access
	case "DATE_FROM", "DT_FROM":
		return from
	case "DATE_TO", "DT_TO":
		return to
	case "TZ_FROM":
		return fromZone
	case "TZ_TO":
		return toZone
	case "~USER_OFFSET_FROM":
		return fromShift
	case "~USER_OFFSET_TO":
		return toShift
	case "DATE_FROM_TS_UTC", "FROM":
		return fromNumber
	case "DATE_TO_TS_UTC", "TO":
		return toNumber
	case "DT_SKIP_TIME":
		return skipTime
	case "FROM_HR":
		return absenceMark
	}
	return ignored
}

// visitor gets the entries of an answer, person by person.
type visitor interface {
	// person reports whether it wants the entries of the user with this id. list is false
	// when the portal gave no list of them.
	person(id []byte, list bool) (wanted bool)
	// entry reports whether to go on. e is valid until it returns.
	entry(e *entry) (proceed bool)
}

// walkAnswer reads an availability answer: {"result":{"7":[{…},…],"12":[]},"time":{…}}.
// When the result isn't an object there is nobody to visit. It fails with errNotJSON.
func walkAnswer(body []byte, v visitor) error {
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

// walkContext is walkAnswer until ctx ends, as an answer may be 16 MB of entries. Then it fails
// with the error of ctx.
func walkContext(ctx context.Context, body []byte, v visitor) error {
	err := walkAnswer(body, contextVisitor{v, ctx})
	return cmp.Or(ctx.Err(), err)
}

// contextVisitor is a visitor that stops when its context ends.
type contextVisitor struct {
	visitor
	ctx context.Context
}

func (i contextVisitor) entry(e *entry) bool { return i.ctx.Err() == nil && i.visitor.entry(e) }

// people visits the people of a result, and returns false when the visitor stopped.
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
	n, start := 0, s.i
	for s.open('{'); s.more('}'); n++ {
		var f field
		if n < len(usualKeys) && s.take(usualKeys[n].key) {
			f = usualKeys[n].field
		} else {
			f = fieldOf(s.key())
		}
		if f == ignored {
			s.skip()
		} else {
			e.value[f] = s.value()
		}
	}
	e.broken = s.i-start > entryLimit
	e.absence = isYes(e.value[absenceMark])
}

// equalsText reports whether a value is the given text, however it is escaped.
func equalsText(raw []byte, text string) bool {
	return string(raw) == text || bytes.IndexByte(raw, '\\') >= 0 && string(unescaped(raw)) == text
}

// parseWhole reads a whole number, which PHP writes bare, in quotes, or with a fraction of 0
// (FACTS.md fact 12).
func parseWhole(raw []byte) (int64, bool) {
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
