package metrics

import (
	"math"
	"testing"
)

// sharma are the test data of Sharma, Wu and Dalal, table 1.
var sharma = []struct {
	p, q lab
	want float64
}{
	{lab{50, 2.6772, -79.7751}, lab{50, 0, -82.7485}, 2.0425},
	{lab{50, 3.1571, -77.2803}, lab{50, 0, -82.7485}, 2.8615},
	{lab{50, 2.8361, -74.0200}, lab{50, 0, -82.7485}, 3.4412},
	{lab{50, -1.3802, -84.2814}, lab{50, 0, -82.7485}, 1.0000},
	{lab{50, -1.1848, -84.8006}, lab{50, 0, -82.7485}, 1.0000},
	{lab{50, -0.9009, -85.5211}, lab{50, 0, -82.7485}, 1.0000},
	{lab{50, 0, 0}, lab{50, -1, 2}, 2.3669},
	{lab{50, -1, 2}, lab{50, 0, 0}, 2.3669},
	{lab{50, 2.4900, -0.0010}, lab{50, -2.4900, 0.0009}, 7.1792},
	{lab{50, 2.4900, -0.0010}, lab{50, -2.4900, 0.0010}, 7.1792},
	{lab{50, 2.4900, -0.0010}, lab{50, -2.4900, 0.0011}, 7.2195},
	{lab{50, 2.4900, -0.0010}, lab{50, -2.4900, 0.0012}, 7.2195},
	{lab{50, -0.0010, 2.4900}, lab{50, 0.0009, -2.4900}, 4.8045},
	{lab{50, -0.0010, 2.4900}, lab{50, 0.0010, -2.4900}, 4.8045},
	{lab{50, -0.0010, 2.4900}, lab{50, 0.0011, -2.4900}, 4.7461},
	{lab{50, 2.5, 0}, lab{50, 0, -2.5}, 4.3065},
	{lab{50, 2.5, 0}, lab{73, 25, -18}, 27.1492},
	{lab{50, 2.5, 0}, lab{61, -5, 29}, 22.8977},
	{lab{50, 2.5, 0}, lab{56, -27, -3}, 31.9030},
	{lab{50, 2.5, 0}, lab{58, 24, 15}, 19.4535},
	{lab{50, 2.5, 0}, lab{50, 3.1736, 0.5854}, 1.0000},
	{lab{50, 2.5, 0}, lab{50, 3.2972, 0}, 1.0000},
	{lab{50, 2.5, 0}, lab{50, 1.8634, 0.5757}, 1.0000},
	{lab{50, 2.5, 0}, lab{50, 3.2592, 0.3350}, 1.0000},
	{lab{60.2574, -34.0099, 36.2677}, lab{60.4626, -34.1751, 39.4387}, 1.2644},
	{lab{63.0109, -31.0961, -5.8663}, lab{62.8187, -29.7946, -4.0864}, 1.2630},
	{lab{61.2901, 3.7196, -5.3901}, lab{61.4292, 2.2480, -4.9620}, 1.8731},
	{lab{35.0831, -44.1164, 3.7933}, lab{35.0232, -40.0716, 1.5901}, 1.8645},
	{lab{22.7233, 20.0904, -46.6940}, lab{23.0331, 14.9730, -42.5619}, 2.0373},
	{lab{36.4612, 47.8580, 18.3852}, lab{36.2715, 50.5065, 21.2231}, 1.4146},
	{lab{90.8027, -2.0831, 1.4410}, lab{91.1528, -1.6435, 0.0447}, 1.4441},
	{lab{90.9257, -0.5406, -0.9208}, lab{88.6381, -0.8985, -0.7239}, 1.5381},
	{lab{6.7747, -0.2908, -2.4247}, lab{5.8714, -0.0985, -2.2286}, 0.6377},
	{lab{2.0776, 0.0795, -1.1350}, lab{0.9033, -0.0636, -0.5514}, 0.9082},
}

func TestDeltaESharma(t *testing.T) {
	d := newDeltaE()
	for i, c := range sharma {
		if got := d.between(&c.p, &c.q); math.Abs(got-c.want) > 5.1e-5 {
			t.Errorf("pair %d: got %.6f, want %.4f", i+1, got, c.want)
		}
		if got := d.between(&c.q, &c.p); math.Abs(got-c.want) > 5.1e-5 {
			t.Errorf("pair %d the other way: got %.6f, want %.4f", i+1, got, c.want)
		}
	}
}

