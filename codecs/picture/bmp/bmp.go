// Package bmp reads BMP files: OS/2 1.x and 2.x headers, Windows headers up to
// version 5, 1 to 32 bits a pixel, RLE4, RLE8 and RLE24, bit fields of any
// width with alpha, bottom-up and top-down, embedded JPEG and PNG. It does not
// read Huffman-coded OS/2 files and 64-bit ones.
//
// Sources: Microsoft, "Bitmap Storage" (BITMAPFILEHEADER to BITMAPV5HEADER); IBM,
// "OS/2 Presentation Manager Programming Reference", volume III; the notes to
// the test files of bmpsuite (Jason Summers).
package bmp

import (
	"encoding/binary"

	"codecworkbench/codecs/picture/jpeg"
	"codecworkbench/codecs/picture/png"
	"codecworkbench/codecs/picture/raster"
)

const format = "BMP"

// Kinds of compression; the numbers from rle24 on are our own, as Windows and OS/2
// use the same ones differently.
const (
	plain = iota
	rle8
	rle4
	bitFields
	embeddedJPEG
	embeddedPNG
	rle24
)

// header is the file header and the bitmap header, whatever their version.
type header struct {
	width, height int
	topDown       bool
	bits          int // a pixel
	compression   int
	masks         [4]uint32 // red, green, blue, alpha of bit fields
	palette       [][3]uint8
	pixels        int // where they start, from the beginning of the file
	icc           []byte
	notes         []string
}

// Is reports whether data starts like a BMP file or like an OS/2 array of them.
func Is(data []byte) bool {
	return len(data) >= 18 && (string(data[:2]) == "BM" || string(data[:2]) == "BA" && string(data[14:16]) == "BM")
}

// parse reads all headers and the palette.
func parse(data []byte) (*header, error) {
	start := 0
	if Is(data) && data[1] == 'A' { // OS/2 bitmap array: take its first picture
		start = 14
	}
	file := data[start:]
	if !Is(file) || len(file) < 14+12 {
		return nil, raster.Damaged(format, "the header is cut off")
	}
	h := &header{pixels: int(binary.LittleEndian.Uint32(file[10:]))}
	n := int64(binary.LittleEndian.Uint32(file[14:]))
	if n < 12 || n > 1024 || n < 40 && n != 12 && n < 16 {
		return nil, raster.Damaged(format, "its header of %d bytes is of no known version", n)
	}
	if int64(len(file)) < 14+n {
		return nil, raster.Damaged(format, "the header is cut off")
	}
	end := 14 + int(n)
	if n == 12 {
		h.core(file[14:])
		h.readPalette(data, start+end, 0, 3)
		return h, h.check()
	}
	// OS/2 2.x headers may end anywhere after the 16th byte; what is missing is 0.
	b := make([]byte, 124)
	copy(b, file[14:end])
	if err := h.info(b, int(n)); err != nil {
		return nil, err
	}
	end = h.readMasks(file, b, end)
	h.readPalette(data, start+end, int64(binary.LittleEndian.Uint32(b[32:])), 4)
	h.colourSpace(file, b, int(n))
	return h, h.check()
}

// core reads OS/2 1.x's BITMAPCOREHEADER.
func (h *header) core(b []byte) {
	h.width, h.height = int(binary.LittleEndian.Uint16(b[4:])), int(binary.LittleEndian.Uint16(b[6:]))
	h.bits = int(binary.LittleEndian.Uint16(b[10:]))
}

// info reads the fields that all later headers share.
func (h *header) info(b []byte, size int) error {
	h.width = int(int32(binary.LittleEndian.Uint32(b[4:])))
	h.height = int(int32(binary.LittleEndian.Uint32(b[8:])))
	if h.height < 0 {
		h.height, h.topDown = -h.height, true
	}
	h.bits = int(binary.LittleEndian.Uint16(b[14:]))
	c := binary.LittleEndian.Uint32(b[16:])
	os2 := size == 64 || size < 40
	switch {
	case c <= 2:
		h.compression = int(c)
	case c == 3 && (h.bits == 1 || os2):
		return raster.Unsupported(format, "Huffman coding")
	case c == 3 || c == 6:
		h.compression = bitFields
	case c == 4 && (os2 || h.bits == 24):
		h.compression = rle24
	case c == 4:
		h.compression = embeddedJPEG
	case c == 5:
		h.compression = embeddedPNG
	case c >= 11 && c <= 13:
		return raster.Unsupported(format, "CMYK samples")
	default:
		return raster.Unsupported(format, "compression %d", c)
	}
	return nil
}

// readMasks finds the bit fields, which follow a 40-byte header and are part of
// later ones, and returns where the palette starts.
func (h *header) readMasks(file, b []byte, end int) int {
	switch {
	case h.compression == bitFields:
		fields, n := b[40:], 4
		if end == 14+40 {
			if binary.LittleEndian.Uint32(b[16:]) == 3 {
				n = 3
			}
			fields = make([]byte, 16)
			copy(fields[:4*n], file[min(end, len(file)):])
			end += 4 * n
		} else if end < 14+56 {
			n = 3
		}
		for i := range n {
			h.masks[i] = binary.LittleEndian.Uint32(fields[4*i:])
		}
	case h.bits == 16:
		h.masks = [4]uint32{0x7c00, 0x03e0, 0x001f, 0}
	case h.bits == 32:
		h.masks = [4]uint32{0xff0000, 0x00ff00, 0x0000ff, 0}
	}
	return end
}

