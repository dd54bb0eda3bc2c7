package hyperprior

import (
	"testing"

	"codecworkbench/codecs"
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

// parse is parseModel without its model.
func parse(data []byte) error {
	_, err := parseModel(data, ID)
	return err
}

func TestModelChecks(t *testing.T) {
	latenttest.Refuses(t, tinyModel, parse, map[string]func(f *safetensors.File){
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
			latenttest.FewTables(f, "sigma")
		},
		"few scales":       func(f *safetensors.File) { latenttest.FewTables(f, "sigma") },
		"analysis's shape": func(f *safetensors.File) { f.Metadata["networks"] = swap(f.Metadata["networks"]) },
	})
	m, _, err := tinyCodec(t).Models.Load("s")
	if err != nil || m.Channels != 8 || m.hyper.Channels != 4 || m.Levels.Count != 3 {
		t.Errorf("the tiny model: %+v, %v", m, err)
	}
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

func FuzzDecode(f *testing.F)     { latenttest.FuzzDecode(f, tinyCodec(f)) }
func FuzzParseModel(f *testing.F) { latenttest.FuzzModel(f, tinyModel, parse) }

func FuzzDecodeGDN(f *testing.F) { latenttest.FuzzDecode(f, tinyGDN(f)) }

func FuzzParseModelGDN(f *testing.F) {
	latenttest.FuzzModel(f, "testdata/tiny-gdn.safetensors", func(data []byte) error {
		_, err := parseModel(data, GDNID)
		return err
	})
}
