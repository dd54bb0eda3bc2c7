package metrics

import (
	"math"
	"math/rand/v2"
	"testing"

	"codecworkbench/metrics/internal/luma"
)

// dctDirect is the orthonormal DCT-II by its definition.
func dctDirect(x *[64]float64) (out [64]float64) {
	for v := range 8 {
		for u := range 8 {
			sum := 0.
			for j := range 8 {
				for i := range 8 {
					sum += x[8*j+i] * math.Cos(float64((2*i+1)*u)*math.Pi/16) * math.Cos(float64((2*j+1)*v)*math.Pi/16)
				}
			}
			for _, f := range []int{u, v} {
				if f == 0 {
					sum /= math.Sqrt2
				}
			}
			out[8*v+u] = sum / 4
		}
	}
	return out
}

func TestDCT(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var x [64]float64
	for range 20 {
		for i := range x {
			x[i] = 255 * r.Float64()
		}
		want := dctDirect(&x)
		dct8x8(&x)
		for i := range x {
			if math.Abs(x[i]-want[i]) > 1e-11 {
				t.Fatalf("coefficient %d: got %v, want %v", i, x[i], want[i])
			}
		}
	}
}

// hvsDirect is PSNR-HVS-M of a block by its definition, in floating point.
func hvsDirect(a, b *[64]float64) (e hvsErrors) {
	variance := func(v []float64) float64 {
		mean, sum := 0., 0.
		for _, s := range v {
			mean += s / float64(len(v))
		}
		for _, s := range v {
			sum += (s - mean) * (s - mean)
		}
		return sum * float64(len(v)) / float64(len(v)-1)
	}
	threshold := func(x *[64]float64) float64 {
		c := dctDirect(x)
		contrast, quarters := 0., 0.
		for i, q := range jpegLuminance {
			if i > 0 {
				contrast += c[i] * c[i] * (10 / q) * (10 / q)
			}
		}
		for _, corner := range []int{0, 4, 32, 36} {
			var v []float64
			for i := range 16 {
				v = append(v, x[corner+i/4*8+i%4])
			}
			quarters += variance(v)
		}
		return math.Sqrt(contrast*quarters/variance(x[:])) / 32
	}
	hidden := max(threshold(a), threshold(b))
	x, y := dctDirect(a), dctDirect(b)
	for i, q := range jpegLuminance {
		d := math.Abs(x[i] - y[i])
		e.plain += d * d * (25.73509 / q) * (25.73509 / q) / 64
		if i > 0 {
			d = max(0, d-hidden*q*q/100)
		}
		e.masked += d * d * (25.73509 / q) * (25.73509 / q) / 64
	}
	return e
}

func TestHVSMatchesDefinition(t *testing.T) {
	for _, kind := range []luma.Kind{luma.Y, luma.Y8} {
		a, b := noise(8, 8, 1), noise(8, 8, 2)
		var u, v hvsSamples
		var x, y [64]float64
		for i := range 8 {
			luma.Counts(kind, u[8*i:8*i+8], a, 0, i)
			luma.Counts(kind, v[8*i:8*i+8], b, 0, i)
			luma.Row(kind, x[8*i:8*i+8], a, 0, i)
			luma.Row(kind, y[8*i:8*i+8], b, 0, i)
		}
		got, want := newHVSSight(kind).errors(&u, &v), hvsDirect(&x, &y)
		if math.Abs(got.plain/want.plain-1) > 1e-12 || math.Abs(got.masked/want.masked-1) > 1e-12 || got.masked == 0 {
			t.Errorf("%s: got %v, want %v", kind, got, want)
		}
	}
}
