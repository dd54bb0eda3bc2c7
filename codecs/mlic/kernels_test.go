package mlic

import (
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/latent/latenttest"
)

func kernels(t *testing.T) latenttest.Kernels {
	t.Helper()
	return latenttest.Kernels{
		Tiny:    tinyCodec(t),
		Shipped: func(t testing.TB) codecs.Codec { return latenttest.Shipped(t, ID, New) },
		Hash:    func(t testing.TB, c codecs.Codec, s *codecs.Stream) string { return symbolHash(t, c.(*Codec), s) },
	}
}

func TestKernelChild(t *testing.T)         { kernels(t).Child(t) }
func TestKernelsAgree(t *testing.T)        { kernels(t).Agree(t) }
func TestKernelsAgreeOnKodak(t *testing.T) { kernels(t).AgreeOnKodak(t) }
