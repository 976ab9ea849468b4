package part_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/andybalholm/cascadia"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"golang.org/x/net/html"

	"slotfinder/templates/part"
)

// TestQRIsRead draws the code as a browser would and reads it with a reader that
// nobody here wrote.
func TestQRIsRead(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"https://slots.example.com/s/3f8Kq2ZpT0mVbX7yNwRc1A", "http://127.0.0.1:8080/s/x", "https://слоты.example/s/" + strings.Repeat("ж", 40),
		"https://slots.example.com/" + strings.Repeat("a", 300),
	} {
		svg := qrOf(t, text, "label")
		bitmap, err := gozxing.NewBinaryBitmapFromImage(picture(t, svg))
		if err != nil {
			t.Fatal(err)
		}
		read, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		} else if read.GetText() != text {
			t.Errorf("%q reads as %q", text, read.GetText())
		}
	}
}

func TestQRSaysWhatItIs(t *testing.T) {
	t.Parallel()
	evil := `"><script>alert(1)</script>`
	svg := qrOf(t, "https://slots.example.com/"+evil, evil)
	if attribute(svg, "role") != "img" || attribute(svg, "aria-label") != evil {
		t.Errorf("role %q, label %q", attribute(svg, "role"), attribute(svg, "aria-label"))
	}
	if cascadia.Query(svg, cascadia.MustCompile("script")) != nil {
		t.Error("the label got out of its attribute")
	}
}

func TestQRTooLong(t *testing.T) {
	t.Parallel()
	if err := part.QR(strings.Repeat("a", 5000), "").Render(context.Background(), &bytes.Buffer{}); err == nil {
		t.Error("5,000 bytes fit into no QR code")
	}
}

func qrOf(t *testing.T, text, label string) *html.Node {
	t.Helper()
	var b bytes.Buffer
	if err := part.QR(text, label).Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	doc, err := html.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	svg := cascadia.QueryAll(doc, cascadia.MustCompile("svg"))
	if len(svg) != 1 || cascadia.Query(doc, cascadia.MustCompile("body > :not(svg)")) != nil {
		t.Fatal("not one picture")
	}
	return svg[0]
}

// picture draws the path, ten pixels a module.
func picture(t *testing.T, svg *html.Node) image.Image {
	t.Helper()
	const scale = 10
	side := number(t, strings.Fields(attribute(svg, "viewBox"))[2]) * scale
	img := image.NewGray(image.Rect(0, 0, side, side))
	draw.Draw(img, img.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	path := attribute(cascadia.Query(svg, cascadia.MustCompile("path")), "d")
	for _, m := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1H(\d+)z`).FindAllStringSubmatch(path, -1) {
		x, y, run := number(t, m[1])*scale, number(t, m[2])*scale, number(t, m[3])*scale
		if x < 4*scale || y < 4*scale || x+run > side-4*scale || y+scale > side-4*scale {
			t.Fatalf("%s stands in the quiet zone", m[0])
		}
		if m[4] != m[1] {
			t.Fatalf("%s does not come back to where it began", m[0])
		}
		draw.Draw(img, image.Rect(x, y, x+run, y+scale), image.NewUniform(color.Black), image.Point{}, draw.Src)
	}
	return img
}

func number(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if strings.EqualFold(a.Key, name) {
			return a.Val
		}
	}
	return ""
}
