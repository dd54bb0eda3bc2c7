package vq

import (
	"fmt"

	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/nn/safetensors"
)

// models are the adaptive models of one slice's quadtrees, or means. All their bits
// lie in one arena, so that training can store them and a slice start from there.
type models struct {
	arena  []entropy.Bit
	flags  [2][3][]entropy.Bit // by kind: in three contexts
	gains  [2][]entropy.Bit
	sizes  []entropy.Bit
	order  [classes][2][]entropy.Bit // by node of the index tree
	near   [4][]entropy.Bit
	signs  []entropy.Bit
	above  [classes]entropy.Golomb
	zero   [2][]entropy.Bit // means
	beyond [2][]entropy.Bit
	minus  []entropy.Bit
	far    [3]entropy.Golomb
	mixers [kinds]*entropy.Mixer
	band   int // of the quality
}

// bands is how many ranges of quality the models tell apart.
const bands = 5

// bandOf returns the range of a quality in tenths.
func bandOf(q10 int) int { return q10 * bands / (maxQ10 + 1) }

const (
	nearKeys   = (classes + 1) * prefixStates
	gainStates = 8
	meanLevels = 6
	meanSizes  = 14 // residuals up to this are coded in unary
)

// segment is a part of the arena.
type segment struct {
	size int
	at   *[]entropy.Bit
}

func (m *models) segments(bits [classes]int) []segment {
	const sites = classes * (maxWords + 1)
	var list []segment
	add := func(size int, at *[]entropy.Bit) { list = append(list, segment{size, at}) }
	for kind := range m.flags {
		add(sites*4*4*4, &m.flags[kind][0])
		add(sites*8*8*3, &m.flags[kind][1])
		add(sites*(maxWords+1)*9*2*bands, &m.flags[kind][2])
	}
	add(classes*maxWords*(unaryGain+1)*gainStates*bands, &m.gains[0])
	add(classes*(unaryGain+1)*gainStates*gainStates, &m.gains[1])
	add(classes*maxWords*16*8, &m.sizes)
	for c := range classes {
		for i := range m.order[c] {
			add(1<<bits[c], &m.order[c][i])
		}
	}
	for i := range m.near {
		add(classes<<contextDepth*nearKeys, &m.near[i])
	}
	add(classes<<8, &m.signs)
	add(3*meanLevels*8*9, &m.zero[0])
	add(3*meanLevels*9*bands*4, &m.zero[1])
	add(3*meanLevels*meanSizes*4, &m.beyond[0])
	add(3*8*meanSizes*bands, &m.beyond[1])
	add(3*3*3*3, &m.minus)
	return list
}

func arenaSize(list []segment) int {
	total := 0
	for _, s := range list {
		total += s.size
	}
	return total
}

// newModels makes the models of a slice at a quality: fresh ones, or as they were
// after training.
func newModels(bits [classes]int, start *start, q10 int) *models {
	m := &models{band: bandOf(q10)}
	list := m.segments(bits)
	m.arena = make([]entropy.Bit, arenaSize(list))
	if start != nil {
		copy(m.arena, start.bits)
	}
	rest := m.arena
	for _, s := range list {
		*s.at, rest = rest[:s.size:s.size], rest[s.size:]
	}
	sets := [kinds]struct{ inputs, sets int }{
		kindMore:   {3, classes * (maxWords + 1)},
		kindSplit:  {3, classes * (maxWords + 1)},
		kindGain:   {2, classes * maxWords},
		kindIndex:  {5, classes * contextDepth},
		kindZero:   {2, 3 * meanLevels},
		kindBeyond: {2, 3},
	}
	for i, s := range sets {
		if s.inputs == 0 {
			continue
		}
		m.mixers[i] = entropy.NewMixer(s.inputs, s.sets)
		if start != nil {
			m.mixers[i].Prime(start.weights[i], startInertia)
		}
	}
	return m
}

// start is what the models had learned at the end of training.
type start struct {
	bits    []entropy.Bit
	weights [kinds][]int32
}

const (
	startInertia = 200 // updates that learned mixing weights count for
	startSeen    = 30  // bits that a learned probability counts for, at most
)

// learned returns the models' state, for later slices to start from.
func (m *models) learned() *start {
	s := &start{bits: make([]entropy.Bit, len(m.arena))}
	for i := range m.arena {
		b := &m.arena[i]
		s.bits[i] = entropy.PrimedBit(b.P1(), min(b.Seen(), startSeen))
	}
	for i, x := range m.mixers {
		if x != nil {
			s.weights[i] = x.Weights()
		}
	}
	return s
}

