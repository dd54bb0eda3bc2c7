package grad

import (
	"context"
	"fmt"
	"math"
	"testing"

	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/optim"
)

// spec helps to write networks down.
type spec []nn.LayerSpec

func (s spec) conv(name string, in, out, kernel, stride int) spec {
	return append(s, nn.LayerSpec{Op: "conv", Name: name, In: in, Out: out, Kernel: kernel, Stride: stride, Pad: kernel / 2})
}

func (s spec) leaky() spec { return append(s, nn.LayerSpec{Op: "leaky_relu", Slope: 0.125}) }

func (s spec) op(op string, factor int) spec {
	return append(s, nn.LayerSpec{Op: op, Factor: factor})
}

func (s spec) modulate(name string, c int) spec {
	return append(s, nn.LayerSpec{Op: "modulate", Name: name, Channels: c})
}

// blocks are four depthwise blocks with a modulation in the middle.
func (s spec) blocks(name string, c int) spec {
	for i := range 4 {
		at := fmt.Sprintf("%s.%d", name, i)
		mixing := spec{}.conv(at+".in", c, c, 1, 1).leaky().conv(at+".depthwise", c, c, 3, 1).conv(at+".out", c, c, 1, 1)
		mixing[2].Groups = c
		s = append(s, nn.LayerSpec{Op: "residual", Body: mixing})
		s = append(s, nn.LayerSpec{Op: "residual", Body: spec{}.conv(at+".expand", c, 2*c, 1, 1).leaky().conv(at+".contract", 2*c, c, 1, 1)})
		if i == 1 {
			s = s.modulate(name+".level", c)
		}
	}
	return s
}

// hyperprior is the mean-scale hyperprior S8-96/128.
type hyperprior struct {
	analysis, synthesis, hyperAnalysis, hyperSynthesis *Network
	synthesisInner                                     *nn.Network
	prior                                              *Prior
	tape                                               *Tape
}

func newHyperprior(b testing.TB) *hyperprior {
	b.Helper()
	seed := uint64(1)
	weights := func(name string, shape ...int) ([]float32, error) {
		seed++
		n, fan := 1, 1
		for i, d := range shape {
			if d < 0 {
				d = 8 // levels
			}
			n *= d
			if i > 0 {
				fan *= d
			}
		}
		data := random(seed, n, 1/math.Sqrt(float64(fan)))
		if len(shape) == 2 && shape[0] < 0 {
			for i := range data {
				data[i] = 1 + data[i]/10 // gains
			}
		}
		return data, nil
	}
	var inner *nn.Network
	build := func(s spec) *Network {
		var err error
		inner, err = nn.Build(s, weights)
		if err != nil {
			b.Fatal(err)
		}
		net, err := New(inner)
		if err != nil {
			b.Fatal(err)
		}
		return net
	}
	prior, err := NewPrior(32, 1)
	if err != nil {
		b.Fatal(err)
	}
	m := &hyperprior{
		analysis:      build(spec{}.op("unshuffle", 8).conv("stem", 192, 96, 1, 1).blocks("b", 96).conv("head", 96, 128, 3, 2).modulate("gain", 128)),
		hyperAnalysis: build(spec{}.conv("0", 128, 64, 1, 1).leaky().conv("1", 64, 64, 3, 2).leaky().conv("2", 64, 32, 3, 2)),
		hyperSynthesis: build(spec{}.conv("0", 32, 256, 1, 1).op("shuffle", 2).conv("1", 64, 64, 3, 1).leaky().
			conv("2", 64, 256, 1, 1).op("shuffle", 2).leaky().conv("3", 64, 64, 3, 1).leaky().conv("4", 64, 256, 1, 1)),
		prior: prior,
		tape:  NewTape(),
	}
	m.synthesis = build(spec{}.modulate("gain", 128).conv("head", 128, 384, 1, 1).op("shuffle", 2).blocks("b", 96).conv("stem", 96, 192, 1, 1).op("shuffle", 8))
	m.synthesisInner = inner
	return m
}

