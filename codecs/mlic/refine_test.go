package mlic

import (
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/latent/latenttest"
)

// With and without what makes symbols depend on each other.
func TestRefine(t *testing.T) {
	for name, params := range map[string]codecs.Params{"all contexts": nil, "none": {"channel": "false", "local": "false", "global": "false", "skip": "false"}} {
		t.Run(name, func(t *testing.T) { latenttest.Refines(t, tinyCodec(t), params) })
	}
}
