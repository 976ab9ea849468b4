package portalsim

import (
	"io"
	"math"
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// params are the parameters of a REST call as PHP sees them: an ordered map
// whose values are nil, bool, int, float64, string, []any (a list) or obj (any
// other array). As in PHP an array whose keys are 0…n-1 is a list, however it
// was written, and an empty array is an empty list.
type params obj

// maxBody is the largest request body that is read, in bytes.
const maxBody = 8 << 20

// readParams merges query and body; the body wins. A body that is not the JSON
// it claims to be is silently ignored, as Bitrix24 does.
func readParams(r *http.Request) params {
	root := parseForm(r.URL.RawQuery)
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return params(root)
	}
	var posted obj
	switch media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); {
	case media == "application/json" || strings.Contains(media, "+json"):
		posted, _ = parseJSON(body)
	case r.Method == http.MethodPost:
		posted = parseForm(string(body))
	}
	return params(unique(append(root, posted...)))
}

// unique keeps one field for each key: where the first was, with the last value.
func unique(fields obj) obj {
	index := make(map[string]int, len(fields))
	kept := fields[:0:0]
	for _, f := range fields {
		if i, known := index[f.key]; known {
			kept[i].value = f.value
			continue
		}
		index[f.key] = len(kept)
		kept = append(kept, f)
	}
	return kept
}

// get returns a parameter and whether it was sent; names are case-sensitive.
func (p params) get(key string) (any, bool) { return obj(p).get(key) }

// has tells whether the parameter was sent and is not null.
func (p params) has(key string) bool {
	v, _ := p.get(key)
	return v != nil
}

// str is the parameter cast to a string.
func (p params) str(key string) string {
	v, _ := p.get(key)
	return phpString(v)
}

// num is the parameter cast to an integer.
func (p params) num(key string) int {
	v, _ := p.get(key)
	return phpInt(v)
}

// filled is PHP's !empty(): sent and none of null, "", "0", 0, false, [].
func (p params) filled(key string) bool {
	v, _ := p.get(key)
	return phpBool(v)
}

// items are the values of an array parameter in order; false for a scalar or a
// missing one.
func (p params) items(key string) ([]any, bool) {
	v, _ := p.get(key)
	return phpItems(v)
}

// sub is an array parameter as parameters of its own; empty for a scalar.
func (p params) sub(key string) params {
	v, _ := p.get(key)
	return params(phpArray(v))
}

// upper returns the parameters with upper-case names, for the methods that do
// not care about case.
func (p params) upper() params {
	up := make(obj, len(p))
	for i, f := range p {
		up[i] = field{strings.ToUpper(f.key), f.value}
	}
	return params(unique(up))
}

// without returns the parameters with one taken out.
func (p params) without(key string) params {
	kept := make(params, 0, len(p))
	for _, f := range p {
		if f.key != key {
			kept = append(kept, f)
		}
	}
	return kept
}

// phpArray is v as an ordered map: lists get the keys 0…n-1, scalars none.
func phpArray(v any) obj {
	switch v := v.(type) {
	case obj:
		return v
	case []any:
		m := make(obj, len(v))
		for i, item := range v {
			m[i] = field{strconv.Itoa(i), item}
		}
		return m
	}
	return nil
}

// phpItems are the values of an array; false for anything else.
func phpItems(v any) ([]any, bool) {
	switch v := v.(type) {
	case []any:
		return v, true
	case obj:
		items := make([]any, len(v))
		for i, f := range v {
			items[i] = f.value
		}
		return items, true
	}
	return nil, false
}

// phpString is PHP's cast to string.
func phpString(v any) string {
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
		return phpFloat(v)
	case []any, obj:
		return "Array"
	}
	return ""
}

// phpInt is PHP's cast to int: the leading number of a string, 1 for an array
// that is not empty.
func phpInt(v any) int {
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
	case []any, obj:
		if phpBool(v) {
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

// phpBool is PHP's cast to bool: a non-empty string other than "0" is true, so
// "false" and "N" are.
func phpBool(v any) bool {
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
	case obj:
		return len(v) > 0
	}
	return false
}
