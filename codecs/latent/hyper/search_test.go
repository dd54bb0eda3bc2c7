package hyper

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/safetensors"
	"codecworkbench/codecs/refine"
)

// coder is one of so many Gaussian scales.
func coder(t *testing.T, channels, scales int) *Coder {
	t.Helper()
	tables, err := entropy.ScaleTables(entropy.GaussianCDF, entropy.ScaleGrid(scales, MinSigma, MaxSigma), 1e-4, 200, 16)
	if err != nil {
		t.Fatal(err)
	}
	return NewCoder(tables, make([]int, channels))
}

// A search never ends with what costs more, and a decoder reads what it found; without steps
// it is the encoder's own z.
func TestSearch(t *testing.T) {
	m, b, err := load(t, func(*safetensors.File) {})
	if err != nil {
		t.Fatal(err)
	}
	l := m.Layout(130, 190)
	rng := rand.New(rand.NewPCG(3, 3))
	y := nn.NewTensor(4*l.High, 4*l.Wide, b.Channels)
	for i := range y.Data {
		y.Data[i] = float32(3 * rng.NormFloat64() * float64(i%5))
	}
	w := NewWorkspace()
	plain, payload, err := m.Encode(t.Context(), w, l, y, 777, Search{})
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	s := Search{Coder: coder(t, b.Channels, 64), Scales: 64, Cost: func(context.Context, Prior) (float64, error) { asked++; return 0, nil }}
	z, same, err := m.Encode(t.Context(), w, l, y, 777, s)
	if err != nil || !slices.Equal(z, plain) || !slices.Equal(same, payload) || asked > 0 {
		t.Errorf("without steps: %v, error %v, want %v", z, err, plain)
	}
	d := &descent{Search: s, m: m, w: w, l: l, y: y, q: 777, rates: refine.NewRates(s.Coder.Tables)}
	measure := func(z []int16) float64 {
		bits, err := d.measure(t.Context(), z)
		if err != nil {
			t.Fatal(err)
		}
		return bits
	}
	s.Steps = 20
	// What is better is found, and taken if the one who asks says so.
	for name, better := range map[string]bool{"better": true, "worse": false} {
		s.Cost = func(_ context.Context, _ Prior) (float64, error) {
			if asked++; (asked%2 == 0) == better {
				return 0, nil
			}
			return 1e9, nil
		}
		asked = 0
		z, payload, err := m.Encode(t.Context(), w, l, y, 777, s)
		if err != nil {
			t.Fatal(err)
		}
		if better && measure(z) > 0.99*measure(plain) || !better && !slices.Equal(z, plain) {
			t.Errorf("%s: %.0f bits, before %.0f", name, measure(z), measure(plain))
		}
		if got, err := m.Decode(t.Context(), l, payload, 777); err != nil || !slices.Equal(got, z) {
			t.Errorf("%s: read as %v, error %v, want %v", name, got, err, z)
		}
	}
}

// Slopes are the differences of the bits that they stand for.
func TestSlopes(t *testing.T) {
	const channels, scales = 50, 40
	d := &descent{Search: Search{Coder: coder(t, channels, scales), Scales: scales}}
	d.curves = newCurves(refine.NewRates(d.Coder.Tables), d.Coder.Tables)
	step := math.Log(MaxSigma/MinSigma) / (scales - 1)
	rng := rand.New(rand.NewPCG(5, 5))
	y, prior, got := make([]float32, channels), make([]float32, 2*channels), make([]float32, 2*channels)
	for c := range y {
		at := rng.Float64() * (scales - 8)
		sigma := MinSigma * math.Exp(step*at)
		prior[c], prior[channels+c] = float32(rng.NormFloat64()), float32(math.Log(sigma))
		y[c] = prior[c] + float32(sigma*rng.NormFloat64())
	}
	d.slopes(y, prior, got)
	bits := func(c int, mean, log float32) float64 {
		at := (float64(log) - math.Log(MinSigma)) / step
		low := int16(at)
		n := math.Floor(float64(y[c]-mean) + 0.5)
		f := y[c] - mean - float32(n)
		a, _ := d.curves[low].at(int(n), f)
		b, _ := d.curves[low+1].at(int(n), f)
		return float64(a) + (at-float64(low))*float64(b-a)
	}
	const e = 1e-3
	for c := range y {
		mean, log := prior[c], prior[channels+c]
		byMean := (bits(c, mean+e, log) - bits(c, mean-e, log)) / (2 * e)
		byLog := (bits(c, mean, log+e) - bits(c, mean, log-e)) / (2 * e)
		if math.Abs(byMean-float64(got[c])) > 0.05*(1+math.Abs(byMean)) || math.Abs(byLog-float64(got[channels+c])) > 0.05*(1+math.Abs(byLog)) {
			t.Errorf("channel %d: slopes %g and %g, expected %g and %g", c, got[c], got[channels+c], byMean, byLog)
		}
	}
	prior[channels] = float32(math.Log(MinSigma)) - 1
	if d.slopes(y, prior, got); got[channels] != 0 {
		t.Errorf("a scale beyond the grid has the slope %g", got[channels])
	}
}

// One scale has no slope, and symbols beyond a table's reach have none.
func TestSlopesAtTheEnds(t *testing.T) {
	d := &descent{Search: Search{Coder: coder(t, 1, 1), Scales: 1}}
	d.curves = newCurves(refine.NewRates(d.Coder.Tables), d.Coder.Tables)
	for _, y := range []float32{0.3, 1e9, -1e9} {
		got := make([]float32, 2)
		d.slopes([]float32{y}, []float32{0, 0}, got)
		if got[1] != 0 || (got[0] == 0) != (max(y, -y) > 1) {
			t.Errorf("%g: slopes %g", y, got)
		}
	}
}

func BenchmarkSlopes(b *testing.B) {
	const channels, scales = 128, 64
	tables, err := entropy.ScaleTables(entropy.GaussianCDF, entropy.ScaleGrid(scales, MinSigma, MaxSigma), 1e-4, 200, 16)
	if err != nil {
		b.Fatal(err)
	}
	d := &descent{Search: Search{Coder: NewCoder(tables, make([]int, channels)), Scales: scales}}
	d.curves = newCurves(refine.NewRates(tables), tables)
	rng := rand.New(rand.NewPCG(5, 5))
	y, prior, out := make([]float32, channels), make([]float32, 2*channels), make([]float32, 2*channels)
	for c := range y {
		prior[channels+c] = float32(rng.Float64()*4 - 2)
		y[c] = float32(rng.NormFloat64() * math.Exp(float64(prior[channels+c])))
	}
	for b.Loop() {
		d.slopes(y, prior, out)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*channels), "ns/latent")
}
