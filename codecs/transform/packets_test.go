package transform

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// The CDF 9/7 analysis filters, from their middle on (Antonini et al., "Image Coding Using
// Wavelet Transform", 1992).
var (
	lowTaps  = []float64{0.852698679009, 0.377402855613, -0.110624404418, -0.023849465020, 0.037828455507}
	highTaps = []float64{0.788485616406, -0.418092273222, -0.040689417609, 0.064538882629}
)

func noise(n int, seed uint64) []float32 {
	rng := rand.New(rand.NewPCG(seed, 1))
	out := make([]float32, n)
	for i := range out {
		out[i] = float32(rng.NormFloat64())
	}
	return out
}

// filtered is the sum of taps, symmetric about i, over a row that is mirrored at its ends.
func filtered(row []float64, taps []float64, i int) float64 {
	at := func(k int) float64 {
		n := len(row)
		if k < 0 {
			k = -k
		}
		if k >= n {
			k = 2*(n-1) - k
		}
		return row[k]
	}
	sum := taps[0] * at(i)
	for t, v := range taps[1:] {
		sum += v * (at(i-t-1) + at(i+t+1))
	}
	return sum
}

// One level is the filters' outputs at even and odd places.
func TestPacketsAreTheFilters(t *testing.T) {
	data := noise(40, 1)
	row := make([]float64, len(data))
	for i, v := range data {
		row[i] = float64(v)
	}
	Packets(data, 1, 1)
	for i, got := range data {
		want := filtered(row, [2][]float64{lowTaps, highTaps}[i%2], i)
		if math.Abs(float64(got)-want) > 1e-5 {
			t.Errorf("coefficient %d is %g, expected %g", i, got, want)
		}
	}
}

func TestPacketsInvert(t *testing.T) {
	for _, c := range []struct{ run, levels, count int }{{1, 1, 2}, {3, 3, 8}, {3, 3, 800}, {48, 3, 16}, {1000, 4, 48}, {5, 0, 7}} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			data := noise(c.run*c.count, 2)
			want := append([]float32(nil), data...)
			Packets(data, c.run, c.levels)
			Unpackets(data, c.run, c.levels)
			for i, v := range data {
				if math.Abs(float64(v-want[i])) > 1e-5 {
					t.Fatalf("element %d comes back as %g, was %g", i, v, want[i])
				}
			}
		})
	}
}

// Long runs go through kernels, short ones don't: the same numbers come out.
func TestPacketsOfLongRuns(t *testing.T) {
	const run, count = 64, 32
	long, short := noise(run*count, 3), make([]float32, count)
	for i := range short {
		short[i] = long[i*run+17]
	}
	Packets(long, run, 3)
	Packets(short, 1, 3)
	for i, v := range short {
		if got := long[i*run+17]; math.Abs(float64(got-v)) > 1e-5 {
			t.Errorf("coefficient %d is %g in a long run, %g in a short one", i, got, v)
		}
	}
}

// Rows of pixels are split as any other data.
func TestRowPackets(t *testing.T) {
	for _, c := range []struct{ run, levels, count int }{{3, 3, 8}, {3, 3, 128}, {3, 3, 136}, {3, 4, 16}, {3, 4, 800}, {1, 1, 2}} {
		r := NewRowPackets(c.run, c.levels)
		row := noise(c.run*c.count, 6)
		first, want := append([]float32(nil), row...), append([]float32(nil), row...)
		Packets(want, c.run, c.levels)
		r.Packets(row)
		for i, v := range row {
			if math.Abs(float64(v-want[i])) > 1e-5 {
				t.Fatalf("%v: element %d is %g, expected %g", c, i, v, want[i])
			}
		}
		r.Unpackets(row)
		for i, v := range row {
			if math.Abs(float64(v-first[i])) > 1e-5 {
				t.Fatalf("%v: element %d comes back as %g, was %g", c, i, v, first[i])
			}
		}
	}
}

// Products of what comes out with anything are those of what went in with the transpose of that.
func TestPacketsTransposed(t *testing.T) {
	for _, c := range []struct{ run, levels, count int }{{1, 1, 2}, {3, 3, 8}, {3, 3, 64}, {48, 3, 16}, {60, 2, 12}} {
		x, y := noise(c.run*c.count, 7), noise(c.run*c.count, 8)
		out, back := append([]float32(nil), x...), append([]float32(nil), y...)
		Unpackets(out, c.run, c.levels)
		UnpacketsTransposed(back, c.run, c.levels)
		a, b := 0.0, 0.0
		for i := range x {
			a += float64(out[i]) * float64(y[i])
			b += float64(x[i]) * float64(back[i])
		}
		if math.Abs(a-b) > 1e-4*float64(len(x)) {
			t.Errorf("%v: %g one way, %g the other", c, a, b)
		}
	}
}

// What lies more than PacketHalo blocks away makes no difference, in either direction.
func TestPacketHalo(t *testing.T) {
	for levels := 1; levels <= 4; levels++ {
		block := 1 << levels
		for name, f := range map[string]func([]float32, int, int){"packets": Packets, "samples": Unpackets} {
			whole := noise(40*block, 4)
			from, to := 13, 17 // blocks
			lo, hi := from-PacketHalo, to+PacketHalo
			strip := append([]float32(nil), whole[lo*block:hi*block]...)
			f(whole, 1, levels)
			f(strip, 1, levels)
			for i := from * block; i < to*block; i++ {
				if strip[i-lo*block] != whole[i] {
					t.Fatalf("%s of %d levels: %d differs in a strip", name, levels, i)
				}
			}
		}
	}
}

// A wave's energy lies in the band of its frequency.
func TestPacketOrder(t *testing.T) {
	const levels, n = 3, 512
	seen := map[int]bool{}
	for i := range 1 << levels {
		seen[PacketOrder(i, levels)] = true
	}
	if len(seen) != 1<<levels {
		t.Errorf("places %v", seen)
	}
	for band := range 1 << levels {
		data := make([]float32, n)
		for i := range data {
			data[i] = float32(math.Sin(math.Pi * (float64(band) + 0.5) / (1 << levels) * (float64(i) + 0.3)))
		}
		Packets(data, 1, levels)
		energy := make([]float64, 1<<levels)
		for i, v := range data[n/4 : n-n/4] {
			energy[PacketOrder(i%(1<<levels), levels)] += float64(v) * float64(v)
		}
		best := 0
		for i, e := range energy {
			if e > energy[best] {
				best = i
			}
		}
		if best != band {
			t.Errorf("a wave of band %d lies in band %d: %.1f", band, best, energy)
		}
	}
}

// A strip of a photo 768 pixels wide, rows and columns.
func BenchmarkPackets(b *testing.B) {
	const width, rows = 768 * 3, 256
	data := noise(width*rows, 5)
	r := NewRowPackets(3, 3)
	b.SetBytes(int64(4 * len(data)))
	for b.Loop() {
		for y := range rows {
			r.Packets(data[y*width:][:width])
		}
		Packets(data, width, 3)
	}
}
