package portalsim

import (
	"bytes"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

// obj is a PHP array with string keys, in the order of insertion. It is written
// as a JSON object, but as a list when its keys are 0…n-1, and therefore as []
// when it is empty.
type obj []field

type field struct {
	key   string
	value any
}

// emptyObject is written as {}: what PHP makes of an object without public
// properties, such as Bitrix24's dates in user.get.
type emptyObject struct{}

// get returns the value at key and whether there is one.
func (o obj) get(key string) (any, bool) {
	for _, f := range o {
		if f.key == key {
			return f.value, true
		}
	}
	return nil, false
}

// with sets key to value and returns the map; a new key goes to the end. The
// receiver may be changed.
func (o obj) with(key string, value any) obj {
	for i, f := range o {
		if f.key == key {
			o[i].value = value
			return o
		}
	}
	return append(o, field{key, value})
}

// isList tells whether the keys are 0…n-1 in this order.
func (o obj) isList() bool {
	for i, f := range o {
		if f.key != strconv.Itoa(i) {
			return false
		}
	}
	return true
}

// encodeJSON writes v as Bitrix24's PHP does: slashes escaped, the characters
// < > & ' " inside strings as \u00XX, all other text raw, bytes that are no UTF-8
// replaced, empty maps as []. Values are nil, bool, string, numbers, obj,
// emptyObject and slices of them; anything else is a mistake in the simulator
// and panics.
func encodeJSON(v any) []byte {
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
		b.WriteString(phpFloat(v))
	case emptyObject:
		b.WriteString("{}")
	case obj:
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

func writeArray(b *bytes.Buffer, o obj) {
	if o.isList() {
		items, _ := phpItems(o)
		writeJSON(b, items)
		return
	}
	b.WriteByte('{')
	for i, f := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		writeString(b, f.key)
		b.WriteByte(':')
		writeJSON(b, f.value)
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

// escaped is one character inside a JSON string. utf8.RuneError stands for
// itself: U+FFFD, which PHP puts in place of broken bytes.
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

// phpFloat writes a float with the fewest digits that read back the same, whole
// numbers without a fraction, and exponents below -5 and from 15 up.
func phpFloat(f float64) string {
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
