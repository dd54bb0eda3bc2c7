// Package webp reads WebP files: lossy (VP8), lossless (VP8L), lossy with alpha,
// and of an animation the first frame on its whole canvas. The container is
// parsed here, golang.org/x/image decodes the bitstreams. Lossy pixels equal
// libwebp's: limited-range BT.601 in its fixed point, after its "fancy" chroma
// upsampling. Alpha is straight.
//
// Sources: RFC 9649 (container, VP8L, ALPH), RFC 6386 (VP8); the constants and the
// rounding of the colour conversion are those of libwebp 1.x, src/dsp/yuv.h.
package webp

import (
	"encoding/binary"
	"image"

	"codecworkbench/codecs/picture/exif"
	"codecworkbench/codecs/picture/raster"
)

const format = "WebP"

// file is the container taken apart; the slices point into it.
type file struct {
	width, height int // canvas
	frame         frame
	animated      bool
	icc, exif     []byte
}

// frame is one picture: a bitstream, its alpha, and its place on the canvas.
type frame struct {
	x, y          int
	width, height int
	vp8, vp8l     []byte
	alpha         []byte
}

// Is reports whether data starts like a WebP file.
func Is(data []byte) bool {
	return len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP"
}

// chunks calls f for each chunk of a RIFF list until f returns false. The last chunk
// is shortened where the data ends before it; the readers of the bitstreams notice.
func chunks(data []byte, f func(kind string, payload []byte) bool) {
	for len(data) >= 8 {
		n := int64(binary.LittleEndian.Uint32(data[4:]))
		body := data[8:]
		if !f(string(data[:4]), body[:min(n, int64(len(body)))]) {
			return
		}
		n += n & 1
		data = body[min(n, int64(len(body))):]
	}
}

func le24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }

// parse reads the container up to the first frame and the metadata behind it.
func parse(data []byte) (*file, error) {
	if !Is(data) {
		return nil, raster.Damaged(format, "the header is cut off")
	}
	f := &file{}
	var err error
	extended := false
	chunks(data[12:], func(kind string, payload []byte) bool {
		switch kind {
		case "VP8X":
			if len(payload) < 10 {
				err = raster.Damaged(format, "the header is cut off")
				return false
			}
			extended = true
			f.width, f.height = le24(payload[4:])+1, le24(payload[7:])+1
		case "ICCP":
			if f.icc == nil {
				f.icc = payload
			}
		case "EXIF":
			if f.exif == nil {
				f.exif = payload
			}
		case "ANMF":
			if !f.animated && !f.frame.found() {
				f.animated = true
				err = f.readANMF(payload)
			}
		default:
			if !f.animated {
				f.frame.take(kind, payload)
			}
		}
		// Simple files end with their only chunk, whatever follows it.
		return err == nil && (extended || !f.frame.found())
	})
	if err != nil {
		return nil, err
	}
	return f, f.check(extended)
}

// readANMF reads the first frame of an animation.
func (f *file) readANMF(b []byte) error {
	if len(b) < 16 {
		return raster.Damaged(format, "the first frame is cut off")
	}
	f.frame = frame{x: 2 * le24(b), y: 2 * le24(b[3:])}
	w, h := le24(b[6:])+1, le24(b[9:])+1
	chunks(b[16:], func(kind string, payload []byte) bool {
		f.frame.take(kind, payload)
		return !f.frame.found()
	})
	if err := f.frame.size(); err != nil {
		return err
	}
	if f.frame.width != w || f.frame.height != h {
		return raster.Damaged(format, "its first frame is of %d x %d pixels, its header says %d x %d", f.frame.width, f.frame.height, w, h)
	}
	return nil
}

func (f *frame) found() bool { return f.vp8 != nil || f.vp8l != nil }

// take keeps the parts of a frame; the first bitstream counts.
func (f *frame) take(kind string, payload []byte) {
	switch {
	case f.found():
	case kind == "ALPH" && f.alpha == nil:
		f.alpha = payload
	case kind == "VP8 ":
		f.vp8 = payload
	case kind == "VP8L":
		f.vp8l = payload
	}
}

// size reads the size in the bitstream's own header.
func (f *frame) size() error {
	switch {
	case f.vp8 != nil:
		b := f.vp8
		if len(b) < 10 {
			return raster.Damaged(format, "the pixels are cut off")
		}
		if b[0]&1 != 0 || b[3] != 0x9d || b[4] != 0x01 || b[5] != 0x2a {
			return raster.Damaged(format, "the VP8 header is broken")
		}
		f.width = int(binary.LittleEndian.Uint16(b[6:])) & 0x3fff
		f.height = int(binary.LittleEndian.Uint16(b[8:])) & 0x3fff
		if f.width == 0 || f.height == 0 {
			return raster.Damaged(format, "its header says %d x %d pixels", f.width, f.height)
		}
	case f.vp8l != nil:
		b := f.vp8l
		if len(b) < 5 {
			return raster.Damaged(format, "the pixels are cut off")
		}
		v := binary.LittleEndian.Uint32(b[1:])
		if b[0] != 0x2f || v>>29 != 0 {
			return raster.Damaged(format, "the VP8L header is broken")
		}
		f.width, f.height = int(v&0x3fff)+1, int(v>>14&0x3fff)+1
	default:
		return raster.Damaged(format, "it holds no picture")
	}
	return nil
}

// check compares the sizes that the file states in several places.
func (f *file) check(extended bool) error {
	if err := f.frame.size(); err != nil {
		return err
	}
	fr := &f.frame
	switch {
	case !extended:
		f.width, f.height = fr.width, fr.height
	case f.animated && (fr.x+fr.width > f.width || fr.y+fr.height > f.height):
		return raster.Damaged(format, "its first frame lies outside the canvas")
	case !f.animated && (fr.width != f.width || fr.height != f.height):
		return raster.Damaged(format, "its header says %d x %d pixels, its bitstream %d x %d", f.width, f.height, fr.width, fr.height)
	}
	return nil
}

// DecodeConfig reads the headers.
func DecodeConfig(data []byte) (raster.Config, error) {
	f, err := parse(data)
	if err != nil {
		return raster.Config{}, err
	}
	return raster.Config{Width: f.width, Height: f.height, Orientation: exif.Orientation(f.exif)}, nil
}

// Decode reads a file whose canvas limit allows.
func Decode(data []byte, limit raster.Limit) (*raster.Image, error) {
	f, err := parse(data)
	if err != nil {
		return nil, err
	}
	if err := limit(f.width, f.height); err != nil {
		return nil, err
	}
	pix, err := f.frame.decode()
	if err != nil {
		return nil, err
	}
	img := &raster.Image{Pix: pix, ICC: f.icc, Orientation: exif.Orientation(f.exif)}
	if f.animated {
		img.Notes = append(img.Notes, "animation: only the first frame was read")
	}
	if pix.Rect.Dx() != f.width || pix.Rect.Dy() != f.height {
		img.Pix = place(pix, f.width, f.height, f.frame.x, f.frame.y)
	}
	return img, nil
}

// place puts a frame on a transparent canvas.
func place(src *image.NRGBA, width, height, x, y int) *image.NRGBA {
	dst := image.NewNRGBA(image.Rect(0, 0, width, height))
	for row := range src.Rect.Dy() {
		copy(dst.Pix[(y+row)*dst.Stride+4*x:], src.Pix[row*src.Stride:(row+1)*src.Stride])
	}
	return dst
}
