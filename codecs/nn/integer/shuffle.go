package integer

import "fmt"

// shuffle is a pixel-shuffle that no convolution took in.
type shuffle struct{ factor int }

func (l shuffle) resize(in size) (size, error) {
	return size{in.h * l.factor, in.w * l.factor, in.c / (l.factor * l.factor)}, nil
}

func (l shuffle) pieces(_, out size) int { return out.h }
func (l shuffle) pad() int               { return 0 }

func (l shuffle) do(_ *worker, dst, src, _ *buffer, y int) {
	f := l.factor
	in, out := src.row(y/f), dst.row(y)
	for x := range dst.w {
		from := in[x/f*src.c+y%f*f+x%f:]
		for c := range dst.c {
			out[x*dst.c+c] = from[c*f*f]
		}
	}
}

// unshuffle is its inverse.
type unshuffle struct{ factor int }

func (l unshuffle) resize(in size) (size, error) {
	if in.h%l.factor != 0 || in.w%l.factor != 0 {
		return size{}, fmt.Errorf("%s cannot be divided by %d: pad the input", in, l.factor)
	}
	return size{in.h / l.factor, in.w / l.factor, in.c * l.factor * l.factor}, nil
}

func (l unshuffle) pieces(_, out size) int { return out.h }
func (l unshuffle) pad() int               { return 0 }

func (l unshuffle) do(_ *worker, dst, src, _ *buffer, y int) {
	f, out := l.factor, dst.row(y)
	for dy := range f {
		in := src.row(y*f + dy)
		for x := range src.w {
			to := out[x/f*dst.c+dy*f+x%f:]
			for c := range src.c {
				to[c*f*f] = in[x*src.c+c]
			}
		}
	}
}

// canShuffle says what is wrong with a shuffle of so many channels.
func canShuffle(factor, channels int) error {
	if err := within(bound{"factor", factor, 1, maxKernel}); err != nil {
		return err
	}
	if channels%(factor*factor) != 0 {
		return fmt.Errorf("%d channels cannot be divided by %d", channels, factor*factor)
	}
	return nil
}

func (b *builder) shuffle(s LayerSpec) error {
	if s.Op == "shuffle" {
		if err := canShuffle(s.Factor, b.channels); err != nil {
			return err
		}
		b.channels /= s.Factor * s.Factor
		b.add(shuffle{s.Factor}, s.Op)
		return nil
	}
	if err := within(bound{"factor", s.Factor, 1, maxKernel}, bound{"channels", b.channels * s.Factor * s.Factor, 1, maxChannels}); err != nil {
		return err
	}
	b.channels *= s.Factor * s.Factor
	b.add(unshuffle{s.Factor}, s.Op)
	return nil
}
