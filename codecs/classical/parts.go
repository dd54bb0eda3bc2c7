package classical

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture/jpeg"
)

// maxParts bounds a list of parts; what follows is one more.
const maxParts = 1000

// parts collects the parts of a file in its order.
type parts struct {
	file []byte // what is left of it
	list []codecs.Part
}

// take cuts the next n bytes off, or as many as there are. Neighbours of one name
// become one part: a PNG's data often comes in hundreds of chunks.
func (p *parts) take(name string, n uint64) { p.cut(name, n, false) }

// chunk cuts off the next n bytes, a chunk or box of a kind.
func (p *parts) chunk(kind []byte, names map[string]string, n uint64) {
	p.cut(named(kind, names), n, slices.Contains(codedChunks, string(kind)))
}

// codedChunks are the chunks and boxes that hold the coded picture.
var codedChunks = []string{"IDAT", "VP8 ", "VP8L", "ALPH", "ANMF", "mdat", "jxlc", "jxlp", "jp2c"}

func (p *parts) cut(name string, n uint64, coded bool) {
	k := int(min(n, uint64(len(p.file))))
	p.file = p.file[k:]
	switch last := len(p.list) - 1; {
	case k == 0:
	case last >= 0 && p.list[last].Name == name:
		p.list[last].Bytes += k
	default:
		p.list = append(p.list, codecs.Part{Name: name, Bytes: k, Coded: coded})
	}
}

// rest ends the list.
func (p *parts) rest() []codecs.Part {
	p.take("unreadable", uint64(len(p.file)))
	return p.list
}

// named returns a chunk's name for people beside its own.
func named(kind []byte, names map[string]string) string {
	if name := names[string(kind)]; name != "" {
		return fmt.Sprintf("%s: %s", bytes.TrimSpace(kind), name)
	}
	return fmt.Sprintf("%q", kind)
}

var pngChunks = map[string]string{
	"IHDR": "header", "PLTE": "palette", "IDAT": "picture data", "IEND": "end", "tRNS": "transparency", "gAMA": "gamma",
	"cHRM": "primaries", "sRGB": "colour space", "iCCP": "colour profile", "pHYs": "resolution", "tEXt": "text", "eXIf": "Exif",
}

// Parts implements codecs.PartLister: a file's chunks (PNG, third edition, section 5).
func (pngCodec) Parts(file []byte) []codecs.Part {
	p := parts{file: file}
	p.take("signature", 8)
	for len(p.file) >= 12 && len(p.list) < maxParts {
		p.chunk(p.file[4:8], pngChunks, uint64(binary.BigEndian.Uint32(p.file))+12)
	}
	return p.rest()
}

var webpChunks = map[string]string{
	"VP8 ": "lossy picture", "VP8L": "lossless picture", "VP8X": "features", "ALPH": "alpha", "ICCP": "colour profile",
	"EXIF": "Exif", "XMP ": "metadata", "ANIM": "animation", "ANMF": "frame",
}

// webpParts lists a file's chunks (RFC 9649, section 2.3).
func webpParts(file []byte) []codecs.Part {
	p := parts{file: file}
	p.take("RIFF header", 12)
	for len(p.file) >= 8 && len(p.list) < maxParts {
		n := uint64(binary.LittleEndian.Uint32(p.file[4:]))
		if string(p.file[:4]) == "VP8 " && p.vp8Parts(8+n) {
			p.cut("padding", n&1, true)
			continue
		}
		p.chunk(p.file[:4], webpChunks, 8+n+n&1)
	}
	return p.rest()
}

// Parts implements codecs.PartLister.
func (webpCodec) Parts(file []byte) []codecs.Part { return webpParts(file) }

// Parts implements codecs.PartLister.
func (webpLosslessCodec) Parts(file []byte) []codecs.Part { return webpParts(file) }

// Parts implements codecs.PartLister: a file's marker segments.
func (jpegCodec) Parts(file []byte) []codecs.Part {
	p := parts{file: file}
	for _, s := range jpeg.Segments(file) {
		p.list = append(p.list, codecs.Part{Name: s.Name, Bytes: s.Length, Coded: s.PictureData()})
		p.file = p.file[s.Length:]
	}
	return p.rest()
}

var boxes = map[string]string{
	"ftyp": "file type", "meta": "metadata", "mdat": "picture data", "moov": "sequence", "free": "padding", "JXL ": "signature",
	"jxlc": "picture data", "jxlp": "picture data", "brob": "compressed metadata", "Exif": "Exif", "xml ": "metadata",
	"jP  ": "signature", "jp2h": "header", "jp2c": "picture data", "uuid": "extension",
}

// Parts implements codecs.PartLister: the boxes of formats that have them (ISO/IEC
// 14496-12, section 4.2: AVIF, JPEG 2000, JPEG XL in its container), else one part.
func (x *External) Parts(file []byte) []codecs.Part {
	if len(file) < 8 || boxes[string(file[4:8])] == "" {
		return nil
	}
	p := parts{file: file}
	for len(p.file) >= 8 && len(p.list) < maxParts {
		n := uint64(binary.BigEndian.Uint32(p.file))
		switch {
		case n == 0: // to the end of the file
			n = uint64(len(p.file))
		case n == 1 && len(p.file) >= 16:
			n = binary.BigEndian.Uint64(p.file[8:])
		}
		if n < 8 {
			break
		}
		p.chunk(p.file[4:8], boxes, n)
	}
	return p.rest()
}
