package bitrix24

import (
	"bytes"
	"context"
	"fmt"
	"image"
	_ "image/gif" // the formats in which portals keep photos
	"image/jpeg"
	_ "image/png"
	"runtime"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp"
)

// The bounds of making faces. Photos are anybody's files, made to be small and to cost
// much: all of this is checked before anything is unpacked.
const (
	faceSide    = 56      // pixels: twice what a page shows
	faceRough   = 448     // pixels: eight times as many are enough to look at
	faceQuality = 80      // of JPEG
	facePixels  = 2 << 20 // of the photo; one that claims more is no portrait but a burden
	faceEdge    = 4096    // of the photo, in pixels: decoders round up to blocks, which makes a line of pixels a burden
	faceScans   = 24      // of a JPEG, each of which goes over all pixels; encoders make about ten
)

// facesAtOnce is how many photos are unpacked at the same time for all portals. Each
// portal has one of these places at most: its photos wait for each other, and it never
// has all of them.
var facesAtOnce = max(2, runtime.GOMAXPROCS(0)/2)

// faceType is what every face is, whatever its photo was.
const faceType = "image/jpeg"

// affordable refuses a photo that would take long or much memory to unpack. Of an
// animation only the first picture is ever unpacked, of a PNG only the pixels.
func affordable(photo []byte) error {
	config, format, err := image.DecodeConfig(bytes.NewReader(photo))
	switch {
	case err != nil, config.Width <= 0, config.Height <= 0, config.Width > faceEdge, config.Height > faceEdge, config.Width > facePixels/config.Height:
		return fmt.Errorf("%w: size", errNoPhoto)
	case format == "jpeg" && bytes.Count(photo, startOfScan) > faceScans:
		return fmt.Errorf("%w: scans", errNoPhoto)
	}
	return nil
}

// startOfScan begins every scan of a JPEG. The bytes may occur elsewhere, too, as in a
// preview within the file; counting those as well needs no trust in the file's order.
var startOfScan = []byte{0xff, 0xda}

// face makes the small square that pages show out of a photo: its middle, on white
// where it is transparent. Nothing of the photo's file is left, no place and no
// camera either. Nothing is unpacked once ctx is over.
func (p *Photos) face(ctx context.Context, portal string, photo []byte) (face []byte, err error) {
	defer func() {
		if recover() != nil { // a decoder's mistake must not end the program
			face, err = nil, fmt.Errorf("%w: content", errNoPhoto)
		}
	}()
	if err := affordable(photo); err != nil {
		return nil, err
	}
	leave, err := p.unpacking.enter(ctx, portal)
	if err != nil {
		return nil, err
	}
	defer leave()
	whole, err := p.unpack(photo)
	if err != nil {
		return nil, fmt.Errorf("%w: content", errNoPhoto)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, shrunk(whole), &jpeg.Options{Quality: faceQuality}); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// unpackPhoto is the dear part of making a face.
func unpackPhoto(photo []byte) (image.Image, error) {
	whole, _, err := image.Decode(bytes.NewReader(photo))
	return whole, err
}

// shrunk is the middle of a photo in the size of a face. Every pixel of a large one
// would be looked at for nothing: it is made smaller roughly first.
func shrunk(whole image.Image) image.Image {
	part := middle(whole.Bounds())
	if rough := image.Rect(0, 0, faceRough, faceRough); part.Dx() > faceRough {
		fewer := image.NewNRGBA(rough)
		draw.ApproxBiLinear.Scale(fewer, rough, whole, part, draw.Src, nil)
		whole, part = fewer, rough
	}
	small := image.NewRGBA(image.Rect(0, 0, faceSide, faceSide))
	draw.Draw(small, small.Bounds(), image.White, image.Point{}, draw.Src)
	draw.CatmullRom.Scale(small, small.Bounds(), whole, part, draw.Over, nil)
	return small
}

// middle is the largest square in the middle of a picture.
func middle(r image.Rectangle) image.Rectangle {
	side := min(r.Dx(), r.Dy())
	corner := r.Min.Add(image.Pt((r.Dx()-side)/2, (r.Dy()-side)/2))
	return image.Rectangle{Min: corner, Max: corner.Add(image.Pt(side, side))}
}
