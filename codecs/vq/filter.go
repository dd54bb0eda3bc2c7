package vq

import (
	"context"
	"fmt"
	"math"

	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/nn/safetensors"
)

// The loop-free restoration filter: after all codewords are added, each sample moves
// towards its neighbours by weights that were fitted by least squares on training
// pictures, one set for each kind of place (after the adaptive loop filter of VVC, Tsai
// et al. 2013; weights come from the model, not the stream). It hides the edges of
// blocks and sharpens what quantization blurred.

// tap is a neighbour and, by symmetry, the one opposite.
type tap struct{ dx, dy int }

// diamond lists one half of the 7 x 7 diamond, centre left out.
var diamond = func() (t []tap) {
	for dy := -3; dy <= 0; dy++ {
		for dx := -3; dx <= 3; dx++ {
			if (dy < 0 || dx < 0) && dx*dx+dy*dy > 0 && max(dx, -dx)-dy <= 3 {
				t = append(t, tap{dx, dy})
			}
		}
	}
	return t
}()

const (
	filterTaps   = 12
	filterReach  = 3 // samples
	filterLevels = 6 // classes of activity
	filterTurns  = 5 // no direction, horizontal, vertical, two diagonals
	filterPlaces = filterLevels * filterTurns * 2
	filterCell   = 4 // samples that share activity and direction, along each side
)

// filterSet holds the weights by band of quality, plane and place.
type filterSet [bands][3][filterPlaces][filterTaps]float32

// places classifies the samples of one plane.
type places struct {
	cells []uint8 // by cell: activity and direction
	w     int     // in cells
	edge  []uint8 // by sample: 1 next to the border of a coded block
}

// classify finds every cell's activity and direction from second differences, in
// units of the quantizer's step.
func classify(ctx context.Context, p plane, step float32, edge []uint8) (*places, error) {
	out := &places{w: p.w / filterCell, cells: make([]uint8, p.w/filterCell*(p.h/filterCell)), edge: edge}
	err := kernel.Parallel(ctx, p.h/filterCell, func() func(int) {
		return func(cy int) {
			for cx := range out.w {
				out.cells[cy*out.w+cx] = cellPlace(p, cx*filterCell, cy*filterCell, step)
			}
		}
	})
	return out, err
}

// cellPlace classifies the cell at (x, y) from a window one sample larger.
func cellPlace(p plane, x, y int, step float32) uint8 {
	var h, v, a, b float32
	for r := y - 1; r <= y+filterCell; r++ {
		if r < 1 || r >= p.h-1 {
			continue
		}
		up, row, down := p.v[(r-1)*p.w:r*p.w], p.v[r*p.w:(r+1)*p.w], p.v[(r+1)*p.w:(r+2)*p.w]
		// Every other sample is enough, as in VVC.
		for c := max(x-1+(r&1), 1); c <= min(x+filterCell, p.w-2); c += 2 {
			m := 2 * row[c]
			h += magnitude(m - row[c-1] - row[c+1])
			v += magnitude(m - up[c] - down[c])
			a += magnitude(m - up[c-1] - down[c+1])
			b += magnitude(m - up[c+1] - down[c-1])
		}
	}
	level := 0
	for t := 0.15 * step * 18; h+v > t && level < filterLevels-1; t *= 1.8 {
		level++
	}
	turn := 0
	switch straight, slanted := max(h, v)/(min(h, v)+0.01*step), max(a, b)/(min(a, b)+0.01*step); {
	case max(straight, slanted) < 1.6:
	case straight >= slanted && h > v:
		turn = 1
	case straight >= slanted:
		turn = 2
	case a > b:
		turn = 3
	default:
		turn = 4
	}
	return uint8((level*filterTurns + turn) * 2)
}

// magnitude clears the sign bit: signs are random here, and a branch would often be
// predicted wrongly.
func magnitude(v float32) float32 {
	return math.Float32frombits(math.Float32bits(v) &^ (1 << 31))
}

// at returns the place of a sample.
func (s *places) at(x, y int, w int) int {
	return int(s.cells[y/filterCell*s.w+x/filterCell]) + int(s.edge[y*w+x])
}

// apply returns a filtered copy of a plane. Samples within reach of the plane's
// border take their neighbours from the border.
func (f *filterSet) apply(ctx context.Context, p plane, s *places, band, index int) (plane, error) {
	out := newPlane(p.w, p.h)
	weights := &f[band][index]
	offsets := make([]int, filterTaps)
	for i, t := range diamond {
		offsets[i] = t.dy*p.w + t.dx
	}
	err := kernel.Parallel(ctx, p.h, func() func(int) {
		return func(y int) {
			inside := y >= filterReach && y < p.h-filterReach
			for x := range p.w {
				at := y*p.w + x
				w := &weights[s.at(x, y, p.w)]
				v := p.v[at]
				sum := v
				if inside && x >= filterReach && x < p.w-filterReach {
					for i, o := range offsets {
						sum += w[i] * (p.v[at+o] + p.v[at-o] - 2*v)
					}
				} else {
					for i, t := range diamond {
						sum += w[i] * (p.near(x+t.dx, y+t.dy) + p.near(x-t.dx, y-t.dy) - 2*v)
					}
				}
				out.v[at] = sum
			}
		}
	})
	return out, err
}

