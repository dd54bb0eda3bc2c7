package entropy

import "math/bits"

// The logistic domain of the mixers: ln(p/(1-p)) in 1/256, and back, as integer
// tables (Mahoney, "Adaptive weighing of context models for lossless data
// compression", 2005). paq8 has 12-bit probabilities there; these have 16.
const (
	stretchOne = 256  // 1.0 in the logistic domain
	stretchMax = 2840 // ln(65535) * stretchOne, rounded up
	tailSize   = 2048 // probabilities next to 0 and 1 that need the full 16 bits
)

// logistic holds the tables of both directions.
type logistic struct {
	squashed  [2*stretchMax + 1]uint16 // by logistic value + stretchMax
	stretched [1 << 12]int16           // by p1 >> 4
	tail      [tailSize]int16          // by p1
}

// curves is computed once, in integers: the same on every machine.
var curves = func() *logistic {
	const decay = 4278222805 // exp(-1/256) in 1/2^32
	l := &logistic{}
	e := uint64(1) << 62 // exp(-i/256) in 1/2^62
	for i := range stretchMax + 1 {
		d := (1<<62 + e) >> 16 // 65536/(1+exp(-i/256)) is 2^62/d
		p := min((1<<62+d/2)/d, 1<<ProbBits-1)
		l.squashed[stretchMax+i] = uint16(p)
		l.squashed[stretchMax-i] = uint16(1<<ProbBits - p)
		high, low := bits.Mul64(e, decay)
		e = high<<32 | low>>32
	}
	s := 0
	inverse := func(p int) int16 { // for rising p
		for s < 2*stretchMax && int(l.squashed[s]) < p {
			s++
		}
		return int16(s - stretchMax)
	}
	for p := range l.tail {
		l.tail[p] = inverse(p)
	}
	s = 0
	for i := range l.stretched {
		l.stretched[i] = inverse(16*i + 8)
	}
	return l
}()

// stretch returns the logistic value of a probability in 1/65536.
func (l *logistic) stretch(p1 uint32) int32 {
	switch {
	case p1 < tailSize:
		return int32(l.tail[p1])
	case p1 > 1<<ProbBits-tailSize:
		return -int32(l.tail[(1<<ProbBits-p1)&(tailSize-1)])
	}
	return int32(l.stretched[p1>>4&(1<<12-1)])
}

// squash returns the probability in 1/65536, 1 to 65535, of a logistic value.
func (l *logistic) squash(x int32) uint32 {
	return uint32(l.squashed[min(max(x, -stretchMax), stretchMax)+stretchMax])
}
