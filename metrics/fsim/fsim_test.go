package fsim

import (
	"math"
	"math/cmplx"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"codecworkbench/metrics"
	"codecworkbench/metrics/internal/metrictest"
)

func TestGolden(t *testing.T) {
	metrictest.Goldens(t, []metrictest.Case{
		{Metric: New(), Golden: "fsim", Within: metrictest.Absolute(1e-6)},
		{Metric: NewColour(), Golden: "fsimc", Within: metrictest.Absolute(1e-6)},
	})
}

// TestBehaviour looks at the one that holds all of the other.
func TestBehaviour(t *testing.T) {
	metrictest.Behaviour(t, NewColour(), metrictest.Traits{Identity: 1, Symmetric: true})
}

func BenchmarkFSIM(b *testing.B) { metrictest.Bench(b, New()) }

// TestTransform compares transforms with the definition, for lengths with small and
// with large prime factors, and the way back.
func TestTransform(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, size := range [][2]int{{1, 1}, {1, 5}, {2, 3}, {8, 6}, {37, 4}, {9, 41}, {262, 1}, {149, 35}, {64, 131}} {
		width, height := size[0], size[1]
		plane := make([]float64, width*height)
		for i := range plane {
			plane[i] = r.NormFloat64()
		}
		tr := newTransform(width, height)
		got := make([]complex128, len(plane))
		if err := tr.forward(t.Context(), got, plane); err != nil {
			t.Fatal(err)
		}
		for _, k := range []int{0, 1 % len(plane), len(plane) / 2, len(plane) - 1} {
			want := complex128(0)
			for i, v := range plane {
				turns := float64(i%width*(k%width))/float64(width) + float64(i/width*(k/width))/float64(height)
				want += cmplx.Rect(v, -2*math.Pi*turns)
			}
			if cmplx.Abs(got[k]-want) > 1e-10 {
				t.Errorf("%d x %d: coefficient %d is %v, want %v", width, height, k, got[k], want)
			}
		}
		back := make([]complex128, len(plane))
		err := tr.inverse(t.Context(), back, func(row []complex128, y int) { copy(row, got[y*width:]) })
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range back {
			if cmplx.Abs(v-complex(plane[i], 0)) > 1e-11 {
				t.Fatalf("%d x %d: sample %d comes back as %v, was %v", width, height, i, v, plane[i])
			}
		}
	}
}

