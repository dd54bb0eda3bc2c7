package grad

import (
	"fmt"
	"math"

	"codecworkbench/codecs/nn/optim"
)

// Sizes of the factorized prior's networks, one a channel, with 3 x 3 hidden units.
const (
	priorWidth  = 3
	priorLayers = 5 // 1-3-3-3-3-1
	// priorParams is what one channel has: 33 factors, 13 offsets, 12 gates.
	priorParams = 58
	// priorSpread is about the width of a new prior, in units of the latents.
	priorSpread = 10
)

// priorLayer says where a layer's parameters lie within a channel's.
type priorLayer struct{ in, out, factors, offsets, gates int } // gates -1: none

var priorLayout = [priorLayers]priorLayer{
	{1, 3, 0, 33, 46},
	{3, 3, 3, 36, 49},
	{3, 3, 12, 39, 52},
	{3, 3, 21, 42, 55},
	{3, 1, 30, 45, -1},
}

// Prior is a factorized prior (Ballé et al., ICLR 2018, appendix 6.1): each channel has
// its own distribution, learned as a cumulative function F that rises by construction,
//
//	F = sigmoid(f5(f4(f3(f2(f1(x))))))   f(x) = g(softplus(H) x + b)   g(x) = x + tanh(a) tanh(x)
//
// with 1-3-3-3-3-1 units and no gate g at the last.
type Prior struct {
	channels int
	param    optim.Param
}

// NewPrior makes a prior for a number of channels that is about ten units wide around
// zero; the seed decides its small offsets.
func NewPrior(channels int, seed uint64) (*Prior, error) {
	if channels < 1 || channels > 1<<16 {
		return nil, fmt.Errorf("factorized prior of %d channels: 1 to %d are allowed", channels, 1<<16)
	}
	n := channels * priorParams
	p := &Prior{channels, optim.Param{Name: "prior", Data: make([]float32, n), Grad: make([]float32, n)}}
	scale := math.Pow(priorSpread, 1.0/priorLayers)
	for c := range channels {
		data := p.param.Data[c*priorParams:]
		for _, l := range priorLayout {
			factor := math.Log(math.Expm1(1 / scale / float64(l.out)))
			for i := range l.in * l.out {
				data[l.factors+i] = float32(factor)
			}
			for i := range l.out {
				data[l.offsets+i] = uniform(seed, uint64(c*priorParams+l.offsets+i))
			}
		}
	}
	return p, nil
}

// Channels returns the number of channels.
func (p *Prior) Channels() int { return p.channels }

// Param returns the prior's parameters, [channels, 58]: of each channel the factors H
// layer by layer ([out, in]), the offsets b, the gates a.
func (p *Prior) Param() *optim.Param { return &p.param }

// priorChannel is one channel's network with softplus and tanh taken of its parameters.
type priorChannel struct{ v [priorParams]float64 }

func (c *priorChannel) load(param []float32) {
	for i, v := range param[:priorParams] {
		switch x := float64(v); {
		case i < priorLayout[0].offsets:
			c.v[i] = softplus(x)
		case i < priorLayout[0].gates:
			c.v[i] = x
		default:
			c.v[i] = math.Tanh(x)
		}
	}
}

// priorTrace is what a pass through the network leaves for the way back.
type priorTrace struct {
	in   [priorLayers][priorWidth]float64 // each layer's input
	bent [priorLayers][priorWidth]float64 // tanh before each gate
}

// forward returns the logit of F(x).
func (c *priorChannel) forward(x float64, tr *priorTrace) float64 {
	u := [priorWidth]float64{x}
	for k := range priorLayout {
		l := &priorLayout[k]
		tr.in[k] = u
		var y [priorWidth]float64
		for o := range l.out {
			sum := c.v[l.offsets+o]
			for i := range l.in {
				sum += c.v[l.factors+o*l.in+i] * u[i]
			}
			if l.gates >= 0 {
				th := math.Tanh(sum)
				tr.bent[k][o] = th
				sum += c.v[l.gates+o] * th
			}
			y[o] = sum
		}
		u = y
	}
	return u[0]
}

// backward adds the derivatives by the loaded parameters, times g, to by and returns the
// one by x.
func (c *priorChannel) backward(g float64, tr *priorTrace, by *[priorParams]float64) float64 {
	d := [priorWidth]float64{g}
	for k := priorLayers - 1; k >= 0; k-- {
		l := &priorLayout[k]
		var back [priorWidth]float64
		for o := range l.out {
			e := d[o]
			if l.gates >= 0 {
				th := tr.bent[k][o]
				by[l.gates+o] += e * th
				e *= 1 + c.v[l.gates+o]*(1-th*th)
			}
			by[l.offsets+o] += e
			for i := range l.in {
				by[l.factors+o*l.in+i] += e * tr.in[k][i]
				back[i] += e * c.v[l.factors+o*l.in+i]
			}
		}
		d = back
	}
	return d[0]
}

// chain turns derivatives by loaded parameters into those by the raw ones.
func (c *priorChannel) chain(by *[priorParams]float64) {
	for i := range by {
		switch {
		case i < priorLayout[0].offsets:
			by[i] *= -math.Expm1(-c.v[i]) // softplus' = sigmoid = 1 - exp(-softplus)
		case i >= priorLayout[0].gates:
			by[i] *= 1 - c.v[i]*c.v[i]
		}
	}
}

// FactorizedBits returns the rate of y in bits under a prior, integrated over +-1/2
// around each element; y has the prior's channels.
func (t *Tape) FactorizedBits(y *Value, p *Prior) *Scalar {
	if t.Err() != nil {
		return t.scalar(0)
	}
	if y.C != p.channels {
		t.fail("factorized rate: %d channels, the prior has %d", y.C, p.channels)
		return t.scalar(0)
	}
	o := record[priorOp](t)
	o.y, o.p = y, p
	o.byY = t.memory.take(len(y.Data))
	o.parts = grow(o.parts, y.C)
	o.byParam = grow(o.byParam, y.C)
	t.parallel(y.C, o)
	o.loss = t.scalar(total(o.parts))
	return o.loss
}

// priorOp is the rate of all channels; a piece is one. The forward pass computes the
// derivatives too.
type priorOp struct {
	y       *Value
	p       *Prior
	byY     []float32
	byParam [][priorParams]float64
	parts   []float64
	loss    *Scalar
}

func (o *priorOp) piece(c int, _ *scratch) {
	var net priorChannel
	var lower, upper priorTrace
	var by [priorParams]float64
	net.load(o.p.param.Data[c*priorParams:])
	sum := 0.0
	for i := c; i < len(o.y.Data); i += o.y.C {
		y := float64(o.y.Data[i])
		lnP, byLower, byUpper := logisticLog(net.forward(y-0.5, &lower), net.forward(y+0.5, &upper))
		sum -= lnP
		o.byY[i] = float32(-(net.backward(byLower, &lower, &by) + net.backward(byUpper, &upper, &by)) / math.Ln2)
	}
	net.chain(&by)
	o.byParam[c], o.parts[c] = by, sum/math.Ln2
}

func (o *priorOp) backward(*Tape) {
	k := o.loss.grad
	for c := range o.byParam {
		grad := o.p.param.Grad[c*priorParams:]
		for i, g := range o.byParam[c] {
			grad[i] -= float32(k * g / math.Ln2)
		}
	}
	if dx := o.y.Grad; dx != nil {
		for i, g := range o.byY {
			dx[i] += float32(k) * g
		}
	}
}
