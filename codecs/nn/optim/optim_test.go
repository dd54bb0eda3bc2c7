package optim

import (
	"math"
	"testing"
)

// reference is Adam as its paper writes it, in float64.
type reference struct {
	m, v, x []float64
	t       int
}

func (r *reference) step(g []float64, rate, b1, b2, eps float64) {
	r.t++
	for i := range g {
		r.m[i] = b1*r.m[i] + (1-b1)*g[i]
		r.v[i] = b2*r.v[i] + (1-b2)*g[i]*g[i]
		m := r.m[i] / (1 - math.Pow(b1, float64(r.t)))
		v := r.v[i] / (1 - math.Pow(b2, float64(r.t)))
		r.x[i] -= rate * m / (math.Sqrt(v) + eps)
	}
}

func TestAdamFollowsThePaper(t *testing.T) {
	p := &Param{Name: "x", Data: []float32{1, -2, 3}, Grad: make([]float32, 3)}
	a, err := NewAdam([]*Param{p}, AdamOptions{Beta1: 0.8, Beta2: 0.95})
	if err != nil {
		t.Fatal(err)
	}
	r := &reference{m: make([]float64, 3), v: make([]float64, 3), x: []float64{1, -2, 3}}
	for step := range 50 {
		g := make([]float64, 3)
		for i, x := range r.x {
			g[i] = 2*x + math.Sin(float64(step+i))
			p.Grad[i] = float32(g[i])
		}
		r.step(g, 0.05, 0.8, 0.95, 1e-8)
		a.Step(0.05)
	}
	for i, x := range r.x {
		if math.Abs(x-float64(p.Data[i])) > 1e-5 {
			t.Errorf("element %d is %g, the paper's formula gives %g", i, p.Data[i], x)
		}
	}
	if a.Steps() != 50 {
		t.Errorf("%d steps counted of 50", a.Steps())
	}
	a.Restart()
	before := p.Data[0]
	p.Grad[0] = 1e-3
	a.Step(0.5)
	if math.Abs(float64(before-p.Data[0])-0.5) > 1e-3 {
		t.Errorf("first step after a restart is %g, expected the rate 0.5", before-p.Data[0])
	}
}

func TestAdamFindsAMinimum(t *testing.T) {
	p := &Param{Data: []float32{5, -4}, Grad: make([]float32, 2)}
	a, _ := NewAdam([]*Param{p}, AdamOptions{})
	s := Schedule{Base: 0.3, Warmup: 10, Steps: 400}
	for i := range 400 {
		x, y := p.Data[0], p.Data[1]
		p.Grad[0], p.Grad[1] = 2*(x-1)+0.5*(y-2), 20*(y-2)+0.5*(x-1)
		a.Step(s.At(i))
	}
	if math.Abs(float64(p.Data[0]-1)) > 1e-3 || math.Abs(float64(p.Data[1]-2)) > 1e-3 {
		t.Errorf("ended at %v, the minimum is at 1, 2", p.Data)
	}
}

func TestBoundedParameters(t *testing.T) {
	p := &Param{Data: []float32{0.5, 0.5, 1}, Grad: []float32{1, -1, 1}, Bounded: true, Lower: 0.5}
	a, _ := NewAdam([]*Param{p}, AdamOptions{})
	a.Step(0.1)
	if p.Data[0] != 0.5 || p.Grad[0] != 0 {
		t.Errorf("an element at its bound went to %g with gradient %g", p.Data[0], p.Grad[0])
	}
	if math.Abs(float64(p.Data[1])-0.6) > 1e-5 {
		t.Errorf("an inward gradient moved to %g, expected 0.6", p.Data[1])
	}
	for range 20 {
		p.Grad[2] = 1
		a.Step(0.1)
	}
	if p.Data[2] != 0.5 {
		t.Errorf("an element fell to %g, its bound is 0.5", p.Data[2])
	}
}

func TestWeightDecay(t *testing.T) {
	p := &Param{Data: []float32{2}, Grad: []float32{0}}
	a, _ := NewAdam([]*Param{p}, AdamOptions{Decay: 0.1})
	a.Step(0.5)
	if math.Abs(float64(p.Data[0])-1.9) > 1e-6 {
		t.Errorf("decayed to %g, expected 2 (1 - 0.5 0.1) = 1.9", p.Data[0])
	}
}

