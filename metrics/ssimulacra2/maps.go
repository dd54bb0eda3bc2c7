package ssimulacra2

import (
	"context"
	"slices"

	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/metrics"
	"codecworkbench/metrics/internal/raster"
)

// scoreMap is the kind of map that shows all terms together.
const scoreMap = "score"

// termMaps are the kinds that show one term.
var termMaps = [terms]string{ssimTerm: "ssim", artifactTerm: "artifacts", lostTerm: "lost"}

// MapKinds implements metrics.Mapper.
func (metric) MapKinds() []metrics.MapKind {
	return []metrics.MapKind{
		{ID: scoreMap, Name: "Local score", Good: 100, Bad: 0,
			Summary: "The score of a picture that is everywhere as it is here; 100 is identical."},
		{ID: termMaps[ssimTerm], Name: "Structure", Good: 0, Bad: 0.5,
			Summary: "1 - SSIM of the brightness around every pixel; 0 is identical."},
		{ID: termMaps[artifactTerm], Name: "Artifacts", Good: 0, Bad: 0.05,
			Summary: "Edges that were not there, as of ringing, blocks and banding; 0 is none."},
		{ID: termMaps[lostTerm], Name: "Lost detail", Good: 0, Bad: 0.05,
			Summary: "Edges and texture that are gone; 0 is none."},
	}
}

// Map implements metrics.Mapper. The map "score" adds up the terms of all channels and
// scales at each pixel with the weights that they have in the score, coarse scales
// interpolated bilinearly, and makes a score of that. The others show one term alone as
// it is in Y, at the finest scale. Of pictures with alpha all show the worse of both
// backgrounds.
func (metric) Map(ctx context.Context, p *metrics.Pair, kind string) (*metrics.Map, error) {
	out := &metrics.Map{Width: p.Width(), Height: p.Height(), Step: 1}
	for _, view := range views(p) {
		var errors []float32
		var err error
		if kind == scoreMap {
			errors, err = errorMap(ctx, view)
		} else {
			errors, err = termMap(ctx, view, term(slices.Index(termMaps[:], kind)))
		}
		if err != nil {
			return nil, err
		}
		if out.Values != nil {
			kernel.Greater(errors, errors, out.Values)
		}
		out.Values = errors
	}
	if kind == scoreMap {
		return out, scores(ctx, out.Values)
	}
	return out, nil
}

// termMap returns one term of Y at the finest scale.
func termMap(ctx context.Context, pair [2]raster.RGB, t term) ([]float32, error) {
	s := &scale{ref: pair[0], dist: pair[1]}
	s.need[channelY][t] = true
	width, height := s.ref.Size()
	out := make([]float32, width*height)
	return out, s.scan(ctx, func(_, _, x, y int, e *rowErrors) { copy(out[y*width+x:], e[t]) })
}

// layer is the weighted sum of terms at one scale.
type layer struct {
	width, height int
	sum           []float32
}

func (l *layer) row(y int) []float32 { return l.sum[y*l.width:][:l.width] }

// errorMap returns the weighted sum of all terms at every pixel.
func errorMap(ctx context.Context, pair [2]raster.RGB) ([]float32, error) {
	var layers []*layer
	err := eachScale(ctx, pair, func(s *scale) error {
		l := &layer{}
		l.width, l.height = s.ref.Size()
		l.sum = make([]float32, l.width*l.height)
		layers = append(layers, l)
		return s.scan(ctx, func(_, channel, x, y int, e *rowErrors) {
			for t, v := range e {
				if v != nil {
					weight := float32(weightOf(s.rows[channel], term(t)))
					kernel.AddScaled(l.row(y)[x:x+len(v)], weight, v)
				}
			}
		})
	})
	for i := len(layers) - 1; i > 0 && err == nil; i-- {
		err = layers[i-1].addDoubled(ctx, layers[i])
	}
	if err != nil {
		return nil, err
	}
	return layers[0].sum, nil
}

// layerRows is how many rows, or rows' worth, one piece of the work on layers takes.
const layerRows = 16

// addDoubled adds a layer of half the size, interpolated bilinearly between the centres
// of its pixels, each of which covers 2x2 here.
func (l *layer) addDoubled(ctx context.Context, half *layer) error {
	return kernel.Parallel(ctx, (l.height+layerRows-1)/layerRows, func() func(int) {
		// The ends of a row go on for one pixel.
		between := make([]float32, half.width+2)
		return func(piece int) {
			for y := piece * layerRows; y < min((piece+1)*layerRows, l.height); y++ {
				near, far := y/2, min(max(y/2+2*(y%2)-1, 0), half.height-1)
				inner := between[1 : half.width+1]
				kernel.Blend(inner, [][]float32{half.row(near), half.row(far)}, []float32{0.75, 0.25}, 0)
				between[0], between[half.width+1] = inner[0], inner[half.width-1]
				for x, row := 0, l.row(y); x < len(row); x++ {
					i := x/2 + 1
					row[x] += 0.75*between[i] + 0.25*between[i+2*(x%2)-1]
				}
			}
		}
	})
}

// scores turns weighted sums of errors into scores.
func scores(ctx context.Context, v []float32) error {
	const strip = 512
	return kernel.Parallel(ctx, (len(v)+layerRows*strip-1)/(layerRows*strip), func() func(int) {
		var scratch [strip]float32
		return func(piece int) {
			rest := v[piece*layerRows*strip:]
			rest = rest[:min(layerRows*strip, len(rest))]
			for len(rest) > 0 {
				s := rest[:min(strip, len(rest))]
				rest = rest[len(s):]
				p := scratch[:len(s)]
				kernel.Affine(p, s, cube, square)
				kernel.Mul(p, p, s)
				kernel.Offset(p, p, linear)
				kernel.Mul(p, p, s)
				kernel.Log(p, p)
				kernel.Scale(p, p, curve)
				kernel.Exp(p, p)
				kernel.Affine(s, p, -10, 100)
			}
		}
	})
}
