package vq

import (
	"fmt"

	"codecworkbench/codecs"
)

// walk calls f for every block of a superblock's quadtree at (x, y) of its plane, in
// preorder; f may change the node.
func walk(nodes []node, cls, x, y int, f func(cls, x, y int, n *node)) {
	at := 0
	walkBlock(nodes, &at, cls, x, y, f)
}

func walkBlock(nodes []node, at *int, cls, x, y int, f func(cls, x, y int, n *node)) {
	if *at >= len(nodes) {
		return
	}
	n := &nodes[*at]
	*at++
	f(cls, x, y, n)
	if !n.split {
		return
	}
	c := classTable[cls]
	for i := range 4 {
		walkBlock(nodes, at, c.child, x+i%2*c.side/2, y+i/2*c.side/2, f)
	}
}

// each walks all quadtrees of a picture: luma, then chroma.
func (c *coded) each(f func(cls, x, y int, n *node)) {
	across, _ := c.superblocks()
	for kind, trees := range c.trees {
		for i, nodes := range trees {
			walk(nodes, kind*firstChroma, i%across*superblock>>kind, i/across*superblock>>kind, f)
		}
	}
}

// editPart numbers the index maps for codecs.Edit: every class has one for each
// codeword that its blocks may add up.
func editPart(class, stage int) int { return class*maxWords + stage }

// edit replaces indices. An Edit's Part is the map (editPart), X and Y count blocks
// of its class, and Value is a full index, of which a block that uses a prefix takes
// the upper bits.
func (c *coded) edit(m *Model, edits []codecs.Edit) error {
	for _, e := range edits {
		if err := c.replace(m, e); err != nil {
			return err
		}
	}
	return nil
}

func (c *coded) replace(m *Model, e codecs.Edit) error {
	if e.Part < 0 || e.Part >= classes*maxWords {
		return fmt.Errorf("no index map %d; there are 0 to %d", e.Part, classes*maxWords-1)
	}
	cls, stage := e.Part/maxWords, e.Part%maxWords
	name, bits := classTable[cls].name, m.Books[cls].Bits
	if e.Value < 0 || e.Value >= 1<<bits {
		return fmt.Errorf("index %d is outside the codebook %s (0 to %d)", e.Value, name, 1<<bits-1)
	}
	kind := classTable[cls].firstPlane()
	x, y := e.X*classTable[cls].side, e.Y*classTable[cls].side
	across, down := c.superblocks()
	root := superblock >> kind
	if e.X < 0 || e.Y < 0 || x/root >= across || y/root >= down || c.trees[kind] == nil {
		return fmt.Errorf("the picture has no block %d, %d of %s", e.X, e.Y, name)
	}
	done := false
	walk(c.trees[kind][y/root*across+x/root], kind*firstChroma, x/root*root, y/root*root, func(at, bx, by int, n *node) {
		if at == cls && bx == x && by == y && stage < int(n.n) {
			w := &n.words[stage]
			w.index = uint16(e.Value >> (bits - int(w.bits)))
			done = true
		}
	})
	if !done {
		return fmt.Errorf("block %d, %d of %s has no codeword %d to replace", e.X, e.Y, name, stage+1)
	}
	return nil
}

// progressiveBits returns the index bits that the first n progressive steps
// include: the first step is the surface alone, each further one adds a level of the
// codebooks. 0 bits: no codewords.
func progressiveBits(n int) int {
	if n < 2 {
		return 0
	}
	return prefixContext + 2*(n-2)
}

// steps of progressive decoding: the surface, then every index length.
const progressiveSteps = 1 + maxLengths
