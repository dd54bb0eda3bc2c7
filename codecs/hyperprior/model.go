package hyperprior

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/integer"
)

// model is what training made: four networks and the distributions of z and y.
type model struct {
	*latent.Backbone
	hyperAnalysis  *nn.Network // y to z
	hyperSynthesis *integer.Network
	hyperChannels  int // of z
	hyperScale     int // pixels that a position of z covers along each side
	z              latent.Tables
	scales         *entropy.Factorized
	skip           []bool // by scale: y is not coded, but taken to be the mean

	spaces sync.Pool // of *workspace
}

// workspace is the memory that a picture's runs need, kept from one to the next.
type workspace struct {
	analysis, synthesis, hyperAnalysis *nn.Session
	hyper                              *integer.Session
}

func newWorkspace() any {
	return &workspace{nn.NewSession(), nn.NewSession(), nn.NewSession(), integer.NewSession()}
}

// hyperName is the integer network's name.
const hyperName = "hyper_synthesis"

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
	if m.hyperAnalysis, err = f.Network("hyper_analysis"); err != nil {
		return nil, err
	}
	if m.hyperSynthesis, err = integer.Load(f.File(), hyperName); err != nil {
		return nil, err
	}
	if m.scales, err = entropy.LoadFactorized(f.File(), "sigma"); err != nil {
		return nil, err
	}
	if err := m.checkHyper(); err != nil {
		return nil, fmt.Errorf("%w: %w", latent.ErrModel, err)
	}
	if m.z, err = latent.LoadTables(f.File(), "z", m.hyperChannels); err != nil {
		return nil, err
	}
	if m.z.Rows != m.Levels.Count {
		return nil, fmt.Errorf("%w: tables of z for %d levels, it has %d", latent.ErrModel, m.z.Rows, m.Levels.Count)
	}
	if err := m.checkIndices(f.Metadata[integer.MetadataKey]); err != nil {
		return nil, fmt.Errorf("%w: %w", latent.ErrModel, err)
	}
	m.skip = latent.Skips(m.scales)
	return m, nil
}

// checkHyper finds the shape of z and checks that the networks fit together.
func (m *model) checkHyper() error {
	probe := latent.Probe()
	l := m.Layout(probe.W, probe.H)
	z, err := m.hyperAnalysis.Size(nn.Size{H: l.High, W: l.Wide, C: m.Channels})
	if err != nil {
		return fmt.Errorf("hyper-analysis: %w", err)
	}
	m.hyperChannels, m.hyperScale = z.C, probe.H/max(z.H, 1)
	in, _ := m.hyperSynthesis.Channels()
	switch {
	case z.C < 1 || z.C > latent.MaxChannels || in != z.C:
		return fmt.Errorf("%d channels of z meet a hyper-synthesis of %d, 1 to %d are allowed", z.C, in, latent.MaxChannels)
	case z.H*m.hyperScale != probe.H || z.W*m.hyperScale != probe.W || m.hyperScale%m.Scale != 0:
		return fmt.Errorf("its hyper-analysis turns %d x %d positions into %d x %d", l.Wide, l.High, z.W, z.H)
	}
	return nil
}

// checkIndices checks that the hyper-synthesis ends with indices into the scales, whatever
// its weights are.
func (m *model) checkIndices(text string) error {
	var specs map[string]integer.Spec
	if err := json.Unmarshal([]byte(text), &specs); err != nil {
		return err
	}
	layers := specs[hyperName].Layers
	if len(layers) == 0 {
		return errors.New("its hyper-synthesis is empty")
	}
	if last := layers[len(layers)-1]; last.Op != "scale_index" || last.First != m.Channels || last.Levels > m.scales.Len() {
		return fmt.Errorf("its hyper-synthesis ends with %s from channel %d to %d levels, expected scale_index from %d to at most %d",
			last.Op, last.First, last.Levels, m.Channels, m.scales.Len())
	}
	return nil
}
