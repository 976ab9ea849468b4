package spelling

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxSteps bounds the walk through one text for one query.
const maxSteps = 2000

// Closeness is how a query is found in a text; more is closer.
type Closeness int

// The kinds, from none to the closest.
const (
	Not    Closeness = iota
	Spelt            // in one of the ways of writing it
	Folded           // as Fold writes it: accents, signs and script do not count
	Exact            // as it is written, in upper or lower case
)

// Query is what somebody has typed to find texts.
type Query struct {
	exact  []string   // words between spaces, in lower case
	folded []string   // words
	ways   [][][]rune // the words: those between signs, those between spaces, all in one
}

// NewQuery reads what was typed.
func NewQuery(typed string) Query {
	t := newText(typed)
	q := Query{exact: strings.Fields(lower(typed)), folded: strings.Fields(Fold(typed))}
	if len(t.letters) == 0 {
		return q
	}
	for _, starts := range [][]int{t.words, t.gaps, {0}} {
		if words := t.split(starts); len(q.ways) == 0 || len(words) != len(q.ways[len(q.ways)-1]) {
			q.ways = append(q.ways, words)
		}
	}
	return q
}

// Empty reports whether nothing was typed that could be looked for.
func (q Query) Empty() bool { return len(q.ways) == 0 }

// In says how closely the query is found in a text: each of its words must begin a word
// of it, in any order. Signs within words, such as apostrophes and hyphens, may be left
// out, and so may spaces. An empty query is found everywhere.
func (q Query) In(s string) Closeness {
	if q.Empty() {
		return Exact
	}
	t := newText(s)
	w := walk{steps: maxSteps}
	if !slices.ContainsFunc(q.ways, func(words [][]rune) bool { return w.all(words, t) }) {
		return Not
	}
	switch {
	case beginWords(lower(s), q.exact):
		return Exact
	case beginWords(Fold(s), q.folded):
		return Folded
	}
	return Spelt
}

// lower is the beginning of a text in lower case.
func lower(s string) string { return norm.NFC.String(strings.ToLower(beginning(s))) }

// beginWords reports whether each word is the beginning of a word of the text.
func beginWords(text string, words []string) bool {
	for _, word := range words {
		if !beginsWord(text, word) {
			return false
		}
	}
	return true
}

func beginsWord(text, word string) bool {
	for from := 0; ; {
		at := strings.Index(text[from:], word)
		if at < 0 {
			return false
		}
		before, _ := utf8.DecodeLastRuneInString(text[:from+at])
		if from+at == 0 || !unicode.IsLetter(before) && !unicode.IsMark(before) && !unicode.IsDigit(before) {
			return true
		}
		from += at + len(word)
	}
}

// walk goes through texts and queries side by side.
type walk struct{ steps int }

// all reports whether every word is the beginning of a word of the text.
func (w *walk) all(words [][]rune, t text) bool {
	for _, word := range words {
		first := firsts(word[0])
		found := func(start int) bool {
			return w.steps > 0 && first&firsts(t.letters[start]) != 0 && w.begins(path{"", t.letters[start:]}, path{"", word})
		}
		if !slices.ContainsFunc(t.words, found) {
			return false
		}
	}
	return true
}

// path is the rest of a text of which some is written in one way, and the letters after
// that are still to be written.
type path struct {
	written string
	letters []rune
}

// begins reports whether what is typed can be written so that a text, which too can be
// written in several ways, begins with it.
func (w *walk) begins(text, typed path) bool {
	if w.steps--; w.steps < 0 {
		return false
	}
	same := 0
	for same < min(len(text.written), len(typed.written)) && text.written[same] == typed.written[same] {
		same++
	}
	text.written, typed.written = text.written[same:], typed.written[same:]
	switch {
	case typed.written == "" && len(typed.letters) == 0:
		return true
	case typed.written == "":
		return typed.each(func(next path) bool { return w.begins(text, next) })
	case text.written == "":
		return text.each(func(next path) bool { return w.begins(next, typed) })
	}
	return false // the two differ
}

// each writes the next letter, or the next two that belong together, in every way until
// one is good.
func (p path) each(good func(path) bool) bool {
	if len(p.letters) == 0 {
		return false
	}
	size := min(2, len(p.letters))
	list, known := ways[pairOf(p.letters[:size])]
	if !known && size == 2 {
		size = 1
		list, known = ways[pair{p.letters[0]}]
	}
	if !known {
		return good(path{alone(p.letters[0]), p.letters[1:]})
	}
	return slices.ContainsFunc(list, func(way string) bool { return good(path{way, p.letters[size:]}) })
}

// alone is a letter as a string; those of ASCII need not be made again and again.
func alone(letter rune) string {
	if letter < utf8.RuneSelf {
		return ascii[letter : letter+1]
	}
	return string(letter)
}

var ascii = func() string {
	var all [utf8.RuneSelf]byte
	for i := range all {
		all[i] = byte(i)
	}
	return string(all[:])
}()