// TestNoise compares the sums for the threshold of noise with the sums over impulse
// responses that the definition has.
func TestNoise(t *testing.T) {
	for _, size := range [][2]int{{16, 12}, {17, 12}, {15, 9}} {
		d, err := newDetector(t.Context(), size[0], size[1])
		if err != nil {
			t.Fatal(err)
		}
		n := size[0] * size[1]
		flat := slices.Repeat([]complex128{1}, n) // the transform of an impulse
		for o := range orientations {
			got, err := d.orient(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			if err := d.filter(t.Context(), flat); err != nil {
				t.Fatal(err)
			}
			var squares, products float64
			for i := range n {
				for s := range scales {
					h := real(d.bands[s][i]) * math.Sqrt(float64(n))
					squares += h * h
					for r := range s {
						products += h * real(d.bands[r][i]) * math.Sqrt(float64(n))
					}
				}
			}
			if want := squares + 2*products; math.Abs(got.all-want) > 1e-9*want {
				t.Errorf("%v, orientation %d: got %v, want %v", size, o, got.all, want)
			}
		}
	}
}

func TestMedian(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := 1; n < 60; n++ {
		v := make([]float64, n)
		for i := range v {
			v[i] = float64(r.IntN(1 + n/2)) // with equal ones
		}
		sorted := slices.Sorted(slices.Values(v))
		if got, want := median(v), (sorted[n/2]+sorted[(n-1)/2])/2; got != want {
			t.Errorf("%d values: got %v, want %v", n, got, want)
		}
	}
}

// TestShrink compares the means with sums by the definition.
func TestShrink(t *testing.T) {
	for _, size := range [][2]int{{9, 7}, {700, 391}, {641, 645}, {913, 900}} {
		img := metrictest.Noise(t, size[0], size[1], 8, 1).RGB8()
		g := newGrid(size[0], size[1])
		p, err := shrink(t.Context(), img, g)
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range [][2]int{{0, 0}, {g.width - 1, 0}, {0, g.height - 1}, {g.width - 1, g.height - 1}, {g.width / 2, g.height / 3}} {
			sum := 0.
			for j := range g.step {
				for i := range g.step {
					x, y := at[0]*g.step-(g.step-1)/2+i, at[1]*g.step-(g.step-1)/2+j
					if x >= 0 && y >= 0 && x < size[0] && y < size[1] {
						px := img.Pix[y*img.Stride+4*x:]
						sum += 0.299*float64(px[0]) + 0.587*float64(px[1]) + 0.114*float64(px[2])
					}
				}
			}
			got, want := p.y[at[1]*g.width+at[0]], sum/float64(g.step*g.step)
			if math.Abs(got-want) > 1e-9 {
				t.Errorf("%v, step %d, sample %v: got %v, want %v", size, g.step, at, got, want)
			}
		}
	}
}

// TestMap looks at the maps of a picture that is shrunk: a spot shows where it is, and
// the losses average to what the value lacks.
func TestMap(t *testing.T) {
	ref := metrictest.Noise(t, 720, 660, 4, 1)
	dist := metrictest.Blocks(t, ref, 1)
	for y := 400; y < 430; y++ {
		for x := 300; x < 330; x++ {
			dist.RGB8().Pix[4*(y*720+x)+1] ^= 64
		}
	}
	for _, m := range []metrics.Mapper{New(), NewColour()} {
		value := metrictest.Measure(t, m, ref, dist).Number
		loss, err := metrics.MapOf(t.Context(), m, metrictest.Pair(t, ref, dist), "loss")
		if err != nil {
			t.Fatal(err)
		}
		sum := 0.
		for _, v := range loss.Values {
			sum += float64(v)
		}
		if mean := sum / float64(len(loss.Values)); math.Abs(mean-(1-value)) > 1e-6 {
			t.Errorf("%s: a mean loss of %v for the value %v", m.Info().ID, mean, value)
		}
		similarity, err := metrics.MapOf(t.Context(), m, metrictest.Pair(t, ref, dist), "similarity")
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range []struct {
			x, y    int
			changed bool
		}{{315, 415, true}, {301, 415, true}, {100, 100, false}, {0, 0, false}, {718, 658, false}} {
			if v, ok := similarity.At(at.x, at.y); !ok || (v < 0.95) != at.changed {
				t.Errorf("%s: pixel %d, %d has %v, %v", m.Info().ID, at.x, at.y, v, ok)
			}
		}
	}
}

// TestUndefined: flat pictures and those that would need too much memory say so.
func TestUndefined(t *testing.T) {
	flat, noise := metrictest.Blocks(t, metrictest.Noise(t, 40, 30, 0, 1), 64), metrictest.Noise(t, 40, 30, 9, 1)
	if v := metrictest.Measure(t, New(), flat, noise); v.Finite() || !strings.Contains(v.Note, "flat") {
		t.Errorf("a flat reference: %v (%s)", v.Number, v.Note)
	}
	if v := metrictest.Measure(t, New(), noise, flat); v.Finite() || !strings.Contains(v.Note, "flat") {
		t.Errorf("a flat picture: %v (%s)", v.Number, v.Note)
	}
	thin := metrictest.Noise(t, 65000, 80, 9, 1)
	if v := metrictest.Measure(t, New(), thin, thin); v.Finite() || !strings.Contains(v.Note, "too long and thin") {
		t.Errorf("a thin picture: %v (%s)", v.Number, v.Note)
	}
}
