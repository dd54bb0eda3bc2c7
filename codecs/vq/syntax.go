package vq

import "codecworkbench/codecs/entropy"

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
	io      bitIO
	first   int // class of a whole superblock
	cells   []cell
	w, h    int            // in cells
	under   []cell         // luma cells, context for chroma; nil for luma or if they're left out
	lengths [classes][]int // index lengths to choose from
	model   *mixModel
}

// newTreeCoder codes w x h cells.
func newTreeCoder(io bitIO, first, w, h int, start *Model) *treeCoder {
	t := &treeCoder{io: io, first: first, w: w, h: h, cells: make([]cell, w*h), model: newMixModel(start)}
	for c, b := range start.Books {
		t.lengths[c] = prefixesOf(b.Bits)
	}
	return t
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
	class       int
	left, up    cell
	corner      cell // up right where known, else up left
	parent      node
	parentClass int
	luma        int // codewords in the luma below a chroma block, 0 to 3
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
	t.words(&s, &n)
	child := classTable[cls].child
	if child >= 0 {
		n.split = t.model.flag(t.io, kindSplit, &s, int(n.n), sign(n.split)) == 1
	}
	if decoding {
		*list = append(*list, n)
	}
	*at++
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
	w.index = uint16(t.model.index(t.io, s, stage, n, int(w.bits), int(w.index)))
	negative := t.model.sign(t.io, s, &w, sign(w.gain < 0))
	w.gain = int16(size)
	if negative == 1 {
		w.gain = -w.gain
	}
	return w
}

// prefixesOf lists the index lengths of a codebook of the given bits.
func prefixesOf(bits int) []int {
	n := 0
	for n < len(prefixes) && prefixes[n] < bits {
		n++
	}
	out := append([]int(nil), prefixes[:n]...)
	return append(out, bits)
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
	kinds
)

// mixModel holds the adaptive models of a slice.
type mixModel struct {
	flags  [2][3][]entropy.Bit
	gains  [2][]entropy.Bit
	above  [classes]entropy.Golomb
	sizes  []entropy.Bit
	order  [classes][2][]entropy.Bit // by node of the index tree
	near   [4][]entropy.Bit
	signs  []entropy.Bit
	mixers [kinds]*entropy.Mixer
}

const nearKeys = (classes + 1) * prefixStates

func newMixModel(start *Model) *mixModel {
	m := &mixModel{}
	for kind := range m.flags {
		m.flags[kind][0] = make([]entropy.Bit, classes*(maxWords+1)*4*4*4)
		m.flags[kind][1] = make([]entropy.Bit, classes*(maxWords+1)*8*8*3)
		m.flags[kind][2] = make([]entropy.Bit, classes*(maxWords+1)*(maxWords+1)*9*2)
	}
	m.gains[0] = make([]entropy.Bit, classes*maxWords*(unaryGain+1)*8)
	m.gains[1] = make([]entropy.Bit, classes*(unaryGain+1)*8*8)
	m.sizes = make([]entropy.Bit, classes*maxWords*16*8)
	for c := range classes {
		for i := range m.order[c] {
			m.order[c][i] = make([]entropy.Bit, 1<<start.Books[c].Bits)
		}
	}
	for i := range m.near {
		m.near[i] = make([]entropy.Bit, classes<<contextDepth*nearKeys)
	}
	m.signs = make([]entropy.Bit, classes<<8)
	m.mixers[kindMore] = entropy.NewMixer(3, classes*(maxWords+1))
	m.mixers[kindSplit] = entropy.NewMixer(3, classes*(maxWords+1))
	m.mixers[kindGain] = entropy.NewMixer(2, classes*maxWords)
	m.mixers[kindIndex] = entropy.NewMixer(5, classes*contextDepth)
	return m
}

// mixed codes a bit whose probability is mixed from models.
func (m *mixModel) mixed(io bitIO, kind, set, v int, models ...*entropy.Bit) int {
	x := m.mixers[kind]
	for _, b := range models {
		x.Add(b.P1(), b.Confidence())
	}
	p1 := x.Mix(set)
	v = io.prob(v, p1)
	x.Update(v)
	for _, b := range models {
		b.Update(v)
	}
	return v
}

