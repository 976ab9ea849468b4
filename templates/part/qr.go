package part

import (
	"context"
	"fmt"
	"image"
	"io"
	"strings"

	"github.com/a-h/templ"
	"github.com/boombuler/barcode/qr"
)

// quietZone is the empty border that the standard asks for, in modules.
const quietZone = 4

// QR is a QR code of a text as one SVG path. The label tells what it leads to.
func QR(text, label string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		code, err := qr.Encode(text, qr.M, qr.Auto)
		if err != nil {
			return fmt.Errorf("part: QR code of %d bytes: %w", len(text), err)
		}
		side := code.Bounds().Dx()
		var path strings.Builder
		for y := range side {
			for x := 0; x < side; x++ {
				from := x
				for x < side && dark(code, x, y) {
					x++
				}
				if x > from {
					fmt.Fprintf(&path, "M%d %dh%dv1H%dz", from+quietZone, y+quietZone, x-from, from+quietZone)
				}
			}
		}
		whole := side + 2*quietZone
		_, err = fmt.Fprintf(w, `<svg class="qr-code" viewBox="0 0 %d %d" role="img" aria-label="%s"><rect width="%d" height="%d" fill="#fff"></rect><path d="%s"></path></svg>`,
			whole, whole, templ.EscapeString(label), whole, whole, path.String())
		return err
	})
}

func dark(code image.Image, x, y int) bool {
	r, _, _, _ := code.At(x, y).RGBA()
	return r == 0
}
