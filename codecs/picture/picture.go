// Package picture holds Picture, the one image type that every codec and
// metric takes, and opens and saves image files.
//
// A Picture is 8-bit sRGB with straight (not premultiplied) alpha. What was lost
// on the way in (16-bit samples rounded, a colour profile converted, all frames
// but the first of an animation) is kept as notes for the reader's user.
package picture

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"sync"
)

// Limits on the pictures that this program handles; readers check them on a
// file's header, before any pixel is decoded.
const (
	MaxSide   = 65535       // pixels
	MaxPixels = 100_000_000 // pixels
)

// ErrTooLarge marks a picture beyond MaxSide or MaxPixels.
var ErrTooLarge = errors.New("picture too large")

// CheckSize reports whether a picture of width x height pixels is within the limits.
func CheckSize(width, height int) error {
	switch {
	case width < 1 || height < 1:
		return fmt.Errorf("picture of %d x %d pixels has no content", width, height)
	case width > MaxSide || height > MaxSide:
		return fmt.Errorf("%w: %d x %d pixels, the longest side allowed is %d", ErrTooLarge, width, height, MaxSide)
	case int64(width)*int64(height) > MaxPixels:
		return fmt.Errorf("%w: %d x %d is %.0f megapixels, at most %d are allowed",
			ErrTooLarge, width, height, float64(width)*float64(height)/1e6, MaxPixels/1_000_000)
	}
	return nil
}

// Picture is an immutable 8-bit sRGB image. It is safe for concurrent use.
type Picture struct {
	img         *image.NRGBA
	gray, alpha bool
	source      Source

	hashOnce sync.Once
	hash     Hash
}

// Source says where a Picture came from and what happened to it on the way in.
type Source struct {
	Name   string   // base name of the file, or a sample's name; may be empty
	Path   string   // as given; empty if not from a file
	Format string   // "PNG", "JPEG", ...; empty if made by the program
	Bytes  int64    // size of the file; 0 if not from a file
	Depth  int      // bits a sample in the file; 0 means 8
	Notes  []string // what a user should know: "16-bit samples rounded to 8", ...
}

// Hash identifies a picture's pixels, size and flags (SHA-256), not its file.
type Hash [32]byte

// String returns the hash in hexadecimal.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// New wraps img, which the Picture takes over: the caller must not change it any
// more. Pixels are packed to origin 0,0 where they are not. gray promises
// R=G=B everywhere; alpha says that the alpha channel matters (without it, alpha
// is forced to 255).
func New(img *image.NRGBA, gray, alpha bool, source Source) (*Picture, error) {
	b := img.Bounds()
	if err := CheckSize(b.Dx(), b.Dy()); err != nil {
		return nil, err
	}
	if b.Min != (image.Point{}) || img.Stride != 4*b.Dx() || len(img.Pix) != 4*b.Dx()*b.Dy() {
		packed := image.NewNRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
		for y := range b.Dy() {
			row := img.PixOffset(b.Min.X, b.Min.Y+y)
			copy(packed.Pix[y*packed.Stride:(y+1)*packed.Stride], img.Pix[row:row+4*b.Dx()])
		}
		img = packed
	}
	if !alpha {
		for i := 3; i < len(img.Pix); i += 4 {
			img.Pix[i] = 255
		}
	}
	return &Picture{img: img, gray: gray, alpha: alpha, source: source}, nil
}

// FromImage converts any image.Image, rounding deeper samples to 8 bits. Grey
// and alpha are found from the pixels' type and values.
func FromImage(src image.Image, source Source) (*Picture, error) {
	b := src.Bounds()
	if err := CheckSize(b.Dx(), b.Dy()); err != nil {
		return nil, err
	}
	if n, ok := src.(*image.NRGBA); ok {
		return New(n, false, !n.Opaque(), source)
	}
	img := image.NewNRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(img, img.Bounds(), src, b.Min, draw.Src)
	gray := false
	switch src.(type) {
	case *image.Gray, *image.Gray16:
		gray = true
	}
	return New(img, gray, !img.Opaque(), source)
}

// RGB8 returns the pixels: packed, origin 0,0, 8-bit sRGB, straight alpha. They
// belong to the Picture and must not be changed.
func (p *Picture) RGB8() *image.NRGBA { return p.img }

// Width returns the width in pixels.
func (p *Picture) Width() int { return p.img.Rect.Dx() }

// Height returns the height in pixels.
func (p *Picture) Height() int { return p.img.Rect.Dy() }

// Pixels returns width x height.
func (p *Picture) Pixels() int { return p.Width() * p.Height() }

// Gray reports whether the picture has one channel (R=G=B in every pixel).
func (p *Picture) Gray() bool { return p.gray }

// Alpha reports whether the picture has a meaningful alpha channel.
func (p *Picture) Alpha() bool { return p.alpha }

// Source says where the picture came from.
func (p *Picture) Source() Source { return p.source }

// WithSource returns the same pixels under another source.
func (p *Picture) WithSource(s Source) *Picture {
	return &Picture{img: p.img, gray: p.gray, alpha: p.alpha, source: s}
}

// Crop returns the part of the picture that lies in r; nothing of it is an error.
func (p *Picture) Crop(r image.Rectangle) (*Picture, error) {
	if r = r.Intersect(p.img.Rect); r == p.img.Rect {
		return p, nil
	}
	return New(p.img.SubImage(r).(*image.NRGBA), p.gray, p.alpha, p.source)
}

// Hash identifies pixels, size and flags.
func (p *Picture) Hash() Hash {
	p.hashOnce.Do(func() {
		h := sha256.New()
		var head [10]byte
		binary.LittleEndian.PutUint32(head[0:], uint32(p.Width()))
		binary.LittleEndian.PutUint32(head[4:], uint32(p.Height()))
		if p.gray {
			head[8] = 1
		}
		if p.alpha {
			head[9] = 1
		}
		h.Write(head[:])
		h.Write(p.img.Pix)
		h.Sum(p.hash[:0])
	})
	return p.hash
}

// OnWhite returns the picture composited on white, in gamma-encoded sRGB as
// browsers do it; the picture itself if it has no alpha.
func (p *Picture) OnWhite() *Picture {
	if !p.alpha {
		return p
	}
	out := image.NewNRGBA(p.img.Rect)
	for i := 0; i < len(out.Pix); i += 4 {
		a := uint32(p.img.Pix[i+3])
		for c := range 3 {
			out.Pix[i+c] = uint8((uint32(p.img.Pix[i+c])*a + 255*(255-a) + 127) / 255)
		}
		out.Pix[i+3] = 255
	}
	return &Picture{img: out, gray: p.gray, source: p.source}
}

// Equal reports whether two pictures have the same size, alpha flag and pixels;
// the colour under fully transparent pixels counts.
func (p *Picture) Equal(q *Picture) bool {
	if p.img.Rect != q.img.Rect || p.alpha != q.alpha {
		return false
	}
	return string(p.img.Pix) == string(q.img.Pix)
}
