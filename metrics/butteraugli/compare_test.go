package butteraugli

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"codecworkbench/codecs/picture"
	"codecworkbench/metrics"
	"codecworkbench/metrics/internal/raster"
)

// photo makes a picture with edges, gradients and texture, and one distorted from it.
func photo(width, height int, seed uint64) (ref, dist *image.NRGBA) {
	r := rand.New(rand.NewPCG(seed, 1))
	ref, dist = image.NewNRGBA(image.Rect(0, 0, width, height)), image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			for c := range 3 {
				v := 120 + 70*math.Sin(float64(x*(c+2)+3*y)/19) + 12*r.NormFloat64()
				if (x/13+y/9)%2 == 0 {
					v -= 50
				}
				i := y*ref.Stride + 4*x + c
				ref.Pix[i] = uint8(min(max(v, 0), 255))
				dist.Pix[i] = uint8(min(max(v+9*r.NormFloat64()+4*float64(c-1), 0), 255))
			}
			ref.Pix[y*ref.Stride+4*x+3], dist.Pix[y*ref.Stride+4*x+3] = 255, 255
		}
	}
	return ref, dist
}

func pair(t *testing.T, ref, dist *image.NRGBA, alpha bool) *metrics.Pair {
	t.Helper()
	var pictures [2]*picture.Picture
	for i, img := range []*image.NRGBA{ref, dist} {
		p, err := picture.New(img, false, alpha, picture.Source{})
		if err != nil {
			t.Fatal(err)
		}
		pictures[i] = p
	}
	p, err := metrics.NewPair(pictures[0], pictures[1])
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func mapOf(t *testing.T, p *metrics.Pair, nits float64) []float32 {
	t.Helper()
	values, err := differences(t.Context(), p, nits)
	if err != nil {
		t.Fatal(err)
	}
	return values
}

// compareWith compares a map with one by the definition.
func compareWith(t *testing.T, got []float32, want plane) {
	t.Helper()
	if len(got) != len(want.v) {
		t.Fatalf("%d values, want %d", len(got), len(want.v))
	}
	for i, v := range got {
		if d := math.Abs(float64(v) - want.v[i]); !(d <= 1e-4*max(want.v[i], 0.5)) {
			t.Fatalf("at %d, %d of %d x %d: got %v, want %v", i%want.w, i/want.w, want.w, want.h, v, want.v[i])
		}
	}
}

// Every value of the map is that of the definition: at all edges and in the middle, with
// and without a picture of half the size, for sides that are odd when halved.
func TestDefinition(t *testing.T) {
	for _, c := range []struct {
		width, height int
		nits          float64
	}{{8, 8, 80}, {9, 31, 80}, {15, 16, 1}, {70, 17, 10000}, {23, 66, 203}, {83, 79, 80}} {
		ref, dist := photo(c.width, c.height, 1)
		compareWith(t, mapOf(t, pair(t, ref, dist, false), c.nits), defMap(raster.Linear(ref), raster.Linear(dist), c.nits))
	}
}

// What is too small is extended by its edges, and the map cut to size.
func TestSmallPictures(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {2, 7}, {7, 40}, {40, 3}} {
		width, height := size[0], size[1]
		ref, dist := photo(width, height, 2)
		left, top := max(8-width, 0)/2, max(8-height, 0)/2
		extend := func(img *image.NRGBA) *image.NRGBA {
			out := image.NewNRGBA(image.Rect(0, 0, max(width, 8), max(height, 8)))
			for y := range out.Rect.Dy() {
				for x := range out.Rect.Dx() {
					out.Set(x, y, img.At(min(max(x-left, 0), width-1), min(max(y-top, 0), height-1)))
				}
			}
			return out
		}
		whole := defMap(raster.Linear(extend(ref)), raster.Linear(extend(dist)), 80)
		want := newPlane(width, height)
		for y := range height {
			copy(want.v[y*width:(y+1)*width], whole.v[(y+top)*whole.w+left:])
		}
		compareWith(t, mapOf(t, pair(t, ref, dist, false), 80), want)
	}
}

