package vq

// cell is what contexts know of a decoded 4 x 4 area (in samples of its plane).
type cell struct {
	class  int8  // 1 + class of the smallest block that covers it; 0: not coded
	words  uint8 // codewords that reach it, from blocks of all sizes
	energy uint8 // bits of the largest gain
	prefix uint8 // first prefixContext bits of the smallest block's first index, plus 1; 0: none
	sign   int8  // of that codeword's gain
}

const (
	prefixContext = 4 // bits of a neighbour's index that serve as context
	prefixStates  = 1<<prefixContext + 1
	contextDepth  = 6 // bits of an index coded with neighbours as context
	unaryGain     = 14
)

// treeCoder codes the quadtrees of one slice: luma or chroma.
type treeCoder struct {
	io        bitIO
	first     int // class of a whole superblock
	cells     []cell
	w, h      int            // in cells
	under     []cell         // luma cells, context for chroma; nil for luma or if they're left out
	lengths   [classes][]int // index lengths to choose from
	model     *models
	on        func(blockCost) // told what every block cost, where io is a meter; may be nil
	indexBits float64         // of the current block
}

// newTreeCoder codes w x h cells.
func newTreeCoder(io bitIO, first, w, h int, m *models, lengths [classes][]int) *treeCoder {
	return &treeCoder{io: io, first: first, w: w, h: h, cells: make([]cell, w*h), model: m, lengths: lengths}
}

// spent returns the bits of all decisions so far, where io is a meter.
func (t *treeCoder) spent() float64 {
	if m, ok := t.io.(*meter); ok {
		return m.bits
	}
	return 0
}

// around returns a cell near a block, or an empty one outside the slice.
func (t *treeCoder) around(x, y int) cell {
	if x < 0 || y < 0 || x >= t.w {
		return cell{}
	}
	return t.cells[y*t.w+x]
}

// site is the context of one block.
type site struct {
	class    int
	left, up cell
	corner   cell // up right where known, else up left
	parent   node
	luma     int // codewords in the luma below a chroma block, 0 to 3
}

// tree codes the quadtree of one superblock whose first cell is (x, y): nodes are
// read from, or appended to, list.
func (t *treeCoder) tree(x, y int, list *[]node, at *int) {
	t.block(t.first, x, y, node{}, list, at)
}

func (t *treeCoder) block(cls, x, y int, parent node, list *[]node, at *int) {
	s := site{class: cls, left: t.around(x-1, y), up: t.around(x, y-1), parent: parent}
	size := classTable[cls].side / 4
	s.corner = t.around(x+size, y-1)
	if s.corner.class == 0 {
		s.corner = t.around(x-1, y-1)
	}
	if t.under != nil {
		s.luma = t.lumaActivity(x, y, size)
	}
	var n node
	decoding := *at == len(*list)
	if !decoding {
		n = (*list)[*at]
	}
	before := t.spent()
	t.indexBits = 0
	t.words(&s, &n)
	child := classTable[cls].child
	if child >= 0 {
		n.split = t.model.flag(t.io, kindSplit, &s, int(n.n), sign(n.split)) == 1
	}
	if decoding {
		*list = append(*list, n)
	}
	*at++
	if t.on != nil {
		t.on(blockCost{class: cls, x: 4 * x, y: 4 * y, total: t.spent() - before, index: t.indexBits})
	}
	t.mark(cls, x, y, size, &n)
	if n.split {
		half := size / 2
		for i := range 4 {
			t.block(child, x+i%2*half, y+i/2*half, n, list, at)
		}
	}
}

// words codes a block's codewords.
func (t *treeCoder) words(s *site, n *node) {
	for stage := range maxWords {
		more := t.model.flag(t.io, kindMore, s, stage, sign(int(n.n) > stage))
		if more == 0 {
			n.n = uint8(stage)
			return
		}
		n.words[stage] = t.word(s, stage, n)
	}
	n.n = maxWords
}

func (t *treeCoder) word(s *site, stage int, n *node) word {
	w := n.words[stage]
	size := t.model.gain(t.io, s, stage, n, int(max(w.gain, -w.gain)))
	choices := t.lengths[s.class]
	pick := 0
	for i, c := range choices {
		if c == int(w.bits) {
			pick = i
		}
	}
	pick = t.model.length(t.io, s, stage, size, pick, len(choices))
	w.bits = uint8(choices[pick])
	before := t.spent()
	w.index = uint16(t.model.index(t.io, s, stage, n, int(w.bits), int(w.index)))
	t.indexBits += t.spent() - before
	negative := t.model.sign(t.io, s, &w, sign(w.gain < 0))
	w.gain = int16(size)
	if negative == 1 {
		w.gain = -w.gain
	}
	return w
}

// mark tells the cells below a block what it holds.
func (t *treeCoder) mark(cls, x, y, size int, n *node) {
	bits := 0
	for i := range n.n {
		g := int(max(n.words[i].gain, -n.words[i].gain))
		b := 1
		for g > 1 {
			g >>= 1
			b++
		}
		bits = max(bits, b)
	}
	for r := range size {
		row := t.cells[(y+r)*t.w+x : (y+r)*t.w+x+size]
		for i := range row {
			c := &row[i]
			c.class = int8(cls + 1)
			c.words = min(c.words+n.n, 7)
			c.energy = max(c.energy, uint8(min(bits, 7)))
			if n.n > 0 {
				w := n.words[0]
				c.prefix = prefixOf(w)
				c.sign = 1
				if w.gain < 0 {
					c.sign = -1
				}
			} else {
				c.prefix = 0
			}
		}
	}
}

// prefixOf returns a codeword's context: the first bits of its index, plus 1.
func prefixOf(w word) uint8 {
	return uint8(w.index>>(w.bits-prefixContext)) + 1
}

// lumaActivity says how many codewords the luma has where a chroma block lies.
func (t *treeCoder) lumaActivity(x, y, size int) int {
	sum, w := 0, 2*t.w
	for r := range 2 * size {
		for i := range 2 * size {
			sum += int(t.under[(2*y+r)*w+2*x+i].words)
		}
	}
	// Average per cell in quarters: none, up to 1/2, up to 2, more.
	switch n := 4 * size * size; {
	case sum == 0:
		return 0
	case 2*sum <= n:
		return 1
	case sum <= 2*n:
		return 2
	}
	return 3
}

// Kinds of decision, for accounting and contexts.
const (
	kindMore = iota
	kindSplit
	kindGain
	kindLength
	kindIndex
	kindSign
	kindZero
	kindBeyond
	kinds
)
