package refine

import (
	"context"
	"math"

	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/grad"
	"codecworkbench/codecs/nn/kernel"
)

// state is the descent in one window. Slices of the inner region have its rows one after the
// other, and so have those of the outer region.
type state struct {
	d     *Decoder
	p     *Problem
	pass  *grad.Pass // of the synthesis
	rates []Rate
	errK  float32 // J of a squared error of samples 0..1

	window
	places
	alone []float32 // by channel: second derivative of J's error by a latent
	curve []float32 // by channel: the same with what moves beside it, up to bound
	bound float32   // times a channel's curve, what steps expect
	best  float64   // J of the symbols in Y

	// Of the inner region:
	mean    []float32
	table   []int16
	u       []float32 // expected symbols
	before  []float32 // u one iteration earlier
	point   []float32 // where the gradient is taken
	lastAt  []float32 // the last such point
	last    []float32 // its gradient
	symbols []int16   // rounded u
	looks   int       // gradients taken

	// Of the outer region:
	in   []float32 // what the synthesis reads
	grad []float32 // derivative of J's error by in

	samples []float32    // what a map makes of the synthesis' output, where there is one
	pixels  []float32    // derivative of J's error by the synthesis' output
	partial [][3]float64 // sums by row
}

func newState(d *Decoder) *state {
	return &state{d: d, pass: d.synthesis.NewPass()}
}

// state is memory of an earlier run, if there is any, for a problem.
func (d *Decoder) state(p *Problem) *state {
	s, ok := d.states.Get().(*state)
	if !ok {
		s = newState(d)
	}
	s.begin(p)
	return s
}

// end gives the memory back.
func (s *state) end() {
	s.p = nil
	s.d.states.Put(s)
}

// begin makes a problem the state's.
func (s *state) begin(p *Problem) {
	s.p, s.rates, s.curve = p, NewRates(p.Tables), nil
	s.errK = float32(p.Lambda * 255 * 255 / 3)
	s.places.begin(p)
}

// grow returns n elements, in s's memory if that is enough.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// rows does something for each of n rows, on all cores.
func (s *state) rows(ctx context.Context, n int, do func(y int)) error {
	return kernel.Each(ctx, n, func(y int) error {
		do(y)
		return nil
	})
}

// at is where the latents of a row of the inner region begin, in it and in the outer one.
func (s *state) at(y int) (inner, outer int) {
	c := s.d.channels
	return y * wide(s.inner) * c, ((s.inner.Y0-s.outer.Y0+y)*wide(s.outer) + s.inner.X0 - s.outer.X0) * c
}

// size is how many latents a row of the inner region has.
func (s *state) size() int { return wide(s.inner) * s.d.channels }

// enter makes a window the state's, ready for descent.
func (s *state) enter(ctx context.Context, w window) error {
	if err := s.open(ctx, w); err != nil || s.curve != nil {
		return err
	}
	return s.curvatures(ctx)
}

// open takes a window's latents from Y and measures them.
func (s *state) open(ctx context.Context, w window) error {
	s.window, s.looks, s.bound = w, 0, firstBound
	n, c := high(s.inner)*s.size(), s.d.channels
	for _, v := range []*[]float32{&s.mean, &s.u, &s.before, &s.point, &s.lastAt, &s.last} {
		*v = grow(*v, n)
	}
	s.table, s.symbols = grow(s.table, n), grow(s.symbols, n)
	s.in, s.grad = grow(s.in, high(s.outer)*wide(s.outer)*c), grow(s.grad, high(s.outer)*wide(s.outer)*c)
	s.pixels = grow(s.pixels, high(s.outer)*wide(s.outer)*s.d.scale*s.d.scale*3)
	s.partial = grow(s.partial, high(s.outer)*s.d.scale)
	s.places.enter(s.p, s.outer)
	err := s.rows(ctx, high(s.outer), func(y int) {
		for x := range wide(s.outer) {
			means, tables := s.p.At(s.outer.X0+x, s.outer.Y0+y)
			values := s.latents(s.outer.X0+x, s.outer.Y0+y)
			in, unit := s.in[(y*wide(s.outer)+x)*c:][:c], s.unit[y*wide(s.outer)+x]
			for i, v := range values {
				m := float32(means[i]) / MeanUnit
				if !s.p.Skip[tables[i]] {
					m += float32(symbol(v, means[i]))
				}
				in[i] = s.p.value(m) * unit
			}
		}
	})
	if err != nil {
		return err
	}
	if err := s.start(ctx); err != nil {
		return err
	}
	s.best, err = s.cost(ctx)
	return err
}

// latents are Y's at a position.
func (s *state) latents(x, y int) []float32 {
	return s.p.Y.Data[(y*s.p.Y.W+x)*s.p.Y.C:][:s.p.Y.C]
}

