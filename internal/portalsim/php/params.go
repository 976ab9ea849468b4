package php

import (
	"io"
	"math"
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// Params are the parameters of a call as PHP sees them: an ordered map whose
// values are nil, bool, int, float64, string, []any (a list) or Array (any other
// array). As in PHP an array with the keys 0…n-1 is a list, however it was
// written, and an empty array is an empty list.
type Params Array

// maxBody is the largest request body that is read, in bytes.
const maxBody = 8 << 20

// ReadParams merges query and body; the body wins. Like Bitrix24 it silently
// ignores a body that is not the JSON it claims to be.
func ReadParams(r *http.Request) Params {
	root := ParseForm(r.URL.RawQuery)
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return Params(root)
	}
	var posted Array
	switch media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); {
	case media == "application/json" || strings.Contains(media, "+json"):
		posted, _ = parseJSON(body)
	case r.Method == http.MethodPost:
		posted = ParseForm(string(body))
	}
	return Params(unique(append(root, posted...)))
}

// unique keeps one field for each key: where the first was, with the last value.
func unique(fields Array) Array {
	index := make(map[string]int, len(fields))
	kept := fields[:0:0]
	for _, f := range fields {
		if i, known := index[f.Key]; known {
			kept[i].Value = f.Value
			continue
		}
		index[f.Key] = len(kept)
		kept = append(kept, f)
	}
	return kept
}

// Get returns a parameter and whether it was sent; names are case-sensitive.
func (p Params) Get(key string) (any, bool) { return Array(p).Get(key) }

// Has reports whether the parameter was sent and is not null.
func (p Params) Has(key string) bool {
	v, _ := p.Get(key)
	return v != nil
}

// Text is the parameter cast to a string.
func (p Params) Text(key string) string {
	v, _ := p.Get(key)
	return Text(v)
}

// Int is the parameter cast to an integer.
func (p Params) Int(key string) int {
	v, _ := p.Get(key)
	return Int(v)
}

// Filled is PHP's !empty(): the parameter was sent and is none of null, "", "0",
// 0, false and [].
func (p Params) Filled(key string) bool {
	v, _ := p.Get(key)
	return Bool(v)
}

// Items are the values of an array parameter in order; false for a scalar or a
// missing one.
func (p Params) Items(key string) ([]any, bool) {
	v, _ := p.Get(key)
	return Items(v)
}

// Sub is an array parameter as parameters of its own; empty for a scalar.
func (p Params) Sub(key string) Params {
	v, _ := p.Get(key)
	return Params(ToArray(v))
}

// Upper returns the parameters with upper-case names, for methods that ignore
// case.
func (p Params) Upper() Params {
	up := make(Array, len(p))
	for i, f := range p {
		up[i] = Field{strings.ToUpper(f.Key), f.Value}
	}
	return Params(unique(up))
}

// Without returns the parameters with one taken out.
func (p Params) Without(key string) Params {
	kept := make(Params, 0, len(p))
	for _, f := range p {
		if f.Key != key {
			kept = append(kept, f)
		}
	}
	return kept
}

// ToArray is v as an ordered map. The keys of a list are 0…n-1; a scalar gives an
// empty map.
func ToArray(v any) Array {
	switch v := v.(type) {
	case Array:
		return v
	case []any:
		m := make(Array, len(v))
		for i, item := range v {
			m[i] = Field{strconv.Itoa(i), item}
		}
		return m
	}
	return nil
}

// Items are the values of an array; false for anything else.
func Items(v any) ([]any, bool) {
	switch v := v.(type) {
	case []any:
		return v, true
	case Array:
		items := make([]any, len(v))
		for i, f := range v {
			items[i] = f.Value
		}
		return items, true
	}
	return nil, false
}

// Text is PHP's cast to string.
func Text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		if v {
			return "1"
		}
		return ""
	case int:
		return strconv.Itoa(v)
	case float64:
		return floatText(v)
	case []any, Array:
		return "Array"
	}
	return ""
}

// Int is PHP's cast to int: the number at the beginning of a string, 1 for an
// array that is not empty.
func Int(v any) int {
	switch v := v.(type) {
	case string:
		return leadingInt(v)
	case bool:
		if v {
			return 1
		}
	case int:
		return v
	case float64:
		if !math.IsNaN(v) && math.Abs(v) < 1<<62 {
			return int(v)
		}
	case []any, Array:
		if Bool(v) {
			return 1
		}
	}
	return 0
}

// leadingInt reads " 12abc" as 12 and anything without leading digits as 0.
func leadingInt(s string) int {
	s = strings.TrimLeft(s, " \t\n\r\v\f")
	end := 0
	if end < len(s) && (s[end] == '-' || s[end] == '+') {
		end++
	}
	for end < len(s) && s[end] >= '0' && s[end] <= '9' {
		end++
	}
	n, err := strconv.Atoi(s[:end])
	if err != nil {
		return 0
	}
	return n
}

// Bool is PHP's cast to bool. Every string other than "" and "0" is true, even
// "false" and "N".
func Bool(v any) bool {
	switch v := v.(type) {
	case string:
		return v != "" && v != "0"
	case bool:
		return v
	case int:
		return v != 0
	case float64:
		return v != 0
	case []any:
		return len(v) > 0
	case Array:
		return len(v) > 0
	}
	return false
}
