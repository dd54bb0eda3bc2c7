package refine

import (
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/nn"
)

// places is what may differ from position to position.
type places struct {
	units   []float32    // by quality of the map: what a latent's unit is to the synthesis
	weights []float32    // by quality of the map: of squared errors
	unit    []float32    // the same by position of the outer region
	levels  *nn.LevelMap // of the outer region; nil where there is no map
}

// begin takes what a problem says of its qualities.
func (q *places) begin(p *Problem) {
	q.levels, q.units, q.weights = nil, q.units[:0], q.weights[:0]
	if p.Map == nil {
		return
	}
	for i, gain := range p.Map.Gains(p.Levels) {
		q.units = append(q.units, 1/gain)
		q.weights = append(q.weights, float32(latent.Lambda(p.Map.Q[i])/p.Lambda))
	}
}

// enter makes the positions of a region those of unit and levels.
func (q *places) enter(p *Problem, r latent.Region) {
	q.unit = grow(q.unit, wide(r)*high(r))
	if p.Map == nil {
		for i := range q.unit {
			q.unit[i] = 1 / p.Gain
		}
		return
	}
	q.levels = crop(p, r)
	for i, at := range q.levels.Index {
		q.unit[i] = q.units[at]
	}
}

// crop is a region's part of the map; nil where there is none.
func crop(p *Problem, r latent.Region) *nn.LevelMap {
	if p.Map == nil {
		return nil
	}
	m := &nn.LevelMap{H: high(r), W: wide(r)}
	for _, q := range p.Map.Q {
		m.Levels = append(m.Levels, p.Levels.At(q))
	}
	for y := r.Y0; y < r.Y1; y++ {
		m.Index = append(m.Index, p.Map.Index[y*p.Layout.Wide+r.X0:y*p.Layout.Wide+r.X1]...)
	}
	return m
}

// weigher returns the weights of squared errors of a row of pixels, by column; scale is how
// many pixels a position covers.
func (q *places) weigher(p *Problem, y, scale int) func(x int) float32 {
	if p.Map == nil {
		return func(int) float32 { return 1 }
	}
	index := p.Map.Index[y/scale*p.Layout.Wide:]
	return func(x int) float32 { return q.weights[index[x/scale]] }
}
