package vq

import (
	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/quantize"
)

// searchBeam is how many prefixes the encoder follows down a codebook's tree.
const searchBeam = 12

// minWordBits is the least that a codeword may cost; blocks whose energy is not
// worth that are not searched.
const minWordBits = 10

// transforms are the DCTs of all classes, made once.
var transforms = func() (t [classes]*dct) {
	for i, c := range classTable {
		t[i] = newDCT(c.side, c.kept)
	}
	return t
}()

// searcher finds the quadtree of a superblock that minimizes squared error plus
// lambda times bits. Each goroutine needs its own.
type searcher struct {
	model   *Model
	cost    *costs
	lengths [classes][]int
	step    float32 // of gains
	lambda  float32 // squared error a bit
	find    *quantize.Searcher
	match   [maxLengths]quantize.Match
	levels  [5]searchLevel // by depth of the quadtree
	nodes   []node
}

type searchLevel struct {
	block []float32 // residual of the block
	rest  []float32 // after its codewords
	coef  []float32
	saved []node
}

func newSearcher(m *Model, q10 int, step float32) *searcher {
	s := &searcher{model: m, cost: m.Cost[bandOf(q10)], lengths: m.lengths(), step: step, lambda: stepsFor(q10).lambda, find: quantize.NewSearcher(searchBeam)}
	for i := range s.levels {
		s.levels[i] = searchLevel{
			block: make([]float32, superblock*superblock),
			rest:  make([]float32, superblock*superblock),
			coef:  make([]float32, quantize.MaxDim),
		}
	}
	return s
}

// superblock returns the nodes for the block at (x, y) of a residual picture.
func (s *searcher) superblock(p *planes, first, x, y int) []node {
	c := classTable[first]
	p.block(c, x, y, s.levels[0].block)
	s.nodes = s.nodes[:0]
	s.block(first, 0)
	return append([]node(nil), s.nodes...)
}

// block appends the best nodes for the residual in levels[depth].block and returns
// their cost in squared error.
func (s *searcher) block(cls, depth int) float32 {
	c := classTable[cls]
	l := &s.levels[depth]
	block := l.block[:c.samples()]
	energy := kernel.Dot(block, block)
	start := len(s.nodes)
	s.nodes = append(s.nodes, node{})
	cost := s.cost
	empty := energy + s.lambda*(cost.More[cls][0][0]+s.splitCost(cls, 0, 0))
	if energy < minWordBits*s.lambda {
		return empty
	}
	var n node
	gained := s.words(cls, depth, &n)
	own := energy - gained + s.lambda*s.splitCost(cls, int(n.n), 0)
	if c.child < 0 {
		s.nodes[start] = n
		return own
	}
	// Three ways: this block's codewords alone, its quarters alone, or both.
	best, bestNode := own, n
	if n.n == 0 {
		best, bestNode = empty, node{}
	}
	try := func(n node, spent float32, from []float32) {
		if spent >= best {
			return
		}
		n.split = true
		total := spent + s.quarters(cls, depth, from, best-spent)
		if total < best {
			best, bestNode = total, n
			l.saved = append(l.saved[:0], s.nodes[start+1:]...)
		}
		s.nodes = s.nodes[:start+1]
	}
	l.saved = l.saved[:0]
	try(node{}, s.lambda*(cost.More[cls][0][0]+s.splitCost(cls, 0, 1)), block)
	if n.n > 0 {
		rest := l.rest[:len(block)]
		copy(rest, block)
		for i := range n.n {
			s.subtract(cls, n.words[i], rest)
		}
		left := kernel.Dot(rest, rest)
		// energy - gained is the error plus the codewords' bits.
		try(n, energy-gained-left+s.lambda*s.splitCost(cls, int(n.n), 1), rest)
	}
	s.nodes[start] = bestNode
	if bestNode.split {
		s.nodes = append(s.nodes, l.saved...)
	}
	return best
}

// splitCost is the estimated cost of the split flag after n codewords.
func (s *searcher) splitCost(cls, n, v int) float32 {
	if classTable[cls].child < 0 {
		return 0
	}
	return s.cost.Split[cls][n][v]
}

// quarters appends the nodes of a block's four quarters and returns their cost; it
// gives up once that exceeds the limit.
func (s *searcher) quarters(cls, depth int, block []float32, limit float32) float32 {
	total := float32(0)
	for i := range 4 {
		s.quarter(cls, depth, i, block)
		total += s.block(classTable[cls].child, depth+1)
		if total >= limit {
			return total
		}
	}
	return total
}

