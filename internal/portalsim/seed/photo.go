package seed

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
)

const photoSide = 96 // pixels; what the portal's small photo measures

// portrait draws a profile photo: a head and shoulders on stripes, coloured by the
// ID. It has no letters, so that nobody takes initials for a photo.
func portrait(id int) []byte {
	img := image.NewPaletted(image.Rect(0, 0, photoSide, photoSide), photoPalette(id))
	tilt := float64(id%5) / 4
	for y := range photoSide {
		for x := range photoSide {
			img.SetColorIndex(x, y, photoPixel(float64(x), float64(y), tilt))
		}
	}
	var out bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := enc.Encode(&out, img); err != nil {
		panic(err) // a buffer cannot fail and the size is legal
	}
	return out.Bytes()
}

const photoBands = 12

// photoPixel returns the palette index at x, y: the head, the shoulders or one
// band of the background.
func photoPixel(x, y, tilt float64) uint8 {
	switch {
	case math.Hypot(x-48, y-38) < 18:
		return photoBands
	case math.Hypot(x-48, y-104) < 42:
		return photoBands + 1
	}
	return uint8((x*tilt + y*(1-tilt)) * photoBands / photoSide)
}

// photoPalette has the stripes of the background, then head and shoulders. The
// golden angle keeps the colours of neighbours apart.
func photoPalette(id int) color.Palette {
	hue := math.Mod(float64(id)*137.5, 360)
	var p color.Palette
	for i := range photoBands {
		p = append(p, pastel(hue+float64(4*i), 0.22+0.015*float64(i), 0.92-0.015*float64(i)))
	}
	return append(p, pastel(30, 0.12, 0.97), pastel(hue+60, 0.45, 0.55))
}

// pastel returns the colour of a hue in degrees, a saturation and a value from 0
// to 1.
func pastel(hue, saturation, value float64) color.RGBA {
	channel := func(n float64) uint8 {
		k := math.Mod(n+hue/60, 6)
		return uint8(255 * value * (1 - saturation*max(0, min(k, 4-k, 1))))
	}
	return color.RGBA{channel(5), channel(3), channel(1), 255}
}
