package part

import (
	"context"
	"io"

	"github.com/a-h/templ"

	"slotfinder/static"
)

// InlineIcon is Icon written into the page itself: for pages of guests, who would
// load the whole sprite for three pictures.
func InlineIcon(name string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, `<svg class="icon" aria-hidden="true" viewBox="`+static.IconBox+`">`+static.Icon(name)+`</svg>`)
		return err
	})
}
