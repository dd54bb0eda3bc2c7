package compare

import (
	"context"
	"image"
	"slices"

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
	wanted  []pyramidKey   // what is shown
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
	// keepPyramids and keepBytes bound what is kept beside what is shown: of small pictures
	// enough to go back and forth between modes and settings, of large ones nothing.
	keepPyramids = 12
	keepBytes    = 192 << 20
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
	s.trim()
}

// trim forgets the longest unused pyramids that are not shown, within the bounds.
func (s *pyramids) trim() {
	for i := 0; i < len(s.kept) && (len(s.kept) > keepPyramids || s.bytes() > keepBytes); {
		if slices.Contains(s.wanted, s.kept[i].key) {
			i++
			continue
		}
		s.kept = append(s.kept[:i:i], s.kept[i+1:]...)
	}
}

// bytes is the memory of all kept pyramids, and of the pictures that they hold on to.
func (s *pyramids) bytes() (n int64) {
	pictures := map[*picture.Picture]bool{}
	for _, b := range s.kept {
		n += b.p.Bytes()
		plain := b.key.b == nil && b.key.m == nil && !b.key.a.Alpha() // the first level is the picture itself
		for _, p := range []*picture.Picture{b.key.a, b.key.b} {
			if p != nil && !pictures[p] {
				pictures[p] = true
				n += int64(4 * p.Pixels())
			}
		}
		if plain {
			n -= int64(4 * b.key.a.Pixels())
		}
	}
	return n
}

// want says what is shown: it is kept, and what is being built and is not among the keys
// is cancelled.
func (s *pyramids) want(keys ...pyramidKey) {
	s.wanted = slices.Clone(keys)
	s.trim()
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
