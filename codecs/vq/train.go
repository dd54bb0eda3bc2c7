package vq

import (
	"context"
	"errors"
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"sync"

	"codecworkbench/codecs"
	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/picture"
	"codecworkbench/codecs/quantize"
)

// Training steers Train; zero values choose the defaults of the shipped model.
type Training struct {
	Seed    uint64
	Rounds  int                   // of encoding and refining; 0: 3
	Crop    int                   // side of the crop taken from each picture; 0: 256
	Vectors int                   // most vectors a codebook learns from; 0: 150000
	Bits    [classes]int          // of the codebooks' indices, 4 to 12; 0: the shipped sizes
	Data    string                // description of the pictures, for the model's metadata
	On      func(codecs.Progress) // may be nil
}

// Usage says how a codebook was used in the last round of training.
type Usage struct {
	Class string // block size and planes: "luma8"
	Bits  int
	quantize.Usage
}

// Each calls f with every training picture, always in the same order.
type Each func(f func(name string, p *picture.Picture) error) error

// Train makes a model file from pictures: one random crop each, at offsets that are no
// multiples of 8, for photos carry JPEG's grid. First every codebook is trained on
// blocks of what the mean surface leaves over; then, in rounds, the crops are encoded at
// random qualities and the codebooks refined on the vectors that the encoder really
// coded, and its cost estimates on the decisions that it took. Deterministic by seed.
func Train(ctx context.Context, each Each, o Training) (file []byte, usage []Usage, err error) {
	t := &training{Training: o, ctx: ctx, rng: rand.New(rand.NewPCG(o.Seed, 0x7691))}
	t.defaults()
	if err := t.gather(each); err != nil {
		return nil, nil, err
	}
	m, err := t.begin()
	if err != nil {
		return nil, nil, err
	}
	for round := range t.Rounds {
		if usage, err = t.refine(m, round); err != nil {
			return nil, nil, err
		}
	}
	if err := t.finish(m); err != nil {
		return nil, nil, err
	}
	m.Meta = map[string]string{
		"architecture": "mean surface, quadtree gain-shape VQ with prefix-ordered codebooks",
		"data":         o.Data,
		"pictures":     fmt.Sprint(len(t.crops)),
		"rounds":       fmt.Sprint(t.Rounds),
		"seed":         fmt.Sprint(o.Seed),
	}
	file, err = m.Marshal()
	return file, usage, err
}

type training struct {
	Training
	ctx   context.Context
	rng   *rand.Rand
	crops []*picture.Picture

	before int // share of the work in the stages that are complete
}

func (t *training) defaults() {
	if t.Rounds == 0 {
		t.Rounds = 3
	}
	if t.Crop == 0 {
		t.Crop = 256
	}
	if t.Vectors == 0 {
		t.Vectors = 150000
	}
	for i, c := range classTable {
		if t.Bits[i] == 0 {
			t.Bits[i] = c.bits
		}
		t.Bits[i] = min(max(t.Bits[i], prefixContext), maxIndexBits)
	}
}

// The stages' shares of the work, as measured on a thousand photos.
const (
	shareSampling = 4
	shareCodebook = 2 // each
	shareEncoding = 40
	shareRefining = 2 // a codebook
	sharePriming  = 20
	shareFilters  = 15
)

// report tells how far the stage is that takes the given share; a stage that is
// complete counts for all that follow.
func (t *training) report(share, done, total int) {
	all := shareSampling + classes*shareCodebook + t.Rounds*(shareEncoding+classes*shareRefining) +
		shareEncoding + sharePriming + shareFilters
	const units = 1000
	codecs.Report(t.On, (t.before+share*done/max(total, 1))*units/all, units)
	if done == total {
		t.before += share
	}
}

// errNoPictures is returned when there is nothing to train on.
var errNoPictures = errors.New("no training pictures")

// gather takes one crop from every picture.
func (t *training) gather(each Each) error {
	err := each(func(name string, p *picture.Picture) error {
		if err := t.ctx.Err(); err != nil {
			return err
		}
		c, err := t.crop(p.OnWhite())
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		t.crops = append(t.crops, c)
		return nil
	})
	if err == nil && len(t.crops) == 0 {
		err = errNoPictures
	}
	return err
}

