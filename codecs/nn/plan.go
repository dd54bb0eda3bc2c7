package nn

import "fmt"

// noValue stands for an absent skip connection.
const noValue = -1

// node is an operation between values; without an op it is the sum of src and skip.
type node struct {
	op             Op
	src, skip, dst int
	label          string // for errors
}

// segment is a run of nodes that a tile goes through at once: a head of any kind and
// pointwise nodes after it.
type segment struct {
	nodes   []node
	grain   Grain
	macs    int   // multiplications a position, about
	outputs []int // values in bands that it writes
	skips   []int // values in bands of other segments that its sums read
	slots   []slot
}

// slot is tile-local memory, used by one value after another.
type slot struct{ values []int }

// value is what a node writes. Values that share memory have one root.
type value struct {
	root int
	// For roots:
	segment int  // that writes it; -1 for the input
	band    bool // read by another segment, or the network's input or output
	pad     int  // of zeros around it, in positions
	slot    int  // in its segment, unless band
}

// plan is a network's compiled form. Value 0 is the input.
type plan struct {
	segments []segment
	values   []value
	output   int // a root
}

// compile makes a plan of a network's layers.
func compile(layers []Layer) (*plan, error) {
	c := compiler{values: 1}
	out, err := c.flatten(layers, 0, "")
	if err != nil {
		return nil, err
	}
	out = c.copyPaddedInput(out)
	p := &plan{values: make([]value, c.values)}
	p.cut(c.nodes)
	p.share(c.nodes)
	p.output = p.values[out].root
	p.place(c.nodes)
	return p, nil
}

// compiler makes nodes of layers.
type compiler struct {
	nodes  []node
	values int
}

// add appends a node and returns its value.
func (c *compiler) add(n node) int {
	n.dst = c.values
	c.values++
	c.nodes = append(c.nodes, n)
	return n.dst
}

// flatten appends the nodes of layers that start from a value and returns the last value.
func (c *compiler) flatten(layers []Layer, src int, prefix string) (int, error) {
	for i := 0; i < len(layers); i++ {
		label := prefix + describe(i, layers[i])
		if op := fuse(layers[i:]); op != nil {
			src = c.add(node{op: op, src: src, skip: noValue, label: label})
			i++
			continue
		}
		switch l := layers[i].(type) {
		case *Residual:
			body, err := c.flatten(l.Body, src, label+", ")
			if err != nil {
				return 0, err
			}
			src = c.add(node{src: body, skip: src, label: label})
		case Op:
			src = c.add(node{op: l, src: src, skip: noValue, label: label})
		default:
			return 0, fmt.Errorf("%s is neither an Op nor a *Residual", label)
		}
	}
	return src, nil
}

// copyPaddedInput puts a copy before all else if a reader of the input wants padding,
// because the caller's tensor has none.
func (c *compiler) copyPaddedInput(out int) int {
	pad := 0
	for _, n := range c.nodes {
		if n.src == 0 && n.op != nil {
			pad = max(pad, n.op.Traits().Pad)
		}
	}
	if pad == 0 && len(c.nodes) > 0 {
		return out
	}
	v := c.values
	c.values++
	for i := range c.nodes {
		n := &c.nodes[i]
		if n.src == 0 {
			n.src = v
		}
		if n.skip == 0 {
			n.skip = v
		}
	}
	c.nodes = append([]node{{op: duplicate{}, src: 0, skip: noValue, dst: v, label: "input"}}, c.nodes...)
	if out == 0 {
		return v
	}
	return out
}

// cut divides the nodes into segments.
func (p *plan) cut(nodes []node) {
	p.values[0] = value{segment: -1, band: true}
	for _, n := range nodes {
		last := len(p.segments) - 1
		if last < 0 || p.values[n.src].segment != last || !joins(n, p.segments[last].grain) {
			last++
			p.segments = append(p.segments, segment{})
			if n.op != nil {
				p.segments[last].grain = n.op.Traits().Grain
			}
		}
		p.segments[last].nodes = append(p.segments[last].nodes, n)
		p.segments[last].macs += n.macs()
		p.values[n.dst] = value{root: n.dst, segment: last}
	}
}

