package bitrix24

import (
	"bytes"
	"context"
	"fmt"
	"image"
	_ "image/gif" // the formats of photos
	"image/jpeg"
	_ "image/png"
	"runtime"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp"
)

// The bounds of making thumbnails. Anybody can upload a photo, and a small file can be expensive
// to decode, so all of them are checked before anything is decoded.
const (
	thumbnailSide    = 56      // pixels: twice what a page shows
	roughSide        = 448     // pixels: a photo is roughly scaled down to eight times the thumbnail first
	thumbnailQuality = 80      // of JPEG
	maxPhotoPixels   = 2 << 20 // of the photo; no portrait needs more
	maxPhotoEdge     = 4096    // of the photo, in pixels: decoders round up to blocks, so a line of pixels costs many
	maxPhotoScans    = 24      // of a JPEG; each goes over all pixels, and encoders make about ten
)

// maxDecodes is how many photos are decoded at the same time. A portal has one of these places
// at most: its photos wait for each other, and it never has all of the places.
var maxDecodes = max(2, runtime.GOMAXPROCS(0)/2)

// thumbnailType is the type of every thumbnail, whatever its photo was.
const thumbnailType = "image/jpeg"

// checkPhotoCost refuses a photo that would take long, or much memory, to decode. Of an
// animation only the first picture is ever decoded, of a PNG only the pixels.
func checkPhotoCost(photo []byte) error {
	config, format, err := image.DecodeConfig(bytes.NewReader(photo))
	switch {
	case err != nil, config.Width <= 0, config.Height <= 0, config.Width > maxPhotoEdge, config.Height > maxPhotoEdge, config.Width > maxPhotoPixels/config.Height:
		return fmt.Errorf("%w: size", errNoPhoto)
	case format == "jpeg" && bytes.Count(photo, startOfScan) > maxPhotoScans:
		return fmt.Errorf("%w: scans", errNoPhoto)
	}
	return nil
}

// startOfScan begins every scan of a JPEG. The bytes may occur elsewhere, such as in a preview
// within the file. Counting those as well means that the file's structure need not be trusted.
var startOfScan = []byte{0xff, 0xda}

// thumbnail makes the small square that pages show of a photo: its middle, on white where it is
// transparent. Nothing else of the file is left, such as place and camera. Nothing is decoded
// once ctx is over.
func (p *Photos) thumbnail(ctx context.Context, portal string, photo []byte) (small []byte, err error) {
	defer func() {
		if recover() != nil { // a panic of a decoder must not end the program
			small, err = nil, fmt.Errorf("%w: content", errNoPhoto)
		}
	}()
	if err := checkPhotoCost(photo); err != nil {
		return nil, err
	}
	release, err := p.decoding.Acquire(ctx, portal)
	if err != nil {
		return nil, err
	}
	defer release()
	whole, err := p.decode(photo)
	if err != nil {
		return nil, fmt.Errorf("%w: content", errNoPhoto)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, shrink(whole), &jpeg.Options{Quality: thumbnailQuality}); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// decodePhoto is the expensive part of making a thumbnail.
func decodePhoto(photo []byte) (image.Image, error) {
	whole, _, err := image.Decode(bytes.NewReader(photo))
	return whole, err
}

// shrink scales the middle of a photo down to a thumbnail. A large photo is first scaled down
// roughly, because the exact scaling looks at every pixel.
func shrink(whole image.Image) image.Image {
	part := centralSquare(whole.Bounds())
	if rough := image.Rect(0, 0, roughSide, roughSide); part.Dx() > roughSide {
		fewer := image.NewNRGBA(rough)
		draw.ApproxBiLinear.Scale(fewer, rough, whole, part, draw.Src, nil)
		whole, part = fewer, rough
	}
	small := image.NewRGBA(image.Rect(0, 0, thumbnailSide, thumbnailSide))
	draw.Draw(small, small.Bounds(), image.White, image.Point{}, draw.Src)
	draw.CatmullRom.Scale(small, small.Bounds(), whole, part, draw.Over, nil)
	return small
}

// centralSquare is the largest square in the middle of a picture.
func centralSquare(r image.Rectangle) image.Rectangle {
	side := min(r.Dx(), r.Dy())
	corner := r.Min.Add(image.Pt((r.Dx()-side)/2, (r.Dy()-side)/2))
	return image.Rectangle{Min: corner, Max: corner.Add(image.Pt(side, side))}
}