func (t *training) crop(p *picture.Picture) (*picture.Picture, error) {
	w, h := min(t.Crop, p.Width()), min(t.Crop, p.Height())
	x, y := t.offset(p.Width()-w), t.offset(p.Height()-h)
	return p.Crop(image.Rect(x, y, x+w, y+h))
}

// offset draws from 0..room, no multiple of 8 where there is room.
func (t *training) offset(room int) int {
	v := t.rng.IntN(room + 1)
	if v%8 == 0 && v < room {
		v++
	}
	return v
}

// quality draws the q of a crop, in tenths.
func quality(rng *rand.Rand) int { return rng.IntN(maxQ10 + 1) }

// begin trains first codebooks on plain blocks of the residual.
func (t *training) begin() (*Model, error) {
	m := &Model{}
	cost := defaultCosts(t.Bits)
	for i := range m.Cost {
		m.Cost[i] = &cost
	}
	pools := t.pools(100)
	for i, crop := range t.crops {
		if err := t.sample(m, crop, rand.New(rand.NewPCG(t.Seed, uint64(i))), &pools); err != nil {
			return nil, err
		}
		t.report(shareSampling, i+1, len(t.crops))
	}
	for c, p := range pools {
		name := classTable[c].name
		var err error
		m.Books[c], _, err = quantize.Train(t.ctx, p.v, p.dim, quantize.Training{Bits: t.Bits[c], Seed: t.Seed + uint64(c), Iterations: 3,
			On: func(done, total int) { t.report(shareCodebook, done, total) }})
		if err != nil {
			return nil, fmt.Errorf("codebook %s: %w", name, err)
		}
		m.Uses[c] = make([]float32, 1<<t.Bits[c])
	}
	return m, nil
}

// sample adds a crop's blocks that are worth coding, in units of the step.
func (t *training) sample(m *Model, crop *picture.Picture, rng *rand.Rand, pools *[classes]*pool) error {
	l := newLayout(crop.Width(), crop.Height(), crop.Gray())
	src, err := split(t.ctx, crop)
	if err != nil {
		return err
	}
	c, rest, err := surfaces(t.ctx, m, l, quality(rng), src)
	if err != nil {
		return err
	}
	st := c.steps()
	var block [superblock * superblock]float32
	coef := make([]float32, quantize.MaxDim)
	for i, cls := range classTable {
		if l.gray && cls.planes > 1 {
			continue
		}
		p := rest.p[cls.firstPlane()]
		for y := 0; y < p.h; y += cls.side {
			for x := 0; x < p.w; x += cls.side {
				rest.block(cls, x, y, block[:])
				analyze(i, block[:cls.samples()], coef)
				v := coef[:cls.dim()]
				if kernel.Dot(v, v) > 2*minWordBits*st.lambda {
					pools[i].add(v, 1/st.gain[cls.firstPlane()])
				}
			}
		}
	}
	return nil
}

// found is a vector that a codeword was chosen for, in steps.
type found struct {
	class int
	v     []float32
}

// encoded is what encoding all crops gave.
type encoded struct {
	trees []*coded
	found [][]found // by crop
	usage [bands]*statistics
}

// encode codes every crop at a random quality.
func (t *training) encode(m *Model, round int) (*encoded, error) {
	out := &encoded{trees: make([]*coded, len(t.crops)), found: make([][]found, len(t.crops))}
	var lock sync.Mutex
	done := 0
	err := kernel.Parallel(t.ctx, len(t.crops), func() func(int) {
		return func(i int) {
			q10 := quality(rand.New(rand.NewPCG(t.Seed+uint64(round), uint64(i))))
			trees, found, err := encodeCrop(t.ctx, m, t.crops[i], q10)
			if err != nil {
				return // cancelled: parallel says so
			}
			out.trees[i], out.found[i] = trees, found
			lock.Lock()
			defer lock.Unlock()
			done++
			t.report(shareEncoding, done, len(t.crops))
		}
	})
	if err != nil {
		return nil, err
	}
	for i := range out.usage {
		out.usage[i] = &statistics{bits: t.Bits}
	}
	for _, c := range out.trees {
		out.usage[bandOf(c.q10)].count(c)
	}
	return out, nil
}

