package nn

import (
	"sync"
	"testing"
)

// TestSessionServesAnyNetwork alternates networks, sizes and ways to run in one session.
func TestSessionServesAnyNetwork(t *testing.T) {
	s := NewSession()
	nets := stripNets()
	for round := range 3 {
		for _, name := range []string{"conv5", "residual", "fused shuffles", "no layer", "shifted", "deconv5"} {
			n := nets[name]
			net := build(t, n.spec)
			in := noise((4+round)*n.multiple, (9-round)*n.multiple, n.c)
			want, err := net.Run(t.Context(), NewSession(), in, Options{})
			if err != nil {
				t.Fatal(err)
			}
			got, err := net.Run(t.Context(), s, in, Options{Memory: round, Workers: 1 + round})
			if err != nil {
				t.Fatal(err)
			}
			if d := maxDifference(got, want); d != 0 {
				t.Errorf("%s in round %d: differs by %g", name, round, d)
			}
			rows := NewTensor(want.H, want.W, want.C)
			err = net.RunRows(t.Context(), s, in.Size(),
				func(y int, row []float32) { copy(row, in.band().row(y, 0, in.W)) },
				func(y int, row []float32) { copy(rows.band().row(y, 0, rows.W), row) }, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if d := maxDifference(rows, want); d != 0 {
				t.Errorf("%s in round %d, by rows: differs by %g", name, round, d)
			}
		}
	}
}

// TestConcurrentSessions runs one network in several sessions at a time.
func TestConcurrentSessions(t *testing.T) {
	spec := append(stripNets()["attention"].spec, LayerSpec{Op: "group_norm", Name: "g", Channels: 3, Groups: 3, Region: 8})
	net, in := build(t, spec), noise(40, 30, 3)
	want, err := net.Run(t.Context(), NewSession(), in, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			s := NewSession()
			for range 5 {
				got, err := net.Run(t.Context(), s, in, Options{Workers: 2, Memory: 1})
				if err != nil {
					t.Error(err)
				} else if d := maxDifference(got, want); d != 0 {
					t.Errorf("differs by %g", d)
				}
			}
		})
	}
	wait.Wait()
}

// TestPack changes a weight, and the result only after Pack.
func TestPack(t *testing.T) {
	for name, n := range stripNets() {
		net := build(t, n.spec)
		if len(net.Params()) == 0 {
			continue
		}
		in := noise(2*n.multiple, 3*n.multiple, n.c)
		run := func() Tensor {
			t.Helper()
			out, err := net.Run(t.Context(), NewSession(), in, Options{})
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		before := run()
		for _, p := range net.Params() {
			for i := range p.Data {
				p.Data[i] *= 1.25
			}
		}
		net.Pack()
		if after := run(); maxDifference(before, after) == 0 {
			t.Errorf("%s: new weights, same result", name)
		}
	}
}