// start takes the inner region's latents from Y.
func (s *state) start(ctx context.Context) error {
	c := s.d.channels
	return s.rows(ctx, high(s.inner), func(y int) {
		first, _ := s.at(y)
		for x := range wide(s.inner) {
			means, tables := s.p.At(s.inner.X0+x, s.inner.Y0+y)
			at := first + x*c
			copy(s.table[at:], tables[:c])
			for i, v := range s.latents(s.inner.X0+x, s.inner.Y0+y) {
				s.mean[at+i] = float32(means[i]) / MeanUnit
				n := symbol(v, means[i])
				u := v - s.mean[at+i]
				if !(math.Abs(float64(u-float32(n))) <= 0.5) {
					u = float32(n)
				}
				if s.p.Skip[tables[i]] {
					n, u = 0, 0
				}
				s.u[at+i], s.before[at+i], s.symbols[at+i] = u, u, int16(n)
			}
		}
	})
}

// look sets the point for the next gradient: u, and a share of its last change beyond it.
func (s *state) look(ctx context.Context, momentum float32) {
	c := s.d.channels
	_ = s.rows(ctx, high(s.inner), func(y int) {
		at, outer := s.at(y)
		for i := range s.size() {
			u := s.u[at+i]
			v := u + momentum*(u-s.before[at+i])
			s.before[at+i], s.point[at+i] = u, v
			s.in[outer+i] = s.p.value(v+s.mean[at+i]) * s.unit[(outer+i)/c]
		}
	})
}

// gradient takes that of the error at the point, and learns from it how steep J is.
func (s *state) gradient(ctx context.Context) error {
	if err := s.backward(ctx, s.outside(), s.levels, s.grad, s.errors); err != nil {
		return err
	}
	if s.looks++; s.looks > 1 {
		if err := s.steepness(ctx); err != nil {
			return err
		}
	}
	return s.rows(ctx, high(s.inner), func(y int) {
		at, outer := s.at(y)
		copy(s.last[at:at+s.size()], s.grad[outer:])
		copy(s.lastAt[at:at+s.size()], s.point[at:])
	})
}

// backward runs the synthesis on latents, at their levels where there is a map, has the
// derivatives by its output filled in, and writes those by the latents to back.
func (s *state) backward(ctx context.Context, in nn.Tensor, levels *nn.LevelMap, back []float32, fill func(ctx context.Context, out []float32) error) error {
	out, err := s.pass.Forward(ctx, in, nn.Options{Level: s.p.Level, Map: levels})
	if err != nil {
		return err
	}
	if err := fill(ctx, out.Data); err != nil {
		return err
	}
	to := in
	to.Data = back
	out.Data = s.pixels[:len(out.Data)]
	return s.pass.Back(ctx, to, out)
}

// outside is the outer region's latents as the synthesis reads them.
func (s *state) outside() nn.Tensor {
	return nn.Tensor{H: high(s.outer), W: wide(s.outer), C: s.d.channels, Data: s.in}
}

// steepness sets the bound to what the last two gradients show: their difference against
// the points', both in units in which every channel's curve is 1. A bound that was higher
// falls slowly. Points that lie together show nothing but where the synthesis has kinks.
func (s *state) steepness(ctx context.Context) error {
	n, c := high(s.inner), s.d.channels
	err := s.rows(ctx, n, func(y int) {
		at, outer := s.at(y)
		var sum [3]float64
		for i := range s.size() {
			g, d := float64((s.grad[outer+i]-s.last[at+i])*s.unit[(outer+i)/c]), float64(s.point[at+i]-s.lastAt[at+i])
			d *= float64(s.p.slope(s.point[at+i] + s.mean[at+i]))
			curve := float64(s.curve[i%c])
			sum[0] += d * d * curve
			sum[1] += g * d
			sum[2] += g * g / curve
		}
		s.partial[y] = sum
	})
	var sum [3]float64
	for _, v := range s.partial[:n] {
		for i := range sum {
			sum[i] += v[i]
		}
	}
	s.bound = max(firstBound, s.bound*boundDecay)
	if sum[0] > telling*s.best && sum[1] > 0 {
		s.bound = max(s.bound, float32(sum[2]/sum[1]))
	}
	return err
}

// step moves u to the minimum of what is expected, or, with beta infinite, to an integer.
func (s *state) step(ctx context.Context, beta float32) {
	c, largest := s.d.channels, s.p.largest()
	_ = s.rows(ctx, high(s.inner), func(y int) {
		at, outer := s.at(y)
		for i := range s.size() {
			if s.p.Skip[s.table[at+i]] {
				continue
			}
			r, slope := &s.rates[s.table[at+i]], s.p.slope(s.point[at+i]+s.mean[at+i])
			k, b := s.bound*s.curve[i%c]*slope*slope, beta*s.alone[i%c]*slope*slope
			v := s.point[at+i] - s.grad[outer+i]*s.unit[(outer+i)/c]*slope/k
			v = min(max(v, -largest-s.mean[at+i]), largest-s.mean[at+i])
			if b < k {
				s.u[at+i] = r.soft(v, k, b)
			} else {
				s.u[at+i] = float32(r.hard(v, k))
			}
		}
	})
}
