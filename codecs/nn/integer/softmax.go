package integer

import "fmt"

// exp2Steps is how many steps of an exponent make a power of two.
const exp2Steps = 256

// probabilityOne is a softmax's largest output, which stands for 1.
const probabilityOne = 1<<15 - 1

// softmax turns groups of channels into probabilities.
type softmax struct {
	pointwise
	group      int // channels
	multiplier int64
	shift      uint
}

func (s *softmax) do(w *worker, dst, src, _ *buffer, y int) {
	in, out := src.row(y), dst.row(y)
	for ; len(in) > 0; in, out = in[s.group:], out[s.group:] {
		s.normalize(out[:s.group], in[:s.group], w.sums(s.group))
	}
}

// normalize computes one group; powers is scratch memory.
func (s *softmax) normalize(out, in []int16, powers []int32) {
	top := in[0]
	for _, v := range in {
		top = max(top, v)
	}
	total := int64(0)
	for i, v := range in {
		n := (int64(int32(top)-int32(v))*s.multiplier + 1<<(s.shift-1)) >> s.shift
		powers[i] = exp2[n%exp2Steps] >> min(n/exp2Steps, 31)
		total += int64(powers[i])
	}
	for i, p := range powers {
		out[i] = int16((int64(p)*probabilityOne + total/2) / total)
	}
}

func (b *builder) softmax(s LayerSpec) error {
	err := within(bound{"groups", s.Groups, 1, b.channels}, bound{"shift", int(min(s.Shift, 1<<10)), 1, 46}, bound{"multiplier", int(s.Multiplier), 0, 1<<31 - 1})
	if err != nil {
		return err
	}
	if b.channels%s.Groups != 0 {
		return fmt.Errorf("%d groups do not divide %d channels", s.Groups, b.channels)
	}
	b.largest = probabilityOne
	b.add(&softmax{group: b.channels / s.Groups, multiplier: int64(s.Multiplier), shift: s.Shift}, s.Op)
	return nil
}