// flag codes "another codeword follows" or "the block is split".
func (m *mixModel) flag(io bitIO, kind int, s *site, n, v int) int {
	f := &m.flags[kind]
	base := s.class*(maxWords+1) + n
	a := &f[0][((base*4+min(int(s.left.words), 3))*4+min(int(s.up.words), 3))*4+s.luma]
	b := &f[1][((base*8+int(s.left.energy))*8+int(s.up.energy))*3+min(int(s.corner.words), 2)]
	finer := 0 // how the neighbours' blocks compare in size
	for _, c := range [2]cell{s.left, s.up} {
		finer *= 3
		switch {
		case int(c.class) > s.class+1:
			finer += 2
		case int(c.class) == s.class+1:
			finer++
		}
	}
	c := &f[2][((base*(maxWords+1)+int(s.parent.n))*9+finer)*2+min(int(s.corner.words), 1)]
	return m.mixed(io, kind, base, v, a, b, c)
}

// gain codes the size of a gain, 1 and up.
func (m *mixModel) gain(io bitIO, s *site, stage int, n *node, v int) int {
	last := 0
	if stage > 0 {
		last = min(int(max(n.words[stage-1].gain, -n.words[stage-1].gain)), 7)
	} else if s.parent.n > 0 {
		g := s.parent.words[s.parent.n-1].gain
		last = min(int(max(g, -g)), 7)
	}
	v--
	for i := range unaryGain {
		a := &m.gains[0][((s.class*maxWords+stage)*(unaryGain+1)+i)*8+last]
		b := &m.gains[1][((s.class*(unaryGain+1)+i)*8+int(s.left.energy))*8+int(s.up.energy)]
		if m.mixed(io, kindGain, s.class*maxWords+stage, sign(v > i), a, b) == 0 {
			return i + 1
		}
	}
	more := io.number(uint32(max(v-unaryGain, 0)), &m.above[s.class])
	return int(min(more, 1<<14)) + unaryGain + 1
}

// length codes which of n index lengths a codeword has.
func (m *mixModel) length(io bitIO, s *site, stage, gain, v, n int) int {
	base := ((s.class*maxWords+stage)*16 + min(gain, 15)) * 8
	for i := range n - 1 {
		// The longest is the commonest: unary from there.
		if io.bit(sign(v != n-1-i), &m.sizes[base+i]) == 0 {
			return n - 1 - i
		}
	}
	return 0
}

// index codes an index of the given bits, most significant first.
func (m *mixModel) index(io bitIO, s *site, stage int, n *node, bits, v int) int {
	order := m.order[s.class][min(stage, 1)]
	left := int(s.left.class)*prefixStates + int(s.left.prefix)
	up := int(s.up.class)*prefixStates + int(s.up.prefix)
	before := 0
	if stage > 0 {
		before = (s.class+1)*prefixStates + int(prefixOf(n.words[stage-1]))
	} else if s.parent.n > 0 {
		before = s.class*prefixStates + int(prefixOf(s.parent.words[0]))
	}
	both := (int(s.left.prefix) + 2) / 3 * 7 * sign(s.left.class == s.up.class)
	both += (int(s.up.prefix) + 2) / 3
	node := 1
	for depth := range bits {
		bit := v >> (bits - 1 - depth) & 1
		if depth < contextDepth {
			row := (s.class<<contextDepth | node) * nearKeys
			bit = m.mixed(io, kindIndex, s.class*contextDepth+depth, bit, &order[node],
				&m.near[0][row+left], &m.near[1][row+up], &m.near[2][row+before], &m.near[3][row+both])
		} else {
			bit = io.bit(bit, &order[node])
		}
		node = node<<1 | bit
	}
	return node - 1<<bits
}

// sign codes the sign of a gain.
func (m *mixModel) sign(io bitIO, s *site, w *word, v int) int {
	top := int(w.index)
	if w.bits > 8 {
		top >>= w.bits - 8
	} else {
		top <<= 8 - w.bits
	}
	return io.bit(v, &m.signs[s.class<<8|top])
}
