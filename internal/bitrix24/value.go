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

// text is a string. Numbers become their digits, everything else becomes "".
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

// boolean is a boolean, "Y", "1", "true" or 1.
type boolean bool

// UnmarshalJSON implements json.Unmarshaler.
func (t *boolean) UnmarshalJSON(b []byte) error {
	*t = boolean(isYes(bytes.Trim(b, `"`)))
	return nil
}

func isYes(b []byte) bool {
	switch string(b) {
	case "Y", "1", "true":
		return true
	}
	return false
}

// array is a list, or the object that PHP makes of a list with gaps, in the order of the
// answer. Everything else is empty.
type array[T any] []T

// UnmarshalJSON implements json.Unmarshaler. It fails with errTooLarge when there are more than
// maxRows: the shortest rows take forty times their size when decoded.
func (l *array[T]) UnmarshalJSON(b []byte) error {
	*l = nil
	return eachMember(b, func(_ []byte, raw []byte) error {
		if len(*l) == maxRows {
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

// object is a JSON object. The empty array, false, null and "" are an empty object.
type object map[string]json.RawMessage

// UnmarshalJSON implements json.Unmarshaler. It fails with errTooLarge like array.
func (o *object) UnmarshalJSON(b []byte) error {
	*o = nil
	if len(b) == 0 || b[0] != '{' {
		return nil
	}
	*o = object{}
	return eachMember(b, func(key, raw []byte) error {
		if len(*o) == maxRows {
			return errTooLarge
		}
		(*o)[string(key)] = bytes.Clone(raw)
		return nil
	})
}

// eachMember calls visit for each member of a valid JSON object, or, without a key, of a valid
// array. Other values have no members.
func eachMember(b []byte, visit func(key, raw []byte) error) error {
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
