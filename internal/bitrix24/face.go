package bitrix24

import (
	"bytes"
	"fmt"
	"image"
	_ "image/gif" // the formats in which portals keep photos
	"image/jpeg"
	_ "image/png"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp"
)

// The bounds of making faces.
const (
	faceSide    = 56      // pixels: twice what a page shows
	faceQuality = 80      // of JPEG
	facePixels  = 2 << 20 // of the photo; one that claims more is no portrait but a burden
	facesAtOnce = 4       // photos unpacked at the same time
)

// faceType is what every face is, whatever its photo was.
const faceType = "image/jpeg"

// face makes the small square that pages show out of a photo: its middle, on white
// where it is transparent. Nothing of the photo's file is left, no place and no
// camera either.
func (p *Photos) face(photo []byte) (face []byte, err error) {
	p.unpacking <- struct{}{}
	defer func() {
		<-p.unpacking
		if recover() != nil { // the file is anybody's, and a decoder's mistake must not end the program
			face, err = nil, fmt.Errorf("%w: content", errNoPhoto)
		}
	}()
	config, _, err := image.DecodeConfig(bytes.NewReader(photo))
	if err != nil || config.Width <= 0 || config.Height <= 0 || config.Width > facePixels/config.Height {
		return nil, fmt.Errorf("%w: size", errNoPhoto)
	}
	whole, _, err := image.Decode(bytes.NewReader(photo))
	if err != nil {
		return nil, fmt.Errorf("%w: content", errNoPhoto)
	}
	small := image.NewRGBA(image.Rect(0, 0, faceSide, faceSide))
	draw.Draw(small, small.Bounds(), image.White, image.Point{}, draw.Src)
	draw.CatmullRom.Scale(small, small.Bounds(), whole, middle(whole.Bounds()), draw.Over, nil)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, small, &jpeg.Options{Quality: faceQuality}); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// middle is the largest square in the middle of a picture.
func middle(r image.Rectangle) image.Rectangle {
	side := min(r.Dx(), r.Dy())
	corner := r.Min.Add(image.Pt((r.Dx()-side)/2, (r.Dy()-side)/2))
	return image.Rectangle{Min: corner, Max: corner.Add(image.Pt(side, side))}
}
