package hyperprior

import (
	"encoding/binary"
	"fmt"
)

// Quality: q in 1/qUnit, 0 to qMax, stands for levels of the model from first to last.
const (
	qMax  = 10
	qUnit = 100
)

// headerBytes is the header's length: q in 1/qUnit, and a bit for grey pictures.
const (
	headerBytes = 2
	grayBit     = 1 << 15
)

// header is what a file says about all of its latents.
type header struct {
	q    int // in 1/qUnit
	gray bool
}

func (h header) bytes() []byte {
	v := uint16(h.q)
	if h.gray {
		v |= grayBit
	}
	return binary.LittleEndian.AppendUint16(nil, v)
}

func parseHeader(data []byte) (header, error) {
	if len(data) != headerBytes {
		return header{}, fmt.Errorf("%w: its header is %d bytes long, expected %d", errDamaged, len(data), headerBytes)
	}
	v := binary.LittleEndian.Uint16(data)
	h := header{q: int(v &^ grayBit), gray: v&grayBit != 0}
	if h.q > qMax*qUnit {
		return header{}, fmt.Errorf("%w: its quality is %d, at most %d is known", errDamaged, h.q, qMax*qUnit)
	}
	return h, nil
}

// level is where the model's gains stand: 0 to levels-1.
func (h header) level(levels int) float64 { return float64(h.q*(levels-1)) / (qMax * qUnit) }

// row is the whole level nearest to level, whose tables z is coded by.
func (h header) row(levels int) int { return (2*h.q*(levels-1) + qMax*qUnit) / (2 * qMax * qUnit) }
