package spelling

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	maxBytes   = 1000 // of a text that are looked at; names are far shorter
	maxLetters = 300  // of a text
)

// text is a text as it is compared: lower case, no accents but those that make another
// letter, no signs and spaces. It is remembered where words began.
type text struct {
	letters []rune
	words   []int // index of the first letter of each word
	gaps    []int // those of words that come after white space, or at the start
}

// newText reads a text. What is beyond the bounds is not looked at.
func newText(s string) text {
	s = norm.NFC.String(beginning(s))
	t := text{letters: make([]rune, 0, len(s)), words: make([]int, 0, 4)}
	word, gap := true, true
	for _, r := range s {
		before := len(t.letters)
		if t.add(unicode.ToLower(r)); len(t.letters) > maxLetters {
			break
		}
		if len(t.letters) == before {
			word = word || !unicode.IsMark(r)
			gap = gap || unicode.IsSpace(r)
			continue
		}
		if word {
			t.words = append(t.words, before)
		}
		if gap {
			t.gaps = append(t.gaps, before)
		}
		word, gap = false, false
	}
	return t
}

// beginning is as much of a text as is looked at.
func beginning(s string) string {
	if len(s) > maxBytes {
		s = strings.ToValidUTF8(s[:maxBytes], "")
	}
	return s
}

// add takes a letter up as the tables know it, else without its accents. What is no
// letter or digit is left out.
func (t *text) add(r rune) {
	if r < utf8.RuneSelf {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
			t.letters = append(t.letters, r)
		}
		return
	}
	if _, known := ways[pair{r}]; known {
		t.letters = append(t.letters, r)
		return
	}
	if !unicode.IsLetter(r) && !unicode.IsDigit(r) || apostrophe(r) {
		return
	}
	for _, part := range norm.NFD.String(string(r)) {
		if !unicode.IsMark(part) {
			t.letters = append(t.letters, part)
		}
	}
}

// apostrophe reports whether a letter only looks like a sign: Ukrainian and Turkic names
// are typed with and without it.
func apostrophe(r rune) bool { return r >= 0x02B0 && r <= 0x02FF }

// split cuts the text at some of the places where words begin.
func (t text) split(starts []int) [][]rune {
	var words [][]rune
	for i, from := range starts {
		to := len(t.letters)
		if i+1 < len(starts) {
			to = starts[i+1]
		}
		words = append(words, t.letters[from:to])
	}
	return words
}

// Fold writes a text in the form in which texts are sorted: lower case, no accents,
// Latin letters where the tables know them, single spaces between words.
func Fold(s string) string {
	var b strings.Builder
	t := newText(s)
	for i, word := range t.split(t.words) {
		if i > 0 {
			b.WriteByte(' ')
		}
		for _, letter := range word {
			if known, ok := ways[pair{letter}]; ok {
				b.WriteString(known[0])
			} else {
				b.WriteRune(letter)
			}
		}
	}
	return b.String()
}
