package bitrix24

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// PHP decides the JSON type of a value by what happens to be in it. The types
// below take every form that was seen (the calendar fact sheet, sections 1.5, 5
// and 10.6) and never fail: what they can't read is their zero value, and
// validation happens where the value gets its meaning.

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

// UnmarshalJSON implements json.Unmarshaler.
func (l *array[T]) UnmarshalJSON(b []byte) error {
	*l = nil
	if len(b) == 0 || b[0] != '[' && b[0] != '{' {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(b))
	keyed := b[0] == '{'
	if _, err := d.Token(); err != nil {
		return err
	}
	for d.More() {
		if keyed {
			if _, err := d.Token(); err != nil {
				return err
			}
		}
		var v T
		if err := d.Decode(&v); err != nil {
			return err
		}
		*l = append(*l, v)
	}
	return nil
}

// object is a JSON object; the empty array, false, null and "" are an empty one.
type object map[string]json.RawMessage

// UnmarshalJSON implements json.Unmarshaler.
func (o *object) UnmarshalJSON(b []byte) error {
	*o = nil
	if len(b) == 0 || b[0] != '{' {
		return nil
	}
	return json.Unmarshal(b, (*map[string]json.RawMessage)(o))
}
