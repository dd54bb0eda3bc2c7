package safetensors

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
)

// Half makes a float16 tensor (IEEE 754 binary16), rounding each value to the
// nearest, ties to even; what is too large becomes infinite.
func Half(values []float32, shape ...int) Tensor {
	data := make([]byte, 0, 2*len(values))
	for _, v := range values {
		data = binary.LittleEndian.AppendUint16(data, toHalf(v))
	}
	return Tensor{F16, shape, data}
}

// Floats returns the elements of an F32 or F16 tensor.
func Floats(t Tensor) ([]float32, error) {
	switch t.DType {
	case F32:
		return Values[float32](t)
	case F16:
		out := make([]float32, len(t.Data)/2)
		for i := range out {
			out[i] = fromHalf(binary.LittleEndian.Uint16(t.Data[2*i:]))
		}
		return out, nil
	}
	return nil, fmt.Errorf("%w: a %s tensor read as floating point", ErrFormat, t.DType)
}

// Layout of the two formats.
const (
	halfFraction   = 10 // bits
	singleFraction = 23 // bits
	dropped        = singleFraction - halfFraction
	rebias         = 127 - 15 // between the exponents
)

func toHalf(v float32) uint16 {
	b := math.Float32bits(v)
	sign := uint16(b >> 16 & 0x8000)
	b &= 1<<31 - 1
	switch {
	case b > 0xff<<singleFraction: // NaN
		return sign | 0x7e00
	case b >= (rebias+30)<<singleFraction+0x7fe000+0x1000: // rounds beyond 65504
		return sign | 0x7c00
	case b < (rebias-10)<<singleFraction: // rounds to zero: at most 2^-25
		return sign
	case b <= rebias<<singleFraction|(1<<singleFraction-1): // subnormal: units of 2^-24
		m := b&(1<<singleFraction-1) | 1<<singleFraction
		return sign | uint16(roundShift(m, uint(rebias+dropped+1)-uint(b>>singleFraction)))
	}
	return sign | uint16(roundShift(b-rebias<<singleFraction, dropped))
}

// roundShift returns m / 2^n, rounded to the nearest, ties to even; n is above 0.
func roundShift(m uint32, n uint) uint32 {
	return (m + 1<<(n-1) - 1 + m>>n&1) >> n
}

func fromHalf(h uint16) float32 {
	sign := uint32(h&0x8000) << 16
	exponent, fraction := uint32(h>>halfFraction&31), uint32(h&(1<<halfFraction-1))
	switch {
	case exponent == 31:
		return math.Float32frombits(sign | 0xff<<singleFraction | fraction<<dropped)
	case exponent == 0 && fraction == 0:
		return math.Float32frombits(sign)
	case exponent == 0: // subnormal: fraction * 2^-24
		n := uint32(bits.LeadingZeros32(fraction)) - 21 // brings the leading one to bit 10
		return math.Float32frombits(sign | (rebias+1-n)<<singleFraction | fraction<<n&(1<<halfFraction-1)<<dropped)
	}
	return math.Float32frombits(sign | (exponent+rebias)<<singleFraction | fraction<<dropped)
}
