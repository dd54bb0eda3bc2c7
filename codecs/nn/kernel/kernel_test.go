package kernel

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func vector(rng *rand.Rand, n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = float32(rng.NormFloat64())
	}
	return v
}

// Dots is Dot of every row, to the bit, at any length and alignment.
func TestDots(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for n := range 130 {
		for offset := range 4 {
			x, rows := vector(rng, n+offset)[offset:], vector(rng, Rows*n+offset)[offset:]
			var got [Rows]float32
			Dots(x, rows, &got)
			for i, g := range got {
				if want := Dot(x, rows[i*n:]); g != want {
					t.Fatalf("length %d, row %d: %v, want %v", n, i, g, want)
				}
			}
		}
	}
}

// Dot agrees with a sum in float64.
func TestDot(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	for n := range 70 {
		a, b := vector(rng, n), vector(rng, n+3)
		want := 0.0
		for i, v := range a {
			want += float64(v) * float64(b[i])
		}
		if got := float64(Dot(a, b)); got < want-1e-4 || got > want+1e-4 {
			t.Errorf("length %d: %g, want %g", n, got, want)
		}
	}
}

func TestAddRow(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	for first := range 64 {
		for _, v := range []int16{0, 1, -1, 63, 255, 32767, -32768} {
			var row [64]int16
			var got, want [64]int32
			for i := range row {
				row[i] = int16(rng.Uint32())
				got[i] = int32(rng.Uint32())
			}
			row[3], row[63] = -32768, 32767
			want = got
			for i := first &^ 7; i < 64; i++ {
				want[i] += int32(v) * int32(row[i])
			}
			AddRow(&got, &row, v, first)
			if got != want {
				t.Fatalf("from %d, times %d: %v, want %v", first, v, got, want)
			}
		}
	}
}

// AddScaled rounds every product and every sum, and touches nothing else.
func TestAddScaled(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	for n := range 40 {
		for offset := range 4 {
			got, src := vector(rng, n+offset+1), vector(rng, n+offset)[offset:]
			want := slices.Clone(got)
			for i, v := range src {
				product := float32(1.7 * v)
				want[offset+i] += product
			}
			AddScaled(got[offset:offset+n], 1.7, src)
			if !slices.Equal(got, want) {
				t.Fatalf("length %d: %v, want %v", n, got, want)
			}
		}
	}
}

func BenchmarkDots(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	x, rows := vector(rng, 64), vector(rng, Rows*64)
	var out [Rows]float32
	b.Run("kernel", func(b *testing.B) {
		for b.Loop() {
			Dots(x, rows, &out)
		}
	})
	b.Run("go", func(b *testing.B) {
		for b.Loop() {
			dotsGo(x, rows, &out)
		}
	})
}

func BenchmarkAddRow(b *testing.B) {
	var sums [64]int32
	var row [64]int16
	b.Run("kernel", func(b *testing.B) {
		for b.Loop() {
			AddRow(&sums, &row, 3, 0)
		}
	})
	b.Run("go", func(b *testing.B) {
		for b.Loop() {
			addRowGo(&sums, &row, 3, 0)
		}
	})
}