// readPalette reads the colours between the header and the pixels: used of them, or
// all that the depth allows where used is 0, but not beyond the pixels' start.
func (h *header) readPalette(data []byte, at int, used int64, entry int) {
	if h.bits <= 8 && h.bits > 0 {
		n := int64(1) << h.bits
		if used > 0 && used < n {
			n = used
		}
		if h.pixels > at {
			n = min(n, int64((h.pixels-at)/entry))
		}
		for i := int64(0); i < n && at+entry*int(i+1) <= len(data); i++ {
			c := data[at+entry*int(i):]
			h.palette = append(h.palette, [3]uint8{c[2], c[1], c[0]})
		}
		used = max(used, n)
	}
	if h.pixels < at || h.pixels == at && len(h.palette) > 0 { // a wrong start: the pixels follow the palette
		h.pixels = int(min(int64(at)+used*int64(entry), int64(len(data))))
	}
}

// colourSpace reads what versions 4 and 5 say about colours.
func (h *header) colourSpace(file, b []byte, size int) {
	if size < 108 {
		return
	}
	switch string([]byte{b[59], b[58], b[57], b[56]}) {
	case "MBED":
		at, n := int64(binary.LittleEndian.Uint32(b[112:])), int64(binary.LittleEndian.Uint32(b[116:]))
		if size >= 124 && n > 0 && 14+at+n <= int64(len(file)) {
			h.icc = file[14+at : 14+at+n]
		} else {
			h.notes = append(h.notes, "the colour profile is damaged and was not applied: colours may be off")
		}
	case "LINK":
		h.notes = append(h.notes, "the colour profile lies in another file and was not applied: colours may be off")
	}
}

// check refuses what no file can mean.
func (h *header) check() error {
	if h.width <= 0 || h.height <= 0 {
		return raster.Damaged(format, "its header says %d x %d pixels", h.width, h.height)
	}
	if h.compression == embeddedJPEG || h.compression == embeddedPNG {
		return nil
	}
	allowed := map[int][]int{plain: {1, 2, 4, 8, 16, 24, 32}, rle8: {8}, rle4: {4}, rle24: {24}, bitFields: {16, 32}}
	for _, b := range allowed[h.compression] {
		if h.bits == b {
			return nil
		}
	}
	if h.bits == 64 && h.compression == plain {
		return raster.Unsupported(format, "64 bits a pixel")
	}
	return raster.Damaged(format, "its header says %d bits a pixel with compression %d", h.bits, h.compression)
}

// DecodeConfig reads the header.
func DecodeConfig(data []byte) (raster.Config, error) {
	h, err := parse(data)
	if err != nil {
		return raster.Config{}, err
	}
	return raster.Config{Width: h.width, Height: h.height}, nil
}

// Decode reads a BMP file whose size limit allows.
func Decode(data []byte, limit raster.Limit) (*raster.Image, error) {
	h, err := parse(data)
	if err != nil {
		return nil, err
	}
	if err := limit(h.width, h.height); err != nil {
		return nil, err
	}
	if h.pixels >= len(data) {
		return nil, raster.Damaged(format, "it is cut off before the pixels")
	}
	pixels := data[h.pixels:]
	var img *raster.Image
	switch h.compression {
	case embeddedJPEG:
		img, err = h.jpeg(pixels, limit)
	case embeddedPNG:
		img, err = png.Decode(pixels, limit)
	case rle4, rle8, rle24:
		img, err = h.decodeRLE(pixels, limit)
	default:
		img, err = h.decodePlain(pixels, limit)
	}
	if err != nil {
		return nil, err
	}
	if size := img.Pix.Rect; size.Dx() != h.width || size.Dy() != h.height {
		return nil, raster.Damaged(format, "its header says %d x %d pixels, the picture inside has %d x %d", h.width, h.height, size.Dx(), size.Dy())
	}
	img.Orientation = 0 // BMP has none: a picture inside is shown as the header has it
	img.Notes = append(img.Notes, h.notes...)
	if h.icc != nil {
		img.ICC = h.icc
	}
	return img, nil
}

// jpeg decodes an embedded JPEG file.
func (h *header) jpeg(data []byte, limit raster.Limit) (*raster.Image, error) {
	broken := func(err error) error { return raster.Damaged(format, "the JPEG picture inside: %v", err) }
	c, err := jpeg.DecodeConfig(data)
	if err != nil {
		return nil, broken(err)
	}
	if err := limit(c.Width, c.Height); err != nil {
		return nil, err
	}
	m, err := jpeg.Decode(data)
	if err == nil && m.Truncated {
		err = jpeg.ErrTruncated
	}
	if err != nil {
		return nil, broken(err)
	}
	return &raster.Image{Pix: m.Pix, Gray: m.Gray, Depth: c.Precision, Notes: m.Notes, ICC: m.ICC}, nil
}
