package walloc

import (
	"context"
	"fmt"

	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/nn/safetensors"
)

// What enters a symbol's context: see contexts.
const (
	predictors     = 3 // left, above, above left
	around         = 4 // these and above right
	channelsBefore = 3
	features       = around + channelsBefore
	weightShift    = 6 // of weights
)

// contexts is what our own entropy coder knows, in rows that lie evenly from the lowest
// rate level to the highest, for each channel. A symbol is predicted from its neighbours
// left, above and above left, by weights; what is coded is the distance from that. The
// magnitudes of distances around it, and of those in the channels before at the same place,
// make up its activity, by other weights, and bounds on activity choose one of the
// channel's tables: the more that happens around it, the wider. Everything is integers.
type contexts struct {
	channels, classes int
	predict           []int16 // [rows, channels, predictors]
	activity          []int16 // [rows, channels, features], not negative
	bounds            []int32 // [rows, channels, classes-1], rising
	tables            latent.Tables
}

// Limits, under which sums stay within 32 bits.
const (
	maxClasses = 64
	maxWeight  = 1 << 10
)

// loadContexts reads the tensors context.* and y.* of a model file.
func loadContexts(f *safetensors.File, channels, levels int) (contexts, error) {
	c := contexts{channels: channels}
	bounds, err := f.Get("context.bounds", safetensors.I32, -1, channels, -1)
	if err != nil {
		return c, err
	}
	rows := bounds.Shape[0]
	c.classes = bounds.Shape[2] + 1
	if c.classes > maxClasses || rows < 1 || rows > maxClasses*levels {
		return c, fmt.Errorf("%w: %d rows of %d classes of contexts", latent.ErrModel, rows, c.classes)
	}
	if c.bounds, err = safetensors.Values[int32](bounds); err != nil {
		return c, err
	}
	if c.predict, err = weights(f, "context.predict", -maxWeight, rows, channels, predictors); err != nil {
		return c, err
	}
	if c.activity, err = weights(f, "context.activity", 0, rows, channels, features); err != nil {
		return c, err
	}
	if c.tables, err = latent.LoadTables(f, "y", channels*c.classes); err != nil {
		return c, err
	}
	if c.tables.Rows != rows {
		return c, fmt.Errorf("%w: tables of y in %d rows, contexts in %d", latent.ErrModel, c.tables.Rows, rows)
	}
	return c, nil
}

// weights reads a tensor of numbers from least to maxWeight.
func weights(f *safetensors.File, name string, least int16, shape ...int) ([]int16, error) {
	t, err := f.Get(name, safetensors.I16, shape...)
	if err != nil {
		return nil, err
	}
	v, err := safetensors.Values[int16](t)
	for _, w := range v {
		if w < least || w > maxWeight {
			return nil, fmt.Errorf("%w: a weight of %d in %s, %d to %d are allowed", latent.ErrModel, w, name, least, maxWeight)
		}
	}
	return v, err
}

// walker goes through the symbols of a region in the order of coding.
type walker struct {
	*contexts
	grid
	r       latent.Region
	row     int     // of contexts
	above   []int16 // magnitudes of distances by position of the region and channel, with a margin of a position on either side
	current []int16 // of the row that is being coded
	last    int     // that row
	code    func(at, table, prediction int) (distance int)
}

// newWalker returns a walker whose code is called for each symbol, number at: it codes or
// reads the distance from a prediction by a table, puts the symbol in its place, and
// returns its distance from the prediction.
func (m *model) newWalker(g grid, r latent.Region, q int, code func(at, table, prediction int) int) *walker {
	n := (r.X1 - r.X0 + 2) * m.channels
	return &walker{contexts: &m.contexts, grid: g, r: r, row: m.levels.Row(q, m.contexts.tables.Rows),
		above: make([]int16, n), current: make([]int16, n), last: r.Y0, code: code}
}

// position codes all channels at x, y.
func (w *walker) position(x, y int) {
	if y != w.last {
		w.above, w.current, w.last = w.current, w.above, y
	}
	n := w.channels
	at, cell := (y*w.Wide+x)*n, (x-w.r.X0+1)*n
	left, above := at-n, at-w.Wide*n
	corner := above - n
	switch {
	case x == w.r.X0 && y == w.r.Y0:
		left, above, corner = -1, -1, -1
	case x == w.r.X0:
		left, corner = above, above
	case y == w.r.Y0:
		above, corner = left, left
	}
	for c := range n {
		k := w.row*n + c
		prediction := 0
		if left >= 0 {
			p := w.predict[k*predictors:][:predictors]
			sum := int(p[0])*int(w.symbols[left+c]) + int(p[1])*int(w.symbols[above+c]) + int(p[2])*int(w.symbols[corner+c])
			prediction = (sum + 1<<weightShift>>1) >> weightShift
		}
		d := w.code(at+c, k*w.classes+w.class(k, cell, c), prediction)
		w.current[cell+c] = int16(max(d, -d))
	}
}

// class chooses among a channel's tables.
func (w *walker) class(k, cell, c int) int {
	n, i := w.channels, cell+c
	v := w.activity[k*features:][:features]
	a := int32(v[0])*int32(w.current[i-n]) + int32(v[1])*int32(w.above[i]) + int32(v[2])*int32(w.above[i-n]) + int32(v[3])*int32(w.above[i+n])
	for b := 1; b <= min(c, channelsBefore); b++ {
		a += int32(v[around+b-1]) * int32(w.current[i-b])
	}
	bounds := w.bounds[k*(w.classes-1):][:w.classes-1]
	class := 0
	for class < len(bounds) && bounds[class] <= a {
		class++
	}
	return class
}

// writeOwn codes a region.
func (m *model) writeOwn(ctx context.Context, g grid, r latent.Region, q int, tick func()) ([]byte, error) {
	out := entropy.NewEncoder()
	w := m.newWalker(g, r, q, func(at, table, prediction int) int {
		d := int(g.symbols[at]) - prediction
		m.contexts.tables.Set.At(table).Encode(out, d)
		return d
	})
	err := r.Each(ctx, nil, tick, w.position)
	return out.Bytes(), err
}

// readOwn decodes a region into its symbols.
func (m *model) readOwn(ctx context.Context, payload []byte, g grid, r latent.Region, q int, tick func()) error {
	in := entropy.NewDecoder(payload)
	w := m.newWalker(g, r, q, func(at, table, prediction int) int {
		d := latent.Clamp(m.contexts.tables.Set.At(table).Decode(in))
		g.symbols[at] = m.compander.clamp(prediction + d)
		return int(g.symbols[at]) - prediction
	})
	return r.Each(ctx, in, tick, w.position)
}