// With alpha, the map is the larger of what is seen on black and on white.
func TestAlpha(t *testing.T) {
	ref, dist := photo(41, 37, 3)
	for i := 3; i < len(ref.Pix); i += 4 {
		ref.Pix[i], dist.Pix[i] = uint8(i*5), uint8(i*5+i%7)
	}
	black := defMap(raster.LinearOn(ref, 0), raster.LinearOn(dist, 0), 80)
	white := defMap(raster.LinearOn(ref, 1), raster.LinearOn(dist, 1), 80)
	compareWith(t, mapOf(t, pair(t, ref, dist, true), 80), each(func(v ...float64) float64 { return max(v[0], v[1]) }, black, white))
}

// Tiles cover every pixel once and look at what is around them as far as needed.
func TestTiles(t *testing.T) {
	for _, size := range [][2]int{{8, 8}, {8, 65535}, {65535, 9}, {1024, 600}, {1025, 255}, {1026, 256}, {1975, 3000}, {4272, 2848}, {9999, 1}} {
		width, height := size[0], size[1]
		list, n := tiles(width, height)
		if n > max(widest, 8) || n > width {
			t.Errorf("%v: tiles of %d columns", size, n)
		}
		area := 0
		for i, a := range list {
			if a.x < 0 || a.x+n > width || a.x0 >= a.x1 || a.y0 >= a.y1 || a.y1-a.y0 > tallest ||
				a.x0 > 0 && a.x0-a.x < halo || a.x1 < width && a.x+n-a.x1 < halo {
				t.Errorf("%v, %d columns: tile %+v", size, n, a)
			}
			area += (a.x1 - a.x0) * (a.y1 - a.y0)
			for _, b := range list[:i] {
				if max(a.x0, b.x0) < min(a.x1, b.x1) && max(a.y0, b.y0) < min(a.y1, b.y1) {
					t.Errorf("%v: %+v and %+v overlap", size, a, b)
				}
			}
		}
		if area != width*height {
			t.Errorf("%v: %d pixels in tiles", size, area)
		}
	}
}

// The map of a picture in tiles is to the bit that of the same without.
func TestTilesDoNotShow(t *testing.T) {
	for _, size := range [][2]int{{1400, 90}, {50, 1100}} {
		width, height := size[0], size[1]
		img, other := photo(width, height, 4)
		ref, dist := raster.Linear(img), raster.Linear(other)
		one, tiled := make([]float32, width*height), make([]float32, width*height)
		s := newStrip(ref, dist, width, 80)
		s.run(t.Context(), tile{x1: width, y1: height}, func(y int, row []float32) { copy(one[y*width:], row) })
		err := compareOne(t.Context(), ref, dist, 80, func(_, x, y int, row []float32) { copy(tiled[y*width+x:], row) })
		if list, _ := tiles(width, height); err != nil || len(list) < 2 {
			t.Fatalf("%d tiles, %v", len(list), err)
		}
		for i, v := range one {
			if tiled[i] != v {
				t.Fatalf("at %d, %d: %v in tiles, %v without", i%width, i/width, tiled[i], v)
			}
		}
	}
}

// Norms are of means over the picture; the sums hold for differences of any size.
func TestNorms(t *testing.T) {
	for _, scale := range []float64{1e-9, 1, 3e4} {
		t.Run(fmt.Sprint(scale), func(t *testing.T) {
			r := rand.New(rand.NewPCG(5, 6))
			var s sums
			want := [powers]float64{}
			largest := 0.
			for _, n := range []int{100, 1, 37} {
				row := make([]float32, n)
				for i := range row {
					row[i] = float32(scale * r.ExpFloat64())
					largest = max(largest, float64(row[i]))
					for k := range want {
						want[k] += math.Pow(float64(row[i]), 3*math.Pow(2, float64(k)))
					}
				}
				s.add(row)
			}
			s.add(make([]float32, 5))
			if s.max != largest {
				t.Errorf("largest %v, want %v", s.max, largest)
			}
			for k, v := range want {
				if !(math.Abs(s.powers[k]/v-1) < 1e-5) {
					t.Errorf("power %d: %v, want %v", k, s.powers[k], v)
				}
			}
		})
	}
}
