package quantize

import (
	"context"
	"math"
	"math/rand/v2"

	"codecworkbench/codecs/nn/kernel"
)

// Training steers Train. Zero values choose sensible defaults.
type Training struct {
	Bits       int    // 2^Bits codewords
	Iterations int    // of Lloyd's algorithm after the splitting; 0: 8
	Beam       int    // of the search that assigns vectors; 0: 12
	Seed       uint64 // the result depends on nothing else
	// On is told how far it is, done of total; may be nil.
	On func(done, total int)
}

// Usage says how evenly a codebook is used.
type Usage struct {
	Counts     []int   // by index
	Perplexity float64 // 2^entropy: how many codewords a uniform use would need
	Dead       int     // codewords never used
	Captured   float64 // part of the vectors' energy that the codewords keep, 0 to 1
}

// shards is how many partial sums a pass over the vectors makes. It is fixed, so
// that the result does not depend on the number of cores.
const shards = 16

// Train makes a codebook for vectors (row by row, dim elements each) that maximizes
// the energy sum (x.c)^2 kept by each vector's codeword: a k-means of lines,
// begun by splitting (Linde, Buzo and Gray, 1980), whose codewords that die are
// restarted from vectors served badly. It is deterministic.
func Train(ctx context.Context, vectors []float32, dim int, o Training) (*Shapes, Usage, error) {
	if o.Iterations == 0 {
		o.Iterations = 8
	}
	if o.Beam == 0 {
		o.Beam = 12
	}
	t := &trainer{Training: o, ctx: ctx, dim: dim, rng: rand.New(rand.NewPCG(o.Seed, 0x7a11))}
	t.useful(vectors)
	book, err := t.split()
	if err != nil {
		return nil, Usage{}, err
	}
	return t.lloyd(book)
}

// Refine improves a codebook on other vectors than it was trained on.
func Refine(ctx context.Context, s *Shapes, vectors []float32, o Training) (*Shapes, Usage, error) {
	if o.Iterations == 0 {
		o.Iterations = 4
	}
	if o.Beam == 0 {
		o.Beam = 12
	}
	o.Bits = s.Bits
	t := &trainer{Training: o, ctx: ctx, dim: s.Dim, rng: rand.New(rand.NewPCG(o.Seed, 0x7a12))}
	t.useful(vectors)
	return t.lloyd(append([]float32(nil), s.Leaves()...))
}

type trainer struct {
	Training
	ctx     context.Context
	dim     int
	n       int
	vectors []float32
	energy  float64
	rng     *rand.Rand
}

// useful keeps the vectors that are not zero.
func (t *trainer) useful(vectors []float32) {
	t.vectors = make([]float32, 0, len(vectors))
	for i := 0; i+t.dim <= len(vectors); i += t.dim {
		v := vectors[i : i+t.dim]
		if e := float64(kernel.Dot(v, v)); e > 1e-12 && !math.IsInf(e, 0) {
			t.vectors = append(t.vectors, v...)
			t.energy += e
		}
	}
	t.n = len(t.vectors) / t.dim
}

func (t *trainer) vector(i int) []float32 { return t.vectors[i*t.dim : (i+1)*t.dim] }

func (t *trainer) report(done int) {
	if t.On != nil {
		t.On(done, t.Bits+t.Iterations)
	}
}

// assignment is what one pass over the vectors found.
type assignment struct {
	sums   []float32 // by codeword: sum of (x.c) x
	counts []int
	lost   []float32 // by vector: energy that its codeword did not keep
	kept   float64
}

// assign sends every vector to its codeword.
func (t *trainer) assign(s *Shapes) (*assignment, error) {
	k := 1 << t.Bits
	a := &assignment{sums: make([]float32, k*t.dim), counts: make([]int, k), lost: make([]float32, t.n)}
	where := make([]int32, t.n)
	gains := make([]float32, t.n)
	err := t.parallel(t.n, func() func(i int) {
		q, out := NewSearcher(t.Beam), make([]Match, len(Levels(s.Bits)))
		return func(i int) {
			x := t.vector(i)
			q.Find(s, x, out)
			m := out[len(out)-1]
			where[i], gains[i] = int32(m.Index), m.Gain
			a.lost[i] = kernel.Dot(x, x) - square(m.Gain)
		}
	})
	if err != nil {
		return nil, err
	}
	for i := range t.n {
		c := int(where[i])
		kernel.AddScaled(a.sums[c*t.dim:(c+1)*t.dim], gains[i], t.vector(i))
		a.counts[c]++
		a.kept += float64(square(gains[i]))
	}
	return a, nil
}

// parallel calls work for 0..n-1 on all cores, each with its own function from setup.
func (t *trainer) parallel(n int, setup func() func(i int)) error {
	return kernel.Parallel(t.ctx, shards, func() func(int) {
		f := setup()
		return func(shard int) {
			for i := shard * n / shards; i < (shard+1)*n/shards; i++ {
				if i&255 == 0 && t.ctx.Err() != nil {
					return
				}
				f(i)
			}
		}
	})
}

