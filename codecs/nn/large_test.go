package nn

import (
	"hash/maphash"
	"math"
	"os"
	"sync/atomic"
	"testing"
)

// TestLargePicture runs the analysis and synthesis transforms over 24 megapixels by rows,
// twice with different memory: the results must be the same, and the memory bounded.
func TestLargePicture(t *testing.T) {
	if os.Getenv("CODECWORKBENCH_FULL") == "" {
		t.Skip("24 megapixels: set CODECWORKBENCH_FULL=1")
	}
	for _, n := range []struct {
		name string
		spec []LayerSpec
		in   Size
	}{
		{"analysis", analysisS8(96, 128), Size{4032, 6016, 3}},
		{"synthesis", synthesisS8(96, 128), Size{4032 / 16, 6016 / 16, 128}},
	} {
		net := build(t, n.spec)
		var sums [2]uint64
		for i, memory := range []int{DefaultMemory, DefaultMemory / 4} {
			s := NewSession()
			sums[i] = rowSum(t, net, s, n.in, memory)
			total := s.bytes()
			t.Logf("%s, at most %d MiB of bands: %.1f MiB with tiles; %d output rows a strip", n.name, memory>>20, float64(total)/(1<<20), s.strip)
			if limit := memory + len(s.crew.all)*(4<<20); total > limit {
				t.Errorf("%s: %d bytes, more than %d", n.name, total, limit)
			}
		}
		if sums[0] != sums[1] {
			t.Errorf("%s: the result depends on the memory", n.name)
		}
	}
}

// rowSum runs a network by rows and adds up its output rows' hashes.
func rowSum(t *testing.T, net *Network, s *Session, in Size, memory int) uint64 {
	var sum atomic.Uint64
	read := func(y int, row []float32) {
		for i := range row {
			row[i] = float32(i*7919%255+y%3)/255 - 0.5
		}
	}
	write := func(y int, row []float32) {
		h := uint64(y)
		for _, v := range row {
			h = h*1099511628211 ^ uint64(math.Float32bits(v))
		}
		sum.Add(maphash.Comparable(seed, h))
	}
	if err := net.RunRows(t.Context(), s, in, read, write, Options{Memory: memory, Level: 1.5}); err != nil {
		t.Fatal(err)
	}
	return sum.Load()
}

var seed = maphash.MakeSeed()

// bytes returns what the session holds, with its workers' memory.
func (s *Session) bytes() int {
	n := len(s.out)
	for i := range s.streams {
		n += cap(s.streams[i].data)
	}
	for _, w := range s.crew.all {
		n += cap(w.floats)
	}
	return 4 * n
}
