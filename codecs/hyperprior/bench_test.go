package hyperprior

import (
	"testing"

	"codecworkbench/codecs/latent/latenttest"
)

func BenchmarkCodec(b *testing.B) { latenttest.Bench(b, latenttest.Shipped(b, ID, New)) }