// macs estimates a node's multiplications a position by its weights.
func (n node) macs() int {
	if n.op == nil {
		return 1
	}
	count := 1
	for _, p := range n.op.Params() {
		count += len(p.Data)
	}
	return count
}

// largeGrain is from where on tiles are too large for memory of their own.
const largeGrain = 40

// joins says whether a node may follow in a segment of a grain.
func joins(n node, g Grain) bool {
	if n.op == nil {
		return true
	}
	t := n.op.Traits()
	return t.InPlace || t.Pointwise && g.Step < largeGrain
}

// share lets nodes that may overwrite their input do so where nobody else reads it.
func (p *plan) share(nodes []node) {
	readers := make([]int, len(p.values))
	for _, n := range nodes {
		readers[n.src]++
		if n.skip != noValue {
			readers[n.skip]++
		}
	}
	for _, n := range nodes {
		inPlace := n.op == nil || n.op.Traits().InPlace
		if src := p.values[n.src]; inPlace && readers[n.src] == 1 && src.segment == p.values[n.dst].segment {
			p.values[n.dst].root = src.root
		}
	}
}

// place decides which values lie in bands, with how much padding, and gives the others
// their slots.
func (p *plan) place(nodes []node) {
	for _, n := range nodes {
		to := p.values[n.dst].segment
		src := &p.values[p.values[n.src].root]
		if src.segment != to {
			src.band = true
		}
		if n.op != nil {
			src.pad = max(src.pad, n.op.Traits().Pad)
		}
		if n.skip == noValue {
			continue
		}
		root := p.values[n.skip].root
		if skip := &p.values[root]; skip.segment != to {
			skip.band = true
			p.segments[to].skips = append(p.segments[to].skips, root)
		}
	}
	p.values[p.output].band = true
	for i := range p.segments {
		p.assign(&p.segments[i])
	}
}

// assign lists a segment's output bands and shares out slots to its other values: a slot
// is free again behind the last node that reads its value.
func (p *plan) assign(s *segment) {
	lastRead := map[int]int{}
	for i, n := range s.nodes {
		lastRead[p.values[n.src].root] = i
		if n.skip != noValue {
			lastRead[p.values[n.skip].root] = i
		}
	}
	var free []int // by slot: the first node that may write it
	for i, n := range s.nodes {
		if p.values[n.dst].root != n.dst {
			continue
		}
		v := &p.values[n.dst]
		if v.band {
			s.outputs = append(s.outputs, n.dst)
			continue
		}
		v.slot = len(free)
		for k, from := range free {
			if from <= i {
				v.slot = k
				break
			}
		}
		if v.slot == len(free) {
			free = append(free, 0)
			s.slots = append(s.slots, slot{})
		}
		free[v.slot] = lastRead[n.dst] + 1
		s.slots[v.slot].values = append(s.slots[v.slot].values, n.dst)
	}
}

// duplicate copies its input.
type duplicate struct {
	pointwise
	weightless
}

// OutChannels changes nothing.
func (duplicate) OutChannels(in int) (int, error) { return in, nil }

// Size changes nothing.
func (duplicate) Size(in Size) (Size, error) { return in, nil }

// Traits has nothing to ask for.
func (duplicate) Traits() Traits { return Traits{Pointwise: true} }

// Compute copies row by row.
func (duplicate) Compute(_ *Worker, dst, src Band, t Tile) {
	for y := t.Rows.Lo; y < t.Rows.Hi; y++ {
		copy(dst.row(y, t.Cols.Lo, t.width()), src.row(y, t.Cols.Lo, t.width()))
	}
}

// describe names a layer for errors.
func describe(i int, l Layer) string {
	if p := l.Params(); len(p) > 0 {
		if _, nested := l.(*Residual); !nested {
			return fmt.Sprintf("layer %d (%T, %s)", i, l, p[0].Name)
		}
	}
	return fmt.Sprintf("layer %d (%T)", i, l)
}
