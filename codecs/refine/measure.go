package refine

import (
	"context"
	"math"

	"codecworkbench/codecs/nn"
)

// measure rounds u and, if these symbols are the best so far, writes them to Y.
func (s *state) measure(ctx context.Context) (better bool, err error) {
	if err := s.round(ctx); err != nil {
		return false, err
	}
	j, err := s.cost(ctx)
	if err != nil || j >= s.best {
		return false, err
	}
	s.best = j
	// Y has either all of these symbols or none.
	return true, s.rows(context.WithoutCancel(ctx), high(s.inner), func(y int) {
		at, _ := s.at(y)
		row := s.latents(s.inner.X0, s.inner.Y0+y)[:s.size()]
		for i := range row {
			row[i] = s.mean[at+i] + float32(s.symbols[at+i])
		}
	})
}

// cost is J of the symbols: their bits, and the error of the pixels in which they show.
func (s *state) cost(ctx context.Context) (float64, error) {
	err := s.rows(ctx, high(s.inner), func(y int) {
		at, outer := s.at(y)
		bits := 0.0
		for i := range s.size() {
			n := s.symbols[at+i]
			s.in[outer+i] = s.p.value(float32(n)+s.mean[at+i]) * s.unit[(outer+i)/s.d.channels]
			if t := int(s.table[at+i]); !s.p.Skip[t] {
				bits += s.p.Tables.At(t).Bits(int(n))
			}
		}
		s.partial[y][0] = bits
	})
	if err != nil {
		return 0, err
	}
	j := 0.0
	for y := range high(s.inner) {
		j += s.partial[y][0]
	}
	out, err := s.pass.Run(ctx, s.outside(), nn.Options{Level: s.p.Level, Map: s.levels})
	if err != nil {
		return 0, err
	}
	samples, err := s.mapped(ctx, out.Data)
	if err != nil {
		return 0, err
	}
	squares, err := s.squares(ctx, samples, true)
	return j + float64(s.errK)*squares, err
}

// mapped is the samples that the synthesis' output becomes.
func (s *state) mapped(ctx context.Context, out []float32) ([]float32, error) {
	if s.d.after == nil {
		return out, nil
	}
	s.samples = append(s.samples[:0], out...)
	return s.samples, s.d.after.Forward(ctx, s.samples, 3*wide(s.outer)*s.d.scale)
}

// errors fills in the derivative of J's error by the synthesis' output.
func (s *state) errors(ctx context.Context, out []float32) error {
	samples, err := s.mapped(ctx, out)
	if err != nil {
		return err
	}
	if _, err := s.squares(ctx, samples, false); err != nil || s.d.after == nil {
		return err
	}
	return s.d.after.Transposed(ctx, s.pixels[:len(samples)], 3*wide(s.outer)*s.d.scale)
}

// squares returns the weighted sum of squared errors of the pixels in which the inner region
// shows, as a decoder would write them if rounded is set. Else it fills in the derivative of
// J's error by them: they are clamped there, with the derivative of the identity, so that it is
// zero only where the clamped sample is right.
func (s *state) squares(ctx context.Context, out []float32, rounded bool) (float64, error) {
	scale := s.d.scale
	width := wide(s.outer) * scale * 3
	from := max(s.seen.X0-s.outer.X0, 0) * scale * 3
	to := (min(s.seen.X1*scale, s.p.Layout.Width) - s.outer.X0*scale) * 3
	n := high(s.outer) * scale
	err := s.rows(ctx, n, func(y int) {
		py := s.outer.Y0*scale + y
		row, back := out[y*width:(y+1)*width], s.pixels[y*width:(y+1)*width]
		s.partial[y][0] = 0
		if !rounded {
			clear(back)
		}
		if py < s.seen.Y0*scale || py >= min(s.seen.Y1*scale, s.p.Layout.Height) {
			return
		}
		s.partial[y][0] = s.row(row[from:to], back[from:to], s.outer.X0*scale+from/3, py, rounded)
	})
	sum := 0.0
	for _, v := range s.partial[:n] {
		sum += v[0]
	}
	return sum, err
}

// row is squares for a row's pixels from x on.
func (s *state) row(out, back []float32, x, y int, rounded bool) float64 {
	img := s.p.Picture.RGB8()
	src := img.Pix[y*img.Stride+4*x:]
	gray, weight := s.p.Picture.Gray(), s.weigher(s.p, y, s.d.scale)
	sum := 0.0
	for i := 0; i < len(out); i += 3 {
		v := [3]float32{out[i], out[i+1], out[i+2]}
		if gray {
			m := (v[0] + v[1] + v[2]) / 3
			v = [3]float32{m, m, m}
		}
		w := weight(x + i/3)
		for c := range v {
			d := difference(v[c], src[i/3*4+c], rounded)
			sum += float64(w) * float64(d) * float64(d)
			if !rounded {
				back[i+c] = 2 * s.errK * w * d
			}
		}
	}
	return sum
}

// difference is a sample's error, of samples 0..1.
func difference(out float32, want uint8, rounded bool) float32 {
	v := min(max((out+0.5)*255, 0), 255)
	if rounded {
		v = float32(math.Floor(float64(v) + 0.5))
	}
	return (v - float32(want)) / 255
}
