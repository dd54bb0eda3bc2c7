package integer

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"
)

// input draws an input.
func input(h, w, c int) Tensor {
	rng := rand.New(rand.NewPCG(1, 1))
	x := Tensor{h, w, c, make([]int16, h*w*c)}
	for i := range x.Data {
		x.Data[i] = int16(rng.IntN(41) - 20)
	}
	return x
}

func mustLoad(t testing.TB, name string) *Network {
	t.Helper()
	n, err := Load(vectors(t), name)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Results depend neither on the number of cores nor on what a session ran before.
func TestSessionsAndCores(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for _, name := range []string{"hyper_tiny", "dwb", "nested", "deconv5s2", "softmax_groups"} {
		n := mustLoad(t, name)
		channels, _ := n.Channels()
		s := NewSession()
		for _, sides := range [][2]int{{50, 9}, {1, 1}, {7, 31}} {
			x := input(sides[0], sides[1], channels)
			runtime.GOMAXPROCS(1)
			one, err := n.Run(t.Context(), NewSession(), x)
			if err != nil {
				t.Fatal(err)
			}
			runtime.GOMAXPROCS(4)
			four, err := n.Run(t.Context(), s, x)
			if err != nil {
				t.Fatal(err)
			}
			same(t, four, one)
			serial, err := n.Run(t.Context(), NewSerialSession(), x)
			if err != nil {
				t.Fatal(err)
			}
			same(t, serial, one)
			if n.Outputs() != one.C {
				t.Errorf("%s: %d channels, it promises %d", name, one.C, n.Outputs())
			}
		}
	}
}

func TestRunAllocatesNothing(t *testing.T) {
	for _, name := range []string{"hyper_tiny", "dwb", "softmax"} {
		n := mustLoad(t, name)
		channels, _ := n.Channels()
		x, s := input(9, 13, channels), NewSession()
		ctx := t.Context()
		run := func() {
			if _, err := n.Run(ctx, s, x); err != nil {
				t.Fatal(err)
			}
		}
		// A core's first piece gives it scratch memory, and which core gets one is chance.
		for range 50 {
			run()
		}
		if got := testing.AllocsPerRun(100, run); got >= 1 {
			t.Errorf("%s: %g allocations a run", name, got)
		}
	}
}

func TestRunStops(t *testing.T) {
	n := mustLoad(t, "hyper_tiny")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := n.Run(ctx, NewSession(), input(4, 4, 6)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before: %v", err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	time.AfterFunc(5*time.Millisecond, cancel)
	if _, err := n.Run(ctx, NewSession(), input(256, 400, 6)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled midway: %v", err)
	}
}

// Inputs that do not fit are refused, those that would take too much memory before any
// is taken.
func TestRunRefuses(t *testing.T) {
	n := mustLoad(t, "hyper_tiny")
	for name, x := range map[string]Tensor{
		"channels": input(2, 2, 5),
		"short":    {2, 2, 6, make([]int16, 23)},
		"empty":    {0, 2, 6, nil},
		"negative": {-1, -1, 6, make([]int16, 6)},
		"large":    {2100, 2100, 6, make([]int16, 2100*2100*6)},
		"wide":     {1, math.MaxInt32, 6, nil},
	} {
		s := NewSession()
		if _, err := n.Run(t.Context(), s, x); err == nil {
			t.Errorf("%s: it was taken", name)
		}
		for _, b := range s.buffers {
			if b.data != nil {
				t.Errorf("%s: memory was taken", name)
			}
		}
	}
	if _, err := mustLoad(t, "unshuffle").Run(t.Context(), NewSession(), input(3, 2, 3)); err == nil {
		t.Error("an odd height was taken by an unshuffle")
	}
}

// The table of powers is what it says.
func TestExp2(t *testing.T) {
	for i, v := range exp2 {
		if want := math.Exp2(30 - float64(i)/exp2Steps); math.Abs(float64(v)-want) > 0.500001 {
			t.Errorf("entry %d is %d, want %.2f", i, v, want)
		}
	}
}

// A softmax of any inputs adds up to 1 within its rounding, and is right to 2 of 32767.
func TestSoftmax(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 1))
	const step = 1.0 / 512 // of the input
	s := &softmax{group: 1, multiplier: int64(math.Round(step * exp2Steps / math.Ln2 * (1 << 30))), shift: 30}
	for range 200 {
		s.group = 1 + rng.IntN(64)
		in, out := make([]int16, s.group), make([]int16, s.group)
		exact, total := make([]float64, s.group), 0.0
		for i := range in {
			in[i] = int16(rng.Uint32() >> rng.IntN(8) & math.MaxUint16)
			exact[i] = math.Exp(float64(in[i]) * step)
			total += exact[i]
		}
		s.normalize(out, in, make([]int32, s.group))
		sum := 0
		for i, v := range out {
			sum += int(v)
			if diff := math.Abs(float64(v) - exact[i]/total*probabilityOne); diff > 32767*0.0015+1 {
				t.Fatalf("%d of %d: %d, want %.1f", i, s.group, v, exact[i]/total*probabilityOne)
			}
		}
		if sum < probabilityOne-s.group || sum > probabilityOne+s.group {
			t.Errorf("%d probabilities add up to %d", s.group, sum)
		}
	}
}

// Indices are (x+8)>>4 within the grid, for every input; other channels stay.
func TestScaleIndex(t *testing.T) {
	n, err := Build(Spec{InputSpec{20, 15}, []LayerSpec{{Op: "scale_index", First: 2, Levels: 64}}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	x := Tensor{1, 65536 / 16, 20, make([]int16, 65536/16*20)}
	for i := range x.Data {
		x.Data[i] = int16(max(i-32767, -32767))
	}
	out, err := n.Run(t.Context(), NewSession(), x)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range x.Data {
		want := max(int(v), -32767)
		if i%20 >= 2 {
			want = min(max((want+8)>>4, 0), 63)
		}
		if int(out.Data[i]) != want {
			t.Fatalf("%d in channel %d: %d, want %d", v, i%20, out.Data[i], want)
		}
	}
}
