package bitrix24

import (
	"bytes"
	"encoding/json"
)

// scanner walks over JSON without building values. Where the text is no JSON it sets bad and
// stops, and more returns false from then on. It checks the structure and not every detail:
// a value that is skipped may hold what JSON forbids.
//
// Loops over objects and arrays are written like this:
//
//	for s.open('{'); s.more('}'); {
//		switch string(s.key()) { … s.value() … s.skip() … }
//	}
type scanner struct {
	b     []byte
	i     int
	first bool // an object or array was just opened
	bad   bool
}

// peek returns the next byte that isn't white space, 0 at the end.
func (s *scanner) peek() byte {
	for s.i < len(s.b) {
		switch c := s.b[s.i]; c {
		case ' ', '\t', '\n', '\r':
			s.i++
		default:
			return c
		}
	}
	return 0
}

// open enters an object or array.
func (s *scanner) open(bracket byte) {
	if s.peek() != bracket {
		s.bad = true
		return
	}
	s.i++
	s.first = true
}

// more reports whether another member follows. If not, it leaves the object or array.
func (s *scanner) more(bracket byte) bool {
	if s.bad {
		return false
	}
	first := s.first
	s.first = false
	switch c := s.peek(); {
	case c == bracket:
		s.i++
		return false
	case first && c != 0:
		return true
	case c == ',':
		s.i++
		return true
	}
	s.bad = true
	return false
}

// take skips text if it comes next.
func (s *scanner) take(text string) bool {
	if len(s.b)-s.i < len(text) || string(s.b[s.i:s.i+len(text)]) != text {
		return false
	}
	s.i += len(text)
	return true
}

// key reads a member's name and the colon.
func (s *scanner) key() []byte {
	if s.peek() != '"' {
		s.bad = true
		return nil
	}
	name := s.quoted()
	if s.peek() != ':' {
		s.bad = true
		return nil
	}
	s.i++
	if bytes.IndexByte(name, '\\') >= 0 {
		return unescaped(name)
	}
	return name
}

// quoted returns the inside of the string that begins here, without resolving escapes.
func (s *scanner) quoted() []byte {
	start := s.i + 1
	for at := start; at <= len(s.b); at++ {
		n := bytes.IndexByte(s.b[at:], '"')
		if n < 0 {
			break
		}
		at += n
		if s.b[at-1] != '\\' || !s.escaped(start, at) {
			s.i = at + 1
			return s.b[start:at]
		}
	}
	s.bad, s.i = true, len(s.b)
	return nil
}

// escaped reports whether an odd number of backslashes precedes the byte at.
func (s *scanner) escaped(start, at int) bool {
	n := 0
	for at-n > start && s.b[at-n-1] == '\\' {
		n++
	}
	return n%2 == 1
}

// value returns the next value: the inside of a string, the digits of a number, a
// literal, or the whole text of an object or array; nil for null.
func (s *scanner) value() []byte {
	switch c := s.peek(); c {
	case '"':
		return s.quoted()
	case '{', '[':
		start := s.i
		s.skip()
		return s.b[start:s.i]
	default:
		word := s.word()
		if string(word) == "null" {
			return nil
		}
		return word
	}
}

// word reads a number or literal.
func (s *scanner) word() []byte {
	start := s.i
	for s.i < len(s.b) {
		c := s.b[s.i]
		if c == ',' || c == '}' || c == ']' || c <= ' ' || c == '"' || c == ':' || c == '{' || c == '[' {
			break
		}
		s.i++
	}
	if s.i == start {
		s.bad = true
	}
	return s.b[start:s.i]
}

// skip skips the next value.
func (s *scanner) skip() {
	depth := 0
	for !s.bad {
		switch s.peek() {
		case '"':
			s.quoted()
		case '{', '[':
			depth++
			s.i++
			continue
		case '}', ']':
			depth--
			s.i++
		case ',', ':':
			if depth == 0 {
				s.bad = true
			}
			s.i++
			continue
		default:
			s.word()
		}
		if depth <= 0 {
			s.bad = s.bad || depth < 0
			return
		}
	}
}

// unescaped resolves the escapes inside a JSON string. Text that isn't one stays as it is.
func unescaped(raw []byte) []byte {
	quoted := make([]byte, 0, len(raw)+2)
	quoted = append(append(append(quoted, '"'), raw...), '"')
	var s string
	if json.Unmarshal(quoted, &s) != nil {
		return raw
	}
	return []byte(s)
}
