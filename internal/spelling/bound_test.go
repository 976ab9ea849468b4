package spelling

import (
	"strings"
	"testing"
)

// However a text and a query are made, the walk ends after so many steps. When they are
// used up it only has to find its way back.
func TestWorkIsBounded(t *testing.T) {
	t.Parallel()
	for name, typed := range map[string]string{
		strings.Repeat("ё", 32_000):       strings.Repeat("йо", 49) + "xx",
		strings.Repeat("ыи", 16_000):      strings.Repeat("iy", 49) + "xx",
		strings.Repeat("щ ю ", 12_000):    strings.Repeat("iou ", 24) + "xx",
		strings.Repeat("ueue ", 12_000):   strings.Repeat("üe", 49) + "xx",
		strings.Repeat("ь", 32_000):       strings.Repeat("ъ", 99) + "x",
		strings.Repeat("\u0301a", 20_000): strings.Repeat("ä", 99) + "x",
	} {
		text := newText(name)
		if len(text.letters) > maxLetters+1 {
			t.Errorf("%.8s…: %d letters", name, len(text.letters))
		}
		for _, words := range NewQuery(typed).ways {
			w := walk{steps: maxSteps}
			if w.all(words, text); w.steps < -maxLetters*maxWays {
				t.Errorf("%.8s…: %d steps", name, maxSteps-w.steps)
			}
		}
	}
	for letters, list := range ways {
		if len(list) > maxWays {
			t.Errorf("%q has %d ways", string(letters[:]), len(list))
		}
	}
}

// maxWays is how many ways a letter has at most.
const maxWays = 40
