package nn

import (
	"context"
	"errors"
	"math"
	"runtime"
	"sync/atomic"
	"testing"
	"time"
)

// stripNets are small networks of every layer, with the channels that they take and the
// factor that their sides must be multiples of.
func stripNets() map[string]struct {
	spec        []LayerSpec
	c, multiple int
} {
	depthwise := func(kernel, stride int) LayerSpec {
		s := conv("d", 5, 5, kernel, stride)
		s.Groups = 5
		return s
	}
	grouped := conv("g", 6, 4, 3, 1)
	grouped.Groups = 2
	wide := conv("w", 3, 4, 3, 1)
	wide.Pad = 2
	type net = struct {
		spec        []LayerSpec
		c, multiple int
	}
	return map[string]net{
		"conv3":                {[]LayerSpec{conv("c", 3, 4, 3, 1)}, 3, 1},
		"wide padding":         {[]LayerSpec{wide, conv("v", 4, 2, 1, 1)}, 3, 1},
		"conv5 stride 2":       {[]LayerSpec{conv("c", 3, 4, 5, 2), conv("d", 4, 3, 3, 3)}, 3, 1},
		"stride over kernel":   {[]LayerSpec{conv("a", 3, 4, 3, 1), conv("c", 4, 4, 1, 3)}, 3, 1},
		"groups":               {[]LayerSpec{grouped}, 6, 1},
		"depthwise":            {[]LayerSpec{depthwise(3, 1), {Op: "relu"}}, 5, 1},
		"depthwise 5 by 2":     {[]LayerSpec{depthwise(5, 2)}, 5, 1},
		"activation first":     {[]LayerSpec{{Op: "silu"}, conv("c", 3, 4, 3, 1), {Op: "tanh"}}, 3, 1},
		"deconv 5 by 2":        {[]LayerSpec{deconv("t", 4, 3)}, 4, 1},
		"deconv to 9 channels": {[]LayerSpec{deconv("t", 4, 9)}, 4, 1},
		"deconv 3 by 1":        {[]LayerSpec{{Op: "deconv", Name: "t", In: 4, Out: 3, Kernel: 3, Stride: 1, Pad: 1}}, 4, 1},
		"deconv 7 by 3":        {[]LayerSpec{{Op: "deconv", Name: "t", In: 4, Out: 5, Kernel: 7, Stride: 3, Pad: 2, OutPad: 1}}, 4, 1},
		"deconv 2 by 3":        {[]LayerSpec{{Op: "deconv", Name: "t", In: 4, Out: 3, Kernel: 2, Stride: 3, OutPad: 2}}, 4, 1},
		"deconv 4 by 2":        {[]LayerSpec{{Op: "deconv", Name: "t", In: 4, Out: 3, Kernel: 4, Stride: 2, Pad: 1}, gdn("n", 3, true)}, 4, 1},
		"shuffles":             {[]LayerSpec{{Op: "unshuffle", Factor: 2}, {Op: "sigmoid"}, {Op: "shuffle", Factor: 2}}, 2, 2},
		"fused shuffles": {[]LayerSpec{{Op: "unshuffle", Factor: 4}, conv("a", 48, 6, 1, 1), conv("b", 6, 32, 3, 1), {Op: "shuffle", Factor: 2},
			conv("c", 8, 12, 1, 1), {Op: "shuffle", Factor: 2}}, 3, 4},
		"gdn":         {[]LayerSpec{gdn("n", 4, false), conv("c", 4, 4, 3, 2), gdn("m", 4, true)}, 4, 1},
		"layer norm":  {[]LayerSpec{conv("c", 3, 40, 3, 1), {Op: "layer_norm", Name: "n", Channels: 40, Eps: 1e-6}, {Op: "gelu"}}, 3, 1},
		"group norm":  {[]LayerSpec{conv("c", 3, 6, 3, 1), {Op: "group_norm", Name: "n", Channels: 6, Groups: 2, Region: 8, Eps: 1e-5}, {Op: "silu"}, conv("d", 6, 3, 3, 1)}, 3, 1},
		"attention":   {[]LayerSpec{conv("c", 3, 8, 3, 1), {Op: "window_attention", Name: "a", Channels: 8, Heads: 2, Window: 4}, conv("d", 8, 3, 3, 1)}, 3, 1},
		"shifted":     {[]LayerSpec{{Op: "residual", Body: []LayerSpec{{Op: "layer_norm", Name: "n", Channels: 8}, {Op: "window_attention", Name: "a", Channels: 8, Heads: 2, Window: 4, Shift: 2}}}}, 8, 1},
		"nearest":     {[]LayerSpec{{Op: "upsample", Mode: "nearest"}, conv("d", 3, 3, 3, 1)}, 3, 1},
		"bilinear":    {[]LayerSpec{{Op: "upsample", Mode: "bilinear"}}, 3, 1},
		"separable":   {[]LayerSpec{{Op: "upsample", Mode: "separable", Name: "u"}, conv("d", 3, 3, 3, 1)}, 3, 1},
		"residual":    {[]LayerSpec{{Op: "residual", Body: []LayerSpec{{Op: "residual", Body: []LayerSpec{conv("a", 4, 4, 3, 1)}}, conv("b", 4, 4, 5, 1)}}}, 4, 1},
		"empty body":  {[]LayerSpec{{Op: "residual"}, conv("a", 4, 4, 3, 1), {Op: "residual"}}, 4, 1},
		"no layer":    {nil, 2, 1},
		"analysis S8": {analysisS8(8, 12), 3, 8},
		"synthesis":   {synthesisS8(8, 12), 12, 1},
		"conv5":       {analysisConv5(6, 8), 3, 1},
		"deconv5":     {synthesisConv5(6, 8), 8, 1},
	}
}

