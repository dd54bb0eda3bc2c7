// Package raster holds what the readers of the single file formats share: the
// decoded image that they hand to package picture, the limit that they check on
// a file's header, and the two kinds of error that they return.
//
// It decodes nothing itself and knows no colour management.
package raster

import (
	"errors"
	"fmt"
	"image"

	"github.com/disintegration/imaging"
)

// Config is what a file's header says.
type Config struct {
	Width, Height int // pixels as stored, before Orientation
	Orientation   int // EXIF's 1 to 8; 0 means 1
}

// Image is a decoded file before orientation and colour management.
type Image struct {
	Pix         *image.NRGBA // packed, origin 0,0, straight alpha, in the file's own colour space
	Gray        bool         // R=G=B in every pixel
	Depth       int          // bits a sample in the file; 0 means 8
	Notes       []string     // what a user should know
	ICC         []byte       // embedded colour profile; nil if none
	Orientation int          // EXIF's 1 to 8; 0 means 1
}

// Limit says whether a picture of width x height pixels may be decoded. Readers
// call it before they allocate pixels.
type Limit func(width, height int) error

// ErrDamaged marks a file that breaks its format's rules or is cut off.
var ErrDamaged = errors.New("damaged file")

// ErrUnsupported marks a file that is in order but uses something that the
// program does not read.
var ErrUnsupported = errors.New("unsupported file")

// fileError is one sentence for the user, marked as one of the two kinds.
type fileError struct {
	text string
	kind error
}

func (e *fileError) Error() string { return e.text }
func (e *fileError) Unwrap() error { return e.kind }

// Damaged returns an error for a broken file of a format ("PNG"); the rest says
// what is wrong.
func Damaged(format, what string, args ...any) error {
	return &fileError{fmt.Sprintf("damaged %s file: %s; copy or download it again", format, fmt.Sprintf(what, args...)), ErrDamaged}
}

// Unsupported returns an error for a sound file of a format that uses something
// unknown; the rest names it.
func Unsupported(format, what string, args ...any) error {
	return &fileError{fmt.Sprintf("%s file with %s is not supported; save it as PNG with another program", format, fmt.Sprintf(what, args...)), ErrUnsupported}
}

// New checks width and height against limit and allocates an opaque black or, if
// clear, fully transparent image.
func New(width, height int, clear bool, limit Limit) (*image.NRGBA, error) {
	if err := limit(width, height); err != nil {
		return nil, err
	}
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	if !clear {
		for i := 3; i < len(img.Pix); i += 4 {
			img.Pix[i] = 255
		}
	}
	return img, nil
}

// Swaps reports whether an orientation exchanges width and height.
func Swaps(orientation int) bool { return orientation >= 5 && orientation <= 8 }

// Orient returns img as it is meant to be seen under an EXIF orientation (TIFF 6.0,
// tag 274). 1 and values outside 1 to 8 return img itself.
func Orient(img *image.NRGBA, orientation int) *image.NRGBA {
	switch orientation {
	case 2:
		return imaging.FlipH(img)
	case 3:
		return imaging.Rotate180(img)
	case 4:
		return imaging.FlipV(img)
	case 5:
		return imaging.Transpose(img)
	case 6: // needs a turn of 90 degrees clockwise
		return imaging.Rotate270(img)
	case 7:
		return imaging.Transverse(img)
	case 8: // needs a turn of 90 degrees counter-clockwise
		return imaging.Rotate90(img)
	}
	return img
}

// GrayPalette reports whether all colours of a palette are grey.
func GrayPalette(palette [][3]uint8) bool {
	for _, c := range palette {
		if c[0] != c[1] || c[1] != c[2] {
			return false
		}
	}
	return true
}

// StrayColours is the note on pixels that name a colour which the palette lacks;
// readers draw them black. There is none for 0 pixels.
func StrayColours(pixels int) []string {
	if pixels == 0 {
		return nil
	}
	return []string{fmt.Sprintf("colours that the palette lacks are black (pixels: %d): the file may be damaged", pixels)}
}

// Round16 rounds a 16-bit sample to 8 bits.
func Round16(v uint32) uint8 { return uint8((v*255 + 32767) / 65535) }

// Scaler returns a table that maps samples 0..maxval to 0..255, rounded to nearest.
func Scaler(maxval int) []uint8 {
	t := make([]uint8, maxval+1)
	for v := range t {
		t[v] = uint8((v*255 + maxval/2) / maxval)
	}
	return t
}
