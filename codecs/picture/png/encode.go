package png

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
	"image"
	stdpng "image/png"
)

// Encode writes a packed image as PNG with as few channels as it needs: one for
// grey, and no alpha channel unless alpha is set. It writes no colour chunks, so
// that every reader takes the samples as sRGB.
func Encode(img *image.NRGBA, gray, alpha bool) ([]byte, error) {
	return EncodeLevel(img, gray, alpha, stdpng.DefaultCompression)
}

// Levels of EncodeLevel, from fast to small.
const (
	NoCompression      = stdpng.NoCompression
	BestSpeed          = stdpng.BestSpeed
	DefaultCompression = stdpng.DefaultCompression
	BestCompression    = stdpng.BestCompression
)

// EncodeLevel is Encode with a choice between speed and size.
func EncodeLevel(img *image.NRGBA, gray, alpha bool, level stdpng.CompressionLevel) ([]byte, error) {
	if gray && alpha {
		return encodeGrayAlpha(img, level)
	}
	var b bytes.Buffer
	var src image.Image = img
	if gray {
		g := image.NewGray(img.Rect)
		for i := range g.Pix {
			g.Pix[i] = img.Pix[4*i]
		}
		src = g
	}
	err := (&stdpng.Encoder{CompressionLevel: level}).Encode(&b, src)
	return b.Bytes(), err
}

// encodeGrayAlpha writes colour type 4, which the standard library does not have.
func encodeGrayAlpha(img *image.NRGBA, level stdpng.CompressionLevel) ([]byte, error) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	var packed bytes.Buffer
	z, err := zlib.NewWriterLevel(&packed, map[stdpng.CompressionLevel]int{
		stdpng.NoCompression: zlib.NoCompression, stdpng.BestSpeed: zlib.BestSpeed,
		stdpng.BestCompression: zlib.BestCompression, stdpng.DefaultCompression: zlib.DefaultCompression,
	}[level])
	if err != nil {
		return nil, err
	}
	row, above := make([]byte, 2*w), make([]byte, 2*w)
	out, best := make([]byte, 1+2*w), make([]byte, 1+2*w)
	for y := range h {
		for x := range w {
			i := y*img.Stride + 4*x
			row[2*x], row[2*x+1] = img.Pix[i], img.Pix[i+3]
		}
		lowest := -1
		for filter := range byte(5) {
			if sum := applyFilter(filter, out, row, above); lowest < 0 || sum < lowest {
				lowest = sum
				out, best = best, out
			}
		}
		if _, err := z.Write(best); err != nil {
			return nil, err
		}
		row, above = above, row
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	head := binary.BigEndian.AppendUint32(nil, uint32(w))
	head = binary.BigEndian.AppendUint32(head, uint32(h))
	head = append(head, 8, typeGrayAlpha, 0, 0, 0)
	b := []byte(Signature)
	b = appendChunk(b, "IHDR", head)
	b = appendChunk(b, "IDAT", packed.Bytes())
	return appendChunk(b, "IEND", nil), nil
}

func appendChunk(b []byte, kind string, payload []byte) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(len(payload)))
	start := len(b)
	b = append(append(b, kind...), payload...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[start:]))
}

// applyFilter writes the filter byte and the filtered row of two-byte pixels to out
// and returns the sum of absolute differences, by which the filter is chosen
// (PNG specification, section 12.7).
func applyFilter(filter byte, out, row, above []byte) int {
	const step = 2
	out[0] = filter
	sum := 0
	for i, v := range row {
		var a, c int
		if i >= step {
			a, c = int(row[i-step]), int(above[i-step])
		}
		b := int(above[i])
		switch filter {
		case 1:
			v -= uint8(a)
		case 2:
			v -= uint8(b)
		case 3:
			v -= uint8((a + b) / 2)
		case 4:
			v -= paeth(a, b, c)
		}
		out[1+i] = v
		sum += max(int(int8(v)), -int(int8(v)))
	}
	return sum
}

// paeth returns which of left, above and above left is nearest to left+above-aboveLeft.
func paeth(a, b, c int) uint8 {
	pa, pb := b-c, a-c
	pc := pa + pb
	pa, pb, pc = max(pa, -pa), max(pb, -pb), max(pc, -pc)
	switch {
	case pa <= pb && pa <= pc:
		return uint8(a)
	case pb <= pc:
		return uint8(b)
	}
	return uint8(c)
}
