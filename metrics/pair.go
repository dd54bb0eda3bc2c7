package metrics

import (
	"fmt"
	"sync"

	"codecworkbench/codecs/picture"
)

// Pair is a reference and a distorted picture of one size, and what metrics keep of
// them for one another: butteraugli and its 3-norm come from one computation. It is
// safe for concurrent use.
type Pair struct {
	ref, dist *picture.Picture

	mu   sync.Mutex
	kept map[any]*kept
}

type kept struct {
	mu    sync.Mutex
	done  bool
	value any
}

// NewPair checks that the pictures have one size.
func NewPair(ref, dist *picture.Picture) (*Pair, error) {
	if ref.Width() != dist.Width() || ref.Height() != dist.Height() {
		return nil, fmt.Errorf("only pictures of one size can be compared: the reference has %d x %d pixels, the other %d x %d",
			ref.Width(), ref.Height(), dist.Width(), dist.Height())
	}
	return &Pair{ref: ref, dist: dist, kept: map[any]*kept{}}, nil
}

// Ref returns the reference.
func (p *Pair) Ref() *picture.Picture { return p.ref }

// Dist returns the distorted picture.
func (p *Pair) Dist() *picture.Picture { return p.dist }

// Width returns the pictures' width in pixels.
func (p *Pair) Width() int { return p.ref.Width() }

// Height returns the pictures' height in pixels.
func (p *Pair) Height() int { return p.ref.Height() }

// Alpha reports whether a picture has a meaningful alpha channel.
func (p *Pair) Alpha() bool { return p.ref.Alpha() || p.dist.Alpha() }

// Gray reports whether both pictures have one channel.
func (p *Pair) Gray() bool { return p.ref.Gray() && p.dist.Gray() }

// Shared returns what compute returned for this key the first time that it
// succeeded. Keys are values of types of the metric's own, so that they meet no
// other's. What is kept should be small: it lives as long as the pair.
func Shared[K comparable, T any](p *Pair, key K, compute func() (T, error)) (T, error) {
	p.mu.Lock()
	k := p.kept[key]
	if k == nil {
		k = &kept{}
		p.kept[key] = k
	}
	p.mu.Unlock()
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.done {
		v, err := compute()
		if err != nil {
			return v, err
		}
		k.value, k.done = v, true
	}
	return k.value.(T), nil
}

// onWhiteKey is what the pair on white is kept under.
type onWhiteKey struct{}

// onWhite returns the pair composited on white.
func (p *Pair) onWhite() *Pair {
	white, _ := Shared(p, onWhiteKey{}, func() (*Pair, error) { return NewPair(p.ref.OnWhite(), p.dist.OnWhite()) })
	return white
}

// readyFor returns the pair as a metric wants it and a note on what was done for
// that; an *Undefined error if it is too small or the metric unavailable.
func (p *Pair) readyFor(info Info) (ready *Pair, note string, err error) {
	switch {
	case info.Unavailable != "":
		return p, "", &Undefined{info.Unavailable}
	case min(p.Width(), p.Height()) < info.MinSide:
		return p, "", &Undefined{fmt.Sprintf("needs sides of at least %d pixels", info.MinSide)}
	case p.Alpha() && !info.Alpha:
		return p.onWhite(), "measured on white", nil
	}
	return p, "", nil
}
