package klt

import (
	"fmt"

	"codecworkbench/codecs/entropy"
)

// lambda is the price of a bit in squared steps at which an encoder weighs rate
// against distortion; chosen on the validation photos.
const lambda = 0.095

// deadZone is where a magnitude is rounded up without rate-distortion optimisation.
const deadZone = 0.65

// coefficients are those of a slice, by plane: 64 a block, in coding order, in
// steps of their own.
type coefficients [planes][]float32

func newCoefficients(planeCount, blocks int) (c coefficients) {
	for p := range planeCount {
		c[p] = make([]float32, blocks*coefs)
	}
	return c
}

// quantizer picks residuals.
type quantizer struct {
	m      *model
	lambda float32 // 0: dead zone only
}

// pick returns the residual for a coefficient x, in steps, that is predicted as pred.
func (z *quantizer) pick(t *entropy.Table, table int, x float32, pred int32) int32 {
	x -= float32(pred) / recUnit
	mag := x
	if x < 0 {
		mag = -x
	}
	var q int32
	if z.lambda > 0 {
		q = z.optimise(t, table, mag)
	} else {
		q = int32(min(mag+(1-deadZone), maxResidual))
	}
	if x < 0 {
		return -q
	}
	return q
}

// optimise returns the magnitude with the least distortion plus lambda times rate
// among the nearest, the two below it, and 0.
func (z *quantizer) optimise(t *entropy.Table, table int, mag float32) int32 {
	high := int32(min(mag+0.5, maxResidual))
	if high == 0 {
		return 0
	}
	best, q := z.cost(t, table, mag, high), high
	for try := high - 1; try >= max(high-2, 0); try-- {
		if c := z.cost(t, table, mag, try); c < best {
			best, q = c, try
		}
	}
	if high > 2 {
		if c := z.cost(t, table, mag, 0); c < best {
			q = 0
		}
	}
	return q
}

func (z *quantizer) cost(t *entropy.Table, table int, mag float32, q int32) float32 {
	d := mag - z.m.reconstruct(table, q)
	rate := float32(t.Bits(int(q)))
	if q != 0 {
		rate++ // the sign
	}
	return d*d + z.lambda*rate
}

// encoder quantizes the coefficients of a slice and writes them.
type encoder struct {
	quantizer
	in  *coefficients
	out *entropy.Encoder
}

func (e *encoder) code(plane, block, k, table int, pred int32) int32 {
	t := e.m.tables.At(table)
	q := e.pick(t, table, e.in[plane][block*coefs+k], pred)
	t.Encode(e.out, int(abs32(q)))
	if q != 0 {
		e.out.EncodeRaw(sign(q), 1)
	}
	return q
}

func (e *encoder) err() error { return nil }

func sign(q int32) uint32 { return uint32(q) >> 31 }

// decoder reads a slice and puts its coefficients, in steps, into out.
type decoder struct {
	m   *model
	in  *entropy.Decoder
	out *coefficients
}

func (d *decoder) code(plane, block, k, table int, pred int32) int32 {
	q := int32(min(max(d.m.tables.At(table).Decode(d.in), 0), maxResidual))
	if q != 0 && d.in.DecodeRaw(1) == 1 {
		q = -q
	}
	d.out[plane][block*coefs+k] = float32(pred)/recUnit + d.m.reconstruct(table, q)
	return q
}

// err reports that the slice is cut, which bounds the work that damaged files cause.
func (d *decoder) err() error {
	if d.in.Overrun() > 0 {
		return fmt.Errorf("%w: a slice ends too early", errDamaged)
	}
	return nil
}
