// Package gif reads the first picture of a GIF file on its whole canvas. What lies
// outside the picture is transparent, as in browsers; frames after the first are
// not looked at, so that damage there does no harm.
//
// Source: CompuServe, "Graphics Interchange Format, version 89a" (1990).
package gif

import (
	"bytes"
	"fmt"
	"image"

	"codecworkbench/codecs/picture/lzw"
	"codecworkbench/codecs/picture/raster"
)

const format = "GIF"

// maxProfile bounds an embedded colour profile, in bytes.
const maxProfile = 16 << 20

// file is a GIF file up to its first picture.
type file struct {
	width, height int // canvas
	palette       [][3]uint8
	transparent   int // index, or -1
	icc           []byte
	frame         frame
	rest          []byte // what follows the picture's descriptor and colours
}

// frame is the first picture's descriptor.
type frame struct {
	x, y, width, height int
	interlaced          bool
}

// Is reports whether data starts like a GIF file.
func Is(data []byte) bool { return bytes.HasPrefix(data, []byte("GIF8")) }

func le16(b []byte) int { return int(b[0]) | int(b[1])<<8 }

// parse reads everything before the first picture's pixels.
func parse(data []byte) (*file, error) {
	if !Is(data) || len(data) < 13 {
		return nil, raster.Damaged(format, "the header is cut off")
	}
	f := &file{width: le16(data[6:]), height: le16(data[8:]), transparent: -1}
	flags := data[10]
	rest := data[13:]
	if flags&0x80 != 0 {
		var err error
		if f.palette, rest, err = readPalette(rest, flags); err != nil {
			return nil, err
		}
	}
	for {
		if len(rest) == 0 {
			return nil, raster.Damaged(format, "it is cut off before the first picture")
		}
		kind := rest[0]
		rest = rest[1:]
		switch kind {
		case 0x2c:
			return f, f.descriptor(rest)
		case 0x21:
			var err error
			if rest, err = f.extension(rest); err != nil {
				return nil, err
			}
		case 0x3b:
			return nil, raster.Damaged(format, "it holds no picture")
		case 0: // stray terminators occur and are harmless
		default:
			return nil, raster.Damaged(format, "it holds a block of the unknown kind %#x", kind)
		}
	}
}

func readPalette(data []byte, flags byte) (palette [][3]uint8, rest []byte, err error) {
	n := 2 << (flags & 7)
	if len(data) < 3*n {
		return nil, nil, raster.Damaged(format, "it is cut off in the colours")
	}
	for i := range n {
		palette = append(palette, [3]uint8(data[3*i:]))
	}
	return palette, data[3*n:], nil
}

// extension takes what is needed from an extension block and passes it.
func (f *file) extension(data []byte) ([]byte, error) {
	if len(data) < 1 {
		return nil, raster.Damaged(format, "it is cut off in an extension")
	}
	label := data[0]
	r := &blocks{data: data[1:]}
	first := r.next()
	switch {
	case label == 0xf9 && len(first) >= 4:
		f.transparent = -1
		if first[0]&1 != 0 {
			f.transparent = int(first[3])
		}
	case label == 0xff && string(first) == "ICCRGBG1012" && f.icc == nil:
		for b := r.next(); b != nil && len(f.icc) < maxProfile; b = r.next() {
			f.icc = append(f.icc, b...)
		}
	}
	for r.next() != nil {
	}
	if r.cut {
		return nil, raster.Damaged(format, "it is cut off in an extension")
	}
	return r.data, nil
}

// descriptor reads the picture's place and its own colours.
func (f *file) descriptor(b []byte) error {
	if len(b) < 9 {
		return raster.Damaged(format, "it is cut off before the first picture")
	}
	f.frame = frame{x: le16(b), y: le16(b[2:]), width: le16(b[4:]), height: le16(b[6:]), interlaced: b[8]&0x40 != 0}
	f.rest = b[9:]
	if b[8]&0x80 != 0 {
		var err error
		if f.palette, f.rest, err = readPalette(b[9:], b[8]); err != nil {
			return err
		}
	}
	if f.width == 0 || f.height == 0 { // no canvas is given
		f.width, f.height = f.frame.x+f.frame.width, f.frame.y+f.frame.height
	}
	if f.width == 0 || f.height == 0 {
		return raster.Damaged(format, "its header says %d x %d pixels", f.width, f.height)
	}
	return nil
}

// blocks runs through data sub-blocks up to their terminator.
type blocks struct {
	data []byte
	done bool // the terminator was read
	cut  bool // the data ended before it
}

