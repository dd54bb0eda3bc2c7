package nn

import "fmt"

// Tensor is a picture of C channels in NHWC order with N = 1: the element c at row y and
// column x is Data[(y*W+x)*C+c].
type Tensor struct {
	H, W, C int
	Data    []float32
}

// NewTensor returns a tensor of zeros.
func NewTensor(h, w, c int) Tensor {
	return Tensor{h, w, c, make([]float32, h*w*c)}
}

// Size returns the tensor's size.
func (t Tensor) Size() Size { return Size{t.H, t.W, t.C} }

// check says what is wrong with the tensor's size.
func (t Tensor) check() error {
	if err := t.Size().check(); err != nil {
		return err
	}
	if len(t.Data) != t.H*t.W*t.C {
		return fmt.Errorf("a tensor of %s holds %d numbers", t.Size(), len(t.Data))
	}
	return nil
}

// band returns all of the tensor as a band.
func (t Tensor) band() Band {
	return Band{Size: t.Size(), Stride: t.W * t.C, Data: t.Data}
}

// Size is a tensor's height, width and channels.
type Size struct{ H, W, C int }

// String returns height x width x channels.
func (s Size) String() string { return fmt.Sprintf("%dx%dx%d", s.H, s.W, s.C) }

// Limits of every tensor in a network.
const (
	maxSide     = 1 << 17
	maxElements = 1 << 30
)

// check refuses what is empty or too large.
func (s Size) check() error {
	if s.H < 1 || s.W < 1 || s.C < 1 || s.H > maxSide || s.W > maxSide || s.C > maxChannels || s.H*s.W > maxElements/s.C {
		return fmt.Errorf("a tensor of %s is empty or too large (at most %d a side, %d channels, %d numbers)", s, maxSide, maxChannels, maxElements)
	}
	return nil
}

// Span is a range of rows or columns: from Lo up to, but not including, Hi.
type Span struct{ Lo, Hi int }

// Band is a part of a tensor in memory: rows that follow one another, with zeros for rows
// and columns beyond the tensor's edges where a reader wants them.
type Band struct {
	Size       // of the whole tensor
	Y, X   int // the position of Data[0]; negative in padding
	Stride int // elements from one row to the next
	Data   []float32
}

// At returns the index in Data of channel 0 at a position.
func (b Band) At(y, x int) int { return (y-b.Y)*b.Stride + (x-b.X)*b.C }

// row returns n positions of a row, from column x on.
func (b Band) row(y, x, n int) []float32 {
	i := b.At(y, x)
	return b.Data[i : i+n*b.C]
}

// Tile is a rectangle of a layer's output positions.
type Tile struct{ Rows, Cols Span }

// width returns the number of columns.
func (t Tile) width() int { return t.Cols.Hi - t.Cols.Lo }

// positions returns how many positions the tile has.
func (t Tile) positions() int { return t.width() * (t.Rows.Hi - t.Rows.Lo) }

// dense says whether the tile's rows follow one another in the band without a gap, so that
// its positions can be taken as one long row.
func (b Band) dense(t Tile) bool {
	return t.Rows.Hi-t.Rows.Lo == 1 || b.Stride == t.width()*b.C
}
