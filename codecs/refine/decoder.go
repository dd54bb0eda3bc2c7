package refine

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/grad"
)

// Decoder is a synthesis network to look through from pixels to latents. It is safe for
// concurrent use.
type Decoder struct {
	synthesis *grad.Pullback
	channels  int // of latents
	scale     int // pixels that a position covers along each side
	reach     int // positions around one whose latents show in its pixels
	after     *Linear

	states sync.Pool // of *state: a run's memory
}

// Linear is a linear map from what a synthesis gives, [h, w, 3], to samples, in place; width is
// that of a row in numbers.
type Linear struct {
	// Forward is the map and Transposed its transpose, by which derivatives go back. Both may
	// mirror or repeat the edges of what they get.
	Forward, Transposed func(ctx context.Context, data []float32, width int) error
	// Reach is how many positions around one enter its samples.
	Reach int
}

// Then has a map follow the synthesis. It is to be called before all else.
func (d *Decoder) Then(l *Linear) error {
	d.after = l
	if d.reach += l.Reach; d.reach > maxReach {
		return errReach
	}
	return nil
}

// probeSide is the size, in positions, of the grid that a network's shape is found on.
const probeSide = 64

// maxReach bounds what windows overlap by, in positions.
const maxReach = probeSide * 3 / 16

// LoadDecoder makes a decoder of a model file's network "synthesis".
func LoadDecoder(f *nn.Model, channels int) (*Decoder, error) {
	net, err := f.Network("synthesis")
	if err != nil {
		return nil, err
	}
	return NewDecoder(net, channels)
}

// NewDecoder makes a decoder of a network from [h, w, channels] to [h*s, w*s, 3]. The network
// must be the decoder's own: it is packed anew.
func NewDecoder(net *nn.Network, channels int) (*Decoder, error) {
	in := nn.Size{H: probeSide, W: probeSide, C: channels}
	out, err := net.Size(in)
	if err != nil {
		return nil, err
	}
	if out.C != 3 || out.H != out.W || out.H%probeSide != 0 {
		return nil, fmt.Errorf("a synthesis that turns %v into %v: expected 3 channels and a whole number of pixels a position", in, out)
	}
	d := &Decoder{channels: channels, scale: out.H / probeSide}
	if d.reach, err = reach(net, in, d.scale); err != nil {
		return nil, err
	}
	d.synthesis, err = grad.NewPullback(net)
	return d, err
}

// errReach marks networks whose outputs depend on too much.
var errReach = errors.New("each pixel of the synthesis depends on too many latents to refine them by windows")

// reach finds how far, in positions, a pixel looks. All positions of the grid's middle are
// tried, for layers that work in windows.
func reach(net *nn.Network, in nn.Size, scale int) (int, error) {
	most := 0
	for y := probeSide * 3 / 8; y < probeSide*5/8; y++ {
		rows, err := needs(net.Layers(), in, nn.Span{Lo: y * scale, Hi: (y + 1) * scale})
		if err != nil {
			return 0, err
		}
		most = max(most, y-rows.Lo, rows.Hi-1-y)
	}
	if most > maxReach {
		return 0, errReach
	}
	return most, nil
}

// needs is the rows of the layers' input that rows of their output depend on.
func needs(layers []nn.Layer, in nn.Size, out nn.Span) (nn.Span, error) {
	sizes := []nn.Size{in}
	for _, l := range layers {
		next, err := l.Size(sizes[len(sizes)-1])
		if err != nil {
			return nn.Span{}, err
		}
		sizes = append(sizes, next)
	}
	for i := len(layers) - 1; i >= 0; i-- {
		switch l := layers[i].(type) {
		case *nn.Residual:
			body, err := needs(l.Body, sizes[i], out)
			if err != nil {
				return nn.Span{}, err
			}
			out = nn.Span{Lo: min(out.Lo, body.Lo), Hi: max(out.Hi, body.Hi)}
		case *nn.GroupNorm, *nn.WindowAttention:
			return nn.Span{}, fmt.Errorf("a layer of type %T sees other neighbours in a window than in the picture", l)
		case nn.Op:
			out = l.Needs(out, sizes[i])
		default:
			return nn.Span{}, fmt.Errorf("no reach of a layer of type %T", l)
		}
	}
	return out, nil
}
