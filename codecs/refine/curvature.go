package refine

import "context"

const (
	// probeWide is the side, in positions, of the part of a window that is looked at.
	probeWide = 16
	// leastCurve bounds channels' curvatures from below, as a share of their mean.
	leastCurve = 1e-3
)

// curvatures finds how much J's error bends along each channel, on average over positions:
// the error is a sum of squares, so the Hessian is about 2 J'J with J the synthesis'
// Jacobian, and the square of a latent's derivative of random signs times the pixels has the
// diagonal of J'J as its mean.
func (s *state) curvatures(ctx context.Context) error {
	c := s.d.channels
	h, w := min(high(s.outer), probeWide), min(wide(s.outer), probeWide)
	top, left := (high(s.outer)-h)/2, (wide(s.outer)-w)/2
	in, back := make([]float32, h*w*c), make([]float32, h*w*c)
	for y := range h {
		copy(in[y*w*c:(y+1)*w*c], s.in[((top+y)*wide(s.outer)+left)*c:])
	}
	signs := func(_ context.Context, out []float32) error {
		seed := uint64(1)
		for i := range out {
			seed = seed*6364136223846793005 + 1442695040888963407
			s.pixels[i] = float32(int(seed>>63)*2 - 1)
		}
		return nil
	}
	if err := s.backward(ctx, h, w, in, back, signs); err != nil {
		return err
	}
	sums, mean := make([]float64, c), 0.0
	for i, v := range back {
		sums[i%c] += float64(v) * float64(v)
		mean += float64(v) * float64(v) / float64(c)
	}
	curve := make([]float32, c)
	k := 2 * float64(s.errK) / float64(s.p.Gain) / float64(s.p.Gain) / float64(h*w)
	for i, v := range sums {
		curve[i] = float32(k * max(v, leastCurve*mean, 1e-12))
	}
	s.curve = curve
	return nil
}
