package bitrix24

import (
	"bytes"
	"cmp"
	"context"
	"strconv"
)

// entry is a record of an availability answer: an event, or an absence, which has other
// keys (FACTS.md fact 48). It holds the texts of the values as they stand in the answer.
// Names of events are not among them: nothing in this program ever reads one.
type entry struct {
	value   [fields][]byte
	absence bool // a record of the absence chart
	broken  bool // not even an object, or longer than entryLimit
}

// field is a value of an entry that counts.
type field uint8

const (
	rowID      field = iota
	access           // busy, quest, absent
	from             // clock readings in fromZone and toZone
	to               //
	fromZone         // IANA name; none: UTC
	toZone           //
	fromShift        // seconds from the token user's zone to the event's
	toShift          //
	fromNumber       // Unix seconds, shifted by the server's offset; in a series those of the series
	toNumber         //
	skipTime         // "Y": all day, to is the last day
	chart            // true: a record of the absence chart
	other            // of no interest
	fields     = other
)

// usual is how an event's keys follow each other. The next key is compared with
// the usual one first, which spares looking for its end.
var usual = [...]struct {
	key   string
	field field
}{
	{`"ID":`, rowID},
	{`"NAME":`, other},
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
	{`"IMPORTANCE":`, other},
	{`"EVENT_TYPE":`, other},
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
		return chart
	}
	return other
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

// walkFor is walk as long as somebody waits: an answer may be 16 MB of entries. It fails
// with the context's error, too.
func walkFor(ctx context.Context, body []byte, v visitor) error {
	err := walk(body, impatient{v, ctx})
	return cmp.Or(ctx.Err(), err)
}

// impatient is a visitor that has had enough when its context ends.
type impatient struct {
	visitor
	ctx context.Context
}

func (i impatient) entry(e *entry) bool { return i.ctx.Err() == nil && i.visitor.entry(e) }

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
	n, start := 0, s.i
	for s.open('{'); s.more('}'); n++ {
		f := other
		if n < len(usual) && s.take(usual[n].key) {
			f = usual[n].field
		} else {
			f = fieldOf(s.key())
		}
		if f == other {
			s.skip()
		} else {
			e.value[f] = s.value()
		}
	}
	e.broken = s.i-start > entryLimit
	e.absence = yes(e.value[chart])
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
