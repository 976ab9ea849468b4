package static

import (
	"strings"
	"sync"
)

// IconBox is the viewBox of every icon.
const IconBox = "0 0 24 24"

// sprite are the drawings of the sprite by their ids.
var sprite = sync.OnceValue(func() map[string]string {
	drawings := map[string]string{}
	for _, symbol := range strings.Split(string(assets().byName["icons/sprite.svg"].bodies[""]), "<symbol ")[1:] {
		head, body, _ := strings.Cut(symbol, ">")
		body, _, _ = strings.Cut(body, "</symbol>")
		drawings[strings.Split(head, `"`)[1]] = body
	}
	return drawings
})

// Icon returns the drawing of an icon of the sprite as SVG, to stand in a page. It
// panics for one that does not exist: the id is a constant of ours.
func Icon(id string) string {
	drawing, ok := sprite()[id]
	if !ok {
		panic("static: no icon " + id)
	}
	return drawing
}
