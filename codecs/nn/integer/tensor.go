package integer

import "fmt"

// Tensor is a picture of C channels in NHWC order with N = 1: the element c at row y and
// column x is Data[(y*W+x)*C+c].
type Tensor struct {
	H, W, C int
	Data    []int16
}

// size is a tensor's height, width and channels.
type size struct{ h, w, c int }

func (s size) String() string { return fmt.Sprintf("%dx%dx%d", s.h, s.w, s.c) }

// Limits of every tensor in a network.
const (
	maxSide     = 1 << 17
	maxElements = 1 << 28 // with padding
)

// check refuses what is empty or, with padding on all sides, too large.
func (s size) check(pad int) error {
	if s.h < 1 || s.w < 1 || s.c < 1 || s.h > maxSide || s.w > maxSide || s.c > maxChannels || int64(s.h+2*pad)*int64(s.w+2*pad) > int64(maxElements/s.c) {
		return fmt.Errorf("a tensor of %s is empty or too large (at most %d a side, %d channels, %d numbers)", s, maxSide, maxChannels, maxElements)
	}
	return nil
}

// buffer is a tensor in a session's memory, with zeros around it where a convolution wants
// them. One element more lies behind it: the product reads, and ignores, what follows a
// run of odd length.
type buffer struct {
	size
	pad  int
	data []int16
}

// stride is the number of elements from one row to the next.
func (b *buffer) stride() int { return (b.w + 2*b.pad) * b.c }

// at returns the index of channel 0 at a position, which may lie in the padding.
func (b *buffer) at(y, x int) int { return (y+b.pad)*b.stride() + (x+b.pad)*b.c }

// row returns the positions of row y without padding.
func (b *buffer) row(y int) []int16 {
	i := b.at(y, 0)
	return b.data[i : i+b.w*b.c]
}

// shape gives the buffer a size and zeros its padding; memory grows if it has to.
func (b *buffer) shape(s size, pad int) {
	b.size, b.pad = s, pad
	n := (s.h+2*pad)*b.stride() + 1
	if cap(b.data) < n {
		b.data = make([]int16, n)
	}
	b.data = b.data[:n]
	if pad == 0 {
		return
	}
	clear(b.data[:b.at(0, 0)])
	for y := range s.h {
		// The right side of a row and the left side of the next one.
		i := b.at(y, s.w)
		clear(b.data[i : i+2*pad*s.c])
	}
	clear(b.data[b.at(s.h-1, s.w):])
}
