package kernel

import "fmt"

// Depthwise is a convolution of every channel with a filter of its own, over NHWC rows.
type Depthwise struct {
	Size, Channels int
	Weights        []float32 // [Size*Size][Channels], taps row by row
	Bias           []float32 // [Channels]
}

// NewDepthwise returns a filter of size x size taps. It keeps the slices, so that training
// can change what is in them. A nil bias is zero. Filters of 3x3 and 5x5 taps with stride 1
// or 2 are the fast ones.
func NewDepthwise(size, channels int, weights, bias []float32) *Depthwise {
	if bias == nil {
		bias = make([]float32, max(channels, 0))
	}
	if size < 1 || channels < 1 || len(weights) != size*size*channels || len(bias) != channels {
		panic(fmt.Sprintf("kernel: %d weights and %d biases for %dx%d taps of %d channels", len(weights), len(bias), size, size, channels))
	}
	return &Depthwise{size, channels, weights, bias}
}

// Row writes width pixels of one output row: for x in [0,width) and every channel c,
//
//	dst[x*Channels+c] = Bias[c] + sum over dy, dx of
//		src[dy*rowStride+(x*stride+dx)*Channels+c] * Weights[(dy*Size+dx)*Channels+c]
//
// so src is where the Size input rows start, padded already: each holds at least
// (width-1)*stride+Size pixels. dst does not overlap them. Row panics if a slice is too
// short.
func (d *Depthwise) Row(dst, src []float32, rowStride, stride, width int) {
	if width <= 0 {
		return
	}
	need := (d.Size-1)*rowStride + ((width-1)*stride+d.Size)*d.Channels
	if stride < 1 || rowStride < 0 || len(src) < need || len(dst) < width*d.Channels {
		panic(fmt.Sprintf("kernel: %d pixels of %dx%d taps, %d channels, stride %d, rows %d apart, from a slice of %d to one of %d",
			width, d.Size, d.Size, d.Channels, stride, rowStride, len(src), len(dst)))
	}
	active.depthwise(d, dst, src, rowStride, stride, width)
}

func depthwisePortable(d *Depthwise, dst, src []float32, rowStride, stride, width int) {
	d.portable(dst, src, rowStride, stride, width, 0)
}

// portable writes the channels from first on.
func (d *Depthwise) portable(dst, src []float32, rowStride, stride, width, first int) {
	if first == d.Channels {
		return
	}
	for x := range width {
		out := dst[x*d.Channels+first : (x+1)*d.Channels]
		copy(out, d.Bias[first:])
		for tap := range d.Size * d.Size {
			in := src[tap/d.Size*rowStride+(x*stride+tap%d.Size)*d.Channels+first:][:len(out)]
			w := d.Weights[tap*d.Channels+first:][:len(out)]
			for c := range out {
				out[c] += in[c] * w[c]
			}
		}
	}
}
