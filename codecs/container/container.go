// Package container reads and writes the workbench's file format: a short
// header, a table of sections, then the sections' payloads.
//
//	magic "CWB" (3)  version (1)  codec tag (4)  model hash (4)
//	varint width  varint height  varint section count
//	per section: kind (1)  varint part  varint length  CRC-16 of the payload (2)
//	CRC-32 of everything before it (4)
//	payloads, in the table's order
//
// Integers are little-endian, varints as in encoding/binary. A damaged header
// or table is an error; a damaged or cut payload is one damaged section, so
// that codecs which tolerate loss can decode the rest. What kinds and parts
// mean belongs to the codec.
package container

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
)

const (
	magic   = "CWB"
	version = 1

	// MaxSections bounds the section table.
	MaxSections = 1 << 20
	// MaxSide bounds width and height, in pixels.
	MaxSide = 65535
)

// Errors that callers tell apart.
var (
	ErrNotContainer = errors.New("not a .cwb file")
	ErrVersion      = errors.New("unknown version of the .cwb format")
	ErrDamaged      = errors.New("damaged .cwb file")
)

// Section is one part of a file.
type Section struct {
	Kind    byte   // named by the codec: header, side information, indices, ...
	Part    uint64 // counts what the codec says: tile, slice, row group, frame
	Payload []byte // nil where cut away entirely
	Offset  int    // of the payload in the file, in bytes; set by Parse
	Length  int    // bytes that the table promises; set by Parse
	Damaged bool   // the payload is cut or fails its checksum; set by Parse
}

// File is the parsed or to-be-written content of a .cwb file.
type File struct {
	Tag           uint32 // codec
	Model         uint32 // first four bytes of the model file's SHA-256; 0: no model
	Width, Height int    // pixels
	Sections      []Section
}

// Is reports whether data starts like a .cwb file.
func Is(data []byte) bool { return len(data) >= len(magic) && string(data[:len(magic)]) == magic }

// Marshal returns the file's bytes.
func (f *File) Marshal() ([]byte, error) {
	if f.Width < 1 || f.Width > MaxSide || f.Height < 1 || f.Height > MaxSide {
		return nil, fmt.Errorf("container: %d x %d pixels is outside 1..%d", f.Width, f.Height, MaxSide)
	}
	if len(f.Sections) > MaxSections {
		return nil, fmt.Errorf("container: %d sections, at most %d", len(f.Sections), MaxSections)
	}
	total := 32
	for _, s := range f.Sections {
		if len(s.Payload) > math.MaxInt32 {
			return nil, fmt.Errorf("container: section of %d bytes", len(s.Payload))
		}
		total += 16 + len(s.Payload)
	}
	b := make([]byte, 0, total)
	b = append(b, magic...)
	b = append(b, version)
	b = binary.LittleEndian.AppendUint32(b, f.Tag)
	b = binary.LittleEndian.AppendUint32(b, f.Model)
	b = binary.AppendUvarint(b, uint64(f.Width))
	b = binary.AppendUvarint(b, uint64(f.Height))
	b = binary.AppendUvarint(b, uint64(len(f.Sections)))
	for _, s := range f.Sections {
		b = append(b, s.Kind)
		b = binary.AppendUvarint(b, s.Part)
		b = binary.AppendUvarint(b, uint64(len(s.Payload)))
		b = binary.LittleEndian.AppendUint16(b, crc16(s.Payload))
	}
	b = binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
	for _, s := range f.Sections {
		b = append(b, s.Payload...)
	}
	return b, nil
}

// Parse reads a file. Payloads alias data. It fails with ErrNotContainer,
// ErrVersion or ErrDamaged; damaged payloads are marked, not refused.
func Parse(data []byte) (*File, error) {
	if !Is(data) {
		return nil, ErrNotContainer
	}
	r := reader{data: data, pos: len(magic)}
	if v := r.byte(); r.err == nil && v != version {
		return nil, fmt.Errorf("%w: %d, this program reads %d", ErrVersion, v, version)
	}
	f := &File{Tag: r.uint32(), Model: r.uint32()}
	width, height, count := r.uvarint(), r.uvarint(), r.uvarint()
	if r.err != nil {
		return nil, r.err
	}
	// A section takes at least five bytes of table: the file's length bounds the allocation.
	if count > MaxSections || count > uint64(len(data)/5) {
		return nil, fmt.Errorf("%w: %d sections in %d bytes", ErrDamaged, count, len(data))
	}
	f.Sections = make([]Section, count)
	sums := make([]uint16, count)
	for i := range f.Sections {
		f.Sections[i].Kind = r.byte()
		f.Sections[i].Part = r.uvarint()
		length := r.uvarint()
		if length > math.MaxInt32 {
			return nil, fmt.Errorf("%w: section %d claims %d bytes", ErrDamaged, i, length)
		}
		f.Sections[i].Length = int(length)
		sums[i] = r.uint16()
	}
	end := r.pos
	sum := r.uint32()
	if r.err != nil {
		return nil, r.err
	}
	if sum != crc32.ChecksumIEEE(data[:end]) {
		return nil, fmt.Errorf("%w: the header's checksum does not match", ErrDamaged)
	}
	if width < 1 || width > MaxSide || height < 1 || height > MaxSide {
		return nil, fmt.Errorf("%w: %d x %d pixels", ErrDamaged, width, height)
	}
	f.Width, f.Height = int(width), int(height)
	pos := r.pos
	for i := range f.Sections {
		s := &f.Sections[i]
		s.Offset = pos
		have := min(s.Length, max(len(data)-pos, 0))
		if have > 0 {
			s.Payload = data[pos : pos+have : pos+have]
		}
		s.Damaged = have < s.Length || crc16(s.Payload) != sums[i]
		pos += s.Length
	}
	if pos < len(data) {
		return nil, fmt.Errorf("%w: %d bytes follow the last section", ErrDamaged, len(data)-pos)
	}
	return f, nil
}

// reader takes integers off the front of data; the first failure sticks.
type reader struct {
	data []byte
	pos  int
	err  error
}

func (r *reader) take(n int) []byte {
	if r.err == nil && len(r.data)-r.pos < n {
		r.err = fmt.Errorf("%w: it ends in the header, after %d bytes", ErrDamaged, len(r.data))
	}
	if r.err != nil {
		return make([]byte, n)
	}
	r.pos += n
	return r.data[r.pos-n : r.pos]
}

func (r *reader) byte() byte     { return r.take(1)[0] }
func (r *reader) uint16() uint16 { return binary.LittleEndian.Uint16(r.take(2)) }
func (r *reader) uint32() uint32 { return binary.LittleEndian.Uint32(r.take(4)) }

func (r *reader) uvarint() uint64 {
	if r.err != nil {
		return 0
	}
	v, n := binary.Uvarint(r.data[r.pos:])
	if n <= 0 {
		r.err = fmt.Errorf("%w: bad integer at byte %d", ErrDamaged, r.pos)
		return 0
	}
	r.pos += n
	return v
}

// crc16 is CRC-16/XMODEM: polynomial 0x1021, initial value 0.
func crc16(data []byte) uint16 {
	var c uint16
	for _, b := range data {
		c = c<<8 ^ crc16Table[byte(c>>8)^b]
	}
	return c
}

var crc16Table = func() (t [256]uint16) {
	for i := range t {
		c := uint16(i) << 8
		for range 8 {
			if c&0x8000 != 0 {
				c = c<<1 ^ 0x1021
			} else {
				c <<= 1
			}
		}
		t[i] = c
	}
	return t
}()
