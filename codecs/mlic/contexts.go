package mlic

import (
	"fmt"
	"strings"

	"codecworkbench/codecs"
	"codecworkbench/codecs/latent"
)

// contexts tells which parts of the entropy model a file uses, a bit each.
type contexts uint8

// The bits, in the order of switches.
const (
	channelContext contexts = 1 << iota
	localContext
	globalContext
	reweighting
	skipping

	noContexts  contexts = 0
	allContexts          = 1<<5 - 1
)

// A toggle is a parameter that switches a part on.
type toggle struct {
	bit               contexts
	name, label, help string
}

// toggles lists all parts.
func toggles() []toggle {
	return []toggle{
		{channelContext, "channel", "Channel context", "Channels of y that are decoded already tell of the next ones."},
		{localContext, "local", "Local context", "Every second position is predicted from its neighbours within 5x5 on the checkerboard."},
		{globalContext, "global", "Global context", "Every second position is predicted from places of the region that are like it, near or far (linear attention)."},
		{reweighting, "reweight", "Channel reweighting", "Each context's channels are weighed by how they are on average over the region."},
		{skipping, "skip", "Skip the near-certain", "Latents that are almost certainly at their mean are not coded at all."},
	}
}

// contextParams are the parameters that switch parts on and off.
func contextParams() []codecs.Param {
	var out []codecs.Param
	for _, t := range toggles() {
		out = append(out, codecs.Param{Name: t.name, Label: t.label, Kind: codecs.Bool, Default: "true", Help: t.help})
	}
	return out
}

// contextsOf are those of resolved parameters.
func contextsOf(p codecs.Params) contexts {
	c := noContexts
	for _, t := range toggles() {
		if p.Bool(t.name) {
			c |= t.bit
		}
	}
	return c
}

// has tells whether a part is on.
func (c contexts) has(bit contexts) bool { return c&bit != 0 }

// String lists what is on.
func (c contexts) String() string {
	var names []string
	for _, t := range toggles() {
		if c.has(t.bit) {
			names = append(names, t.name)
		}
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// splitContexts takes the leading byte off the section z.
func splitContexts(section []byte) (contexts, []byte, error) {
	if len(section) == 0 {
		return 0, nil, fmt.Errorf("%w: its section z is empty", latent.ErrDamaged)
	}
	c := contexts(section[0])
	if c&^allContexts != 0 {
		return 0, nil, fmt.Errorf("%w: it uses parts of the entropy model that this version does not know (%#x)", latent.ErrDamaged, section[0])
	}
	return c, section[1:], nil
}