// quarter copies quarter i of a block to the next level.
func (s *searcher) quarter(cls, depth, i int, block []float32) {
	c := classTable[cls]
	half := c.side / 2
	out := s.levels[depth+1].block
	for p := range c.planes {
		for y := range half {
			from := (p*c.side+y+i/2*half)*c.side + i%2*half
			copy(out[(p*half+y)*half:(p*half+y+1)*half], block[from:from+half])
		}
	}
}

// analyze writes a block's coefficients, plane after plane.
func analyze(cls int, block, coef []float32) {
	c, t := classTable[cls], transforms[cls]
	n := c.side * c.side
	for p := range c.planes {
		t.forward(block[p*n:(p+1)*n], coef[p*c.kept:(p+1)*c.kept])
	}
}

// subtract takes a codeword away from a block.
func (s *searcher) subtract(cls int, w word, block []float32) {
	c := classTable[cls]
	shape := s.model.Books[cls].Codeword(int(w.index), int(w.bits))
	n := c.side * c.side
	for p := range c.planes {
		transforms[cls].inverse(shape[p*c.kept:(p+1)*c.kept], block[p*n:(p+1)*n], -float32(w.gain)*s.step)
	}
}

// words chooses codewords for a block one after another and returns by how much they
// lower the cost, which includes all "more" flags.
func (s *searcher) words(cls, depth int, n *node) float32 {
	c := classTable[cls]
	cost := s.cost
	l := &s.levels[depth]
	coef := l.coef[:c.dim()]
	analyze(cls, l.block[:c.samples()], coef)
	gained := float32(0)
	for stage := range maxWords {
		stop := s.lambda * cost.More[cls][stage][0]
		if kernel.Dot(coef, coef) < minWordBits*s.lambda {
			return gained - stop
		}
		w, saved := s.best(cls, coef)
		saved -= s.lambda * cost.More[cls][stage][1]
		next := float32(0)
		if stage+1 < maxWords {
			next = s.lambda * cost.More[cls][stage+1][0]
		}
		if saved-next <= -stop {
			return gained - stop
		}
		gained += saved
		n.words[n.n] = w
		n.n++
		shape := s.model.Books[cls].Codeword(int(w.index), int(w.bits))
		kernel.AddScaled(coef, -float32(w.gain)*s.step, shape)
	}
	return gained
}

// best returns the codeword that lowers squared error plus lambda times bits most,
// and by how much.
func (s *searcher) best(cls int, coef []float32) (word, float32) {
	cost := s.cost
	book := s.model.Books[cls]
	choices := s.lengths[cls]
	s.find.Find(book, coef, s.match[:len(choices)])
	var w word
	top := float32(-1e30)
	for i, bits := range choices {
		m := s.match[i]
		size := max(m.Gain, -m.Gain)
		fixed := cost.Length[cls][i] + 1 + cost.Index[cls][bits][m.Index]
		high := int(size/s.step + 0.5)
		for k := max(high-1, 1); k <= max(high, 1); k++ {
			off := size - float32(k)*s.step
			saved := size*size - off*off - s.lambda*(fixed+cost.Gain[cls][min(k, unaryGain+1)])
			if saved > top {
				top = saved
				w = word{uint8(bits), uint16(m.Index), int16(min(k, 1<<14))}
				if m.Gain < 0 {
					w.gain = -w.gain
				}
			}
		}
	}
	return w, top
}

// replay calls f with every vector that a codeword was chosen for.
func (s *searcher) replay(p *planes, first, x, y int, nodes []node, f func(class int, v []float32)) {
	p.block(classTable[first], x, y, s.levels[0].block)
	s.nodes = nodes
	s.replayBlock(first, 0, f)
}

func (s *searcher) replayBlock(cls, depth int, f func(class int, v []float32)) {
	n := s.nodes[0]
	s.nodes = s.nodes[1:]
	c := classTable[cls]
	l := &s.levels[depth]
	block := l.block[:c.samples()]
	coef := l.coef[:c.dim()]
	if n.n > 0 {
		analyze(cls, block, coef)
	}
	for _, w := range n.words[:n.n] {
		f(cls, coef)
		kernel.AddScaled(coef, -float32(w.gain)*s.step, s.model.Books[cls].Codeword(int(w.index), int(w.bits)))
		s.subtract(cls, w, block)
	}
	if !n.split {
		return
	}
	from := append([]float32(nil), block...)
	for i := range 4 {
		s.quarter(cls, depth, i, from)
		s.replayBlock(c.child, depth+1, f)
	}
}