// split grows a codebook level by level: each codeword becomes two that share its
// vectors; those of a small cell go to the cell that loses most instead.
func (t *trainer) split() ([]float32, error) {
	cells := [][]int32{make([]int32, t.n)}
	for i := range t.n {
		cells[0][i] = int32(i)
	}
	book := make([]float32, t.dim)
	t.center(book, cells[0])
	for level := range t.Bits {
		t.report(level)
		next := make([][]int32, 0, 2*len(cells))
		grown := make([]float32, 2*len(book))
		seeds := make([]uint64, len(cells))
		for i := range seeds {
			seeds[i] = t.rng.Uint64()
		}
		halves := make([][2][]int32, len(cells))
		err := t.parallel(len(cells), func() func(i int) {
			return func(i int) {
				a, b := grown[2*i*t.dim:(2*i+1)*t.dim], grown[(2*i+1)*t.dim:(2*i+2)*t.dim]
				halves[i] = t.bisect(cells[i], book[i*t.dim:(i+1)*t.dim], a, b, seeds[i])
			}
		})
		if err != nil {
			return nil, err
		}
		for _, h := range halves {
			next = append(next, h[0], h[1])
		}
		cells, book = next, grown
	}
	return book, nil
}

// center writes the mean line of a cell, begun at one of its vectors.
func (t *trainer) center(c []float32, cell []int32) {
	if len(cell) == 0 {
		t.random(c, rand.New(rand.NewPCG(t.Seed, uint64(t.n))))
		return
	}
	copy(c, t.vector(int(cell[0])))
	normalize(c)
	sum := make([]float32, t.dim)
	for range 8 {
		clear(sum)
		for _, i := range cell {
			x := t.vector(int(i))
			kernel.AddScaled(sum, kernel.Dot(x, c), x)
		}
		if !normalize(sum) {
			return
		}
		copy(c, sum)
	}
}

// random writes a random unit vector.
func (t *trainer) random(c []float32, rng *rand.Rand) {
	for i := range c {
		c[i] = float32(rng.NormFloat64())
	}
	normalize(c)
}

// bisect divides a cell in two by a k-means of two lines a and b.
func (t *trainer) bisect(cell []int32, parent, a, b []float32, seed uint64) [2][]int32 {
	rng := rand.New(rand.NewPCG(seed, 1))
	if len(cell) < 2 {
		copy(a, parent)
		t.random(b, rng)
		kernel.AddScaled(b, 2, parent)
		normalize(b)
		return [2][]int32{cell, nil}
	}
	copy(a, t.vector(int(cell[rng.IntN(len(cell))])))
	copy(b, t.vector(int(cell[rng.IntN(len(cell))])))
	kernel.AddScaled(b, 0.1, a) // two draws may be the same vector
	normalize(a)
	normalize(b)
	var parts [2][]int32
	sums := [2][]float32{make([]float32, t.dim), make([]float32, t.dim)}
	lines := [2][]float32{a, b}
	for range 6 {
		parts = [2][]int32{parts[0][:0], parts[1][:0]}
		clear(sums[0])
		clear(sums[1])
		for _, i := range cell {
			x := t.vector(int(i))
			ga, gb := kernel.Dot(x, a), kernel.Dot(x, b)
			side, g := 0, ga
			if gb*gb > ga*ga {
				side, g = 1, gb
			}
			parts[side] = append(parts[side], i)
			kernel.AddScaled(sums[side], g, x)
		}
		for side, sum := range sums {
			if normalize(sum) {
				copy(lines[side], sum)
			}
		}
	}
	return parts
}

// lloyd iterates k-means from a first codebook.
func (t *trainer) lloyd(book []float32) (*Shapes, Usage, error) {
	k := 1 << t.Bits
	uses := make([]float32, k)
	var usage Usage
	for i := 0; ; i++ {
		t.report(t.Bits + i)
		s, err := Sort(t.dim, t.Bits, book, uses)
		if err != nil {
			return nil, usage, err
		}
		if t.n == 0 {
			return s, usage, nil
		}
		a, err := t.assign(s)
		if err != nil {
			return nil, usage, err
		}
		usage = a.usage(t.energy)
		if i == t.Iterations {
			return s, usage, nil
		}
		book = a.sums
		for c := range k {
			uses[c] = float32(a.counts[c])
		}
		t.restart(book, a)
	}
}

// restart gives codewords that no vector chose to vectors that are served badly.
func (t *trainer) restart(book []float32, a *assignment) {
	total := 0.0
	for _, l := range a.lost {
		total += float64(l)
	}
	for c, n := range a.counts {
		if n > 0 || total <= 0 {
			continue
		}
		// Drawn in proportion to the energy lost, as k-means++ seeds.
		target, i := t.rng.Float64()*total, 0
		for ; i < len(a.lost)-1 && target > float64(a.lost[i]); i++ {
			target -= float64(a.lost[i])
		}
		copy(book[c*t.dim:(c+1)*t.dim], t.vector(i))
	}
}

func (a *assignment) usage(energy float64) Usage {
	u := Usage{Counts: a.counts, Perplexity: Perplexity(a.counts)}
	for _, n := range a.counts {
		if n == 0 {
			u.Dead++
		}
	}
	if energy > 0 {
		u.Captured = a.kept / energy
	}
	return u
}

// Perplexity returns 2^H of the distribution that counts give, H in bits: the number
// of symbols that would have the same entropy if they were equally frequent.
func Perplexity(counts []int) float64 { return math.Exp2(Entropy(counts)) }

// Entropy returns the empirical entropy of counts in bits a symbol.
func Entropy(counts []int) float64 {
	total, sum := 0, 0.0
	for _, n := range counts {
		if n > 0 {
			total += n
			sum += float64(n) * math.Log2(float64(n))
		}
	}
	if total == 0 {
		return 0
	}
	return math.Log2(float64(total)) - sum/float64(total)
}
