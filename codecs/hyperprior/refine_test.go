package hyperprior

import (
	"testing"

	"codecworkbench/codecs/latent/latenttest"
)

func TestRefine(t *testing.T) {
	t.Run(ID, func(t *testing.T) { latenttest.Refines(t, tinyCodec(t), nil) })
	t.Run(GDNID, func(t *testing.T) { latenttest.Refines(t, tinyGDN(t), nil) })
}
