package factorized

import (
	"testing"

	"codecworkbench/codecs"
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
	m, _, err := tinyCodec(t).Models.Load("s")
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

// parse is parseModel without its model.
func parse(data []byte) error {
	_, err := parseModel(data)
	return err
}

func TestModelChecks(t *testing.T) {
	latenttest.Refuses(t, tinyModel, parse, map[string]func(f *safetensors.File){
		"codec":       func(f *safetensors.File) { f.Metadata["codec"] = "hyperprior" },
		"format":      func(f *safetensors.File) { delete(f.Metadata, "format") },
		"lambdas":     func(f *safetensors.File) { f.Metadata["lambdas"] = "[0.0018, 0.0095, 0.05, 0.26]" },
		"no networks": func(f *safetensors.File) { delete(f.Metadata, "networks") },
		"no tables":   func(f *safetensors.File) { delete(f.Tensors, "y.cum") },
		"tables":      func(f *safetensors.File) { latenttest.FewTables(f, "y") },
	})
	m, _, err := tinyCodec(t).Models.Load("s")
	if err != nil || m.Channels != 8 || m.y.Rows != 5 {
		t.Errorf("the tiny model: %+v, %v", m, err)
	}
}

func FuzzDecode(f *testing.F)     { latenttest.FuzzDecode(f, tinyCodec(f)) }
func FuzzParseModel(f *testing.F) { latenttest.FuzzModel(f, tinyModel, parse) }
