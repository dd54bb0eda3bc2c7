package nn

import (
	"math"
	"testing"
)

// mapNet modulates before and after a stride of 2.
func mapNet(t *testing.T) *Network {
	t.Helper()
	down := LayerSpec{Op: "conv", Name: "c", In: 5, Out: 6, Kernel: 2, Stride: 2}
	return build(t, []LayerSpec{{Op: "modulate", Name: "a", Channels: 5}, down, {Op: "modulate", Name: "b", Channels: 6}})
}

// halves is a map with one level left of column x and another from there on.
func halves(h, w, x int, left, right float64) *LevelMap {
	m := &LevelMap{H: h, W: w, Levels: []float64{right, left}, Index: make([]uint8, h*w)}
	for i := range m.Index {
		if i%w < x {
			m.Index[i] = 1
		}
	}
	return m
}

// TestLevelMap compares a map of two halves with runs at either level, in strips of all
// heights, and a uniform map with its level.
func TestLevelMap(t *testing.T) {
	net := mapNet(t)
	for _, side := range [][2]int{{1, 2}, {3, 7}, {9, 40}, {70, 33}} {
		h, w := side[0], side[1]
		in := noise(2*h, 2*w, 5)
		run := func(o Options) Tensor {
			out, err := net.Run(t.Context(), NewSession(), in, o)
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		left, right := run(Options{Level: 0.25}), run(Options{Level: 0.75})
		for _, o := range []Options{{}, {Memory: 1, Workers: 3}, {Memory: math.MaxInt, Workers: 1}} {
			o.Map = halves(h, w, w/2, 0.25, 0.75)
			got := run(o)
			for i, v := range got.Data {
				want := right.Data[i]
				if i/6%w < w/2 {
					want = left.Data[i]
				}
				if v != want {
					t.Fatalf("%v, %+v: element %d is %g, expected %g", side, o, i, v, want)
				}
			}
			o.Map = halves(h, w, w, 0.25, 0.75)
			if d := maxDifference(run(o), left); d != 0 {
				t.Errorf("%v: a uniform map differs from its level by %g", side, d)
			}
		}
	}
}

// A map need not have the size of what is modulated: fields are as even as they can be.
func TestLevelMapOfAnotherSize(t *testing.T) {
	net := build(t, []LayerSpec{{Op: "modulate", Name: "a", Channels: 1}})
	in := NewTensor(7, 11, 1)
	for i := range in.Data {
		in.Data[i] = 1
	}
	m := &LevelMap{H: 3, W: 4, Levels: []float64{0, 0.2, 0.4, 0.6, 0.8, 1}, Index: []uint8{0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5}}
	got, err := net.Run(t.Context(), NewSession(), in, Options{Map: m})
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range got.Data {
		level := m.Levels[m.Index[i/11*3/7*4+i%11*4/11]]
		want, err := net.Run(t.Context(), NewSession(), in, Options{Level: level})
		if err != nil {
			t.Fatal(err)
		}
		if v != want.Data[0] {
			t.Fatalf("element %d is %g, expected %g", i, v, want.Data[0])
		}
	}
}

func TestBadLevelMaps(t *testing.T) {
	net, in := mapNet(t), noise(4, 4, 5)
	for name, m := range map[string]*LevelMap{
		"no positions": {Levels: []float64{1}},
		"few":          {H: 2, W: 2, Levels: []float64{1}, Index: make([]uint8, 3)},
		"no level":     {H: 1, W: 1, Index: make([]uint8, 1)},
		"level 1 of 1": {H: 1, W: 1, Levels: []float64{1}, Index: []uint8{1}},
		"many levels":  {H: 1, W: 1, Levels: make([]float64, MaxMapLevels+1), Index: []uint8{1}},
	} {
		if _, err := net.Run(t.Context(), NewSession(), in, Options{Map: m}); err == nil {
			t.Errorf("a map with %s is accepted", name)
		}
	}
}
