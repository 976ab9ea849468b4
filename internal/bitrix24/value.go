package bitrix24

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// PHP decides the JSON type of a value by what happens to be in it (FACTS.md fact 12).
// The types below take all these forms and fail only at absurd lengths: what they can't
// read becomes their zero value. Validation happens where a value gets its meaning.

// text is a string; numbers become their digits, everything else "".
type text string

// UnmarshalJSON implements json.Unmarshaler.
func (t *text) UnmarshalJSON(b []byte) error {
	*t = ""
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, (*string)(t))
	}
	if len(b) > 0 && (b[0] == '-' || b[0] >= '0' && b[0] <= '9') {
		*t = text(b)
	}
	return nil
}

// integer is a whole number, or a string of digits.
type integer int64

// UnmarshalJSON implements json.Unmarshaler.
func (n *integer) UnmarshalJSON(b []byte) error {
	var t text
	if err := t.UnmarshalJSON(b); err != nil {
		return err
	}
	*n = 0
	if v, err := strconv.ParseFloat(strings.TrimSpace(string(t)), 64); err == nil && v > -1e15 && v < 1e15 {
		*n = integer(v)
	}
	return nil
}

// truth is a boolean, "Y", "1", "true" or 1.
type truth bool

// UnmarshalJSON implements json.Unmarshaler.
func (t *truth) UnmarshalJSON(b []byte) error {
	*t = truth(yes(bytes.Trim(b, `"`)))
	return nil
}

func yes(b []byte) bool {
	switch string(b) {
	case "Y", "1", "true":
		return true
	}
	return false
}

// array is a list; an object with gaps in its numbering is one too, in the order
// of the answer. Everything else is empty.
type array[T any] []T

// UnmarshalJSON implements json.Unmarshaler. It fails with errTooLarge when there are
// more than mostRows: the shortest ones take forty times their size when decoded.
func (l *array[T]) UnmarshalJSON(b []byte) error {
	*l = nil
	return members(b, func(_ []byte, raw []byte) error {
		if len(*l) == mostRows {
			return errTooLarge
		}
		var v T
		if err := json.Unmarshal(raw, &v); err != nil {
			return err
		}
		*l = append(*l, v)
		return nil
	})
}

// object is a JSON object; the empty array, false, null and "" are an empty one.
type object map[string]json.RawMessage

// UnmarshalJSON implements json.Unmarshaler. It fails with errTooLarge like array.
func (o *object) UnmarshalJSON(b []byte) error {
	*o = nil
	if len(b) == 0 || b[0] != '{' {
		return nil
	}
	*o = object{}
	return members(b, func(key, raw []byte) error {
		if len(*o) == mostRows {
			return errTooLarge
		}
		(*o)[string(key)] = bytes.Clone(raw)
		return nil
	})
}

// members calls visit for each member of a valid JSON array, without key, or object.
// Other values have none.
func members(b []byte, visit func(key, raw []byte) error) error {
	if len(b) == 0 || b[0] != '[' && b[0] != '{' {
		return nil
	}
	s := scanner{b: b}
	end := b[0] + 2 // in ASCII both brackets are two apart
	for s.open(b[0]); s.more(end); {
		var key []byte
		if end == '}' {
			key = s.key()
		}
		s.peek()
		start := s.i
		s.skip()
		if err := visit(key, b[start:s.i]); err != nil {
			return err
		}
	}
	return nil
}
