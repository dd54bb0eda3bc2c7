package vq

import (
	"context"
	"errors"
	"fmt"

	"codecworkbench/codecs"
	"codecworkbench/codecs/container"
	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/picture"
)

// Kinds of section.
const (
	sectionHeader byte = 1 + iota
	sectionMeans
	sectionLuma
	sectionChroma
)

const headerGray = 1 // bit of the header's second byte

// errDamaged marks a stream that can't be decoded.
var errDamaged = errors.New("damaged vq stream")

// write codes the symbols into sections.
func (c *coded) write(ctx context.Context, m *Model) ([]container.Section, error) {
	type job struct {
		kind  byte
		slice int
	}
	var jobs []job
	for s := range c.slices {
		jobs = append(jobs, job{sectionMeans, s}, job{sectionLuma, s})
	}
	payloads := make([][]byte, len(jobs))
	chroma := make([][]byte, len(jobs))
	err := kernel.Parallel(ctx, len(jobs), func() func(int) {
		return func(i int) {
			w := writer{entropy.NewEncoder()}
			if jobs[i].kind == sectionMeans {
				c.codeMeans(w, m.models(c.q10), jobs[i].slice, true)
				payloads[i] = w.e.Bytes()
				return
			}
			// Chroma has the luma as context and so comes after it.
			luma := c.codeTrees(ctx, w, m.models(c.q10), m.lengths(), 0, jobs[i].slice, nil, nil)
			payloads[i] = w.e.Bytes()
			if !c.gray {
				w = writer{entropy.NewEncoder()}
				c.codeTrees(ctx, w, m.models(c.q10), m.lengths(), 1, jobs[i].slice, luma.cells, nil)
				chroma[i] = w.e.Bytes()
			}
		}
	})
	if err != nil {
		return nil, err
	}
	flags := byte(0)
	if c.gray {
		flags |= headerGray
	}
	out := []container.Section{{Kind: sectionHeader, Payload: []byte{byte(c.q10), flags}}}
	for i, j := range jobs {
		out = append(out, container.Section{Kind: j.kind, Part: uint64(j.slice), Payload: payloads[i]})
		if j.kind == sectionLuma && !c.gray {
			out = append(out, container.Section{Kind: sectionChroma, Part: uint64(j.slice), Payload: chroma[i]})
		}
	}
	return out, nil
}

// codeMeans codes the means of all planes in a slice; writing says the direction.
func (c *coded) codeMeans(io bitIO, m *models, slice int, writing bool) {
	coder := meanCoder{io: io, m: m}
	for i := range c.planes() {
		part, _ := c.sliceGrid(c.means[i], i, slice)
		if !writing {
			coder.pass(i, part, nil)
			continue
		}
		// The residuals follow again from the values that quantization settled on.
		final := append([]int32(nil), part.v...)
		coder.pass(i, part, func(at int, predicted int32, _ int, _ func(int32) float64) int32 {
			return (final[at] - predicted) / meanUnit
		})
	}
}

// codeTrees codes the quadtrees of one slice, luma or chroma.
func (c *coded) codeTrees(ctx context.Context, io bitIO, m *models, lengths [classes][]int, kind, slice int, under []cell, on func(blockCost)) *treeCoder {
	first, n := c.rows(slice)
	across, _ := c.superblocks()
	t := newTreeCoder(io, kind*firstChroma, across*superblock/4>>kind, n/4>>kind, m, lengths)
	t.under = under
	if on != nil {
		t.on = func(b blockCost) {
			b.y += first >> kind
			on(b)
		}
	}
	size := superblock / 4 >> kind
	for row := range n / superblock {
		if ctx.Err() != nil || cut(io) {
			return t
		}
		for x := range across {
			i := (first/superblock+row)*across + x
			at := 0
			t.tree(x*size, row*size, &c.trees[kind][i], &at)
		}
	}
	return t
}

// read decodes a stream's symbols.
func read(ctx context.Context, s *codecs.Stream, m *Model) (*coded, error) {
	c, err := readHeader(s)
	if err != nil {
		return nil, err
	}
	c.lost = losses(s)
	for i := range c.planes() {
		g := 0
		if i > 0 {
			g = 1
		}
		c.means[i] = newGrid(padded(c.width)/meanSide>>g, padded(c.height)/meanSide>>g)
	}
	across, down := c.superblocks()
	for kind := range 2 {
		if kind == 0 || !c.gray {
			c.trees[kind] = make([][]node, across*down)
		}
	}
	errs := make([]error, 2*c.slices)
	err = kernel.Parallel(ctx, 2*c.slices, func() func(int) {
		return func(i int) { errs[i] = c.readSlice(ctx, s, m, i/2, i%2 == 0) }
	})
	if err != nil {
		return nil, err
	}
	return c, errors.Join(errs...)
}

// readSlice decodes a slice's means, or its quadtrees.
func (c *coded) readSlice(ctx context.Context, s *codecs.Stream, m *Model, slice int, means bool) error {
	open := func(kind byte, name string) (reader, error) {
		data, ok := s.Section(kind, uint64(slice))
		if !ok {
			return reader{}, fmt.Errorf("%w: the %s of slice %d are missing or damaged", errDamaged, name, slice)
		}
		return reader{entropy.NewDecoder(data)}, nil
	}
	check := func(r reader, name string) error {
		if n := r.d.Overrun(); n > 0 {
			return fmt.Errorf("%w: the %s of slice %d end %d bytes early", errDamaged, name, slice, n)
		}
		return nil
	}
	if means {
		if c.lost[sectionMeans][slice] {
			return nil
		}
		r, err := open(sectionMeans, "means")
		if err != nil {
			return err
		}
		c.codeMeans(r, m.models(c.q10), slice, false)
		return check(r, "means")
	}
	var under []cell
	for kind, name := range []string{"luma indices", "chroma indices"} {
		if c.trees[kind] == nil || c.lost[sectionLuma+byte(kind)][slice] {
			continue
		}
		r, err := open(sectionLuma+byte(kind), name)
		if err != nil {
			return err
		}
		under = c.codeTrees(ctx, r, m.models(c.q10), m.lengths(), kind, slice, under, nil).cells
		if err := check(r, name); err != nil {
			return err
		}
	}
	return nil
}

func readHeader(s *codecs.Stream) (*coded, error) {
	h, ok := s.Section(sectionHeader, 0)
	if !ok || len(h) != 2 || h[0] > maxQ10 || h[1] > headerGray {
		return nil, fmt.Errorf("%w: the header is missing or not one of this version", errDamaged)
	}
	if err := picture.CheckSize(s.Width, s.Height); err != nil {
		return nil, err
	}
	return &coded{layout: newLayout(s.Width, s.Height, h[1]&headerGray != 0), q10: int(h[0])}, nil
}
