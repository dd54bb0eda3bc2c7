package metrics

import (
	"math"
	"testing"
)

func TestHalveOddSides(t *testing.T) {
	got, err := halve(t.Context(), &samples{3, 3, []float32{4, 8, 12, 16, 20, 24, 28, 32, 36}})
	if err != nil {
		t.Fatal(err)
	}
	want := []float32{1, 5, 11, 28} // zeros above and to the left count in the mean
	if got.width != 2 || got.height != 2 {
		t.Fatalf("got %d x %d, want 2 x 2", got.width, got.height)
	}
	for i, v := range want {
		if got.v[i] != v {
			t.Errorf("sample %d: got %v, want %v", i, got.v[i], v)
		}
	}
	even, err := halve(t.Context(), &samples{4, 2, []float32{0, 2, 4, 6, 8, 10, 12, 14}})
	if err != nil {
		t.Fatal(err)
	}
	if even.width != 2 || even.height != 1 || even.v[0] != 5 || even.v[1] != 9 {
		t.Errorf("got %+v, want 2 x 1 with 5 and 9", even)
	}
}

// Every parity of factor and sides against the definition.
func TestShrink(t *testing.T) {
	for _, factor := range []int{1, 2, 3, 4, 5} {
		for _, size := range [][2]int{{11, 12}, {12, 11}, {31, 45}} {
			width, height := size[0], size[1]
			p := channel{noise(width, height, 3), 1}
			got, err := shrink(t.Context(), p, box(factor), factor)
			if err != nil {
				t.Fatal(err)
			}
			if got.width != (width+factor-1)/factor || got.height != (height+factor-1)/factor {
				t.Fatalf("%v by %d: got %d x %d", size, factor, got.width, got.height)
			}
			mirrored := func(i, n int) int {
				for i < 0 || i >= n {
					if i < 0 {
						i = -1 - i
					} else {
						i = 2*n - 1 - i
					}
				}
				return i
			}
			for i, v := range got.v {
				x, y, sum := i%got.width*factor-(factor-1)/2, i/got.width*factor-(factor-1)/2, 0.
				for j := range factor * factor {
					var sample [1]float64
					p.read(sample[:], mirrored(x+j%factor, width), mirrored(y+j/factor, height))
					sum += sample[0]
				}
				if want := sum / float64(factor*factor); math.Abs(float64(v)-want) > 1e-5 {
					t.Fatalf("%v by %d, sample %d: got %v, want %v", size, factor, i, v, want)
				}
			}
		}
	}
}

func TestBordered(t *testing.T) {
	p := bordered{&samples{2, 1, []float32{3, 4}}, 2}
	if w, h := p.size(); w != 6 || h != 5 {
		t.Fatalf("%d x %d", w, h)
	}
	for y := range 5 {
		for x := range 6 {
			var got [1]float64
			p.read(got[:], x, y)
			want := 0.
			if y == 2 && (x == 2 || x == 3) {
				want = float64(x + 1)
			}
			if got[0] != want {
				t.Errorf("%d, %d: got %v, want %v", x, y, got[0], want)
			}
		}
	}
	row := make([]float64, 4)
	p.read(row, 1, 2)
	if row[0] != 0 || row[1] != 3 || row[2] != 4 || row[3] != 0 {
		t.Errorf("got %v", row)
	}
}
