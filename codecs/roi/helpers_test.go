package roi

import (
	"context"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/latent/hyper"
	"codecworkbench/codecs/latent/latenttest"
	"codecworkbench/codecs/picture"
)

// tinyModel is the frozen model that codecs/training/make_roi_tiny.py made.
const tinyModel = "testdata/tiny.safetensors"

// tinyCodec is a codec whose one model is tinyModel.
func tinyCodec(t testing.TB) *Codec {
	t.Helper()
	return New(latenttest.Models(t, ID, tinyModel))
}

// masked is the codec with a mask in all that it encodes.
type masked struct {
	*Codec
	params codecs.Params
}

// withMask is the tiny codec with a blob mask, whose own size is odd.
func withMask(t testing.TB) masked {
	t.Helper()
	return masked{tinyCodec(t), codecs.Params{"mask": maskFile(t, blobs[2], 70, 51), "strength": "4"}}
}

func (m masked) Encode(ctx context.Context, p *picture.Picture, o codecs.EncodeOptions) (*codecs.Stream, error) {
	params := o.Params
	for name, value := range m.params {
		params = params.With(name, value)
	}
	o.Params = params
	return m.Codec.Encode(ctx, p, o)
}

// hash identifies all that a decoder reads from a stream, and all that it derives
// probabilities and scales from.
func hash(t testing.TB, c codecs.Codec, s *codecs.Stream) string {
	t.Helper()
	if m, ok := c.(masked); ok {
		c = m.Codec
	}
	f, err := c.(*Codec).Open(s)
	if err != nil {
		t.Fatal(err)
	}
	l, err := f.read(t.Context(), f.m.spaces.New().(*hyper.Workspace), true, func() {})
	if err != nil {
		t.Fatal(err)
	}
	gains := []int16{int16(f.h.Q)}
	if f.gains != nil {
		for i := range f.gains.Index {
			gains = append(gains, int16(f.gains.At(i)))
		}
	}
	var prior []int16
	for y := range f.High {
		for x := range f.Wide {
			prior = append(prior, l.prior.Both(x, y)...)
		}
	}
	return latenttest.Hash(t, l.z, l.symbols, prior, gains)
}

// uniform and withBlob are the codec without and with a mask.
func uniform(t testing.TB) latenttest.System {
	t.Helper()
	return latenttest.System{Tiny: tinyCodec(t), Hash: hash}
}

func withBlob(t testing.TB) latenttest.System {
	t.Helper()
	shipped := func(t testing.TB) codecs.Codec {
		return masked{latenttest.Shipped(t, ID, New), codecs.Params{"mask": maskFile(t, blobs[0], 768, 512)}}
	}
	return latenttest.System{Tiny: withMask(t), Hash: hash, Shipped: shipped}
}