func (m *hyperprior) params() (all []*optim.Param) {
	for _, n := range m.networks() {
		all = append(all, n.Params()...)
	}
	return append(all, m.prior.Param())
}

func (m *hyperprior) networks() []*Network {
	return []*Network{m.analysis, m.synthesis, m.hyperAnalysis, m.hyperSynthesis}
}

// pass is one crop's loss and gradients.
func (m *hyperprior) pass(h, w int, picture []float32, seed uint64) error {
	t := m.tape
	t.Reset(context.Background())
	x := t.Input(h, w, 3, picture)
	y := m.analysis.Forward(t, x)
	z := m.hyperAnalysis.Forward(t, y)
	gaussian := m.hyperSynthesis.Forward(t, t.Round(z))
	mean, scale := t.Channels(gaussian, 0, 128), t.Exp(t.Channels(gaussian, 128, 256))
	bits := t.Weighted(1, t.GaussianBits(t.Noise(y, seed), mean, scale), 1, t.FactorizedBits(t.Noise(z, seed+1), m.prior))
	mse := t.MSE(m.synthesis.Forward(t, t.Round(y)), x)
	return t.Backward(t.Weighted(0.01*255*255, mse, 1/float64(h*w), bits))
}

// BenchmarkHyperpriorStep is a training step of S8-96/128: 8 crops of 128 x 128, then Adam.
func BenchmarkHyperpriorStep(b *testing.B) {
	const side, crops = 128, 8
	m := newHyperprior(b)
	params := m.params()
	adam, err := optim.NewAdam(params, optim.AdamOptions{})
	if err != nil {
		b.Fatal(err)
	}
	picture := random(1, side*side*3, 0.5)
	b.ReportAllocs()
	for b.Loop() {
		optim.Zero(params)
		for k := range crops {
			if err := m.pass(side, side, picture, uint64(2*k)); err != nil {
				b.Fatal(err)
			}
		}
		optim.Clip(params, 1)
		adam.Step(1e-4)
		for _, n := range m.networks() {
			n.Refresh()
		}
	}
}

// BenchmarkRates are rates with their gradients, of 8192 latents.
func BenchmarkRates(b *testing.B) {
	const h, w, c = 16, 16, 32
	y, mean, scale := random(1, h*w*c, 4), random(2, h*w*c, 1), random(3, h*w*c, 2)
	grad := make([]float32, h*w*c)
	prior, err := NewPrior(c, 1)
	if err != nil {
		b.Fatal(err)
	}
	tape := NewTape()
	for name, rate := range map[string]func(y, mean, scale *Value) *Scalar{
		"gaussian": tape.GaussianBits, "laplace": tape.LaplaceBits, "logistic": tape.LogisticBits,
		"factorized": func(y, _, _ *Value) *Scalar { return tape.FactorizedBits(y, prior) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				tape.Reset(context.Background())
				x := func(data []float32) *Value { return tape.Leaf(h, w, c, data, grad) }
				if err := tape.Backward(rate(x(y), x(mean), x(scale))); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*h*w*c), "ns/latent")
		})
	}
}

// BenchmarkPullback is a run through the synthesis of a picture of 768 x 512, and back.
func BenchmarkPullback(b *testing.B) {
	const h, w, c = 32, 48, 128
	p, err := NewPullback(newHyperprior(b).synthesisInner)
	if err != nil {
		b.Fatal(err)
	}
	pass, in, back := p.NewPass(), nn.Tensor{H: h, W: w, C: c, Data: random(1, h*w*c, 3)}, nn.NewTensor(h, w, c)
	for b.Loop() {
		out, err := pass.Forward(context.Background(), in, nn.Options{})
		if err == nil {
			err = pass.Back(context.Background(), back, out)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}
