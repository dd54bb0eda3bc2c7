package integer

import (
	"fmt"
	"math"

	"codecworkbench/codecs/nn/kernel"
)

// blockRows is how many positions a convolution takes at a time: whole tiles of every
// micro-kernel, few enough for sums and weights to stay in the caches.
const blockRows = 42

// conv is a convolution with the activation, the shuffle and the scale index that follow it.
type conv struct {
	kernel, stride, padding int
	in                      int // channels
	factor                  int // of the shuffle, else 1
	parts                   []part
	index                   *scaleIndex // or nil
}

// part computes the output channels of one row of the shuffled output: those at (dx, c),
// which are neighbours there.
type part struct {
	panels *kernel.IntPanels
	q      *kernel.Requantizer
}

func (l *conv) resize(in size) (size, error) {
	out, err := convolved(in, l.kernel, l.stride, l.padding)
	n := l.parts[0].panels.N
	return size{out.h * l.factor, out.w * l.factor, n / l.factor}, err
}

func convolved(in size, kernel, stride, pad int) (size, error) {
	h, w := in.h+2*pad-kernel, in.w+2*pad-kernel
	if h < 0 || w < 0 {
		return size{}, fmt.Errorf("a kernel of %d does not fit %s padded by %d", kernel, in, pad)
	}
	return size{h/stride + 1, w/stride + 1, in.c}, nil
}

func (l *conv) pieces(_, out size) int { return out.h / l.factor }

func (l *conv) pad() int { return l.padding }

func (l *conv) do(w *worker, dst, src, _ *buffer, y int) {
	m := dst.w / l.factor
	at := src.at(y*l.stride-l.padding, -l.padding)
	step := l.stride * l.in
	for dy, p := range l.parts {
		n := p.panels.N
		out := dst.row(y*l.factor + dy)
		for i := 0; i < m; i += blockRows {
			rows := min(blockRows, m-i)
			a := kernel.IntMatrix{
				Data: src.data[at+i*step:], Stride: step,
				Runs: l.kernel, Run: l.kernel * l.in, RunStride: src.stride(),
			}
			acc := w.sums(rows * n)
			kernel.GemmInt(rows, a, p.panels, acc, n)
			p.q.Apply(rows, out[i*n:], n, acc, n)
			if l.index != nil {
				done := out[i*n : (i+rows)*n]
				l.index.apply(done, done, n)
			}
		}
	}
}

// depthwise is a depthwise convolution with the activation that follows it.
type depthwise struct {
	kernel, stride, padding int
	weights                 *kernel.IntDepthwise
	q                       *kernel.Requantizer
}

func (l *depthwise) resize(in size) (size, error) {
	return convolved(in, l.kernel, l.stride, l.padding)
}

func (l *depthwise) pieces(_, out size) int { return out.h }

func (l *depthwise) pad() int { return l.padding }

func (l *depthwise) do(w *worker, dst, src, _ *buffer, y int) {
	n, out := dst.c, dst.row(y)
	at := src.at(y*l.stride-l.padding, -l.padding)
	for t := range l.kernel * l.kernel {
		w.offsets[t] = t/l.kernel*src.stride() + t%l.kernel*n
	}
	for i := 0; i < dst.w; i += blockRows {
		pixels := min(blockRows, dst.w-i)
		acc := w.sums(pixels * n)
		l.weights.Apply(pixels, acc, n, src.data[at+i*l.stride*n:], l.stride*n, w.offsets[:l.kernel*l.kernel])
		l.q.Apply(pixels, out[i*n:], n, acc, n)
	}
}

// conv adds a convolution with at most one activation and one shuffle after it, in
// either order, or a scale index, and returns how many layers that were.
func (b *builder) conv(spec []LayerSpec) (int, error) {
	s := spec[0]
	s.Groups, s.Stride = max(s.Groups, 1), max(s.Stride, 1)
	err := within(bound{"in", s.In, b.channels, b.channels}, bound{"out", s.Out, 1, maxChannels}, bound{"kernel", s.Kernel, 1, maxKernel},
		bound{"stride", s.Stride, 1, maxKernel}, bound{"pad", s.Pad, 0, s.Kernel - 1}, bound{"bits", s.Bits, minBits, maxBits})
	if err != nil {
		return 0, err
	}
	isDepthwise := s.Groups > 1 && s.Groups == s.In && s.In == s.Out
	if s.Groups != 1 && !isDepthwise {
		return 0, fmt.Errorf("%d groups: 1, or as many as channels in and out, are possible", s.Groups)
	}
	c, err := b.load(s)
	if err != nil {
		return 0, err
	}
	taken := 1
	for _, next := range spec[1:] {
		switch {
		case (next.Op == "relu" || next.Op == "leaky_relu") && c.activation == "":
			c.activation = next.Op
		case next.Op == "shuffle" && c.factor == 1 && !isDepthwise && canShuffle(next.Factor, s.Out) == nil:
			c.factor = next.Factor
		case next.Op == "scale_index" && c.factor == 1 && !isDepthwise:
			// It is the last that fits in: what follows would change the index.
			if c.index, err = newScaleIndex(next, s.Out); err != nil {
				return taken, fmt.Errorf("scale_index: %w", err)
			}
			return taken + 1, b.finishConv(c, isDepthwise)
		default:
			return taken, b.finishConv(c, isDepthwise)
		}
		taken++
	}
	return taken, b.finishConv(c, isDepthwise)
}