// next returns the next sub-block, or nil at the terminator or the end of the data.
func (r *blocks) next() []byte {
	if r.done || r.cut {
		return nil
	}
	if len(r.data) == 0 {
		r.cut = true
		return nil
	}
	n := int(r.data[0])
	b := r.data[1:]
	if n > len(b) {
		r.cut = true
		n = len(b)
	}
	r.data = b[n:]
	if r.done = n == 0; r.done {
		return nil
	}
	return b[:n]
}

// DecodeConfig reads the canvas size.
func DecodeConfig(data []byte) (raster.Config, error) {
	f, err := parse(data)
	if err != nil {
		return raster.Config{}, err
	}
	return raster.Config{Width: f.width, Height: f.height}, nil
}

// Decode reads the first picture of a file whose canvas limit allows.
func Decode(data []byte, limit raster.Limit) (*raster.Image, error) {
	f, err := parse(data)
	if err != nil {
		return nil, err
	}
	pix, err := raster.New(f.width, f.height, true, limit)
	if err != nil {
		return nil, err
	}
	img := &raster.Image{Pix: pix, ICC: f.icc}
	if f.palette == nil {
		// The specification leaves the colours to the reader; black and white first, as it recommends.
		f.palette = [][3]uint8{{0, 0, 0}, {255, 255, 255}}
		img.Notes = append(img.Notes, "the file has no colours of its own: black and white were taken")
	}
	img.Gray = raster.GrayPalette(f.palette)
	if f.frame.width > 0 && f.frame.height > 0 {
		if err := limit(f.frame.width, f.frame.height); err != nil {
			return nil, err
		}
		if err := f.decode(img); err != nil {
			return nil, err
		}
	}
	if f.animated() {
		img.Notes = append(img.Notes, "animation: only the first frame was read")
	}
	return img, nil
}

// decode unpacks the picture onto the canvas.
func (f *file) decode(img *raster.Image) error {
	if len(f.rest) < 1 {
		return raster.Damaged(format, "it is cut off before the pixels")
	}
	minBits := int(f.rest[0])
	if minBits < 1 || minBits > 11 {
		return raster.Damaged(format, "its pixels have %d bits", minBits)
	}
	r := &blocks{data: f.rest[1:]}
	var data []byte
	for b := r.next(); b != nil; b = r.next() {
		data = append(data, b...)
	}
	f.rest = r.data
	want := f.frame.width * f.frame.height
	indices, broken := lzw.Decode(data, want, lzw.Options{LiteralBits: minBits})
	img.Notes = append(img.Notes, raster.StrayColours(f.place(img.Pix, indices))...)
	missing, row := want-len(indices), len(indices)/f.frame.width
	switch {
	case missing == 0:
	case r.cut:
		return raster.Damaged(format, "it is cut off in row %d of %d of its first picture", row, f.frame.height)
	case broken != nil:
		return raster.Damaged(format, "its pixels are broken after row %d of %d", row, f.frame.height)
	default:
		img.Notes = append(img.Notes, fmt.Sprintf("%d pixels are not in the file and are transparent", missing))
	}
	return nil
}

// place draws the frame's pixels, which come row by row, or in an interlaced frame by
// the four passes of appendix E. What lies outside the canvas is dropped. It counts the
// pixels whose index is neither in the palette nor transparent.
func (f *file) place(pix *image.NRGBA, indices []byte) (strays int) {
	var colours [256][4]uint8
	for i := range colours {
		colours[i][3] = 255 // indices beyond the palette are black
		if i < len(f.palette) {
			copy(colours[i][:3], f.palette[i][:])
		}
	}
	if f.transparent >= 0 {
		colours[f.transparent][3] = 0
	}
	passes := [][2]int{{0, 1}} // first row, step
	if f.frame.interlaced {
		passes = [][2]int{{0, 8}, {4, 8}, {2, 4}, {1, 2}}
	}
	columns := min(f.frame.width, f.width-f.frame.x)
	for _, p := range passes {
		for y := p[0]; y < f.frame.height && len(indices) > 0; y += p[1] {
			row := indices[:min(f.frame.width, len(indices))]
			indices = indices[len(row):]
			if f.frame.y+y >= f.height {
				continue
			}
			for x := 0; x < min(columns, len(row)); x++ {
				v := int(row[x])
				copy(pix.Pix[pix.PixOffset(f.frame.x+x, f.frame.y+y):][:4], colours[v][:])
				if v >= len(f.palette) && v != f.transparent {
					strays++
				}
			}
		}
	}
	return strays
}

// animated reports whether another picture follows.
func (f *file) animated() bool {
	rest := f.rest
	for len(rest) > 0 {
		kind := rest[0]
		rest = rest[1:]
		switch kind {
		case 0x2c:
			return true
		case 0x21:
			if len(rest) == 0 {
				return false
			}
			r := &blocks{data: rest[1:]}
			for r.next() != nil {
			}
			rest = r.data
		case 0:
		default:
			return false
		}
	}
	return false
}
