package rd

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

var methods = []Method{PCHIP, Cubic, Akima}

// curve makes a plausible curve of n points with noise on the quality.
func curve(r *rand.Rand, n int) []XY {
	var out []XY
	rate, quality := 0.05+0.2*r.Float64(), 24+4*r.Float64()
	for range n {
		out = append(out, XY{rate, quality})
		rate *= 1.2 + r.Float64()
		quality += 0.8 + 2*r.Float64()
	}
	return out
}

func scaled(points []XY, rate, quality float64) []XY {
	var out []XY
	for _, p := range points {
		out = append(out, XY{p.Rate * rate, p.Quality + quality})
	}
	return out
}

func near(got, want, tolerance float64) bool { return math.Abs(got-want) <= tolerance }

func TestDeltaProperties(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		a, b := curve(r, 4+r.IntN(6)), curve(r, 4+r.IntN(6))
		for _, m := range methods {
			o := Options{Method: m, MinOverlap: -1}
			if v := BDRate(a, a, o); !near(v.Value, 0, 1e-9) || v.Overlap != 1 || v.Note != "" {
				t.Errorf("%s: a curve against itself: %+v", m, v)
			}
			for _, k := range []float64{0.5, 0.9, 1.37, 4} {
				if v := BDRate(a, scaled(a, k, 0), o); !near(v.Value, (k-1)*100, 1e-9) {
					t.Errorf("%s: all rates times %g: got %v %%, want %v", m, k, v.Value, (k-1)*100)
				}
				if v := BDQuality(a, scaled(a, 1, k), o); !near(v.Value, k, 1e-9) {
					t.Errorf("%s: all qualities plus %g: got %v", m, k, v.Value)
				}
			}
			forth, back := BDRate(a, b, o), BDRate(b, a, o)
			if math.IsNaN(forth.Value) {
				continue // no quality in common
			}
			if product := (1 + forth.Value/100) * (1 + back.Value/100); !near(product, 1, 1e-9) {
				t.Errorf("%s: %v %% and %v %% are not reciprocal", m, forth.Value, back.Value)
			}
			if v := BDRate(scaled(a, 7, 3), scaled(b, 7, 3), o); !near(v.Value, forth.Value, 1e-7*(1+math.Abs(forth.Value))) {
				t.Errorf("%s: the unit of rate or quality changes %v into %v", m, forth.Value, v.Value)
			}
			shuffled := append([]XY(nil), b...)
			r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
			if v := BDRate(a, shuffled, o); v != forth {
				t.Errorf("%s: the order of the points changes %+v into %+v", m, forth, v)
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	good := []XY{{0.25, 30}, {0.5, 33}, {1, 36}, {2, 39}}
	with := func(i int, p XY) []XY {
		out := append([]XY(nil), good...)
		out[i] = p
		return out
	}
	cases := []struct {
		name    string
		test    []XY
		options Options
		note    string
	}{
		{"no points", nil, Options{}, "0 of the at least 2"},
		{"one point", good[:1], Options{}, "1 of the at least 2"},
		{"three points for a cubic", good[:3], Options{Method: Cubic}, "3 of the at least 4"},
		{"NaN", with(1, XY{0.5, math.NaN()}), Options{}, "not finite"},
		{"infinite quality", with(3, XY{2, math.Inf(1)}), Options{Method: Akima}, "not finite"},
		{"infinite rate", with(3, XY{math.Inf(1), 39}), Options{}, "not finite"},
		{"no rate", with(0, XY{0, 30}), Options{}, "no logarithm"},
		{"one quality twice", with(1, XY{0.6, 30}), Options{}, "two points of one quality"},
		{"one quality twice, cubic", append(with(1, XY{0.6, 30}), XY{3, 41}), Options{Method: Cubic}, "two points of one quality"},
		{"far away", scaled(good, 1, 20), Options{}, "no quality in common"},
		{"touching", scaled(good, 1, 9), Options{}, "no quality in common"},
		{"little in common", scaled(good, 1, 8), Options{}, "refused"},
		{"less than asked for", scaled(good, 1, 1), Options{MinOverlap: 0.95}, "refused"},
		{"no such method", good, Options{Method: "spline"}, "no interpolation"},
		{"numbers out of range", []XY{{5e-324, -1e308}, {1, 0}, {1e308, 1e308}}, Options{MinOverlap: -1}, "too far apart"},
	}
	for _, c := range cases {
		got := BDRate(good, c.test, c.options)
		if !math.IsNaN(got.Value) || !strings.Contains(got.Note, c.note) {
			t.Errorf("%s: got %+v, want no value and %q", c.name, got, c.note)
		}
	}
	if got := BDRate(good, scaled(good, 1, 8), Options{MinOverlap: -1}); math.IsNaN(got.Value) || !near(got.Overlap, 1./17, 1e-12) {
		t.Errorf("little in common, allowed: got %+v", got)
	}
	if got := BDQuality(good, scaled(good, 1, 20), Options{}); !near(got.Value, 20, 1e-9) {
		t.Errorf("no quality in common leaves the BD-quality: got %+v", got)
	}
	bent := BDRate(good, with(2, XY{0.4, 36}), Options{})
	if math.IsNaN(bent.Value) || !strings.Contains(bent.Note, "test curve is not monotone") {
		t.Errorf("a curve that falls: got %+v, want a value and a warning", bent)
	}
}

func TestParseMethod(t *testing.T) {
	for name, want := range map[string]Method{"": PCHIP, "pchip": PCHIP, "PCHIP": PCHIP, "cubic": Cubic, "Akima": Akima} {
		if got, err := ParseMethod(name); got != want || err != nil {
			t.Errorf("%q: got %q, %v", name, got, err)
		}
	}
	if _, err := ParseMethod("makima"); err == nil || !strings.Contains(err.Error(), "akima") {
		t.Errorf("an unknown method: got %v", err)
	}
}

// Whatever the numbers are, there is a finite value or a reason.
func FuzzDelta(f *testing.F) {
	seed := func(values ...float64) {
		var data []byte
		for _, v := range values {
			data = binary.LittleEndian.AppendUint64(data, math.Float64bits(v))
		}
		f.Add(uint8(4), data)
	}
	seed(0.25, 30, 0.5, 33, 1, 36, 2, 39, 0.2, 30.1, 0.45, 33.2, 0.9, 36.2, 1.8, 39.3)
	seed(1e-300, 1e300, 1e300, -1e300, 1, 0, 2, 5e-324, 3, 1e-310, 4, 2, 5, 3, 6, 4)
	seed(1, math.NaN(), 2, math.Inf(1), math.Inf(1), 0, -1, 3)
	f.Fuzz(func(t *testing.T, split uint8, data []byte) {
		var points []XY
		for len(data) >= 16 && len(points) < 64 {
			points = append(points, XY{
				math.Float64frombits(binary.LittleEndian.Uint64(data)),
				math.Float64frombits(binary.LittleEndian.Uint64(data[8:])),
			})
			data = data[16:]
		}
		at := min(int(split), len(points))
		for _, m := range methods {
			for _, o := range []Options{{Method: m}, {Method: m, MinOverlap: -1}} {
				for _, r := range []BD{BDRate(points[:at], points[at:], o), BDQuality(points[:at], points[at:], o)} {
					if !finite(r.Value) && r.Note == "" {
						t.Errorf("%v against %v: %+v without a reason", points[at:], points[:at], r)
					}
					if math.IsInf(r.Value, 0) || !(r.Overlap >= 0 && r.Overlap <= 1) {
						t.Errorf("%v against %v: %+v", points[at:], points[:at], r)
					}
				}
			}
		}
		Front(points)
	})
}

func BenchmarkBDRate(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	x, y := curve(r, 8), curve(r, 8)
	for _, m := range methods {
		b.Run(string(m), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				BDRate(x, y, Options{Method: m})
			}
		})
	}
}
