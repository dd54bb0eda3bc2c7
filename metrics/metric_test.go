package metrics

import (
	"context"
	"errors"
	"image"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"codecworkbench/codecs/picture"
)

// noise makes a smooth picture with noise on it, the same for the same seed.
func noise(t testing.TB, width, height int, seed uint64) *picture.Picture {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 0))
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			for c := range 3 {
				v := 128 + 90*math.Sin(float64(x+20*c)/17)*math.Cos(float64(y)/23) + 8*r.NormFloat64()
				img.Pix[y*img.Stride+4*x+c] = uint8(min(max(v, 0), 255))
			}
		}
	}
	p, err := picture.New(img, false, false, picture.Source{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// ssimDirect is SSIM by its definition: float64, one window at a time.
func ssimDirect(a, b plane, t term) float64 {
	width, height := a.size()
	var kernel [windowSize]float64
	total := 0.
	for i := range kernel {
		d := float64(i - windowRadius)
		kernel[i] = math.Exp(-d * d / (2 * windowSigma * windowSigma))
		total += kernel[i]
	}
	row := func(p plane, y int) []float64 {
		v := make([]float64, width)
		p.read(v, 0, y)
		return v
	}
	sum := 0.
	for y := range height - windowSize + 1 {
		for x := range width - windowSize + 1 {
			var mx, my, xx, yy, xy float64
			for j := range windowSize {
				ra, rb := row(a, y+j), row(b, y+j)
				for i := range windowSize {
					w := kernel[i] * kernel[j] / (total * total)
					u, v := ra[x+i], rb[x+i]
					mx, my, xx, yy, xy = mx+w*u, my+w*v, xx+w*u*u, yy+w*v*v, xy+w*u*v
				}
			}
			value := (2*(xy-mx*my) + ssimC2) / (xx - mx*mx + yy - my*my + ssimC2)
			if t == ssimTerm {
				value *= (2*mx*my + ssimC1) / (mx*mx + my*my + ssimC1)
			}
			sum += value
		}
	}
	return sum / float64((width-windowSize+1)*(height-windowSize+1))
}

// The separable, tiled evaluation against the definition, at sizes
// around the window's and the tile's.
func TestWindowMeanMatchesDefinition(t *testing.T) {
	for _, size := range [][2]int{{11, 11}, {12, 40}, {tileWidth + 10, 12}, {tileWidth + 11, 13}, {13, tileHeight + 11}} {
		a, b := noise(t, size[0], size[1], 1).RGB8(), noise(t, size[0], size[1], 2).RGB8()
		for _, p := range []planePair{{channel{a, 1}, channel{b, 1}}, {luma{a}, luma{b}}} {
			for _, term := range []term{contrastTerm, ssimTerm} {
				got, err := windowMean(t.Context(), p, gaussian(), term)
				if err != nil {
					t.Fatal(err)
				}
				if want := ssimDirect(p.ref, p.dist, term); math.Abs(got-want) > 1e-7 {
					t.Errorf("%v, term %d: got %.9f, want %.9f", size, term, got, want)
				}
			}
		}
	}
}

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

// The result must not depend on how many cores share the work.
func TestSameOnAnyNumberOfCores(t *testing.T) {
	ref, dist := noise(t, 700, 391, 1), noise(t, 700, 391, 2)
	for _, m := range all() {
		var values []float64
		for _, n := range []int{1, 3, 8} {
			old := runtime.GOMAXPROCS(n)
			v, err := m.Compare(t.Context(), ref, dist)
			runtime.GOMAXPROCS(old)
			if err != nil {
				t.Fatal(err)
			}
			values = append(values, v)
		}
		if values[0] != values[1] || values[0] != values[2] {
			t.Errorf("%s: got %v for 1, 3 and 8 cores", m.Info().ID, values)
		}
	}
}

func TestDifferentSizes(t *testing.T) {
	a, b := noise(t, 170, 180, 1), noise(t, 180, 170, 1)
	for _, m := range all() {
		var undefined *Undefined
		if _, err := m.Compare(t.Context(), a, b); err == nil || errors.As(err, &undefined) {
			t.Errorf("%s of two sizes: got %v, want an error", m.Info().ID, err)
		}
	}
}

// SSIM's map averages to SSIM, and the squared errors' to PSNR.
func TestMapsAverageToTheValue(t *testing.T) {
	ref, dist := noise(t, 301, 77, 1), noise(t, 301, 77, 2)
	for _, m := range all() {
		mapper, ok := m.(Mapper)
		if !ok {
			continue
		}
		width, height, values, err := mapper.Map(t.Context(), ref, dist)
		if err != nil {
			t.Fatal(err)
		}
		if len(values) != width*height || (301-width)%2 != 0 || 301-width != 77-height {
			t.Fatalf("%s: map of %d x %d with %d values", m.Info().ID, width, height, len(values))
		}
		mean := 0.
		for _, v := range values {
			mean += float64(v) / float64(len(values))
		}
		if m.Info().Unit == "dB" {
			mean = 10 * math.Log10(255*255/mean)
		}
		want, err := m.Compare(t.Context(), ref, dist)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(mean-want) > 1e-6 {
			t.Errorf("%s: the map averages to %.9f, the value is %.9f", m.Info().ID, mean, want)
		}
	}
}

func TestCancel(t *testing.T) {
	ref := noise(t, 400, 300, 1)
	done, cancel := context.WithCancel(t.Context())
	cancel()
	for _, m := range all() {
		if _, err := m.Compare(done, ref, ref); !errors.Is(err, context.Canceled) {
			t.Errorf("%s after cancel: got %v", m.Info().ID, err)
		}
	}
	soon, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	large := noise(t, 3000, 2000, 1)
	if _, err := NewMSSSIMRGB().Compare(soon, large, large); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("deadline on a large picture: got %v", err)
	}
}

// Grey pictures have one channel: R, G and B and Y all give its value.
func TestGreyEqualsItsChannel(t *testing.T) {
	grey := func(seed uint64) (flagged, plain *picture.Picture) {
		img := noise(t, 200, 170, seed).RGB8()
		for i := 0; i < len(img.Pix); i += 4 {
			img.Pix[i+1], img.Pix[i+2] = img.Pix[i], img.Pix[i]
		}
		for k, dst := range []**picture.Picture{&flagged, &plain} {
			p, err := picture.New(img, k == 0, false, picture.Source{})
			if err != nil {
				t.Fatal(err)
			}
			*dst = p
		}
		return flagged, plain
	}
	ref, refRGB := grey(1)
	dist, distRGB := grey(2)
	for _, m := range all() {
		a, err := m.Compare(t.Context(), ref, dist)
		if err != nil {
			t.Fatal(err)
		}
		b, err := m.Compare(t.Context(), refRGB, distRGB)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(a-b) > 1e-9 {
			t.Errorf("%s: %v as grey, %v as RGB", m.Info().ID, a, b)
		}
	}
}

func BenchmarkMetrics(b *testing.B) {
	for _, size := range []struct {
		name          string
		width, height int
	}{{"768x512", 768, 512}, {"12MP", 4272, 2848}} {
		ref, dist := noise(b, size.width, size.height, 1), noise(b, size.width, size.height, 2)
		for _, m := range all() {
			b.Run(m.Info().ID+"/"+size.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := m.Compare(b.Context(), ref, dist); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func TestSelectTakesEachOnce(t *testing.T) {
	r, err := NewRegistry([]Metric{NewPSNRRGB(), NewPSNRY()})
	if err != nil {
		t.Fatal(err)
	}
	for _, ids := range [][]string{{"psnr-y", "psnr-rgb", "psnr-y"}, {"psnr-y", "all"}} {
		if list, err := r.Select(ids); err != nil || len(list) != 2 {
			t.Errorf("%v: %d metrics, %v", ids, len(list), err)
		}
	}
	if _, err := r.Select([]string{"nope"}); err == nil {
		t.Error("an unknown metric was selected")
	}
}
