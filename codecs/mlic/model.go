package mlic

import (
	"encoding/json"
	"fmt"
	"sync"

	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/latent/hyper"
	"codecworkbench/codecs/nn/integer"
	"codecworkbench/codecs/nn/safetensors"
	"codecworkbench/codecs/refine"
)

// model is what training made: a hyperprior and the networks of contexts.
type model struct {
	*latent.Backbone
	hyper   *hyper.Model
	scales  *entropy.Factorized
	base    *hyper.Coder     // of y without contexts
	skip    []bool           // by scale: y is not coded, but taken to be the mean
	context *integer.Network // what z says, to features that all passes share
	slices  []slice
	heads   int // of the global context

	refiner func() (*refine.Decoder, error) // made when it is first asked for
	spaces  sync.Pool                       // of *workspace
	walkers sync.Pool                       // of *walker
}

// slice is a run of channels with the networks that predict it.
type slice struct {
	first, channels int
	previous        *integer.Network // of the slices before; nil in the first slice
	guide, values   *integer.Network // of the global context: queries with keys, and values
	local           *integer.Network
	passes          [2]fusion // anchors, then what lies between
}

// fusion makes corrections of all contexts.
type fusion struct {
	gate *integer.Network // means of channels to their weights
	net  *integer.Network // corrections of means in 1/64, then of scales in 1/16
}

// workspace is the memory that a picture's runs need, kept from one to the next.
type workspace = hyper.Workspace

func newWorkspace() any { return hyper.NewWorkspace() }

// Limits of a model, so that sums stay within bounds.
const (
	maxSlices  = 16
	maxKeySums = 1 << 15 // a region's positions times the length of a key
	regionSide = 512     // pixels, of the largest region
)

// contextsKey is where the metadata have the slices.
const contextsKey = "contexts"

// described is what the metadata say of the contexts.
type described struct {
	Slices []int `json:"slices"` // channels of each
	Heads  int   `json:"heads"`
}

// parseModel reads a model file and checks all that this package relies on.
func parseModel(data []byte) (*model, error) {
	f, err := latent.OpenModel(data, ID)
	if err != nil {
		return nil, err
	}
	m := &model{spaces: sync.Pool{New: newWorkspace}, walkers: sync.Pool{New: newWalker}}
	if m.Backbone, err = latent.LoadBackbone(f); err != nil {
		return nil, err
	}
	if m.hyper, err = hyper.Load(f, m.Backbone); err != nil {
		return nil, err
	}
	if m.scales, err = entropy.LoadFactorized(f.File(), "sigma"); err != nil {
		return nil, err
	}
	m.base = hyper.NewCoder(m.scales, make([]int, m.Channels))
	m.skip = m.base.Skip
	if err := m.loadContexts(f.File()); err != nil {
		return nil, fmt.Errorf("%w: %w", latent.ErrModel, err)
	}
	m.refiner = sync.OnceValues(func() (*refine.Decoder, error) { return refine.LoadDecoder(f, m.Channels) })
	return m, nil
}

// loadContexts reads the slices and their networks.
func (m *model) loadContexts(f *safetensors.File) error {
	var d described
	if err := json.Unmarshal([]byte(f.Metadata[contextsKey]), &d); err != nil {
		return fmt.Errorf("its contexts: %w", err)
	}
	if len(d.Slices) < 1 || len(d.Slices) > maxSlices || m.scales.Len() == 0 {
		return fmt.Errorf("%d slices and %d scales: 1 to %d slices are allowed", len(d.Slices), m.scales.Len(), maxSlices)
	}
	l := &loader{file: f, model: m}
	m.heads = d.Heads
	m.context = l.network("hyper_context", 2*m.Channels, 0)
	first := 0
	for k, n := range d.Slices {
		if n < 1 || n > m.Channels-first {
			return fmt.Errorf("slices of %v channels for %d", d.Slices, m.Channels)
		}
		m.slices = append(m.slices, l.slice(k, first, n))
		first += n
	}
	if first != m.Channels {
		return fmt.Errorf("slices of %v channels for %d", d.Slices, m.Channels)
	}
	return l.err
}

// loader reads networks until one is wrong.
type loader struct {
	file  *safetensors.File
	model *model
	err   error
}

// network reads a network of in channels to out; 0 stands for any number.
func (l *loader) network(name string, in, out int) *integer.Network {
	if l.err != nil {
		return nil
	}
	n, err := integer.Load(l.file, name)
	if err != nil {
		l.err = err
		return nil
	}
	if got, _ := n.Channels(); got != in || out != 0 && n.Outputs() != out {
		l.err = fmt.Errorf("its network %s turns %d channels into %d, expected %d into %d", name, got, n.Outputs(), in, out)
		return nil
	}
	return n
}

// slice reads the networks of slice k.
func (l *loader) slice(k, first, channels int) slice {
	s := slice{first: first, channels: channels}
	features := 0
	if l.err == nil {
		features = l.model.context.Outputs()
	}
	known := features
	if k > 0 {
		s.previous = l.network(fmt.Sprintf("previous%d", k), first, features)
		known += features
	}
	s.guide = l.network(fmt.Sprintf("guide%d", k), known, 0)
	s.values = l.network(fmt.Sprintf("values%d", k), channels, 0)
	s.local = l.network(fmt.Sprintf("local%d", k), channels, features)
	if l.err == nil {
		l.err = l.model.checkAttention(s)
	}
	if l.err != nil {
		return s
	}
	known += 2 * channels
	for i, name := range []string{"anchor", "other"} {
		s.passes[i] = fusion{l.network(fmt.Sprintf("gate_%s%d", name, k), known, known), l.network(fmt.Sprintf("%s%d", name, k), known, 2*channels)}
		known += features + s.values.Outputs()
	}
	return s
}

// checkAttention checks that heads divide what they work on, and that no sum of a region can
// overflow.
func (m *model) checkAttention(s slice) error {
	keys, values := s.guide.Outputs()/2, s.values.Outputs()
	side := max(regionSide/m.Scale, 1)
	switch {
	case m.heads < 1 || s.guide.Outputs() != 2*keys || keys%m.heads != 0 || values%m.heads != 0:
		return fmt.Errorf("%d heads for queries and keys of %d and values of %d numbers", m.heads, s.guide.Outputs(), values)
	case side*side*keys/m.heads > maxKeySums:
		return fmt.Errorf("keys of %d numbers at %d x %d positions: at most %d are possible", keys/m.heads, side, side, maxKeySums/side/side)
	}
	return nil
}

// skipped tells of each scale whether y is not coded.
func (m *model) skipped(on contexts) []bool {
	if on.has(skipping) {
		return m.skip
	}
	return make([]bool, len(m.skip))
}

// passes is how many a region has.
func (m *model) passes() int { return 2 * len(m.slices) }

// layout is the geometry of both codes.
type layout struct {
	latent.Layout               // of y
	hyper         latent.Layout // of z
}

func (m *model) layout(width, height int) layout {
	return layout{m.Layout(width, height), m.hyper.Layout(width, height)}
}
