package php

import (
	"bytes"
	"encoding/json"
	"math"
	"net/url"
	"strconv"
	"strings"
)

// ParseForm reads a query string or form with PHP's bracket notation. It drops
// pairs that cannot be unescaped.
func ParseForm(raw string) Array {
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

// keyPath splits a[b][] into a, b and "", which stands for appending. Without a
// closing bracket the rest belongs to the name. There are at most 64 levels, as in
// PHP.
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

// node is an array of a form that is being read.
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

func (n *node) object() Array {
	m := make(Array, 0, len(n.keys))
	for _, key := range n.keys {
		value := n.values[key]
		if child, ok := value.(*node); ok {
			value = Normalize(child.object())
		}
		m = append(m, Field{key, value})
	}
	return m
}

// Normalize makes a list of an array with the keys 0…n-1 in this order.
func Normalize(m Array) any {
	if !m.isList() {
		return m
	}
	items, _ := Items(m)
	return items
}

// parseJSON reads a JSON object or list as json_decode does into arrays, and keeps
// the order of keys. It is false for scalars and for what is no JSON.
func parseJSON(body []byte) (Array, bool) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	if !json.Valid(body) {
		return nil, false
	}
	v, err := decodeValue(dec)
	if err != nil {
		return nil, false
	}
	if _, isArray := Items(v); !isArray {
		return nil, false
	}
	return ToArray(v), true
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
	var m Array
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
		m = append(m, Field{name, value})
	}
	_, err := dec.Token()
	return Normalize(unique(m)), err
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
