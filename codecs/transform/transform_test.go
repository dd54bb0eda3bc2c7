package transform

import (
	"math"
	"math/rand/v2"
	"testing"
)

func randomPlane(seed uint64, w, h int) *Plane {
	rng := rand.New(rand.NewPCG(seed, 1))
	p := NewPlane(w, h)
	for i := range p.Pix {
		p.Pix[i] = float32(rng.NormFloat64() * 50)
	}
	return p
}

func distance(a, b []float32) float64 {
	most := 0.0
	for i := range a {
		most = max(most, math.Abs(float64(a[i]-b[i])))
	}
	return most
}

// markov returns the autocovariance of a first-order process, with a little noise.
func markov(rho float64) []float64 {
	r := make([]float64, LapReach)
	for i := range r {
		r[i] = math.Pow(rho, float64(i))
	}
	r[0] += 1e-3
	return r
}

func TestEigenOfKnownMatrix(t *testing.T) {
	values, vectors, err := Eigen([]float64{2, 0, 0, 1, 2, 0, 0, 0, 5}, 3)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{5, 3, 1} {
		if math.Abs(values[i]-want) > 1e-12 {
			t.Errorf("eigenvalue %d is %g, want %g", i, values[i], want)
		}
	}
	h := math.Sqrt(0.5)
	for i, want := range [][]float64{{0, 0, 1}, {h, h, 0}, {h, -h, 0}} {
		for j := range want {
			if math.Abs(vectors[i][j]-want[j]) > 1e-12 {
				t.Errorf("eigenvector %d is %v, want %v", i, vectors[i], want)
				break
			}
		}
	}
	if _, _, err := Eigen([]float64{math.NaN(), 0, 0, 1}, 2); err == nil {
		t.Error("a matrix with NaN has eigenvectors")
	}
}

func TestColourKeepsLengths(t *testing.T) {
	c, err := LearnColour([9]float64{9, 0, 0, 8, 10, 0, 7, 8, 9})
	if err != nil {
		t.Fatal(err)
	}
	if p0, _, _ := c.Apply(1, 1, 1); p0 < 1.7 {
		t.Errorf("white has %.3f of its length 1.732 in channel 0", p0)
	}
	p0, p1, p2 := c.Apply(10, -20, 30)
	if n := float64(p0*p0 + p1*p1 + p2*p2); math.Abs(n-1400) > 0.01 {
		t.Errorf("the squared length of a colour becomes %g, was 1400", n)
	}
	r, g, b := c.Invert(p0, p1, p2)
	if distance([]float32{r, g, b}, []float32{10, -20, 30}) > 1e-4 {
		t.Errorf("a colour comes back as %g %g %g", r, g, b)
	}
}

func TestFoldKeepsEnergyAndInverts(t *testing.T) {
	b := (*[64]float32)(randomPlane(1, 8, 8).Pix)
	var f Folded
	var back [64]float32
	Fold(b, &f)
	Unfold(&f, &back)
	if d := distance(b[:], back[:]); d > 1e-4 {
		t.Errorf("folding and unfolding is off by %g", d)
	}
	in, out := 0.0, 0.0
	for i := range b {
		in += float64(b[i]) * float64(b[i])
	}
	for p := range f {
		for _, v := range f[p] {
			out += float64(v) * float64(v)
		}
	}
	if math.Abs(in-out) > 1e-3*in {
		t.Errorf("energy %g becomes %g", in, out)
	}
}

