package hyperprior

import (
	"os"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/container"
	"codecworkbench/codecs/latent"
	"codecworkbench/codecs/latent/latenttest"
	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/safetensors"
)

func TestDamagedHyperLatents(t *testing.T) {
	c := tinyCodec(t)
	s := encode(t, c, scene(t, 600, 50, false, 5), nil)
	latenttest.Damaged(t, c, s, "damaged z", func(d *codecs.Stream) { d.Sections[1].Damaged = true }, true)
	latenttest.Damaged(t, c, s, "cut z", func(d *codecs.Stream) { d.Sections[1].Payload = nil }, false)
}

// Models that don't fit the codec are refused, whatever is wrong with them.
func TestModelChecks(t *testing.T) {
	data, err := os.ReadFile(tinyModel)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(f *safetensors.File){
		"lambdas":      func(f *safetensors.File) { f.Metadata["lambdas"] = "[0.0018, 0.05]" },
		"codec":        func(f *safetensors.File) { f.Metadata["codec"] = "klt" },
		"format":       func(f *safetensors.File) { f.Metadata["format"] = "2" },
		"no networks":  func(f *safetensors.File) { delete(f.Metadata, "networks") },
		"no synthesis": func(f *safetensors.File) { f.Metadata["networks"] = `{"analysis":[]}` },
		"no integers":  func(f *safetensors.File) { delete(f.Metadata, "integer") },
		"no z":         func(f *safetensors.File) { delete(f.Tensors, "z.cum") },
		"z's tables": func(f *safetensors.File) {
			f.Tensors["z.cum"] = f.Tensors["sigma.cum"]
			f.Tensors["z.table"] = f.Tensors["sigma.table"]
			few(f)
		},
		"few scales":       few,
		"analysis's shape": func(f *safetensors.File) { f.Metadata["networks"] = swap(f.Metadata["networks"]) },
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
		if _, err := parseModel(bad, ID); err == nil {
			t.Errorf("a model with bad %s is accepted", name)
		}
	}
	if m, err := parseModel(data, ID); err != nil || m.Channels != 8 || m.hyper.Channels != 4 || m.Levels.Count != 3 {
		t.Errorf("the tiny model: %+v, %v", m, err)
	}
}

// few leaves a single scale.
func few(f *safetensors.File) {
	f.Tensors["sigma.table"] = safetensors.Of([]int32{2, 0, 16, 1}, 1, 4)
	f.Tensors["sigma.cum"] = safetensors.Of([]uint16{0, 9}, 2)
}

// swap exchanges analysis and synthesis.
func swap(text string) string {
	specs, err := nn.ParseSpecs([]byte(text))
	if err != nil {
		return text
	}
	specs["analysis"], specs["synthesis"] = specs["synthesis"], specs["analysis"]
	var f safetensors.File
	if err := nn.Store(&f, specs, nil, false); err != nil {
		return text
	}
	return f.Metadata["networks"]
}

func FuzzDecode(f *testing.F) {
	c := tinyCodec(f)
	s := encode(f, c, scene(f, 40, 24, false, 11), nil)
	f.Add(uint16(40), uint16(24), s.Sections[0].Payload, s.Sections[1].Payload, s.Sections[2].Payload)
	f.Add(uint16(1), uint16(200), []byte{1, 0}, []byte{}, []byte{})
	f.Fuzz(func(t *testing.T, w, h uint16, head, z, y []byte) {
		if w > 512 || h > 512 {
			return
		}
		part := func(kind byte, data []byte) container.Section { return container.Section{Kind: kind, Payload: data} }
		d := &codecs.Stream{Codec: ID, Model: s.Model, Width: int(w), Height: int(h),
			Sections: []container.Section{part(latent.SectionHeader, head), part(sectionZ, z), part(sectionY, y)}}
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
	f.Fuzz(func(_ *testing.T, data []byte) { _, _ = parseModel(data, ID) })
}
