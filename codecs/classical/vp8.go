package classical

import (
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"strconv"
	"strings"

	"codecworkbench/codecs"
)

// vp8Frame is what the head of a VP8 key frame says, as far as it can be read without its
// coefficients (RFC 6386, sections 9.1 to 9.6 and 19.2).
type vp8Frame struct {
	width, height int
	version       int
	first         int   // bytes of the first partition: header and modes
	sizes         []int // bytes of the coefficients' partitions
	segments      int   // 1: no segmentation
	filterSimple  bool
	filterLevel   int // 0 to 63
	sharpness     int // 0 to 7
	quantizer     int // index of the AC steps of luma, 0 to 127
	deltas        [5]int
}

// Lengths of the frame's fixed parts, in bytes.
const (
	vp8TagBytes    = 3
	vp8HeaderBytes = 10 // tag, start code, sides
)

var errVP8 = errors.New("not a VP8 key frame")

// parseVP8 reads the head of a VP8 chunk's content.
func parseVP8(data []byte) (*vp8Frame, error) {
	if len(data) < vp8HeaderBytes || data[0]&1 != 0 || [3]byte(data[3:6]) != [3]byte{0x9d, 0x01, 0x2a} {
		return nil, errVP8
	}
	tag := int(data[0]) | int(data[1])<<8 | int(data[2])<<16
	f := &vp8Frame{version: tag >> 1 & 7, first: tag >> 5,
		width: int(binary.LittleEndian.Uint16(data[6:])) & 0x3fff, height: int(binary.LittleEndian.Uint16(data[8:])) & 0x3fff}
	rest := data[vp8HeaderBytes:]
	if f.first > len(rest) {
		return nil, fmt.Errorf("%w: its first partition is cut", errVP8)
	}
	parts := f.readHeader(&boolReader{data: rest[:f.first], width: 255, bits: -8})
	rest = rest[f.first:]
	if len(rest) < 3*(parts-1) {
		return nil, fmt.Errorf("%w: the table of its partitions is cut", errVP8)
	}
	sizes, left := rest[:3*(parts-1)], len(rest)-3*(parts-1)
	for i := range parts - 1 {
		n := min(int(sizes[3*i])|int(sizes[3*i+1])<<8|int(sizes[3*i+2])<<16, left)
		f.sizes = append(f.sizes, n)
		left -= n
	}
	f.sizes = append(f.sizes, left)
	return f, nil
}

// readHeader reads the frame header's fields and returns the number of partitions.
func (f *vp8Frame) readHeader(r *boolReader) (parts int) {
	r.literal(2) // colour space, clamping
	f.segments = 1
	if r.flag() {
		f.segments = 4
		f.skipSegmentation(r)
	}
	f.filterSimple, f.filterLevel, f.sharpness = r.flag(), r.literal(6), r.literal(3)
	if adjusts := r.flag(); adjusts {
		if update := r.flag(); update {
			for range 8 {
				r.optional(6)
			}
		}
	}
	parts = 1 << r.literal(2)
	f.quantizer = r.literal(7)
	for i := range f.deltas {
		f.deltas[i] = r.optional(4)
	}
	return parts
}

func (f *vp8Frame) skipSegmentation(r *boolReader) {
	updateMap, updateData := r.flag(), r.flag()
	if updateData {
		r.flag() // absolute values, or deltas
		for range 4 {
			r.optional(7)
		}
		for range 4 {
			r.optional(6)
		}
	}
	if updateMap {
		for range 3 {
			if r.flag() {
				r.literal(8)
			}
		}
	}
}

// boolReader is VP8's arithmetic decoder at even odds (RFC 6386, section 7), all that a
// frame header needs. Past its end it reads zeros.
type boolReader struct {
	data         []byte
	value, width uint32 // width: the range less one
	bits         int    // of value beyond eight; below 0: a byte is due
}

func (r *boolReader) flag() bool {
	if r.bits < 0 {
		r.value <<= 8
		if len(r.data) > 0 {
			r.value |= uint32(r.data[0])
			r.data = r.data[1:]
		}
		r.bits += 8
	}
	split := (r.width * 128) >> 8
	set := r.value>>r.bits > split
	if set {
		r.width -= split + 1
		r.value -= (split + 1) << r.bits
	} else {
		r.width = split
	}
	for r.width < 127 {
		r.width = r.width<<1 | 1
		r.bits--
	}
	return set
}

