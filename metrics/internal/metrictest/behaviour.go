package metrictest

import (
	"context"
	"errors"
	"image"
	"math"
	"math/rand/v2"
	"runtime"
	"sync/atomic"
	"testing"

	"codecworkbench/codecs/picture"
	"codecworkbench/metrics"
)

// Traits are what a metric promises beyond what every one does.
type Traits struct {
	Identity  float64 // the value of identical pictures; infinite where that is
	Symmetric bool    // reference and distorted picture may change places
}

// identical is how far from Identity the value of identical pictures may lie.
const identical = 1e-9

// Behaviour tests what users rely on of every metric: identical pictures have the
// best value, rising distortion makes it worse, every size and shape has a value
// or a reason for none, the number of cores changes nothing, cancelling stops it.
func Behaviour(t *testing.T, m metrics.Metric, traits Traits) {
	t.Run("identity", func(t *testing.T) { identity(t, m, traits) })
	t.Run("monotony", func(t *testing.T) { monotony(t, m) })
	t.Run("sizes", func(t *testing.T) { sizes(t, m, traits) })
	t.Run("grey", func(t *testing.T) { grey(t, m) })
	t.Run("cores", func(t *testing.T) { cores(t, m) })
	t.Run("cancel", func(t *testing.T) { cancel(t, m) })
	if traits.Symmetric {
		t.Run("symmetry", func(t *testing.T) { symmetry(t, m) })
	}
	if mapper, ok := m.(metrics.Mapper); ok {
		t.Run("maps", func(t *testing.T) { mapped(t, mapper) })
	}
}

func identity(t *testing.T, m metrics.Metric, traits Traits) {
	p := Noise(t, 230, 190, 8, 1)
	v := Measure(t, m, p, p)
	if v.Number != traits.Identity && !(math.Abs(v.Number-traits.Identity) <= identical) {
		t.Errorf("identical pictures: got %v, want %v", v.Number, traits.Identity)
	}
	if math.IsInf(v.Number, 0) && v.Note == "" {
		t.Error("an infinite value without a note")
	}
}

func monotony(t *testing.T, m metrics.Metric) {
	ref := Noise(t, 230, 190, 0, 1)
	for _, distort := range []struct {
		name string
		do   func(strength int) *picture.Picture
	}{
		{"noise", func(s int) *picture.Picture { return Noise(t, 230, 190, float64(2*s), 1) }},
		{"blocks", func(s int) *picture.Picture { return Blocks(t, ref, 4*s) }},
	} {
		last := math.NaN()
		for s := 1; s <= 4; s++ {
			v := Measure(t, m, ref, distort.do(s)).Number
			if worse := v < last; !math.IsNaN(last) && worse == m.Info().Lower {
				t.Errorf("more %s, strength %d: from %v to %v", distort.name, s, last, v)
			}
			last = v
		}
	}
}

// sizes tries odd and extreme shapes: a finite value, or a reason for none.
func sizes(t *testing.T, m metrics.Metric, traits Traits) {
	for _, size := range [][2]int{{1, 1}, {1, 300}, {300, 1}, {2, 2}, {7, 9}, {8, 8}, {17, 31}, {2048, 3}, {163, 211}} {
		a, b := Noise(t, size[0], size[1], 8, 1), Noise(t, size[0], size[1], 8, 2)
		v := Measure(t, m, a, b)
		small := min(size[0], size[1]) < m.Info().MinSide
		if !v.Finite() && v.Note == "" || small && v.Finite() {
			t.Errorf("%d x %d: got %v (%q)", size[0], size[1], v.Number, v.Note)
		}
		if same := Measure(t, m, a, a); same.Finite() && !(math.Abs(same.Number-traits.Identity) <= identical) {
			t.Errorf("%d x %d, identical: got %v (%q)", size[0], size[1], same.Number, same.Note)
		}
	}
	side := m.Info().MinSide
	if side > 0 {
		if v := Measure(t, m, Noise(t, side, side, 8, 1), Noise(t, side, side, 8, 2)); !v.Finite() {
			t.Errorf("%d x %d, the least that it takes: got %v (%q)", side, side, v.Number, v.Note)
		}
	}
}

