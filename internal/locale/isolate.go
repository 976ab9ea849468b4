package locale

import (
	"strings"

	"golang.org/x/text/unicode/bidi"
)

// The signs around a text whose direction is its own. In HTML the element bdi does the
// same; these are for attributes, sentences and messages.
const (
	isolate = "\u2068" // first strong isolate
	release = "\u2069" // pop directional isolate
)

// Isolate keeps a text with letters that are written from right to left, such as a
// Hebrew or Arabic name, from changing the order of what stands beside it. Texts
// without such letters stay as they are, and so do those that are isolated already.
func Isolate(text string) string {
	if !strings.ContainsFunc(text, rightToLeft) || strings.Contains(text, isolate) {
		return text
	}
	return isolate + text + release
}

func rightToLeft(r rune) bool {
	if r < 0x0590 { // Hebrew is the first
		return false
	}
	properties, _ := bidi.LookupString(string(r))
	return properties.Class() == bidi.R || properties.Class() == bidi.AL
}