// literal reads an unsigned number of n bits.
func (r *boolReader) literal(n int) (v int) {
	for range n {
		v <<= 1
		if r.flag() {
			v |= 1
		}
	}
	return v
}

// optional reads a number of n bits and its sign behind a flag that says it is there.
func (r *boolReader) optional(n int) int {
	if !r.flag() {
		return 0
	}
	v := r.literal(n)
	if r.flag() {
		return -v
	}
	return v
}

// vp8Parts divides a VP8 chunk, its own head of 8 bytes included; false: it is none that
// can be read, and stays whole.
func (p *parts) vp8Parts(chunk uint64) bool {
	end := min(chunk, uint64(len(p.file)))
	f, err := parseVP8(p.file[8:end])
	if err != nil {
		return false
	}
	p.cut("VP8: chunk and frame header", 8+vp8HeaderBytes, true)
	p.cut(vp8Modes, uint64(f.first), true)
	if n := len(f.sizes); n > 1 {
		p.cut("VP8: sizes of partitions", uint64(3*(n-1)), true)
		for i, size := range f.sizes {
			p.cut(fmt.Sprintf("%s, partition %d", vp8Coefficients, i+1), uint64(size), true)
		}
		return true
	}
	p.cut(vp8Coefficients, uint64(f.sizes[0]), true)
	return true
}

const (
	vp8Modes        = "VP8: block modes"
	vp8Coefficients = "VP8: coefficients"
)

// webpTrace shows what a lossy WebP file says before its coefficients.
func webpTrace(file []byte) *codecs.Trace {
	t := &codecs.Trace{}
	rest := file
	if len(rest) < 12 {
		return t
	}
	for rest = rest[12:]; len(rest) >= 8; {
		n := uint64(binary.LittleEndian.Uint32(rest[4:]))
		if string(rest[:4]) == "VP8 " {
			if f, err := parseVP8(rest[8:min(8+n, uint64(len(rest)))]); err == nil {
				t.Panels = f.panels()
				t.Places = webpPlaces(file, f)
			}
			break
		}
		rest = rest[min(8+n+n&1, uint64(len(rest))):]
	}
	return t
}

// webpPlaces says that modes and coefficients go everywhere; of several partitions, each
// holds every few rows of macroblocks.
func webpPlaces(file []byte, f *vp8Frame) []codecs.Place {
	var list []codecs.Place
	partition := 0
	for i, p := range webpParts(file) {
		whole := image.Rect(0, 0, f.width, f.height)
		switch {
		case p.Name == vp8Modes || p.Name == vp8Coefficients:
			list = append(list, codecs.Place{Part: i, Rect: whole})
		case strings.HasPrefix(p.Name, vp8Coefficients):
			for y := 16 * partition; y < f.height; y += 16 * len(f.sizes) {
				list = append(list, codecs.Place{Part: i, Rect: image.Rect(0, y, f.width, min(y+16, f.height))})
			}
			partition++
		}
	}
	return list
}

func (f *vp8Frame) panels() []codecs.Panel {
	filter := "normal"
	if f.filterSimple {
		filter = "simple"
	}
	total := 0
	for _, n := range f.sizes {
		total += n
	}
	blocks := (f.width + 15) / 16 * ((f.height + 15) / 16)
	rows := [][]string{
		{"macroblocks of 16 × 16", strconv.Itoa(blocks)},
		{"quantizer index, 0 finest to 127", strconv.Itoa(f.quantizer)},
		{"its changes: Y DC, Y2 DC and AC, UV DC and AC", fmt.Sprint(f.deltas[0], f.deltas[1], f.deltas[2], f.deltas[3], f.deltas[4])},
		{"segments with settings of their own", strconv.Itoa(f.segments)},
		{"loop filter", fmt.Sprintf("%s, level %d of 63, sharpness %d", filter, f.filterLevel, f.sharpness)},
		{"partitions of coefficients", strconv.Itoa(len(f.sizes))},
		{"bits a macroblock for modes", fmt.Sprintf("%.1f", 8*float64(f.first)/float64(max(blocks, 1)))},
		{"bits a macroblock for coefficients", fmt.Sprintf("%.1f", 8*float64(total)/float64(max(blocks, 1)))},
	}
	return []codecs.Panel{{ID: "frame", Title: "Frame header", Data: codecs.Table{Head: []string{"", "in this file"}, Rows: rows},
		Help: "What a VP8 key frame says before its coefficients. Every macroblock has a mode, how it is predicted from its neighbours; what the prediction leaves is coded as coefficients."}}
}
