package klt

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"codecworkbench/codecs"
	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/picture"
	"codecworkbench/codecs/transform"
)

// errDamaged marks a stream that this codec did not write like that.
var errDamaged = errors.New("damaged klt file")

// opened is a stream with its header read and checked.
type opened struct {
	model  *model
	planes int
	step   float32
	wide   int // blocks
	spans  []span
	data   [][]byte // of the slices
}

// open checks a stream and finds its model.
func (c *Codec) open(s *codecs.Stream) (*opened, error) {
	if err := picture.CheckSize(s.Width, s.Height); err != nil {
		return nil, fmt.Errorf("%w: %w", errDamaged, err)
	}
	header, ok := s.Section(sectionHeader, 0)
	if !ok || len(header) != headerBytes {
		return nil, fmt.Errorf("%w: its header is missing or not %d bytes long", errDamaged, headerBytes)
	}
	if header[0]&^flagGray != 0 || int(header[1]) > qMax*qUnit {
		return nil, fmt.Errorf("%w: unknown flags %#x or quality %d", errDamaged, header[0], header[1])
	}
	m, err := c.models.Find(s.Model)
	if err != nil {
		return nil, err
	}
	f := &opened{model: m, planes: planes, step: baseStep(int(header[1])),
		wide: pad(s.Width) / transform.Block, spans: spans(pad(s.Height) / transform.Block)}
	if header[0]&flagGray != 0 {
		f.planes = 1
	}
	for i := range f.spans {
		data, ok := s.Section(sectionSlice, uint64(i))
		if !ok {
			return nil, fmt.Errorf("%w: slice %d of %d is missing or damaged", errDamaged, i, len(f.spans))
		}
		f.data = append(f.data, data)
	}
	return f, nil
}

// slice decodes the coefficients of one slice, in steps; with dcOnly those that DC
// alone tells.
func (f *opened) slice(ctx context.Context, i int, dcOnly bool, tick func()) (*coefficients, error) {
	out := newCoefficients(f.planes, f.wide*f.spans[i].high)
	d := &decoder{m: f.model, in: entropy.NewDecoder(f.data[i]), out: &out}
	var c symbols = d
	if dcOnly {
		c = &previewer{d}
	}
	if err := newWalker(f.model, f.planes, f.wide, f.spans[i].high).walk(ctx, c, tick); err != nil {
		return nil, fmt.Errorf("slice %d: %w", i, err)
	}
	return &out, nil
}

// previewer reads DC and takes every other coefficient to be what is predicted.
type previewer struct{ *decoder }

func (v *previewer) code(plane, block, k, table int, pred int32) int32 {
	if k == 0 {
		return v.decoder.code(plane, block, k, table, pred)
	}
	v.out[plane][block*coefs+k] = float32(pred) / recUnit
	return 0
}

// meter counts rows of blocks and reports them.
type meter struct {
	done  atomic.Int64
	total int
	on    func(codecs.Progress)
}

func newMeter(total int, on func(codecs.Progress)) *meter { return &meter{total: total, on: on} }

func (m *meter) tick() { codecs.Report(m.on, int(m.done.Add(1)), m.total) }