func TestLearnedBasis(t *testing.T) {
	var m BlockMoments
	rng := rand.New(rand.NewPCG(2, 2))
	for range 500 { // slopes with noise
		a, c, d := rng.NormFloat64()*90, rng.NormFloat64()*30, rng.NormFloat64()*9
		var b [64]float32
		for i := range b {
			b[i] = float32(a + c*(float64(i%8)-3.5) + d*(float64(i/8)-3.5) + rng.NormFloat64()/4)
		}
		m.Add(&b, 1)
	}
	b, err := LearnBasis(&m, nil)
	if err != nil {
		t.Fatal(err)
	}
	if p := b.Parities(); p[0] != 0 || p[1] != 1 || p[2] != 2 {
		t.Errorf("the strongest functions have parities %v, want mean, left-right slope, top-bottom slope", p[:3])
	}
	for j, v := range b.Function(0) {
		if math.Abs(float64(v)-0.125) > 0.01 {
			t.Errorf("function 0 is %g at %d, want the mean's 0.125", v, j)
		}
	}
	block := (*[64]float32)(randomPlane(3, 8, 8).Pix)
	var coef, back [64]float32
	b.Forward(block, &coef)
	b.Inverse(&coef, &back)
	if d := distance(block[:], back[:]); d > 1e-3 {
		t.Errorf("forward and inverse are off by %g", d)
	}
	for k := range 64 {
		sum := 0.0
		for i, v := range b.Function(k) {
			sum += float64(v) * float64(block[i])
		}
		if math.Abs(sum-float64(coef[k])) > 1e-2 {
			t.Errorf("coefficient %d is %g, its function says %g", k, coef[k], sum)
		}
	}
	same, err := NewBasis(b.Rows(), b.Parities())
	if err != nil || *same != *b {
		t.Errorf("a basis changes when it is stored: %v", err)
	}
	if _, err := NewBasis(b.Rows()[1:], b.Parities()); err == nil {
		t.Error("a short basis was accepted")
	}
}

func TestLap(t *testing.T) {
	l, err := LearnLap(markov(0.95))
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range [][2]int{{8, 8}, {8, 24}, {40, 16}} {
		p := randomPlane(4, size[0], size[1])
		want := append([]float32(nil), p.Pix...)
		l.Pre(p)
		if size != [2]int{8, 8} && distance(want, p.Pix) == 0 {
			t.Errorf("%v: the filter does nothing", size)
		}
		l.Post(p)
		if d := distance(want, p.Pix); d > 1e-2 {
			t.Errorf("%v: pre- and post-filter are off by %g", size, d)
		}
	}
	flat := NewPlane(24, 24)
	for i := range flat.Pix {
		flat.Pix[i] = 7
	}
	l.Pre(flat)
	if d := distance(flat.Pix, randomFlat(24*24, 7)); d > 1e-4 {
		t.Errorf("a flat plane changes by %g", d)
	}
	if _, err := NewLap([16]float64{}); err == nil {
		t.Error("a filter that can't be inverted was accepted")
	}
	if _, err := LearnLap(nil); err == nil {
		t.Error("no autocovariance was accepted")
	}
}

func randomFlat(n int, v float32) []float32 {
	out := make([]float32, n)
	for i := range out {
		out[i] = v
	}
	return out
}

// TestLapCodingGain holds the learned filter to what the literature reports for
// rho = 0.95: 8.83 dB for the plain block transform, 9.2 and more with lapping (Tran,
// Liang and Tu 2003, table II: 9.25 to 9.62).
func TestLapCodingGain(t *testing.T) {
	r := markov(0.95)
	r[0] = 1
	gain := func(l *Lap) float64 { return -10 / math.Ln10 * lapCost(symmetric(r), wide(l)) }
	identity, err := NewLap([16]float64{0: 1, 5: 1, 10: 1, 15: 1})
	if err != nil {
		t.Fatal(err)
	}
	if g := gain(identity); math.Abs(g-8.83) > 0.03 {
		t.Errorf("the block transform alone gains %.2f dB, the literature says 8.83", g)
	}
	l, err := LearnLap(r)
	if err != nil {
		t.Fatal(err)
	}
	if g := gain(l); g < 9.4 || g > 9.7 {
		t.Errorf("the learned filter gains %.2f dB", g)
	}
}

func wide(l *Lap) (v [16]float64) {
	for i, x := range l.Matrix() {
		v[i] = float64(x)
	}
	return v
}

func BenchmarkForward(b *testing.B) {
	var m BlockMoments
	m.Add((*[64]float32)(randomPlane(5, 8, 8).Pix), 1)
	basis, err := LearnBasis(&m, nil)
	if err != nil {
		b.Fatal(err)
	}
	block := (*[64]float32)(randomPlane(6, 8, 8).Pix)
	var coef [64]float32
	b.SetBytes(64)
	for b.Loop() {
		basis.Forward(block, &coef)
	}
}