// TestStrips compares runs in the smallest strips, with several workers and without, with
// whole-picture runs: they must be equal to the bit.
func TestStrips(t *testing.T) {
	sizes := [][2]int{{1, 1}, {17, 31}, {31, 17}, {130, 70}, {400, 3}, {3, 400}}
	for name, n := range stripNets() {
		t.Run(name, func(t *testing.T) {
			net, s := build(t, n.spec), NewSession()
			for _, size := range sizes {
				in := noise(roundUp(size[0], n.multiple), roundUp(size[1], n.multiple), n.c)
				want, err := net.Run(t.Context(), NewSession(), in, Options{Level: 0.5, Memory: math.MaxInt, Workers: 1})
				if err != nil {
					t.Fatal(err)
				}
				for _, o := range []Options{{Memory: 1, Workers: 3}, {Memory: 1, Workers: 1}, {Memory: 40_000, Workers: 2}, {Workers: 5}} {
					o.Level = 0.5
					got, err := net.Run(t.Context(), s, in, o)
					if err != nil {
						t.Fatal(err)
					}
					if d := maxDifference(got, want); d != 0 {
						t.Errorf("%v, %+v: differs from the whole picture by %g", size, o, d)
					}
				}
			}
		})
	}
}

// TestRows compares runs by rows with runs of tensors.
func TestRows(t *testing.T) {
	for name, n := range stripNets() {
		net, s := build(t, n.spec), NewSession()
		for _, size := range [][2]int{{1, 1}, {130, 7}} {
			in := noise(roundUp(size[0], n.multiple), roundUp(size[1], n.multiple), n.c)
			want, err := net.Run(t.Context(), NewSession(), in, Options{})
			if err != nil {
				t.Fatal(err)
			}
			for _, memory := range []int{0, 1} {
				got := NewTensor(want.H, want.W, want.C)
				reads, writes := make([]atomic.Int32, in.H), make([]atomic.Int32, got.H)
				read := func(y int, row []float32) {
					reads[y].Add(1)
					copy(row, in.Data[y*in.W*in.C:])
				}
				write := func(y int, row []float32) {
					writes[y].Add(1)
					copy(got.Data[y*got.W*got.C:], row)
				}
				if err := net.RunRows(t.Context(), s, in.Size(), read, write, Options{Memory: memory}); err != nil {
					t.Fatal(err)
				}
				if d := maxDifference(got, want); d != 0 {
					t.Errorf("%s, %v, %d bytes: differs by %g", name, size, memory, d)
				}
				for y := range writes {
					if writes[y].Load() != 1 {
						t.Errorf("%s: row %d was written %d times", name, y, writes[y].Load())
					}
				}
				for y := range reads {
					if reads[y].Load() > 1 {
						t.Errorf("%s: row %d was read %d times", name, y, reads[y].Load())
					}
				}
			}
		}
	}
}