// encodeCrop codes one crop and lists what its codewords stand for.
func encodeCrop(ctx context.Context, m *Model, crop *picture.Picture, q10 int) (*coded, []found, error) {
	l := newLayout(crop.Width(), crop.Height(), crop.Gray())
	src, err := split(ctx, crop)
	if err != nil {
		return nil, nil, err
	}
	c, rest, err := surfaces(ctx, m, l, q10, src)
	if err != nil {
		return nil, nil, err
	}
	var all []found
	across, down := l.superblocks()
	for kind := range c.trees {
		if kind == 1 && l.gray {
			continue
		}
		step := c.steps().gain[kind]
		s := newSearcher(m, q10, step)
		for b := range across * down {
			x, y := b%across*superblock>>kind, b/across*superblock>>kind
			nodes := s.superblock(rest, kind*firstChroma, x, y)
			c.trees[kind] = append(c.trees[kind], nodes)
			s.replay(rest, kind*firstChroma, x, y, nodes, func(class int, v []float32) {
				scaled := make([]float32, len(v))
				kernel.AddScaled(scaled, 1/step, v)
				all = append(all, found{class, scaled})
			})
		}
	}
	return c, all, nil
}

// refine encodes the crops and improves codebooks and cost estimates with what was
// coded.
func (t *training) refine(m *Model, round int) ([]Usage, error) {
	e, err := t.encode(m, round)
	if err != nil {
		return nil, err
	}
	pools := t.pools(1000 * uint64(round+1))
	for _, list := range e.found {
		for _, f := range list {
			pools[f.class].add(f.v, 1)
		}
	}
	usage := make([]Usage, classes)
	for c, p := range pools {
		name := classTable[c].name
		book, u, err := quantize.Refine(t.ctx, m.Books[c], p.v, quantize.Training{Seed: t.Seed + uint64(c), Iterations: 4,
			On: func(done, total int) { t.report(shareRefining, done, total) }})
		if err != nil {
			return nil, fmt.Errorf("codebook %s: %w", name, err)
		}
		m.Books[c] = book
		m.Uses[c] = make([]float32, 1<<t.Bits[c])
		for i, n := range u.Counts {
			m.Uses[c][i] = float32(min(n, math.MaxUint16))
		}
		usage[c] = Usage{name, t.Bits[c], u}
	}
	for i := range m.Cost {
		m.Cost[i] = e.usage[i].costs(m.Uses)
	}
	return usage, nil
}

// finish encodes the crops with the final codebooks and learns from that everything
// that does not change them: the coder's start and the restoration filters.
func (t *training) finish(m *Model) error {
	e, err := t.encode(m, t.Rounds)
	if err != nil {
		return err
	}
	for i := range m.Cost {
		m.Cost[i] = e.usage[i].costs(m.Uses)
	}
	t.prime(m, e.trees)
	return t.fit(m, e.trees)
}

// prime lets the coder's models learn from all crops, one after another.
func (t *training) prime(m *Model, trees []*coded) {
	m.Start = nil
	learner := m.models(0)
	for i, c := range trees {
		learner.band = bandOf(c.q10)
		c.codeMeans(discard{}, learner, 0, true)
		var under []cell
		for kind := range c.trees {
			if c.trees[kind] != nil {
				under = c.codeTrees(t.ctx, discard{}, learner, m.lengths(), kind, 0, under, nil).cells
			}
		}
		t.report(sharePriming, i+1, len(trees))
	}
	m.Start = learner.learned()
}

// fit computes the restoration filters from the crops as they decode.
func (t *training) fit(m *Model, trees []*coded) error {
	fit := &filterFit{}
	for i, c := range trees {
		got, edges, err := paint(t.ctx, m, c, decoding{})
		if err != nil {
			return err
		}
		want, err := split(t.ctx, t.crops[i])
		if err != nil {
			return err
		}
		for index := range c.planes() {
			kind := min(index, 1)
			s, err := classify(t.ctx, got.p[index], c.steps().gain[kind], edges[kind])
			if err != nil {
				return err
			}
			fit.add(got.p[index], want.p[index], s, bandOf(c.q10), index)
		}
		t.report(shareFilters, i+1, len(trees))
	}
	m.Filters = fit.solve()
	return nil
}
