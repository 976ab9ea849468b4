package portalsim

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"mime"
	"net/http"
	"net/url"
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

// parseForm reads a query string or form body with PHP's bracket notation.
// Pairs that cannot be unescaped are dropped.
func parseForm(raw string) obj {
	var root node
	for _, pair := range strings.Split(raw, "&") {
		name, value, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(name)
		if err != nil || name == "" {
			continue
		}
		value, err = url.QueryUnescape(value)
		if err != nil {
			continue
		}
		root.set(keyPath(name), value)
	}
	return root.object()
}

// keyPath splits a[b][] into a, b and "" (append). Without a closing bracket the
// rest is part of the name. At most 64 levels, as PHP limits them.
func keyPath(name string) []string {
	open := strings.IndexByte(name, '[')
	if open <= 0 {
		return []string{name}
	}
	path, rest := []string{name[:open]}, name[open:]
	for len(path) < 64 && strings.HasPrefix(rest, "[") {
		end := strings.IndexByte(rest, ']')
		if end < 0 {
			break
		}
		path = append(path, rest[1:end])
		rest = rest[end+1:]
	}
	return path
}

// node is an array that a form is building.
type node struct {
	keys   []string
	values map[string]any // string or *node
	next   int            // key of the next []
}

// set puts value at path, making arrays on the way.
func (n *node) set(path []string, value string) {
	key := path[0]
	if key == "" {
		key = strconv.Itoa(n.next)
	}
	if i, err := strconv.Atoi(key); err == nil && strconv.Itoa(i) == key && i >= n.next && i < math.MaxInt32 {
		n.next = i + 1
	}
	if n.values == nil {
		n.values = map[string]any{}
	}
	if _, known := n.values[key]; !known {
		n.keys = append(n.keys, key)
	}
	if len(path) == 1 {
		n.values[key] = value
		return
	}
	child, ok := n.values[key].(*node)
	if !ok {
		child = &node{}
		n.values[key] = child
	}
	child.set(path[1:], value)
}

func (n *node) object() obj {
	m := make(obj, 0, len(n.keys))
	for _, key := range n.keys {
		value := n.values[key]
		if child, ok := value.(*node); ok {
			value = normal(child.object())
		}
		m = append(m, field{key, value})
	}
	return m
}

// normal makes an array with the keys 0…n-1 in this order a list.
func normal(m obj) any {
	if !m.isList() {
		return m
	}
	items, _ := phpItems(m)
	return items
}

// parseJSON reads a JSON object (or list) as PHP's json_decode into arrays does,
// keeping the order of keys; false when it is not valid or is a scalar.
func parseJSON(body []byte) (obj, bool) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	if !json.Valid(body) {
		return nil, false
	}
	v, err := decodeValue(dec)
	if err != nil {
		return nil, false
	}
	if _, isArray := phpItems(v); !isArray {
		return nil, false
	}
	return phpArray(v), true
}

func decodeValue(dec *json.Decoder) (any, error) {
	tok, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch tok := tok.(type) {
	case json.Delim:
		if tok == '{' {
			return decodeObject(dec)
		}
		return decodeList(dec)
	case json.Number:
		return number(tok), nil
	}
	return tok, nil
}

func decodeObject(dec *json.Decoder) (any, error) {
	var m obj
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, err
		}
		value, err := decodeValue(dec)
		if err != nil {
			return nil, err
		}
		name, _ := key.(string)
		m = append(m, field{name, value})
	}
	_, err := dec.Token()
	return normal(unique(m)), err
}

func decodeList(dec *json.Decoder) (any, error) {
	items := []any{}
	for dec.More() {
		value, err := decodeValue(dec)
		if err != nil {
			return nil, err
		}
		items = append(items, value)
	}
	_, err := dec.Token()
	return items, err
}

// number is an int where PHP would have one, else a float.
func number(n json.Number) any {
	if i, err := strconv.Atoi(n.String()); err == nil {
		return i
	}
	f, _ := n.Float64()
	return f
}
