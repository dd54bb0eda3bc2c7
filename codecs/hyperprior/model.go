package hyperprior

import (
	"sync"

	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/latent/hyper"
	"codecworkbench/codecs/refine"
)

// model is what training made: four networks and the distributions of z and y.
type model struct {
	*latent.Backbone
	hyper  *hyper.Model
	scales *entropy.Factorized
	coder  *hyper.Coder // of y

	refiner func() (*refine.Decoder, error) // made when it is first asked for
	spaces  sync.Pool                       // of *workspace
}

// workspace is the memory that a picture's runs need, kept from one to the next.
type workspace = hyper.Workspace

func newWorkspace() any { return hyper.NewWorkspace() }

// layout is the geometry of both codes.
type layout struct {
	latent.Layout               // of y
	z             latent.Layout // of z
}

func (m *model) layout(width, height int) layout {
	return layout{m.Layout(width, height), m.hyper.Layout(width, height)}
}

// parseModel reads a model file of one of the package's codecs and checks all that this package
// relies on.
func parseModel(data []byte, codec string) (*model, error) {
	f, err := latent.OpenModel(data, codec)
	if err != nil {
		return nil, err
	}
	m := &model{spaces: sync.Pool{New: newWorkspace}}
	if m.Backbone, err = latent.LoadBackbone(f); err != nil {
		return nil, err
	}
	if m.hyper, err = hyper.Load(f, m.Backbone); err != nil {
		return nil, err
	}
	if m.scales, err = entropy.LoadFactorized(f.File(), "sigma"); err != nil {
		return nil, err
	}
	if err := m.hyper.CheckScales(f, m.scales.Len()); err != nil {
		return nil, err
	}
	m.coder = hyper.NewCoder(m.scales, make([]int, m.Channels))
	m.refiner = sync.OnceValues(func() (*refine.Decoder, error) { return refine.LoadDecoder(f, m.Channels) })
	return m, nil
}
