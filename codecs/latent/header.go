package latent

import (
	"encoding/binary"
	"fmt"
	"math"

	"codecworkbench/codecs"
	"codecworkbench/codecs/container"
	"codecworkbench/codecs/picture"
)

// Quality is q, in steps of 1/QUnit.
const (
	QMax  = 10
	QUnit = 100
)

// Quality describes q, which means the same for all codecs of this kind: a trade-off
// between rate and squared error (Lambda).
func Quality() *codecs.Quality {
	return &codecs.Quality{Min: 0, Max: QMax, Step: 1.0 / QUnit, Default: 6,
		Help:   "Higher keeps more detail and takes more bytes: each 1 trades a bit for 1.6 times less squared error. Outside what the model was trained for (3 to 10 at least), latents are only rounded in other steps.",
		Ladder: []float64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}}
}

// SectionHeader is the kind of the section that holds the header; codecs number their own
// from 2.
const SectionHeader byte = 1

// NameHeader is its name.
const NameHeader = "header"

// headerBytes is the header's length: q in 1/QUnit, a codec's own flags, and a bit for grey
// pictures.
const (
	headerBytes = 2
	flagShift   = 10
	grayBit     = 1 << 15
)

// Header is what a file says about all of its latents.
type Header struct {
	Q    int // in 1/QUnit, 0 to QMax * QUnit
	Gray bool
	// Flags are a codec's own, five bits.
	Flags uint8
}

// NewHeader is the header of a picture at a quality.
func NewHeader(p *picture.Picture, params codecs.Params) Header {
	return Header{Q: int(math.Round(params.Q() * QUnit)), Gray: p.Gray()}
}

// Section is the header as a section of a file.
func (h Header) Section() container.Section {
	v := uint16(h.Q) | uint16(h.Flags)<<flagShift
	if h.Gray {
		v |= grayBit
	}
	return container.Section{Kind: SectionHeader, Payload: binary.LittleEndian.AppendUint16(nil, v)}
}

// ReadHeader checks a stream's size and reads the header of a codec without flags.
func ReadHeader(s *codecs.Stream) (Header, error) { return ReadFlagged(s, 0) }

// ReadFlagged is ReadHeader for a codec that knows some flags.
func ReadFlagged(s *codecs.Stream, known uint8) (Header, error) {
	if err := picture.CheckSize(s.Width, s.Height); err != nil {
		return Header{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	data, ok := s.Section(SectionHeader, 0)
	if !ok {
		return Header{}, fmt.Errorf("%w: its header is missing or damaged", ErrDamaged)
	}
	if len(data) != headerBytes {
		return Header{}, fmt.Errorf("%w: its header is %d bytes long, expected %d", ErrDamaged, len(data), headerBytes)
	}
	v := binary.LittleEndian.Uint16(data)
	flags := uint8(v &^ grayBit >> flagShift)
	h := Header{Q: int(v & (1<<flagShift - 1)), Gray: v&grayBit != 0, Flags: flags}
	if h.Q > QMax*QUnit || flags&^known != 0 {
		return Header{}, fmt.Errorf("%w: its quality is %d and its flags %#x, at most %d and %#x are known", ErrDamaged, h.Q, flags, QMax*QUnit, known)
	}
	return h, nil
}
