package roi

import (
	"fmt"
	"math"
	"strconv"
	"sync"

	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/latent/hyper"
	"codecworkbench/codecs/nn/safetensors"
	"codecworkbench/codecs/refine"
)

// model is what training made: four networks and the distributions of z and y.
type model struct {
	*latent.Backbone
	hyper       *hyper.Model
	gaussian    prior
	generalized prior
	betas       []float64
	shape       []int // of each channel: which of the betas

	refiner func() (*refine.Decoder, error) // made when it is first asked for
	spaces  sync.Pool                       // of *hyper.Workspace
}

// prior is one way to code y.
type prior struct {
	*hyper.Coder
	sigma []float64 // what each table stands for
}

// prior is what a file uses.
func (m *model) prior(h latent.Header) prior {
	if h.Flags&flagGaussian != 0 {
		return m.gaussian
	}
	return m.generalized
}

// parseModel reads a model file and checks all that this package relies on.
func parseModel(data []byte) (*model, error) {
	f, err := latent.OpenModel(data, ID)
	if err != nil {
		return nil, err
	}
	m := &model{spaces: sync.Pool{New: func() any { return hyper.NewWorkspace() }}}
	if m.Backbone, err = latent.LoadBackbone(f); err != nil {
		return nil, err
	}
	if m.hyper, err = hyper.Load(f, m.Backbone); err != nil {
		return nil, err
	}
	tables, err := entropy.LoadFactorized(f.File(), "sigma")
	if err != nil {
		return nil, err
	}
	if err := m.hyper.CheckScales(f, tables.Len()); err != nil {
		return nil, err
	}
	m.gaussian = prior{hyper.NewCoder(tables, make([]int, m.Channels)), entropy.ScaleGrid(tables.Len(), hyper.MinSigma, hyper.MaxSigma)}
	if err := m.loadShapes(f.File(), tables.Len()); err != nil {
		return nil, fmt.Errorf("%w: %w", latent.ErrModel, err)
	}
	m.refiner = sync.OnceValues(func() (*refine.Decoder, error) { return refine.LoadDecoder(f, m.Channels) })
	return m, nil
}

// maxBetas bounds the shapes of a model.
const maxBetas = 64

// loadShapes reads the generalized Gaussians: for each beta, as many tables as there are
// scales, what they stand for, and each channel's beta.
func (m *model) loadShapes(f *safetensors.File, scales int) error {
	var err error
	if m.betas, err = positive(f, "ggd.beta", -1); err != nil {
		return err
	}
	n := len(m.betas)
	if n < 1 || n > maxBetas {
		return fmt.Errorf("%d shapes, 1 to %d are allowed", n, maxBetas)
	}
	tables, err := entropy.LoadFactorized(f, "ggd")
	if err != nil {
		return err
	}
	if tables.Len() != n*scales || tables.Len() > math.MaxInt16 {
		return fmt.Errorf("%d tables for %d shapes of %d scales, at most %d are allowed", tables.Len(), n, scales, math.MaxInt16)
	}
	sigma, err := positive(f, "ggd.scale", n, scales)
	if err != nil {
		return err
	}
	t, err := f.Get("ggd.shape", safetensors.I32, m.Channels)
	if err != nil {
		return err
	}
	shapes, err := safetensors.Values[int32](t)
	if err != nil {
		return err
	}
	first := make([]int, m.Channels)
	for c, s := range shapes {
		if s < 0 || int(s) >= n {
			return fmt.Errorf("channel %d has shape %d of %d", c, s, n)
		}
		m.shape = append(m.shape, int(s))
		first[c] = int(s) * scales
	}
	m.generalized = prior{hyper.NewCoder(tables, first), sigma}
	return nil
}

// positive reads numbers above 0.
func positive(f *safetensors.File, name string, shape ...int) ([]float64, error) {
	t, err := f.Get(name, safetensors.F32, shape...)
	if err != nil {
		return nil, err
	}
	v, err := safetensors.Values[float32](t)
	if err != nil {
		return nil, err
	}
	out := make([]float64, len(v))
	for i, x := range v {
		if !(x > 0) || math.IsInf(float64(x), 0) {
			return nil, fmt.Errorf("%s has the element %g", name, x)
		}
		// The number that was written: 1.8, not what float32 has next to it.
		if out[i], err = strconv.ParseFloat(strconv.FormatFloat(float64(x), 'g', -1, 32), 64); err != nil {
			return nil, err
		}
	}
	return out, nil
}
