package php

import (
	"bytes"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Array is a PHP array with string keys, in the order of insertion. It is written
// as a JSON object, but as a list when its keys are 0…n-1, and therefore as []
// when it is empty.
type Array []Field

// Field is one entry of an Array. It is an alias of a struct without a name, so
// that other packages may write Array{{"ID", 1}} without names of fields.
type Field = struct {
	Key   string
	Value any
}

// EmptyObject is written as {}. That is what PHP makes of an object without public
// properties, such as the dates in user.get.
type EmptyObject struct{}

// Get returns the value at key and whether there is one.
func (o Array) Get(key string) (any, bool) {
	for _, f := range o {
		if f.Key == key {
			return f.Value, true
		}
	}
	return nil, false
}

// With sets key to value and returns the array; a new key goes to the end. It may
// change the receiver.
func (o Array) With(key string, value any) Array {
	for i, f := range o {
		if f.Key == key {
			o[i].Value = value
			return o
		}
	}
	return append(o, Field{key, value})
}

// isList reports whether the keys are 0…n-1 in this order.
func (o Array) isList() bool {
	for i, f := range o {
		if f.Key != strconv.Itoa(i) {
			return false
		}
	}
	return true
}

// Encode writes v as Bitrix24's PHP does. Slashes are escaped, the characters < >
// & ' " in strings become \u00XX, other text stays as it is, bytes that are no
// UTF-8 are replaced, and empty arrays become []. v may be nil, a bool, string,
// number, Array, EmptyObject or a slice of them; anything else is a mistake in the
// simulator and panics.
func Encode(v any) []byte {
	var b bytes.Buffer
	writeJSON(&b, v)
	return b.Bytes()
}

func writeJSON(b *bytes.Buffer, v any) {
	switch v := v.(type) {
	case nil:
		b.WriteString("null")
	case bool:
		b.WriteString(strconv.FormatBool(v))
	case string:
		writeString(b, v)
	case float64:
		b.WriteString(floatText(v))
	case EmptyObject:
		b.WriteString("{}")
	case Array:
		writeArray(b, v)
	default:
		writeReflected(b, reflect.ValueOf(v))
	}
}

// writeReflected covers the integers and the slices of any type.
func writeReflected(b *bytes.Buffer, v reflect.Value) {
	switch {
	case v.CanInt():
		b.WriteString(strconv.FormatInt(v.Int(), 10))
	case v.Kind() == reflect.Slice:
		b.WriteByte('[')
		for i := range v.Len() {
			if i > 0 {
				b.WriteByte(',')
			}
			writeJSON(b, v.Index(i).Interface())
		}
		b.WriteByte(']')
	default:
		panic(fmt.Sprintf("portalsim: a value of type %s has no JSON form", v.Type()))
	}
}

func writeArray(b *bytes.Buffer, o Array) {
	if o.isList() {
		items, _ := Items(o)
		writeJSON(b, items)
		return
	}
	b.WriteByte('{')
	for i, f := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		writeString(b, f.Key)
		b.WriteByte(':')
		writeJSON(b, f.Value)
	}
	b.WriteByte('}')
}

func writeString(b *bytes.Buffer, s string) {
	b.WriteByte('"')
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		b.WriteString(escaped(r))
	}
	b.WriteByte('"')
}

// escaped is one character in a JSON string. utf8.RuneError stays as U+FFFD, which
// PHP puts in place of broken bytes.
func escaped(r rune) string {
	switch r {
	case '/':
		return `\/`
	case '\\':
		return `\\`
	case '\b':
		return `\b`
	case '\f':
		return `\f`
	case '\n':
		return `\n`
	case '\r':
		return `\r`
	case '\t':
		return `\t`
	case '<', '>', '&', '\'', '"', '\u2028', '\u2029':
		return fmt.Sprintf(`\u%04X`, r)
	}
	if r < 0x20 {
		return fmt.Sprintf(`\u%04x`, r)
	}
	return string(r)
}

// floatText writes a float with the fewest digits that give the same number: whole
// numbers without a fraction, exponents below -5 and from 15 on.
func floatText(f float64) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "0" // json_encode with partial output
	}
	if a := math.Abs(f); a == 0 || a >= 1e-4 && a < 1e15 {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	sign, digits := exponent[:1], strings.TrimLeft(exponent[1:], "0")
	return mantissa + "e" + sign + digits
}
