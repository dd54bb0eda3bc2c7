// Package png reads and writes PNG files. It reads every colour type, depth and
// interlacing, is as forgiving as libpng about what does not touch the pixels
// (checksums of ancillary chunks, data after the last row), and rounds 16-bit
// samples where the standard library cuts them. Of an APNG it reads the default
// image. It converts no colours: gamma and primaries other than sRGB's are noted.
//
// Source: Portable Network Graphics (PNG) Specification, third edition (W3C).
package png

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/hex"
	"hash/crc32"
	"io"
	"strings"

	"codecworkbench/codecs/picture/exif"
	"codecworkbench/codecs/picture/raster"
)

// Signature opens every PNG file.
const Signature = "\x89PNG\r\n\x1a\n"

const format = "PNG"

// Colour types of the IHDR chunk.
const (
	typeGray      = 0
	typeRGB       = 2
	typePalette   = 3
	typeGrayAlpha = 4
	typeRGBA      = 6
)

// header is the IHDR chunk.
type header struct {
	width, height int
	depth         int // bits a sample, or an index
	colour        int
	interlaced    bool
}

// channels returns the samples of one pixel in the file.
func (h header) channels() int {
	switch h.colour {
	case typeRGB:
		return 3
	case typeGrayAlpha:
		return 2
	case typeRGBA:
		return 4
	}
	return 1
}

// rowBytes returns the bytes of a row of width pixels, without its filter byte.
func (h header) rowBytes(width int) int { return (width*h.channels()*h.depth + 7) / 8 }

// file is a PNG file taken apart; the slices point into it.
type file struct {
	header
	palette   []byte // PLTE: three bytes an entry
	trns      []byte
	idat      [][]byte
	icc       []byte // iCCP, still compressed
	exif      []byte
	srgb      bool
	gamma     uint32 // gAMA: 100000 times the exponent; 0 if none
	chroma    []byte // cHRM
	cicp      []byte
	animated  bool
	critical  string // a critical chunk that is not of the specification
	truncated bool   // the file ends inside a chunk or without IEND
}

// parse walks the chunks. Damage behind the pixels is tolerated.
func parse(data []byte) (*file, error) {
	if len(data) < len(Signature) || string(data[:len(Signature)]) != Signature {
		return nil, raster.Damaged(format, "it does not start with PNG's signature")
	}
	f := &file{}
	rest := data[len(Signature):]
	for first := true; ; first = false {
		if len(rest) < 8 {
			f.truncated = true
			break
		}
		n, kind := int64(binary.BigEndian.Uint32(rest)), string(rest[4:8])
		sound := n+12 <= int64(len(rest))
		payload := rest[8:min(8+n, int64(len(rest)))]
		if first {
			if kind == "CgBI" {
				return nil, raster.Unsupported(format, "Apple's CgBI extension")
			}
			if kind != "IHDR" || !sound {
				return nil, raster.Damaged(format, "the header is missing")
			}
		}
		var err error
		if sound {
			crc := crc32.ChecksumIEEE(rest[4:8+n]) == binary.BigEndian.Uint32(rest[8+n:])
			err = f.chunk(kind, payload, crc)
		} else if kind == "IDAT" {
			f.idat = append(f.idat, payload)
		}
		if err != nil {
			return nil, err
		}
		if !sound || kind == "IEND" {
			f.truncated = !sound
			break
		}
		rest = rest[12+n:]
	}
	if f.width == 0 {
		return nil, raster.Damaged(format, "the header is missing")
	}
	return f, nil
}

// chunk takes in one whole chunk. Ancillary chunks with a wrong checksum count for
// nothing, as in libpng.
func (f *file) chunk(kind string, payload []byte, sound bool) error {
	ancillary := kind[0]&0x20 != 0
	if !sound {
		if ancillary || kind == "IEND" {
			return nil
		}
		return raster.Damaged(format, "the checksum of its %q chunk is wrong", kind)
	}
	switch kind {
	case "IHDR":
		if f.width != 0 {
			return nil // a second one: the first counts
		}
		return f.parseHeader(payload)
	case "PLTE":
		if len(payload)%3 != 0 || len(payload) > 3*256 || len(payload) == 0 {
			if f.colour == typePalette {
				return raster.Damaged(format, "its palette has %d bytes", len(payload))
			}
			return nil
		}
		if f.palette == nil {
			f.palette = payload
		}
	case "IDAT":
		f.idat = append(f.idat, payload)
	case "IEND":
	default:
		if !ancillary {
			f.critical = kind
		}
		f.ancillary(kind, payload)
	}
	return nil
}