// near returns the sample nearest to a position.
func (p plane) near(x, y int) float32 {
	return p.v[min(max(y, 0), p.h-1)*p.w+min(max(x, 0), p.w-1)]
}

// restore filters all planes of a decoded picture.
func (f *filterSet) restore(ctx context.Context, out *planes, edges [2][]uint8, c *coded) error {
	for i := range c.planes() {
		kind := min(i, 1)
		s, err := classify(ctx, out.p[i], c.steps().gain[kind], edges[kind])
		if err != nil {
			return err
		}
		if out.p[i], err = f.apply(ctx, out.p[i], s, bandOf(c.q10), i); err != nil {
			return err
		}
	}
	return nil
}

// filterFit accumulates the normal equations of the weights.
type filterFit [bands][3][filterPlaces]normal

type normal struct {
	n int
	a [filterTaps][filterTaps]float64
	b [filterTaps]float64
}

// add takes in a decoded plane and its original.
func (f *filterFit) add(got, want plane, s *places, band, index int) {
	var d [filterTaps]float64
	for y := filterReach; y < got.h-filterReach; y++ {
		for x := filterReach; x < got.w-filterReach; x++ {
			at := y*got.w + x
			v := got.v[at]
			for i, t := range diamond {
				o := t.dy*got.w + t.dx
				d[i] = float64(got.v[at+o] + got.v[at-o] - 2*v)
			}
			e := float64(want.v[at] - v)
			m := &f[band][index][s.at(x, y, got.w)]
			m.n++
			for i := range d {
				for k := i; k < filterTaps; k++ {
					m.a[i][k] += d[i] * d[k]
				}
				m.b[i] += d[i] * e
			}
		}
	}
}

// solve returns the least-squares weights; places with few samples keep theirs at 0.
func (f *filterFit) solve() *filterSet {
	out := &filterSet{}
	for band := range f {
		for index := range f[band] {
			for place := range f[band][index] {
				if m := &f[band][index][place]; m.n >= 2000 {
					out[band][index][place] = m.solve()
				}
			}
		}
	}
	return out
}

// solve uses a Cholesky factorization, with a little weight on small solutions.
func (m *normal) solve() (w [filterTaps]float32) {
	trace := 0.0
	for i := range m.a {
		trace += m.a[i][i]
	}
	ridge := 1e-4*trace/filterTaps + 1e-9
	var l [filterTaps][filterTaps]float64
	for i := range l {
		for k := range i + 1 {
			sum := m.a[k][i]
			if i == k {
				sum += ridge
			}
			for j := range k {
				sum -= l[i][j] * l[k][j]
			}
			if i != k {
				l[i][k] = sum / l[k][k]
				continue
			}
			if sum <= 0 {
				return w
			}
			l[i][i] = math.Sqrt(sum)
		}
	}
	var y [filterTaps]float64
	for i := range y {
		y[i] = m.b[i]
		for k := range i {
			y[i] -= l[i][k] * y[k]
		}
		y[i] /= l[i][i]
	}
	for i := filterTaps - 1; i >= 0; i-- {
		for k := i + 1; k < filterTaps; k++ {
			y[i] -= l[k][i] * y[k]
		}
		y[i] /= l[i][i]
		w[i] = float32(y[i])
	}
	return w
}

// store writes the weights to a model file.
func (f *filterSet) store(file *safetensors.File) {
	var flat []float32
	for band := range f {
		for index := range f[band] {
			for place := range f[band][index] {
				flat = append(flat, f[band][index][place][:]...)
			}
		}
	}
	file.Tensors["filter"] = safetensors.Of(flat, bands, 3, filterPlaces, filterTaps)
}

// loadFilters is the inverse of store; a model without filters gives nil.
func loadFilters(file *safetensors.File) (*filterSet, error) {
	if _, ok := file.Tensors["filter"]; !ok {
		return nil, nil
	}
	t, err := file.Get("filter", safetensors.F32, bands, 3, filterPlaces, filterTaps)
	if err != nil {
		return nil, err
	}
	flat, err := safetensors.Values[float32](t)
	if err != nil {
		return nil, err
	}
	f := &filterSet{}
	for band := range f {
		for index := range f[band] {
			for place := range f[band][index] {
				w := &f[band][index][place]
				flat = flat[copy(w[:], flat):]
				for _, v := range w {
					if !(v > -100 && v < 100) {
						return nil, fmt.Errorf("%w: a filter weight of %g", safetensors.ErrFormat, v)
					}
				}
			}
		}
	}
	return f, nil
}
