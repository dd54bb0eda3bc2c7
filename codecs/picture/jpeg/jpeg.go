// Package jpeg reads JPEG files (ITU-T T.81) and writes baseline ones.
//
// The decoder covers sequential and progressive DCT files with Huffman or
// arithmetic coding, 8 or 12 bits a sample, one to four components with any
// sampling factors, restart intervals with resynchronisation, and the usual
// irregularities: missing tables, missing end markers, damaged or cut data. Its
// pixels equal those of libjpeg-turbo's default settings: accurate integer
// inverse DCT, triangle chroma upsampling, integer colour conversion. The
// encoder's files equal cjpeg's, byte for byte.
//
// It does not read lossless (SOF3) or hierarchical files, and applies neither
// colour profiles nor the Exif orientation: both are handed to the caller.
//
// Sources: ITU-T T.81 (1992) for the format, ITU-T T.871 (2011) for JFIF;
// Loeffler, Ligtenberg and Moschytz, "Practical fast 1-D DCT algorithms with 11
// multiplications" (1989) for the transform.
package jpeg

import (
	"errors"
	"fmt"
	"image"
)

// Limits on what is decoded, checked on the frame header before any allocation.
const (
	MaxSide   = 65535       // pixels; also the format's own limit
	MaxPixels = 100_000_000 // width x height
)

// Errors that callers tell apart.
var (
	ErrFormat      = errors.New("not a JPEG file")
	ErrUnsupported = errors.New("unsupported kind of JPEG")
	ErrTooLarge    = errors.New("JPEG picture too large")
	// ErrTruncated marks a file that ends before any picture data. Where some was
	// decoded, Decode succeeds, sets Image.Truncated and leaves a note that starts
	// with this error's text.
	ErrTruncated = errors.New("the file is cut")
	// ErrDamaged marks a file whose headers contradict the format.
	ErrDamaged = errors.New("damaged JPEG file")
)

// Config is what the frame header says.
type Config struct {
	Width, Height int // pixels
	Components    int // 1 to 4
	Progressive   bool
	Arithmetic    bool
	Precision     int // bits a sample: 8 or 12
}

// Image is a decoded picture.
type Image struct {
	Pix  *image.NRGBA // opaque (but see DecodeComponents), packed, origin 0,0
	Gray bool         // one component: R=G=B everywhere
	// Truncated: the file ends early and part of the picture is missing or coarse.
	Truncated bool
	Notes     []string // what a user should know: damage, conversions; lower case
	ICC       []byte   // colour profile from the APP2 segments; nil without one
	EXIF      []byte   // TIFF structure of the Exif segment; nil without one
}

// DecodeConfig reads the frame header.
func DecodeConfig(data []byte) (Config, error) {
	d := decoder{data: data}
	if err := d.readHeader(); err != nil {
		return Config{}, fmt.Errorf("jpeg: %w", err)
	}
	return d.frame.config(), nil
}

// Decode decodes a file of one, three or four components to 8-bit RGB. Damage after
// the start of the first scan is no error: what could be decoded is returned, with notes.
func Decode(data []byte) (*Image, error) {
	return decode(&decoder{data: data})
}

// DecodeComponents decodes a file of any components without converting their colours:
// component 0 comes back in the red channel of Pix, the next ones in green, blue and
// alpha; channels without a component are 0. Containers such as TIFF say themselves
// what the components mean.
func DecodeComponents(data []byte) (*Image, error) {
	return decode(&decoder{data: data, raw: true})
}

func decode(d *decoder) (*Image, error) {
	if err := d.readHeader(); err != nil {
		return nil, fmt.Errorf("jpeg: %w", err)
	}
	if len(d.frame.comps) == 2 && !d.raw {
		return nil, fmt.Errorf("jpeg: %w: 2 components, whose meaning no rule gives", ErrUnsupported)
	}
	if err := d.decodePicture(); err != nil {
		return nil, fmt.Errorf("jpeg: %w", err)
	}
	img := &Image{Pix: d.out, Gray: len(d.frame.comps) == 1, Truncated: d.truncated, EXIF: d.exif}
	img.ICC = d.assembleICC()
	img.Notes = d.notes
	return img, nil
}
