package vq

import "math"

// layout is the geometry of a coded picture.
type layout struct {
	width, height int // pixels
	gray          bool
	slices        int
}

func newLayout(width, height int, gray bool) layout {
	return layout{width, height, gray, (height + sliceRows - 1) / sliceRows}
}

// rows returns the first row and the number of rows of a slice in padded pixels.
func (l layout) rows(slice int) (first, n int) {
	first = slice * sliceRows
	return first, min(sliceRows, padded(l.height)-first)
}

// planes returns how many planes are coded.
func (l layout) planes() int {
	if l.gray {
		return 1
	}
	return 3
}

// steps are the quantizer's parameters that follow from the quality q, in tenths.
type steps struct {
	gain   [2]float32 // of luma and chroma codewords
	mean   [3]float32 // of block means by plane
	lambda float32    // squared error a bit
}

const (
	maxQ10      = 100
	coarsest    = 330.0 // gain step at q = 0
	octave      = 21.5  // tenths of q that halve the step
	lambdaScale = 0.13  // lambda over the squared step
	meanScale   = 0.9   // step of a mean's DC coefficient over the gain step
	chromaScale = 1.0
)

func stepsFor(q10 int) steps {
	step := coarsest * math.Exp2(-float64(q10)/octave)
	var s steps
	s.gain = [2]float32{float32(step), float32(step * chromaScale)}
	mean := float32(step * meanScale / meanSide)
	s.mean = [3]float32{mean, mean, mean}
	s.lambda = float32(lambdaScale * step * step)
	return s
}

// coded is everything that a stream says.
type coded struct {
	layout
	q10   int
	means [3]*grid
	trees [2][][]node // luma, chroma: by superblock, row by row
	lost  loss
}

func (c *coded) steps() steps { return stepsFor(c.q10) }

// superblocks returns their number across and down.
func (l layout) superblocks() (across, down int) {
	return padded(l.width) / superblock, padded(l.height) / superblock
}
