package roi

import (
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/latent/latenttest"
)

func BenchmarkCodec(b *testing.B) { latenttest.Bench(b, latenttest.Shipped(b, ID, New)) }

func BenchmarkMask(b *testing.B) {
	latenttest.Bench(b, masked{latenttest.Shipped(b, ID, New), codecs.Params{"mask": maskFile(b, blobs[2], 768, 512)}})
}
