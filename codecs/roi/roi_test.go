package roi

import (
	"image/color"
	"os"
	"path/filepath"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/latent/latenttest"
)

func TestBehaviour(t *testing.T) { latenttest.Behaves(t, tinyCodec(t)) }

func TestBehaviourWithMask(t *testing.T) { latenttest.Behaves(t, withMask(t)) }

func TestGolden(t *testing.T) {
	uniform(t).Golden(t, latenttest.Golden{File: "testdata/golden.cwb", Symbols: "6d536ed021f09feaa9b42f491ba922d4", PSNR: 34.747})
}

func TestGoldenMask(t *testing.T) {
	withBlob(t).Golden(t, latenttest.Golden{File: "testdata/golden-mask.cwb", Symbols: "4ccfe114b6a2156a26ecf9aef90b028a", PSNR: 34.729})
}

func TestVersionPin(t *testing.T) {
	uniform(t).Pinned(t, "99ecebd6b0b26c72")
	withBlob(t).Pinned(t, "c66cbd55c2fe97a4")
}

func TestKernels(t *testing.T) { withBlob(t).Kernels(t) }

// A mask makes its inside better and the outside worse than no mask at the same size.
func TestMask(t *testing.T) {
	c, p := tinyCodec(t), latenttest.Scene(t, 320, 240, false, 3)
	blob := blobs[1]
	s := latenttest.Encode(t, c, p, codecs.Params{"mask": maskFile(t, blob, 320, 240), "q": "4", "strength": "8"})
	u := sameSize(t, c, p, size(t, c, s), nil)
	in, out := sides(p, latenttest.Decode(t, c, s, codecs.DecodeOptions{}), blob)
	in0, out0 := sides(p, latenttest.Decode(t, c, u, codecs.DecodeOptions{}), blob)
	if in < in0+0.15 || out > out0-0.2 {
		t.Errorf("%.2f dB inside and %.2f outside with the mask, %.2f and %.2f without", in, out, in0, out0)
	}
	if n := mapBytes(s); n == 0 || n > 60 {
		t.Errorf("the map takes %d bytes", n)
	}
}

// Masks of one colour, no strength and no mask are the same file.
func TestUniform(t *testing.T) {
	c, p := tinyCodec(t), latenttest.Scene(t, 130, 70, false, 4)
	want := latenttest.Marshal(t, latenttest.Encode(t, c, p, nil))
	for name, params := range map[string]codecs.Params{
		"black": {"mask": plain(t, color.Black)}, "white": {"mask": plain(t, color.White)}, "grey": {"mask": plain(t, color.Gray{99})},
		"no strength": {"mask": maskFile(t, blobs[0], 9, 9), "strength": "0"}, "no mask": {"strength": "7"},
	} {
		if got := latenttest.Marshal(t, latenttest.Encode(t, c, p, params)); string(got) != string(want) {
			t.Errorf("%s: another file of %d bytes, without %d", name, len(got), len(want))
		}
	}
}

// Both kinds of distribution hold the same symbols.
func TestPriors(t *testing.T) {
	c, p := tinyCodec(t), latenttest.Scene(t, 300, 200, false, 5)
	for _, mask := range []string{"", maskFile(t, blobs[0], 30, 20)} {
		params := codecs.Params{"q": "9", "mask": mask}
		a, b := latenttest.Encode(t, c, p, params), latenttest.Encode(t, c, p, params.With("prior", priorGaussian))
		if !latenttest.Decode(t, c, a, codecs.DecodeOptions{}).Equal(latenttest.Decode(t, c, b, codecs.DecodeOptions{})) {
			t.Error("the decoded pictures differ")
		}
		if m, n := size(t, c, a), size(t, c, b); m >= n {
			t.Errorf("generalized Gaussians take %d bytes, Gaussians %d", m, n)
		}
	}
}

func TestParts(t *testing.T) {
	c := withMask(t)
	p := latenttest.Scene(t, 200, 136, false, 5)
	s := latenttest.Encode(t, c, p, codecs.Params{"q": "10"})
	full := latenttest.PSNR(p, latenttest.Decode(t, c, s, codecs.DecodeOptions{}))
	means := latenttest.Decode(t, c, s, codecs.DecodeOptions{Off: []string{nameY}})
	if v := latenttest.PSNR(p, means); v > full-1 || v < 8 {
		t.Errorf("the means alone give %.2f dB, everything %.2f", v, full)
	}
	if !means.Equal(latenttest.Decode(t, c, s, codecs.DecodeOptions{UpTo: 1})) {
		t.Error("UpTo 1 is not the picture without y")
	}
	for _, off := range []string{nameZ, nameMap} {
		if v := latenttest.PSNR(p, latenttest.Decode(t, c, s, codecs.DecodeOptions{Off: []string{off}})); v >= full {
			t.Errorf("without %s %.2f dB, everything %.2f", off, v, full)
		}
	}
}

// What can't be a mask is refused with what to do.
func TestBadMasks(t *testing.T) {
	c, p := tinyCodec(t), latenttest.Scene(t, 40, 30, false, 6)
	text := filepath.Join(t.TempDir(), "mask.png")
	if err := os.WriteFile(text, []byte("no picture"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, params := range []codecs.Params{
		{"mask": text}, {"mask": filepath.Join(t.TempDir(), "none.png")}, {"strength": "-1"}, {"strength": "99"}, {"prior": "laplace"},
	} {
		if _, err := c.Encode(t.Context(), p, codecs.EncodeOptions{Params: params}); err == nil {
			t.Errorf("%v is accepted", params)
		} else {
			t.Log(err)
		}
	}
}

func TestInspect(t *testing.T) {
	for _, c := range []codecs.Codec{tinyCodec(t), withMask(t)} {
		s := latenttest.Encode(t, c, latenttest.Scene(t, 600, 100, false, 14), codecs.Params{"q": "6"})
		trace, err := c.(codecs.Inspector).Inspect(t.Context(), s, nil)
		if err != nil {
			t.Fatal(err)
		}
		lowest, highest := 1e9, 0.0
		for _, v := range latenttest.Panel[codecs.Plane](t, trace, "gain-map").Values {
			lowest, highest = min(lowest, float64(v)), max(highest, float64(v))
		}
		if mapBytes(s) > 0 != (highest > lowest+3.9) || lowest > 6 || highest < 6 {
			t.Errorf("qualities from %g to %g with a map of %d bytes", lowest, highest, mapBytes(s))
		}
		if l := latenttest.Panel[codecs.Series](t, trace, "beta").Lines[0]; len(l.Y) != 8 {
			t.Errorf("shapes %v", l.Y)
		}
		for _, l := range latenttest.Panel[codecs.Series](t, trace, "residual").Lines {
			sum := 0.0
			for i, v := range l.Y {
				sum += v * (l.X[1] - l.X[0])
				if v < 0 {
					t.Errorf("%s: density %g at %g", l.Name, v, l.X[i])
				}
			}
			// What lies beyond the axis, and the tables' escapes, are missing.
			if sum < 0.95 || sum > 1+1e-9 {
				t.Errorf("%s: a density of %g in all", l.Name, sum)
			}
		}
	}
}