// weights are a convolution's tensors and what it takes in.
type weights struct {
	LayerSpec
	weight           []int8 // [out, in/groups, kernel, kernel]
	bias, multiplier []int32
	activation       string
	factor           int
	index            *scaleIndex
}

// load reads the tensors and checks that no sum can overflow.
func (b *builder) load(s LayerSpec) (*weights, error) {
	fan := s.In / s.Groups * s.Kernel * s.Kernel
	packed := (fan + s.Kernel) * ((s.Out + 31) &^ 31)
	if b.weights += packed; b.weights > maxWeights {
		return nil, fmt.Errorf("more than %d weights", maxWeights)
	}
	c := &weights{LayerSpec: s, factor: 1}
	var err error
	if c.weight, err = tensor[int8](b, s.Name+".weight", "I8", s.Out, s.In/s.Groups, s.Kernel, s.Kernel); err != nil {
		return nil, err
	}
	if c.bias, err = tensor[int32](b, s.Name+".bias", "I32", s.Out); err != nil {
		return nil, err
	}
	if c.multiplier, err = tensor[int32](b, s.Name+".multiplier", "I32", s.Out); err != nil {
		return nil, err
	}
	for o, v := range c.bias {
		largest := int64(0)
		for _, w := range c.weight[o*fan : (o+1)*fan] {
			largest += max(int64(w), -int64(w))
		}
		largest = largest*int64(b.largest) + max(int64(v), -int64(v))
		if largest > math.MaxInt32 {
			return nil, fmt.Errorf("%w: up to %d in output channel %d, with inputs of up to %d", ErrOverflow, largest, o, b.largest)
		}
	}
	return c, nil
}

// finishConv packs a convolution and adds its node.
func (b *builder) finishConv(c *weights, isDepthwise bool) error {
	b.largest = 1<<c.Bits - 1
	if isDepthwise {
		taps := c.Kernel * c.Kernel
		q, err := c.requantizer(c.multiplier)
		if err != nil {
			return err
		}
		rows := make([]int8, len(c.weight))
		for i, v := range c.weight {
			rows[i%taps*c.Out+i/taps] = v
		}
		b.add(&depthwise{c.Kernel, c.Stride, c.Pad, kernel.PackIntDepthwise(rows, taps, c.Out, c.bias), q}, c.Name)
		return nil
	}
	l := &conv{kernel: c.Kernel, stride: c.Stride, padding: c.Pad, in: c.In, factor: c.factor, index: c.index}
	for dy := range c.factor {
		p, err := c.part(dy)
		if err != nil {
			return err
		}
		l.parts = append(l.parts, p)
	}
	b.channels = c.Out / (c.factor * c.factor)
	b.add(l, c.Name)
	return nil
}

// part packs the channels of row dy of the shuffled output: column dx*C+c is the
// convolution's channel c*f*f + dy*f + dx.
func (c *weights) part(dy int) (part, error) {
	f := c.factor
	n, taps := c.Out/f, c.Kernel*c.Kernel
	rows := make([]int8, c.In*taps*n) // [ky, kx, in] by column
	bias, multiplier := make([]int32, n), make([]int32, n)
	for j := range n {
		o := j%(n/f)*f*f + dy*f + j/(n/f)
		bias[j], multiplier[j] = c.bias[o], c.multiplier[o]
		for i := range c.In {
			for t := range taps {
				rows[(t*c.In+i)*n+j] = c.weight[(o*c.In+i)*taps+t]
			}
		}
	}
	q, err := c.requantizer(multiplier)
	return part{kernel.PackInt(rows, c.Kernel, c.Kernel*c.In, n, n, 1, bias), q}, err
}

func (c *weights) requantizer(multiplier []int32) (*kernel.Requantizer, error) {
	limit := int16(1<<c.Bits - 1)
	low := -limit
	if c.activation == "relu" {
		low = 0
	}
	return kernel.NewRequantizer(multiplier, c.Shift, low, limit, c.activation == "leaky_relu")
}
