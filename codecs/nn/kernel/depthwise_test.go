package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestDepthwise(t *testing.T) {
	each(t, func(t *testing.T, impl *implementation) {
		rng := rand.New(rand.NewPCG(8, 8))
		for range rounds() {
			size, stride := 1+rng.IntN(6), 1+rng.IntN(3)
			channels, width := 1+rng.IntN(50), 1+rng.IntN(30)
			d := NewDepthwise(size, channels, vector(rng, size*size*channels), vector(rng, channels))
			rowStride := ((width-1)*stride+size)*channels + rng.IntN(9)
			src := vector(rng, size*rowStride)
			src = src[:(size-1)*rowStride+((width-1)*stride+size)*channels]
			dst, intact := guarded(rng, width*channels)
			impl.depthwise(d, dst, src, rowStride, stride, width)
			if err := verifyDepthwise(d, dst, src, rowStride, stride); err != nil {
				t.Fatalf("%dx%d, stride %d, %d channels, %d pixels: %v", size, size, stride, channels, width, err)
			}
			if !intact() {
				t.Fatal("wrote beside the row")
			}
		}
	})
}

// verifyDepthwise compares a row with the definition in float64.
func verifyDepthwise(d *Depthwise, dst, src []float32, rowStride, stride int) error {
	for i, got := range dst {
		x, c := i/d.Channels, i%d.Channels
		sum := float64(d.Bias[c])
		weight := math.Abs(sum)
		for tap := range d.Size * d.Size {
			dy, dx := tap/d.Size, tap%d.Size
			v := float64(src[dy*rowStride+(x*stride+dx)*d.Channels+c]) * float64(d.Weights[tap*d.Channels+c])
			sum += v
			weight += math.Abs(v)
		}
		if !(math.Abs(float64(got)-sum) <= 1e-6*weight) {
			return fmt.Errorf("pixel %d, channel %d: %g, want %g", x, c, got, sum)
		}
	}
	return nil
}

// A pixel's result does not depend on which pixels are computed with it.
func TestDepthwisePixelByPixel(t *testing.T) {
	each(t, func(t *testing.T, impl *implementation) {
		rng := rand.New(rand.NewPCG(10, 8))
		const channels, width = 43, 21
		for _, s := range []struct{ size, stride int }{{3, 1}, {3, 2}, {5, 1}, {5, 2}} {
			d := NewDepthwise(s.size, channels, vector(rng, s.size*s.size*channels), vector(rng, channels))
			row := ((width-1)*s.stride + s.size) * channels
			src := vector(rng, s.size*row)
			all, one := make([]float32, width*channels), make([]float32, width*channels)
			impl.depthwise(d, all, src, row, s.stride, width)
			for x := range width {
				impl.depthwise(d, one[x*channels:], src[x*s.stride*channels:], row, s.stride, 1)
			}
			if !slices.Equal(all, one) {
				t.Errorf("%dx%d, stride %d: pixels one by one differ from all at once", s.size, s.size, s.stride)
			}
		}
	})
}

func TestDepthwiseRefuses(t *testing.T) {
	d := NewDepthwise(3, 4, make([]float32, 36), nil)
	for name, call := range map[string]func(){
		"short source":   func() { d.Row(make([]float32, 8), make([]float32, 2*16+15), 16, 1, 2) },
		"short result":   func() { d.Row(make([]float32, 7), make([]float32, 48), 16, 1, 2) },
		"few weights":    func() { NewDepthwise(3, 4, make([]float32, 35), nil) },
		"few biases":     func() { NewDepthwise(3, 4, make([]float32, 36), make([]float32, 3)) },
		"stride of zero": func() { d.Row(make([]float32, 8), make([]float32, 48), 16, 0, 2) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s was taken", name)
				}
			}()
			call()
		}()
	}
	d.Row(make([]float32, 8), make([]float32, 48), 16, 1, 2)
}

func TestDepthwiseAllocatesNothing(t *testing.T) {
	d := NewDepthwise(3, 19, make([]float32, 9*19), nil)
	src, dst := make([]float32, 3*19*32), make([]float32, 19*30)
	if n := testing.AllocsPerRun(20, func() { d.Row(dst, src, 19*32, 1, 30) }); n != 0 {
		t.Errorf("%g allocations", n)
	}
}

func BenchmarkDepthwise(b *testing.B) {
	for _, s := range []struct{ size, stride int }{{3, 1}, {3, 2}, {5, 1}, {5, 2}} {
		for i := range implementations {
			impl := &implementations[i]
			b.Run(fmt.Sprintf("%dx%d/%d/%s", s.size, s.size, s.stride, impl.name), func(b *testing.B) {
				const channels, width = 96, 96
				d := NewDepthwise(s.size, channels, make([]float32, s.size*s.size*channels), nil)
				row := (width*s.stride + s.size) * channels
				src, dst := make([]float32, s.size*row), make([]float32, width*channels)
				for b.Loop() {
					impl.depthwise(d, dst, src, row, s.stride, width)
				}
				b.ReportMetric(2*float64(s.size*s.size*width*channels)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
			})
		}
	}
}