// grey compares a picture of one channel with the same as R=G=B. Metrics whose grey
// formula is another one must still give a value for both.
func grey(t *testing.T, m metrics.Metric) {
	pictures := map[bool][]*picture.Picture{}
	for seed := range uint64(2) {
		img := Noise(t, 200, 180, 8, seed).RGB8()
		for i := 0; i < len(img.Pix); i += 4 {
			img.Pix[i+1], img.Pix[i+2] = img.Pix[i], img.Pix[i]
		}
		for _, flagged := range []bool{true, false} {
			pictures[flagged] = append(pictures[flagged], wrap(t, img, flagged))
		}
	}
	one := Measure(t, m, pictures[true][0], pictures[true][1])
	three := Measure(t, m, pictures[false][0], pictures[false][1])
	if !one.Finite() || !three.Finite() {
		t.Errorf("got %v as grey, %v as RGB", one, three)
	}
	if m.Info().ID != "haarpsi" && math.Abs(one.Number-three.Number) > 1e-6*max(1, math.Abs(one.Number)) {
		t.Errorf("%v as grey, %v as RGB", one.Number, three.Number)
	}
}

func cores(t *testing.T, m metrics.Metric) {
	ref, dist := Noise(t, 700, 391, 8, 1), Noise(t, 700, 391, 8, 2)
	var values []float64
	for _, n := range []int{1, 3, 8} {
		old := runtime.GOMAXPROCS(n)
		v := Measure(t, m, ref, dist)
		runtime.GOMAXPROCS(old)
		values = append(values, v.Number)
	}
	if values[0] != values[1] || values[0] != values[2] {
		t.Errorf("got %v for 1, 3 and 8 cores", values)
	}
}

func cancel(t *testing.T, m metrics.Metric) {
	small, large := Noise(t, 400, 300, 8, 1), Noise(t, 2000, 1500, 8, 1)
	done, stop := context.WithCancel(t.Context())
	stop()
	if _, err := metrics.Measure(done, m, Pair(t, small, small)); !errors.Is(err, context.Canceled) {
		t.Errorf("after cancel: got %v", err)
	}
	inner, stop := context.WithCancel(t.Context())
	defer stop()
	soon := &impatient{Context: inner, stop: stop}
	soon.patience.Store(3)
	if _, err := metrics.Measure(soon, m, Pair(t, large, large)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled during work on a large picture: got %v", err)
	}
}

// impatient is cancelled once it has been looked at a few times: in the middle of the
// work, however fast that is.
type impatient struct {
	context.Context
	stop     context.CancelFunc
	patience atomic.Int64
}

// Err implements context.Context.
func (c *impatient) Err() error {
	if c.patience.Add(-1) < 0 {
		c.stop()
	}
	return c.Context.Err()
}

func symmetry(t *testing.T, m metrics.Metric) {
	a, b := Noise(t, 230, 190, 8, 1), Noise(t, 230, 190, 20, 2)
	x, y := Measure(t, m, a, b).Number, Measure(t, m, b, a).Number
	if math.Abs(x-y) > 1e-9*math.Abs(x) {
		t.Errorf("got %v one way, %v the other", x, y)
	}
}

