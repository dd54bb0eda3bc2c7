package grad

import "math"

// MinScale is the usual lower bound of scales (Ballé et al., ICLR 2018): at 0.11 a
// Gaussian symbol at its mean costs 1e-5 bit, so that less changes nothing but the tails.
const MinScale = 0.11

// GaussianBits returns the rate of y in bits under normal distributions of given means
// and standard deviations, integrated over +-1/2 around each element. mean may be nil
// for 0. Scales below MinScale count as that, and their gradient passes where a descent
// raises them. Each scale is at least 0 or bounded; P has no floor.
func (t *Tape) GaussianBits(y, mean, scale *Value) *Scalar {
	return t.rate("gaussian rate", y, mean, scale, gaussianLog)
}

// LaplaceBits is GaussianBits under Laplace distributions of density exp(-|x|/s)/(2s).
func (t *Tape) LaplaceBits(y, mean, scale *Value) *Scalar {
	return t.rate("laplace rate", y, mean, scale, laplaceLog)
}

// LogisticBits is GaussianBits under logistic distributions of density
// sigmoid'((x-m)/s) / s; with Broadcast, a prior of one mean and scale a channel.
func (t *Tape) LogisticBits(y, mean, scale *Value) *Scalar {
	return t.rate("logistic rate", y, mean, scale, logisticScaled)
}

// rateOp is a rate; the forward pass computes its derivatives too, which share the
// exponentials.
type rateOp struct {
	y, mean, scale *Value
	log            func(d, s float64) (lnP, byD, byS float64)
	byY, byScale   []float32 // derivatives of the bits
	parts          []float64
	loss           *Scalar
}

func (t *Tape) rate(what string, y, mean, scale *Value, log func(d, s float64) (float64, float64, float64)) *Scalar {
	if !t.sameShape(what, y, scale) || mean != nil && !t.sameShape(what, y, mean) {
		return t.scalar(0)
	}
	o := record[rateOp](t)
	o.y, o.mean, o.scale, o.log = y, mean, scale, log
	n := len(y.Data)
	o.byY, o.byScale = t.memory.take(n), t.memory.take(n)
	o.parts = grow(o.parts, rateChunks(n))
	t.parallel(len(o.parts), (*rateForward)(o))
	o.loss = t.scalar(total(o.parts))
	return o.loss
}

// rateChunk is how many elements make a piece; each takes some 100 ns.
const rateChunk = 512

func rateChunks(n int) int { return (n + rateChunk - 1) / rateChunk }

type rateForward rateOp

func (o *rateForward) piece(i int, _ *scratch) {
	bits := 0.0
	for j := i * rateChunk; j < min((i+1)*rateChunk, len(o.y.Data)); j++ {
		d := float64(o.y.Data[j])
		if o.mean != nil {
			d -= float64(o.mean.Data[j])
		}
		s := max(float64(o.scale.Data[j]), MinScale)
		lnP, byD, byS := o.log(math.Abs(d), s)
		bits -= lnP
		o.byY[j] = float32(-math.Copysign(byD, byD*d) / math.Ln2)
		o.byScale[j] = float32(-byS / math.Ln2)
	}
	o.parts[i] = bits / math.Ln2
}

func (o *rateOp) backward(*Tape) {
	k := float32(o.loss.grad)
	if dx := o.y.Grad; dx != nil {
		for i, g := range o.byY {
			dx[i] += k * g
		}
	}
	if o.mean != nil && o.mean.Grad != nil {
		dx := o.mean.Grad
		for i, g := range o.byY {
			dx[i] -= k * g
		}
	}
	if dx := o.scale.Grad; dx != nil {
		for i, g := range o.byScale {
			if v := k * g; o.scale.Data[i] >= MinScale || v < 0 {
				dx[i] += v
			}
		}
	}
}
