package hyperprior

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/latent/hyper"
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/integer"
	"codecworkbench/codecs/refine"
)

// model is what training made: four networks and the distributions of z and y.
type model struct {
	*latent.Backbone
	hyper  *hyper.Model
	scales *entropy.Factorized
	skip   []bool // by scale: y is not coded, but taken to be the mean

	refiner func() (*refine.Decoder, error) // made when it is first asked for
	spaces  sync.Pool                       // of *workspace
}

// workspace is the memory that a picture's runs need, kept from one to the next.
type workspace struct {
	analysis, synthesis, hyperAnalysis *nn.Session
	hyper                              *integer.Session
}

func newWorkspace() any {
	return &workspace{nn.NewSession(), nn.NewSession(), nn.NewSession(), integer.NewSession()}
}

// layout is the geometry of both codes.
type layout struct {
	latent.Layout               // of y
	z             latent.Layout // of z
}

func (m *model) layout(width, height int) layout {
	return layout{m.Layout(width, height), m.hyper.Layout(width, height)}
}

// meanUnit is one step of y in the means that the hyper-synthesis gives.
const meanUnit = 64

// parser returns the function that reads model files of a codec and checks all that this
// package relies on.
func parser(codec string) func(data []byte) (*model, error) {
	return func(data []byte) (*model, error) { return parseModel(data, codec) }
}

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
	if err := m.checkIndices(f.Metadata[integer.MetadataKey]); err != nil {
		return nil, fmt.Errorf("%w: %w", latent.ErrModel, err)
	}
	m.skip = latent.Skips(m.scales)
	m.refiner = sync.OnceValues(func() (*refine.Decoder, error) { return refine.LoadDecoder(f, m.Channels) })
	return m, nil
}

// checkIndices checks that the hyper-synthesis ends with indices into the scales, whatever
// its weights are.
func (m *model) checkIndices(text string) error {
	var specs map[string]integer.Spec
	if err := json.Unmarshal([]byte(text), &specs); err != nil {
		return err
	}
	layers := specs[hyper.Synthesis].Layers
	if len(layers) == 0 {
		return errors.New("its hyper-synthesis is empty")
	}
	if last := layers[len(layers)-1]; last.Op != "scale_index" || last.First != m.Channels || last.Levels > m.scales.Len() {
		return fmt.Errorf("its hyper-synthesis ends with %s from channel %d to %d levels, expected scale_index from %d to at most %d",
			last.Op, last.First, last.Levels, m.Channels, m.scales.Len())
	}
	return nil
}