// mapped looks at a metric's maps: they cover the picture but for a small border,
// identical pictures have the good value everywhere, and a spot of distortion
// shows where it is.
func mapped(t *testing.T, m metrics.Mapper) {
	const width, height = 300, 231
	ref := Noise(t, width, height, 4, 1)
	spot := Blocks(t, ref, 1)
	for y := 140; y < 170; y++ {
		for x := 60; x < 90; x++ {
			for c := range 3 {
				at := &spot.RGB8().Pix[y*4*width+4*x+c]
				*at = uint8(min(int(*at)+40*(x/3%2), 255))
			}
		}
	}
	for _, kind := range m.MapKinds() {
		if kind.Good == kind.Bad || kind.Name == "" || kind.Summary == "" {
			t.Errorf("kind %+v", kind)
		}
		same, err := metrics.MapOf(t.Context(), m, Pair(t, ref, ref), kind.ID)
		if err != nil {
			t.Fatal(err)
		}
		checkShape(t, same, width, height)
		for i, v := range same.Values {
			if !(math.Abs(float64(v)-kind.Good) <= 1e-5*math.Abs(kind.Bad-kind.Good)) {
				t.Fatalf("%s map of identical pictures: value %d is %v, want %v", kind.ID, i, v, kind.Good)
			}
		}
		spotted, err := metrics.MapOf(t.Context(), m, Pair(t, ref, spot), kind.ID)
		if err != nil {
			t.Fatal(err)
		}
		worst, x, y := 0., 0, 0
		for i, v := range spotted.Values {
			if math.IsNaN(float64(v)) {
				t.Fatalf("%s map: value %d is not a number", kind.ID, i)
			}
			if d := math.Abs(float64(v) - kind.Good); d > worst {
				worst, x, y = d, spotted.X+i%spotted.Width*spotted.Step, spotted.Y+i/spotted.Width*spotted.Step
			}
		}
		if kind.ID != "lost" && (x < 50 || x > 100 || y < 130 || y > 180) {
			t.Errorf("%s map: the largest error, %v, is at %d, %d", kind.ID, worst, x, y)
		}
	}
}

func checkShape(t *testing.T, m *metrics.Map, width, height int) {
	t.Helper()
	right, lower := m.X+m.Width*m.Step, m.Y+m.Height*m.Step
	if len(m.Values) != m.Width*m.Height || m.X > 24 || m.Y > 24 || right < width-24 || lower < height-24 ||
		right >= width+m.Step || lower >= height+m.Step {
		t.Fatalf("map of %d x %d from %d, %d with step %d and %d values for %d x %d pixels",
			m.Width, m.Height, m.X, m.Y, m.Step, len(m.Values), width, height)
	}
}

// Bench measures a metric on a picture of 0.4 and one of 12 megapixels.
func Bench(b *testing.B, m metrics.Metric) {
	for _, size := range []struct {
		name          string
		width, height int
	}{{"768x512", 768, 512}, {"12MP", 4272, 2848}} {
		ref, dist := Noise(b, size.width, size.height, 8, 1), Noise(b, size.width, size.height, 8, 2)
		b.Run(m.Info().ID+"/"+size.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p, err := metrics.NewPair(ref, dist)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := metrics.Measure(b.Context(), m, p); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Noise makes a smooth coloured picture with noise on it, the same for the same seed.
func Noise(t testing.TB, width, height int, sigma float64, seed uint64) *picture.Picture {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 0))
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	waves := make([]float64, width+2*20)
	for x := range waves {
		waves[x] = 90 * math.Sin(float64(x)/17)
	}
	for y := range height {
		wave := math.Cos(float64(y) / 23)
		for x := range width {
			for c := range 3 {
				v := 128 + waves[x+20*c]*wave
				if sigma > 0 {
					v += sigma * r.NormFloat64()
				}
				img.Pix[y*img.Stride+4*x+c] = uint8(min(max(v, 0), 255))
			}
		}
	}
	return wrap(t, img, false)
}

// Blocks replaces every block of size x size pixels by its first one.
func Blocks(t testing.TB, p *picture.Picture, size int) *picture.Picture {
	t.Helper()
	src := p.RGB8()
	img := image.NewNRGBA(src.Rect)
	for y := range p.Height() {
		for x := range p.Width() {
			copy(img.Pix[y*img.Stride+4*x:][:4], src.Pix[y/size*size*src.Stride+4*(x/size*size):])
		}
	}
	return wrap(t, img, false)
}

func wrap(t testing.TB, img *image.NRGBA, gray bool) *picture.Picture {
	t.Helper()
	p, err := picture.New(img, gray, false, picture.Source{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}