func (f *file) ancillary(kind string, payload []byte) {
	switch {
	case kind == "tRNS" && len(f.idat) == 0:
		f.trns = payload
	case kind == "eXIf" && f.exif == nil:
		f.exif = payload
	case (kind == "zTXt" || kind == "tEXt") && f.exif == nil:
		f.exif = rawExif(kind, payload)
	case kind == "acTL":
		f.animated = true
	default:
		f.colourSpace(kind, payload)
	}
}

// colourSpace keeps the chunks that say what the samples mean.
func (f *file) colourSpace(kind string, payload []byte) {
	switch {
	case kind == "iCCP" && len(f.idat) == 0:
		f.icc = payload
	case kind == "sRGB" && len(payload) == 1:
		f.srgb = true
	case kind == "gAMA" && len(payload) == 4:
		f.gamma = binary.BigEndian.Uint32(payload)
	case kind == "cHRM" && len(payload) == 32:
		f.chroma = payload
	case kind == "cICP" && len(payload) == 4:
		f.cicp = payload
	}
}

// maxText bounds an inflated text chunk, in bytes.
const maxText = 1 << 20

// rawExif reads the EXIF block that ImageMagick writes as text: a keyword, then a
// line with the kind, one with the length, and hexadecimal digits.
func rawExif(kind string, payload []byte) []byte {
	keyword, text, _ := bytes.Cut(payload, []byte{0})
	if k := string(keyword); k != "Raw profile type exif" && k != "Raw profile type APP1" {
		return nil
	}
	if kind == "zTXt" {
		if len(text) < 1 {
			return nil
		}
		z, err := zlib.NewReader(bytes.NewReader(text[1:]))
		if err != nil {
			return nil
		}
		text, _ = io.ReadAll(io.LimitReader(z, maxText))
	}
	lines := strings.SplitN(strings.TrimLeft(string(text), "\n"), "\n", 3)
	if len(lines) < 3 {
		return nil
	}
	block, err := hex.DecodeString(strings.ReplaceAll(strings.TrimSpace(lines[2]), "\n", ""))
	if err != nil {
		return nil
	}
	return block
}

func (f *file) parseHeader(b []byte) error {
	if len(b) != 13 {
		return raster.Damaged(format, "its header has %d bytes instead of 13", len(b))
	}
	w, h := binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])
	if w == 0 || h == 0 || w > 1<<31-1 || h > 1<<31-1 {
		return raster.Damaged(format, "its header says %d x %d pixels", w, h)
	}
	f.header = header{width: int(w), height: int(h), depth: int(b[8]), colour: int(b[9]), interlaced: b[12] == 1}
	allowed := map[int]string{typeGray: "\x01\x02\x04\x08\x10", typeRGB: "\x08\x10", typePalette: "\x01\x02\x04\x08",
		typeGrayAlpha: "\x08\x10", typeRGBA: "\x08\x10"}[f.colour]
	sound := false
	for _, d := range []byte(allowed) {
		sound = sound || d == b[8]
	}
	if !sound {
		return raster.Damaged(format, "its header says colour type %d with %d bits, which does not exist", b[9], b[8])
	}
	if b[10] != 0 || b[11] != 0 || b[12] > 1 {
		return raster.Unsupported(format, "compression %d, filter %d, interlacing %d", b[10], b[11], b[12])
	}
	return nil
}

// DecodeConfig reads the header.
func DecodeConfig(data []byte) (raster.Config, error) {
	f, err := parse(data)
	if err != nil {
		return raster.Config{}, err
	}
	return raster.Config{Width: f.width, Height: f.height, Orientation: exif.Orientation(f.exif)}, nil
}
