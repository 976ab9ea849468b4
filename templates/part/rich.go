package part

import (
	"context"
	"io"
	"strings"

	"github.com/a-h/templ"
)

// Rich writes a text in which *words* are emphasized. The text may hold names:
// it is escaped, and an odd asterisk stays what it is.
func Rich(text string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		pieces := strings.Split(text, "*")
		if len(pieces)%2 == 0 {
			pieces = []string{text}
		}
		var b strings.Builder
		for i, piece := range pieces {
			if i%2 == 1 {
				b.WriteString("<em>" + templ.EscapeString(piece) + "</em>")
				continue
			}
			b.WriteString(templ.EscapeString(piece))
		}
		_, err := io.WriteString(w, b.String())
		return err
	})
}
