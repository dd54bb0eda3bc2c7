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
	data   [][]byte // of the slices; nil: lost
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
	return f, f.findSlices(s)
}

// findSlices finds the slices' payloads. A damaged one counts as lost; a missing one is
// an error.
func (f *opened) findSlices(s *codecs.Stream) error {
	f.data = make([][]byte, len(f.spans))
	seen := make([]bool, len(f.spans))
	for _, sec := range s.Sections {
		if sec.Kind != sectionSlice || sec.Part >= uint64(len(f.spans)) || seen[sec.Part] {
			continue
		}
		seen[sec.Part] = true
		if !sec.Damaged {
			f.data[sec.Part] = append([]byte{}, sec.Payload...)
		}
	}
	for i, ok := range seen {
		if !ok {
			return fmt.Errorf("%w: slice %d of %d is missing", errDamaged, i, len(f.spans))
		}
	}
	return nil
}

// slice decodes the coefficients of one slice, in steps; with UpTo 1 those that DC alone
// tells. Those of a lost slice are 0.
func (f *opened) slice(ctx context.Context, i int, o codecs.DecodeOptions, tick func()) (*coefficients, error) {
	edits, err := f.edits(o.Edits, f.spans[i])
	if err != nil {
		return nil, err
	}
	out := newCoefficients(f.planes, f.wide*f.spans[i].high)
	if f.data[i] == nil {
		for range f.spans[i].high {
			tick()
		}
		return &out, ctx.Err()
	}
	d := &decoder{m: f.model, in: entropy.NewDecoder(f.data[i]), out: &out}
	var c symbols = d
	if o.UpTo == 1 {
		c = &previewer{d}
	}
	if edits != nil {
		c = &editor{c, &out, edits}
	}
	if err := newWalker(f.model, f.planes, f.wide, f.spans[i].high).walk(ctx, c, tick); err != nil {
		return nil, fmt.Errorf("slice %d: %w", i, err)
	}
	out.leaveOut(o.Off)
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
