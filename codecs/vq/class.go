package vq

import "fmt"

// A class is one kind of block that has a codebook: its side, and whether it is of
// the luma plane or of both chroma planes together.
type class struct {
	name   string
	side   int // samples of its plane
	planes int // 1: luma; 2: both chroma planes, half size
	kept   int // DCT coefficients coded a plane, in zigzag order
	bits   int // of the shipped codebook's full index
	child  int // class of the four quarters; -1: never split
}

// dim is the length of a codeword.
func (c class) dim() int { return c.planes * c.kept }

// samples is how many samples a block covers.
func (c class) samples() int { return c.planes * c.side * c.side }

// The classes in the order of the model file. A superblock of 32 x 32 pixels is one
// block of class 0 and one of class firstChroma.
const (
	classes     = 7
	firstChroma = 4

	superblock = 32 // pixels
	meanSide   = 8  // samples that one mean covers along each side, in every plane
	sliceRows  = 512
)

var classTable = [classes]class{
	{"luma32", 32, 1, 64, 10, 1},
	{"luma16", 16, 1, 64, 12, 2},
	{"luma8", 8, 1, 64, 12, 3},
	{"luma4", 4, 1, 16, 12, -1},
	{"chroma16", 16, 2, 32, 10, 5},
	{"chroma8", 8, 2, 32, 11, 6},
	{"chroma4", 4, 2, 16, 10, -1},
}

// maxWords is how many codewords one block may add up (residual stages).
const maxWords = 4

// maxIndexBits bounds the codebooks; their indices then have up to maxLengths lengths
// to choose from (quantize.Levels).
const (
	maxIndexBits = 12
	maxLengths   = 5
)

// word is one coded shape of a block.
type word struct {
	bits  uint8  // length of the index
	index uint16 // prefix of that many bits
	gain  int16  // in steps, never 0
}

// node is one block of the quadtree, in preorder.
type node struct {
	words [maxWords]word
	n     uint8 // words used
	split bool
}

func (c class) String() string {
	return fmt.Sprintf("%s (%d codewords of %d coefficients)", c.name, 1<<c.bits, c.dim())
}
