package png

import (
	"bytes"
	"compress/zlib"
	"io"
	"math"

	"codecworkbench/codecs/picture/exif"
	"codecworkbench/codecs/picture/raster"
)

// maxProfile bounds an inflated colour profile, in bytes.
const maxProfile = 16 << 20

// pass is one of Adam7's seven reduced images, or the whole image.
type pass struct{ x, y, dx, dy int }

var adam7 = [...]pass{{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}}

// Decode reads a PNG file whose size limit allows.
func Decode(data []byte, limit raster.Limit) (*raster.Image, error) {
	f, err := parse(data)
	if err != nil {
		return nil, err
	}
	if err := limit(f.width, f.height); err != nil {
		return nil, err
	}
	if len(f.idat) == 0 {
		if f.truncated {
			return nil, raster.Damaged(format, "it is cut off before the pixels")
		}
		return nil, raster.Damaged(format, "it has no pixels")
	}
	if f.colour == typePalette && f.palette == nil {
		return nil, raster.Damaged(format, "its palette is missing")
	}
	pixels, err := zlib.NewReader(chain(f.idat))
	if err != nil {
		return nil, f.pixelError(err, 0)
	}
	pix, err := raster.New(f.width, f.height, false, limit)
	if err != nil {
		return nil, err
	}
	img := &raster.Image{Pix: pix, Depth: f.depth, Gray: f.gray(), Orientation: exif.Orientation(f.exif)}
	if f.colour == typePalette {
		img.Depth = 8
	}
	e := newExpander(f, pix)
	passes := []pass{{0, 0, 1, 1}}
	if f.interlaced {
		passes = adam7[:]
	}
	for _, p := range passes {
		if err := f.readPass(p, pixels, e); err != nil {
			return nil, err
		}
	}
	f.colours(img)
	img.Notes = append(img.Notes, raster.StrayColours(e.strays)...)
	return img, nil
}

// chain reads slices one after the other.
func chain(parts [][]byte) io.Reader {
	readers := make([]io.Reader, len(parts))
	for i, p := range parts {
		readers[i] = bytes.NewReader(p)
	}
	return io.MultiReader(readers...)
}

func (f *file) pixelError(err error, row int) error {
	switch err {
	case io.EOF, io.ErrUnexpectedEOF:
		if f.truncated {
			return raster.Damaged(format, "it is cut off in row %d of %d", row, f.height)
		}
		return raster.Damaged(format, "its pixels end in row %d of %d", row, f.height)
	default:
		return raster.Damaged(format, "its compressed pixels are broken in row %d of %d (%v)", row, f.height, err)
	}
}

// readPass inflates, unfilters and expands the rows of one pass.
func (f *file) readPass(p pass, pixels io.Reader, e *expander) error {
	w := (f.width - p.x + p.dx - 1) / p.dx
	h := (f.height - p.y + p.dy - 1) / p.dy
	if w <= 0 || h <= 0 {
		return nil
	}
	n := f.rowBytes(w)
	row, above := make([]byte, 1+n), make([]byte, 1+n)
	step := max(1, f.channels()*f.depth/8)
	for y := range h {
		if _, err := io.ReadFull(pixels, row); err != nil {
			return f.pixelError(err, p.y+y*p.dy)
		}
		if !unfilter(row[0], row[1:], above[1:], step) {
			return raster.Damaged(format, "row %d has the unknown filter %d", p.y+y*p.dy, row[0])
		}
		e.row(row[1:], p.x, p.y+y*p.dy, p.dx, w)
		row, above = above, row
	}
	return nil
}

// unfilter undoes the filter of one row; step is the distance to the pixel on the
// left in bytes. It returns false for an unknown filter.
func unfilter(filter byte, row, above []byte, step int) bool {
	above = above[:len(row)]
	switch filter {
	case 0:
	case 1: // Sub
		for i := step; i < len(row); i++ {
			row[i] += row[i-step]
		}
	case 2: // Up
		for i, v := range above {
			row[i] += v
		}
	case 3: // Average
		for i := range min(step, len(row)) {
			row[i] += above[i] / 2
		}
		for i := step; i < len(row); i++ {
			row[i] += uint8((int(row[i-step]) + int(above[i])) / 2)
		}
	case 4:
		unpaeth(row, above, step)
	default:
		return false
	}
	return true
}

// unpaeth undoes filter 4, one channel after the other, which keeps the neighbours in
// registers.
func unpaeth(row, above []byte, step int) {
	for first := range min(step, len(row)) {
		a, c := 0, 0
		for i := first; i < len(row); i += step {
			b := int(above[i])
			pa, pb := b-c, a-c
			pc := max(pa+pb, -pa-pb)
			pa, pb = max(pa, -pa), max(pb, -pb)
			switch {
			case pa <= pb && pa <= pc:
			case pb <= pc:
				a = b
			default:
				a = c
			}
			a = (a + int(row[i])) & 255
			row[i] = uint8(a)
			c = b
		}
	}
}

// gray reports whether the file can hold nothing but grey.
func (f *file) gray() bool {
	switch f.colour {
	case typeGray, typeGrayAlpha:
		return true
	case typePalette:
		for i := 0; i+2 < len(f.palette); i += 3 {
			if f.palette[i] != f.palette[i+1] || f.palette[i+1] != f.palette[i+2] {
				return false
			}
		}
		return true
	}
	return false
}

// colours notes what the file says about its colour space. The precedence is the
// specification's: cICP, iCCP, sRGB, then gAMA and cHRM.
func (f *file) colours(img *raster.Image) {
	note := func(s string) { img.Notes = append(img.Notes, s) }
	if f.animated {
		note("animation: only the still image was read")
	}
	if f.critical != "" {
		note("unknown part " + f.critical + " of the PNG file was skipped: the picture may be wrong")
	}
	if f.cicp != nil {
		if f.cicp[0] != 1 || f.cicp[1] != 13 {
			note("the PNG file's colour space (cICP) was not applied: colours may be off")
		}
		return
	}
	if f.icc != nil {
		profile, err := f.profile()
		if err == nil {
			img.ICC = profile
			return
		}
		note("the colour profile is damaged and was not applied: colours may be off")
	}
	if f.srgb {
		return
	}
	if f.gamma != 0 && math.Abs(float64(f.gamma)/45455-1) > 0.05 {
		note("the PNG file's gamma (gAMA) is not sRGB's and was not applied: viewers that apply it show other brightness")
	}
	if f.chroma != nil && !srgbChroma(f.chroma) {
		note("the PNG file's primaries (cHRM) are not sRGB's and were not applied: colours may be off")
	}
}

// srgbChroma reports whether cHRM's white point and primaries are sRGB's within 0.005.
func srgbChroma(b []byte) bool {
	for i, want := range [8]float64{31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000} {
		v := float64(uint32(b[4*i])<<24 | uint32(b[4*i+1])<<16 | uint32(b[4*i+2])<<8 | uint32(b[4*i+3]))
		if math.Abs(v-want) > 500 {
			return false
		}
	}
	return true
}

// profile inflates the iCCP chunk.
func (f *file) profile() ([]byte, error) {
	_, rest, ok := bytes.Cut(f.icc, []byte{0})
	if !ok || len(rest) < 2 || rest[0] != 0 {
		return nil, raster.Damaged(format, "the colour profile has no name")
	}
	r, err := zlib.NewReader(bytes.NewReader(rest[1:]))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, maxProfile))
}
