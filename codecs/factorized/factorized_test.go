package factorized

import (
	"os"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/container"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/latent/latenttest"
	"codecworkbench/codecs/nn/safetensors"
)

// tinyModel is the frozen model that codecs/training/make_tiny.py made.
const tinyModel = "testdata/tiny.safetensors"

// tinyCodec is a codec whose one model is tinyModel.
func tinyCodec(t testing.TB) *Codec {
	t.Helper()
	return New(latenttest.Models(t, ID, tinyModel))
}

func TestBehaviour(t *testing.T) { latenttest.Behaves(t, tinyCodec(t)) }
func TestRefine(t *testing.T)    { latenttest.Refines(t, tinyCodec(t), nil) }

// Without y, the picture is what the likeliest latents give: the same everywhere.
func TestWithoutLatents(t *testing.T) {
	c := tinyCodec(t)
	p := latenttest.Scene(t, 400, 336, false, 5)
	s := latenttest.Encode(t, c, p, codecs.Params{"q": "10"})
	full := latenttest.PSNR(p, latenttest.Decode(t, c, s, codecs.DecodeOptions{}))
	flat := latenttest.Decode(t, c, s, codecs.DecodeOptions{Off: []string{nameY}})
	if v := latenttest.PSNR(p, flat); v > full-5 {
		t.Errorf("nothing gives %.2f dB, everything %.2f", v, full)
	}
	a, b := flat.RGB8().NRGBAAt(160, 160), flat.RGB8().NRGBAAt(160+64, 160+32)
	for _, d := range []int{int(a.R) - int(b.R), int(a.G) - int(b.G), int(a.B) - int(b.B)} {
		if d < -1 || d > 1 {
			t.Errorf("equal latents give %v and %v", a, b)
		}
	}
}

func TestLikeliest(t *testing.T) {
	m, _, err := tinyCodec(t).models.Load("s")
	if err != nil {
		t.Fatal(err)
	}
	for c := range m.Channels {
		table := m.y.At(0, c)
		best := likeliest(table)
		for v := table.First(); v <= table.Last(); v++ {
			if table.Bits(v) < table.Bits(best) {
				t.Fatalf("channel %d: %d takes %g bits, %d takes %g", c, best, table.Bits(best), v, table.Bits(v))
			}
		}
	}
}

func TestInspectPrior(t *testing.T) {
	c := tinyCodec(t)
	p := latenttest.Scene(t, 200, 100, false, 14)
	trace, err := c.Inspect(t.Context(), latenttest.Encode(t, c, p, nil), p)
	if err != nil {
		t.Fatal(err)
	}
	h := latenttest.Panel[codecs.Histogram](t, trace, "prior")
	sum := 0
	for _, n := range h.Counts {
		sum += n
	}
	if sum > 13*7 || sum < 13*7/2 || len(h.Prior) != len(h.Counts) {
		t.Errorf("%d symbols of %d positions, %d probabilities", sum, 13*7, len(h.Prior))
	}
}

// Models that don't fit the codec are refused, whatever is wrong with them.
func TestModelChecks(t *testing.T) {
	data, err := os.ReadFile(tinyModel)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(f *safetensors.File){
		"codec":       func(f *safetensors.File) { f.Metadata["codec"] = "hyperprior" },
		"format":      func(f *safetensors.File) { delete(f.Metadata, "format") },
		"lambdas":     func(f *safetensors.File) { f.Metadata["lambdas"] = "[0.0018, 0.0095, 0.05, 0.26]" },
		"no networks": func(f *safetensors.File) { delete(f.Metadata, "networks") },
		"no tables":   func(f *safetensors.File) { delete(f.Tensors, "y.cum") },
		"tables": func(f *safetensors.File) {
			f.Tensors["y.table"] = safetensors.Of([]int32{2, 0, 16, 1}, 1, 4)
			f.Tensors["y.cum"] = safetensors.Of([]uint16{0, 9}, 2)
		},
	} {
		f, err := safetensors.Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		change(f)
		bad, err := f.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parseModel(bad); err == nil {
			t.Errorf("a model with bad %s is accepted", name)
		}
	}
	if m, err := parseModel(data); err != nil || m.Channels != 8 || m.y.Rows != 5 {
		t.Errorf("the tiny model: %+v, %v", m, err)
	}
}

func FuzzDecode(f *testing.F) {
	c := tinyCodec(f)
	s := latenttest.Encode(f, c, latenttest.Scene(f, 40, 24, false, 11), nil)
	f.Add(uint16(40), uint16(24), s.Sections[0].Payload, s.Sections[1].Payload)
	f.Add(uint16(1), uint16(200), []byte{1, 0}, []byte{})
	f.Fuzz(func(t *testing.T, w, h uint16, head, y []byte) {
		if w > 512 || h > 512 {
			return
		}
		d := &codecs.Stream{Codec: ID, Model: s.Model, Width: int(w), Height: int(h),
			Sections: []container.Section{{Kind: latent.SectionHeader, Payload: head}, {Kind: sectionY, Payload: y}}}
		r, err := c.Decode(t.Context(), d, codecs.DecodeOptions{})
		if err == nil && (r.Picture.Width() != int(w) || r.Picture.Height() != int(h)) {
			t.Errorf("%d x %d decoded to %d x %d", w, h, r.Picture.Width(), r.Picture.Height())
		}
		_, _ = c.Inspect(t.Context(), d, nil)
	})
}

func FuzzParseModel(f *testing.F) {
	data, err := os.ReadFile(tinyModel)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte{})
	f.Fuzz(func(_ *testing.T, data []byte) { _, _ = parseModel(data) })
}
