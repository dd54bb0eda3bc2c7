package compare

import (
	"context"
	"image"

	"codecworkbench/app/report/heatmap"
	"codecworkbench/app/workbench"
	"codecworkbench/codecs/picture"
	"codecworkbench/metrics"
	"codecworkbench/views/viewport"
)

// pyramids builds and keeps the pyramids of the pictures that are shown. Large ones
// are built on another goroutine; until then the older one stays on the screen.
type pyramids struct {
	post  func(func())
	ready func() // called after a pyramid arrived

	kept    []builtPyramid // most recently used last
	pending map[pyramidKey]context.CancelFunc
}

// pyramidKey is a picture, the pair whose difference is shown, or a picture with a map
// of a metric over it.
type pyramidKey struct {
	a, b  *picture.Picture
	m     *metrics.Map
	scale heatmap.Scale // of m
	diff  workbench.DiffKind
}

type builtPyramid struct {
	key pyramidKey
	p   *viewport.Pyramid
}

const (
	// keepPyramids covers four candidates, their differences and the original, and some
	// more; of large pictures, what is shown.
	keepPyramids = 12
	leastKept    = 5
	keepBytes    = 384 << 20
	// buildNow is the size in pixels up to which building takes about a millisecond.
	buildNow = 1 << 20
)

// get returns a pyramid if it is there; otherwise it starts building it.
func (s *pyramids) get(key pyramidKey) *viewport.Pyramid {
	for i, b := range s.kept {
		if b.key == key {
			s.kept = append(append(s.kept[:i:i], s.kept[i+1:]...), b)
			return b.p
		}
	}
	if key.a.Pixels() <= buildNow {
		p, err := build(context.Background(), key)
		if err != nil {
			return nil
		}
		s.keep(key, p)
		return p
	}
	if s.pending[key] == nil {
		ctx, cancel := context.WithCancel(context.Background())
		s.pending[key] = cancel
		go func() {
			p, err := build(ctx, key)
			s.post(func() {
				cancel()
				delete(s.pending, key)
				if err == nil {
					s.keep(key, p)
					s.ready()
				}
			})
		}()
	}
	return nil
}

func build(ctx context.Context, key pyramidKey) (*viewport.Pyramid, error) {
	switch {
	case key.m != nil:
		return viewport.NewMap(ctx, key.a.RGB8(), key.m, key.scale)
	case key.b != nil:
		return differenceOf(key.diff)(ctx, key.a.RGB8(), key.b.RGB8())
	}
	return viewport.NewPyramid(ctx, key.a.RGB8(), key.a.Alpha())
}

// differenceOf builds the pyramid of a kind of difference.
func differenceOf(k workbench.DiffKind) func(ctx context.Context, a, b *image.NRGBA) (*viewport.Pyramid, error) {
	switch k {
	case workbench.DiffSigned:
		return viewport.SignedDifference
	case workbench.DiffColor:
		return viewport.LargestDifference
	}
	return viewport.Difference
}

func (s *pyramids) keep(key pyramidKey, p *viewport.Pyramid) {
	s.kept = append(s.kept, builtPyramid{key, p})
	for len(s.kept) > keepPyramids || len(s.kept) > leastKept && s.bytes() > keepBytes {
		s.kept = append([]builtPyramid(nil), s.kept[1:]...)
	}
}

// bytes is the memory of all kept pyramids beside the pictures' own.
func (s *pyramids) bytes() (n int64) {
	for _, b := range s.kept {
		n += b.p.Bytes()
		if b.key.b == nil && b.key.m == nil && !b.key.a.Alpha() {
			n -= int64(4 * b.key.a.Pixels()) // the first level is the picture itself
		}
	}
	return n
}

// want cancels what is being built and is not among the keys.
func (s *pyramids) want(keys ...pyramidKey) {
	for key, cancel := range s.pending {
		wanted := false
		for _, k := range keys {
			wanted = wanted || k == key
		}
		if !wanted {
			cancel()
		}
	}
}