// maxDifference returns the largest absolute difference; NaN is infinite.
func maxDifference(a, b Tensor) float64 {
	if a.Size() != b.Size() {
		return math.Inf(1)
	}
	worst := 0.0
	for i, v := range a.Data {
		d := math.Abs(float64(v - b.Data[i]))
		if math.IsNaN(d) {
			return math.Inf(1)
		}
		worst = max(worst, d)
	}
	return worst
}

// TestAgainstUnfused compares fused neighbours with the layers one by one.
func TestAgainstUnfused(t *testing.T) {
	for _, name := range []string{"fused shuffles", "analysis S8", "synthesis"} {
		n := stripNets()[name]
		net := build(t, n.spec)
		in := noise(3*n.multiple, 5*n.multiple, n.c)
		want := in
		for _, l := range net.Layers() {
			one, err := NewNetwork(l)
			if err != nil {
				t.Fatal(err)
			}
			if want, err = one.Run(t.Context(), NewSession(), want, Options{}); err != nil {
				t.Fatal(err)
			}
		}
		got, err := net.Run(t.Context(), NewSession(), in, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if d := difference(got, want); d > 1e-6 {
			t.Errorf("%s: off by %g of the range", name, d)
		}
	}
}

// TestNoAllocations repeats runs of one network and size.
func TestNoAllocations(t *testing.T) {
	for name, n := range stripNets() {
		net, in := build(t, n.spec), noise(4*n.multiple, 9*n.multiple, n.c)
		for _, memory := range []int{0, 1} {
			o := Options{Memory: memory, Workers: 2}
			whole, byRows := NewSession(), NewSession()
			read := func(y int, row []float32) { copy(row, in.Data[y*in.W*in.C:]) }
			write := func(int, []float32) {}
			run := func() {
				if _, err := net.Run(t.Context(), whole, in, o); err != nil {
					t.Fatal(err)
				}
				if err := net.RunRows(t.Context(), byRows, in.Size(), read, write, o); err != nil {
					t.Fatal(err)
				}
			}
			run()
			if a := testing.AllocsPerRun(20, run); a >= 1 {
				t.Errorf("%s, %d bytes: %g allocations a run", name, memory, a)
			}
		}
	}
}

// TestMemoryBound runs a picture far larger than its memory.
func TestMemoryBound(t *testing.T) {
	const bound = 1 << 20
	for _, name := range []string{"analysis S8", "synthesis", "conv5", "group norm", "attention"} {
		n := stripNets()[name]
		net, s := build(t, n.spec), NewSession()
		in := noise(4096, 16*n.multiple, n.c)
		if _, err := net.Run(t.Context(), s, in, Options{Memory: bound}); err != nil {
			t.Fatal(err)
		}
		held := 0
		for i := range s.streams {
			held += 4 * len(s.streams[i].data)
		}
		if held > bound {
			t.Errorf("%s: bands of %d bytes", name, held)
		}
	}
}

func TestCancel(t *testing.T) {
	net := build(t, analysisConv5(32, 32))
	in := noise(1024, 2048, 3)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		time.Sleep(5 * time.Millisecond)
		cancel()
	}()
	start, s := time.Now(), NewSession()
	_, err := net.Run(ctx, s, in, Options{})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v after %v", err, time.Since(start))
	}
	before := runtime.NumGoroutine()
	if _, err := net.Run(ctx, s, in, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a run under a cancelled context: %v", err)
	}
	// The session is good for another run.
	small := noise(16, 16, 3)
	want, err := net.Run(t.Context(), NewSession(), small, Options{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := net.Run(t.Context(), s, small, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if d := maxDifference(got, want); d != 0 {
		t.Errorf("after a cancelled run the result differs by %g", d)
	}
	if n := runtime.NumGoroutine(); n > before {
		t.Errorf("%d goroutines, %d before", n, before)
	}
}