func TestAdamRefuses(t *testing.T) {
	ok := []*Param{{Data: make([]float32, 2), Grad: make([]float32, 2)}}
	if _, err := NewAdam(ok, AdamOptions{Beta1: 1}); err == nil {
		t.Error("beta 1 passed")
	}
	if _, err := NewAdam(nil, AdamOptions{}); err == nil {
		t.Error("no parameters passed")
	}
	if _, err := NewAdam([]*Param{{Data: make([]float32, 2)}}, AdamOptions{}); err == nil {
		t.Error("a missing gradient passed")
	}
	if _, err := NewEMA(ok, 1); err == nil {
		t.Error("a moving average with decay 1 passed")
	}
}

func TestClip(t *testing.T) {
	a := &Param{Grad: []float32{3, 0}}
	b := &Param{Grad: []float32{4}}
	params := []*Param{a, b}
	if n := Clip(params, 10); n != 5 || a.Grad[0] != 3 {
		t.Errorf("norm %g, gradient %g; expected 5 and 3 as it was", n, a.Grad[0])
	}
	if n := Clip(params, 1); n != 5 || math.Abs(Norm(params)-1) > 1e-6 || math.Abs(float64(b.Grad[0])-0.8) > 1e-6 {
		t.Errorf("norm %g, then %g, gradient %g", n, Norm(params), b.Grad[0])
	}
	b.Grad[0] = float32(math.Inf(1))
	if n := Clip(params, 1); !math.IsInf(n, 1) || math.IsNaN(float64(a.Grad[0])) {
		t.Errorf("an infinite gradient gives norm %g and changes others to %g", n, a.Grad[0])
	}
	Zero(params)
	if Norm(params) != 0 {
		t.Error("gradients left after Zero")
	}
}

func TestSchedule(t *testing.T) {
	s := Schedule{Base: 2, Final: 0.5, Warmup: 4, Hold: 10, Steps: 20}
	for step, want := range map[int]float64{0: 0.5, 3: 2, 4: 2, 9: 2, 10: 2, 15: 1.25, 20: 0.5, 1000: 0.5} {
		if got := s.At(step); math.Abs(got-want) > 1e-12 {
			t.Errorf("step %d has rate %g, expected %g", step, got, want)
		}
	}
	last := math.Inf(1)
	for step := 10; step <= 20; step++ {
		if r := s.At(step); r > last {
			t.Errorf("rate rises to %g at step %d", r, step)
		} else {
			last = r
		}
	}
}

func TestEMA(t *testing.T) {
	p := &Param{Data: []float32{0}, Grad: []float32{0}}
	params := []*Param{p}
	e, err := NewEMA(params, 0.9)
	if err != nil {
		t.Fatal(err)
	}
	want := 0.0
	for i := range 200 {
		p.Data[0] = float32(i)
		d := min(0.9, float64(i+2)/float64(i+11))
		want = d*want + (1-d)*float64(i)
		e.Update()
	}
	e.Swap()
	if math.Abs(float64(p.Data[0])-want) > 1e-3 {
		t.Errorf("average %g, expected %g", p.Data[0], want)
	}
	e.Swap()
	if p.Data[0] != 199 {
		t.Errorf("second swap gives %g, expected the last value 199", p.Data[0])
	}
}

func TestStepsDoNotAllocate(t *testing.T) {
	p := []*Param{{Data: make([]float32, 100), Grad: make([]float32, 100), Bounded: true}}
	a, _ := NewAdam(p, AdamOptions{})
	e, _ := NewEMA(p, 0.99)
	if n := testing.AllocsPerRun(10, func() { Clip(p, 1); a.Step(0.1); e.Update(); Zero(p) }); n != 0 {
		t.Errorf("%g allocations a step", n)
	}
}

// BenchmarkAdamIdle is a step of parameters whose gradients have long been zero.
func BenchmarkAdamIdle(b *testing.B) {
	const n = 1 << 16
	p := []*Param{{Data: make([]float32, n), Grad: make([]float32, n)}}
	a, _ := NewAdam(p, AdamOptions{})
	for i := range p[0].Grad {
		p[0].Grad[i] = 1e-3
	}
	a.Step(1e-4)
	Zero(p)
	for range 2000 {
		a.Step(1e-4)
	}
	b.SetBytes(4 * n)
	for b.Loop() {
		a.Step(1e-4)
	}
}

func BenchmarkAdam(b *testing.B) {
	const n = 1 << 20
	p := []*Param{{Data: make([]float32, n), Grad: make([]float32, n)}}
	a, _ := NewAdam(p, AdamOptions{})
	b.SetBytes(4 * n)
	for b.Loop() {
		a.Step(1e-4)
	}
}
