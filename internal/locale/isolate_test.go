package locale

import "testing"

// A name keeps its place in a sentence, whatever its letters; others are not touched.
func TestNamesInSentencesAreIsolated(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, want string }{
		{"Anna", "Anna added"},
		{"دنة", "\u2068دنة\u2069 added"},
		{"דנה", "\u2068דנה\u2069 added"},
		{"\u2068דנה\u2069, \u2068دنة\u2069", "\u2068דנה\u2069, \u2068دنة\u2069 added"},
		{"Иван", "Иван added"},
	} {
		if got := For("en").T("people.added", "name", c.name); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