// mixed codes a bit whose probability is mixed from models.
func (m *models) mixed(io bitIO, kind, set, v int, models ...*entropy.Bit) int {
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
func (m *models) flag(io bitIO, kind int, s *site, n, v int) int {
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
	c := &f[2][((base*(maxWords+1)+int(s.parent.n))*9+finer)*2+min(int(s.corner.words), 1)+m.band*len(f[2])/bands]
	return m.mixed(io, kind, base, v, a, b, c)
}

// gain codes the size of a gain, 1 and up.
func (m *models) gain(io bitIO, s *site, stage int, n *node, v int) int {
	last := 0
	if stage > 0 {
		last = min(int(max(n.words[stage-1].gain, -n.words[stage-1].gain)), 7)
	} else if s.parent.n > 0 {
		g := s.parent.words[s.parent.n-1].gain
		last = min(int(max(g, -g)), 7)
	}
	v--
	for i := range unaryGain {
		a := &m.gains[0][((s.class*maxWords+stage)*(unaryGain+1)+i)*gainStates+last+m.band*len(m.gains[0])/bands]
		b := &m.gains[1][((s.class*(unaryGain+1)+i)*8+int(s.left.energy))*8+int(s.up.energy)]
		if m.mixed(io, kindGain, s.class*maxWords+stage, sign(v > i), a, b) == 0 {
			return i + 1
		}
	}
	more := io.number(uint32(max(v-unaryGain, 0)), &m.above[s.class])
	return int(min(more, 1<<14)) + unaryGain + 1
}

// length codes which of n index lengths a codeword has.
func (m *models) length(io bitIO, s *site, stage, gain, v, n int) int {
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
func (m *models) index(io bitIO, s *site, stage int, n *node, bits, v int) int {
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
func (m *models) sign(io bitIO, s *site, w *word, v int) int {
	top := int(w.index)
	if w.bits > 8 {
		top >>= w.bits - 8
	} else {
		top <<= 8 - w.bits
	}
	return io.bit(v, &m.signs[s.class<<8|top])
}

// store writes the state to a model file. Of the probabilities only those that
// training touched are stored: how far each lies from the one before (more than maxGap
// takes entries that count for nothing), its value and how many bits it counts for.
func (s *start) store(f *safetensors.File) {
	var gaps, seen []uint8
	var p []uint16
	last := -1
	for i := range s.bits {
		b := &s.bits[i]
		if b.Seen() == 0 {
			continue
		}
		for ; i-last > maxGap; last += maxGap {
			gaps, p, seen = append(gaps, maxGap), append(p, 0), append(seen, 0)
		}
		gaps, p, seen = append(gaps, uint8(i-last)), append(p, uint16(b.P1())), append(seen, uint8(b.Seen()))
		last = i
	}
	f.Tensors["start.gap"] = safetensors.Of(gaps, len(gaps))
	f.Tensors["start.probability"] = safetensors.Of(p, len(p))
	f.Tensors["start.seen"] = safetensors.Of(seen, len(seen))
	for i, w := range s.weights {
		if w != nil {
			f.Tensors[fmt.Sprintf("start.weights.%d", i)] = safetensors.Of(w, len(w))
		}
	}
}

const maxGap = 255

// loadStart is the inverse of store, for codebooks of the given bits.
func loadStart(f *safetensors.File, bits [classes]int) (*start, error) {
	t, err := f.Get("start.probability", safetensors.U16, -1)
	if err != nil {
		return nil, err
	}
	p, err := safetensors.Values[uint16](t)
	if err != nil {
		return nil, err
	}
	gaps, err := f.Get("start.gap", safetensors.U8, len(p))
	if err != nil {
		return nil, err
	}
	seen, err := f.Get("start.seen", safetensors.U8, len(p))
	if err != nil {
		return nil, err
	}
	s := &start{bits: make([]entropy.Bit, arenaSize((&models{}).segments(bits)))}
	at := -1
	for i, gap := range gaps.Data {
		if at += int(gap); at < 0 || at >= len(s.bits) {
			return nil, fmt.Errorf("%w: probabilities for models that the coder lacks", safetensors.ErrFormat)
		}
		if seen.Data[i] > 0 {
			s.bits[at] = entropy.PrimedBit(uint32(p[i]), int(seen.Data[i]))
		}
	}
	for i, mixer := range newModels(bits, nil, 0).mixers {
		name := fmt.Sprintf("start.weights.%d", i)
		if _, ok := f.Tensors[name]; !ok || mixer == nil {
			continue
		}
		if t, err = f.Get(name, safetensors.I32, len(mixer.Weights())); err != nil {
			return nil, err
		}
		if s.weights[i], err = safetensors.Values[int32](t); err != nil {
			return nil, err
		}
	}
	return s, nil
}