// deltaEDirect is the formula as it is usually written, with angles in degrees.
func deltaEDirect(p, q lab) float64 {
	hue := func(a, b float64) float64 {
		h := math.Atan2(b, a) / degree
		if h < 0 {
			h += 360
		}
		return h
	}
	share := func(c float64) float64 { return math.Sqrt(math.Pow(c, 7) / (math.Pow(c, 7) + math.Pow(25, 7))) }
	g := 0.5 * (1 - share((math.Hypot(p.a, p.b)+math.Hypot(q.a, q.b))/2))
	pa, qa := p.a*(1+g), q.a*(1+g)
	pc, qc := math.Hypot(pa, p.b), math.Hypot(qa, q.b)
	ph, qh := hue(pa, p.b), hue(qa, q.b)
	dh, mean := qh-ph, (ph+qh)/2
	switch {
	case pc*qc == 0:
		dh, mean = 0, ph+qh
	case dh > 180:
		dh -= 360
	case dh < -180:
		dh += 360
	}
	if pc*qc != 0 && math.Abs(qh-ph) > 180 {
		mean += 180
	}
	ml, mc := (p.l+q.l)/2, (pc+qc)/2
	cos := func(d float64) float64 { return math.Cos(d * degree) }
	t := 1 - 0.17*cos(mean-30) + 0.24*cos(2*mean) + 0.32*cos(3*mean+6) - 0.20*cos(4*mean-63)
	away := math.Mod(mean, 360) - 275
	rt := -math.Sin(60*degree*math.Exp(-away*away/625)) * 2 * share(mc)
	l := (q.l - p.l) / (1 + 0.015*(ml-50)*(ml-50)/math.Sqrt(20+(ml-50)*(ml-50)))
	c := (qc - pc) / (1 + 0.045*mc)
	h := 2 * math.Sqrt(pc*qc) * math.Sin(dh/2*degree) / (1 + 0.015*mc*t)
	return math.Sqrt(l*l + c*c + h*h + rt*c*h)
}

// Colours all over the sRGB cube, close ones and far ones, against the usual way.
func TestDeltaEMatchesDefinition(t *testing.T) {
	tables, d := newLabTables(), newDeltaE()
	worst := 0.
	for i := range 200_000 {
		p := [3]uint8{uint8(i * 7919), uint8(i * 7919 >> 8), uint8(i * 104729 >> 4)}
		q := [3]uint8{uint8(i * 15485863 >> 3), uint8(i * 15485863 >> 11), uint8(i * 32452843 >> 9)}
		if i%2 == 0 {
			for c := range q {
				q[c] = p[c] + q[c]%5
			}
		}
		x, y := tables.lab(p[0], p[1], p[2]), tables.lab(q[0], q[1], q[2])
		got, want := d.between(&x, &y), deltaEDirect(x, y)
		if away := math.Abs(got - want); away > worst {
			worst = away
		}
		if !(math.Abs(got-want) <= 1e-6*max(1, want)) {
			t.Fatalf("%v and %v: got %.9f, want %.9f", p, q, got, want)
		}
	}
	t.Logf("largest deviation %.2g", worst)
}

func TestLab(t *testing.T) {
	tables := newLabTables()
	for v := 0.; v <= 1; v += 1. / 65536 {
		want := 7.787*v + 16./116
		if v > labLinear {
			want = math.Cbrt(v)
		}
		if got := tables.f(v); math.Abs(got-want) > 2e-12 {
			t.Fatalf("f(%v): got %v, want %v", v, got, want)
		}
	}
	// L*a*b* of the primaries, as tables of colour spaces have them.
	for _, c := range []struct {
		r, g, b uint8
		want    lab
	}{{255, 0, 0, lab{53.24, 80.09, 67.20}}, {0, 255, 0, lab{87.73, -86.18, 83.18}}, {0, 0, 255, lab{32.30, 79.19, -107.86}}} {
		got := tables.lab(c.r, c.g, c.b)
		if math.Abs(got.l-c.want.l) > 0.02 || math.Abs(got.a-c.want.a) > 0.02 || math.Abs(got.b-c.want.b) > 0.02 {
			t.Errorf("%d, %d, %d: got %v, want %v", c.r, c.g, c.b, got, c.want)
		}
	}
}
