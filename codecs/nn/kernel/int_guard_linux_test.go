package kernel

import (
	"math/rand/v2"
	"testing"
	"unsafe"
)

// cast takes fenced memory for n elements of another type.
func cast[T int16 | int32](f []float32, n int, atEnd bool) []T {
	s := unsafe.Slice((*T)(unsafe.Pointer(&f[0])), len(f)*4/int(unsafe.Sizeof(T(0))))
	if atEnd {
		return s[len(s)-n:]
	}
	return s[:n]
}

// No integer kernel reads or writes outside its slices, packed weights included.
func TestNoIntegersBeyondTheSlices(t *testing.T) {
	eachInt(t, func(t *testing.T, _ *intImplementation) {
		rng := rand.New(rand.NewPCG(9, 10))
		for i := range rounds() / 5 {
			atEnd := i%2 == 0
			short := func(n int) []int16 { return cast[int16](fenced(t, rng, (n+1)/2, atEnd), n, atEnd) }
			long := func(n int) []int32 { return cast[int32](fenced(t, rng, n, atEnd), n, atEnd) }
			m, n, runs, run := shape(rng)
			a := IntMatrix{Stride: run, Runs: runs, Run: run, RunStride: m * run}
			a.Data = short((m-1)*a.Stride + (runs-1)*a.RunStride + run + run%2)
			b := PackInt(weights(rng, runs*run*n), runs, run, n, n, 1, make([]int32, n))
			b.data = append(short(len(b.data))[:0], b.data...)
			b.bias = append(long(len(b.bias))[:0], b.bias...)
			c := long(m * n)
			GemmInt(m, a, b, c, n)

			q, err := NewRequantizer(make([]int32, n), 40, -9, 9, true)
			if err != nil {
				t.Fatal(err)
			}
			q.multiplier = append(long(len(q.multiplier))[:0], q.multiplier...)
			q.Apply(m, short(m*n), n, c, n)
			IntSum{A: 1, B: 1, Low: -9, High: 9}.Add(short(n), short(n), short(n))

			offsets := make([]int, runs)
			for j := range offsets {
				offsets[j] = j
			}
			d := PackIntDepthwise(weights(rng, runs*n), runs, n, make([]int32, n))
			d.bias = append(long(n)[:0], d.bias...)
			if len(d.packed) > 0 {
				d.packed = append(short(len(d.packed))[:0], d.packed...)
			}
			d.Apply(m, c, n, short((m-1)*n+runs-1+n), n, offsets)
		}
	})
}
