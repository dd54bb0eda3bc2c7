package vif

import (
	"math"
	"testing"

	"codecworkbench/metrics"
	"codecworkbench/metrics/internal/luma"
	"codecworkbench/metrics/internal/metrictest"
)

// with returns the metric with a setting.
func with(t *testing.T, name, value string) metrics.Metric {
	t.Helper()
	m := New()
	s, err := m.Settings().Set(name, value)
	if err != nil {
		t.Fatal(err)
	}
	return m.With(s)
}

func TestGolden(t *testing.T) {
	metrictest.Goldens(t, []metrictest.Case{
		{Metric: New(), Golden: "vifp_y", Within: metrictest.Absolute(1e-6)},
		{Metric: with(t, "luma", "y8"), Golden: "vifp_y8", Within: metrictest.Absolute(1e-6), Sparse: true},
	})
}

func TestBehaviour(t *testing.T) {
	metrictest.Behaviour(t, New(), metrictest.Traits{Identity: 1})
}

func BenchmarkVIF(b *testing.B) { metrictest.Bench(b, New()) }

// TestMoments compares the tiles' means with sums over the window by its definition.
func TestMoments(t *testing.T) {
	a, b := metrictest.Noise(t, 300, 130, 8, 1).RGB8(), metrictest.Noise(t, 300, 130, 8, 2).RGB8()
	ref, dist := picturePlane{a, luma.Y}, picturePlane{b, luma.Y}
	for _, size := range windowSizes {
		w := newWindow(size)
		tiles, seen := newTiling(ref, w), 0
		worker := newWorker(ref, dist, w)
		for i := range tiles.count() {
			tiles.scan(worker, i, func(x, y int, s *stats) {
				seen += s.n
				if y%41 > 0 {
					return
				}
				for k := 0; k < s.n; k += 37 {
					want := direct(ref, dist, size, x+k, y)
					for m, got := range [moments]float64{s.x[k], s.y[k], s.xx[k], s.yy[k], s.xy[k]} {
						if math.Abs(got-want[m]) > 1e-9*want[m] {
							t.Fatalf("window %d at %d, %d: moment %d is %v, want %v", size, x+k, y, m, got, want[m])
						}
					}
				}
			})
		}
		if want := (300 - size + 1) * (130 - size + 1); seen != want {
			t.Errorf("window %d: %d positions, want %d", size, seen, want)
		}
	}
}

// direct sums over one window as the definition has it.
func direct(ref, dist plane, size, x, y int) (out [moments]float64) {
	sigma, total := float64(size)/5, 0.
	a, b := make([]float64, size), make([]float64, size)
	for j := range size {
		ref.read(a, x, y+j)
		dist.read(b, x, y+j)
		for i := range size {
			u, v := float64(i-size/2), float64(j-size/2)
			weight := math.Exp(-(u*u + v*v) / (2 * sigma * sigma))
			total += weight
			for m, value := range [moments]float64{a[i], b[i], a[i] * a[i], b[i] * b[i], a[i] * b[i]} {
				out[m] += weight * value
			}
		}
	}
	for m := range out {
		out[m] /= total
	}
	return out
}

// TestHalve compares one sample with the definition, and the sizes.
func TestHalve(t *testing.T) {
	p := picturePlane{metrictest.Noise(t, 80, 71, 8, 1).RGB8(), luma.Y}
	half, err := halve(t.Context(), p, newWindow(9))
	if err != nil {
		t.Fatal(err)
	}
	if width, height := half.size(); width != 36 || height != 32 {
		t.Fatalf("%d x %d, want 36 x 32", width, height)
	}
	var got [1]float64
	half.read(got[:], 35, 31)
	if want := direct(p, p, 9, 70, 62)[0]; math.Abs(got[0]-want) > 1e-9 {
		t.Errorf("got %v, want %v", got[0], want)
	}
}

// TestContrast: raising contrast gives more than 1, an inverted picture almost nothing.
func TestContrast(t *testing.T) {
	ref := metrictest.Noise(t, 200, 150, 8, 1)
	raised, inverted := metrictest.Blocks(t, ref, 1), metrictest.Blocks(t, ref, 1)
	for i, v := range ref.RGB8().Pix {
		if i%4 < 3 {
			raised.RGB8().Pix[i] = uint8(min(max(128+1.2*(float64(v)-128), 0), 255))
			inverted.RGB8().Pix[i] = 255 - v
		}
	}
	if v := metrictest.Measure(t, New(), ref, raised).Number; v <= 1 {
		t.Errorf("with more contrast: %v", v)
	}
	if v := metrictest.Measure(t, New(), ref, inverted).Number; v > 1e-6 {
		t.Errorf("inverted: %v", v)
	}
}

// TestMaps: where the maps say that information went is where the picture was
// smoothed, and the two agree with one another.
func TestMaps(t *testing.T) {
	ref := metrictest.Noise(t, 160, 120, 12, 1)
	dist := metrictest.Blocks(t, ref, 1)
	for y := range 120 {
		for x := range 80 {
			copy(dist.RGB8().Pix[4*(y*160+x):][:3], []uint8{128, 128, 128})
		}
	}
	pair := metrictest.Pair(t, ref, dist)
	bits, err := metrics.MapOf(t.Context(), New().(metrics.Mapper), pair, lost)
	if err != nil {
		t.Fatal(err)
	}
	share, err := metrics.MapOf(t.Context(), New().(metrics.Mapper), pair, kept)
	if err != nil {
		t.Fatal(err)
	}
	for x, wantShare := range map[int]float32{40: 0, 120: 1} {
		b, _ := bits.At(x, 60)
		s, _ := share.At(x, 60)
		if math.Abs(float64(s-wantShare)) > 1e-6 || (b > 1) != (wantShare == 0) {
			t.Errorf("column %d: %v bits lost, %v kept", x, b, s)
		}
	}
}
