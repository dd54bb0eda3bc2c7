package mlic

import (
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/latent/latenttest"
	"codecworkbench/codecs/nn/safetensors"
)

func TestDamagedHyperLatents(t *testing.T) {
	c := tinyCodec(t)
	s := encode(t, c, scene(t, 600, 50, false, 5), nil)
	latenttest.Damaged(t, c, s, "damaged z", func(d *codecs.Stream) { d.Sections[1].Damaged = true }, true)
	latenttest.Damaged(t, c, s, "no contexts", func(d *codecs.Stream) { d.Sections[1].Payload = nil }, true)
	latenttest.Damaged(t, c, s, "cut z", func(d *codecs.Stream) { d.Sections[1].Payload = d.Sections[1].Payload[:1] }, false)
	latenttest.Damaged(t, c, s, "unknown contexts", func(d *codecs.Stream) { d.Sections[1].Payload = []byte{0x20, 0, 0} }, true)
}

// Where a region is lost, all of it is what z expects, whatever the other regions hold.
func TestLostRegionIsThePrior(t *testing.T) {
	c := tinyCodec(t)
	s := encode(t, c, scene(t, 700, 64, false, 5), codecs.Params{"q": "10"})
	s.Sections[3].Damaged = true
	lost := decode(t, c, s, codecs.DecodeOptions{})
	prior := decode(t, c, s, codecs.DecodeOptions{UpTo: 1})
	for y := range 64 {
		at := lost.RGB8().PixOffset(500, y)
		if string(lost.RGB8().Pix[at:at+4*200]) != string(prior.RGB8().Pix[at:at+4*200]) {
			t.Fatalf("row %d differs from the picture by z alone", y)
		}
	}
}

// parse is parseModel without its model.
func parse(data []byte) error {
	_, err := parseModel(data)
	return err
}

func TestModelChecks(t *testing.T) {
	metadata := func(text string) func(*safetensors.File) {
		return func(f *safetensors.File) { f.Metadata[contextsKey] = text }
	}
	latenttest.Refuses(t, tinyModel, parse, map[string]func(f *safetensors.File){
		"codec":          func(f *safetensors.File) { f.Metadata["codec"] = "hyperprior" },
		"no networks":    func(f *safetensors.File) { delete(f.Metadata, "networks") },
		"no integers":    func(f *safetensors.File) { delete(f.Metadata, "integer") },
		"no scales":      func(f *safetensors.File) { delete(f.Tensors, "sigma.cum") },
		"no z":           func(f *safetensors.File) { delete(f.Tensors, "z.cum") },
		"no contexts":    func(f *safetensors.File) { delete(f.Metadata, contextsKey) },
		"a lost tensor":  func(f *safetensors.File) { delete(f.Tensors, "integer.other2.1.weight") },
		"no heads":       metadata(`{"slices":[1,1,2,4]}`),
		"odd heads":      metadata(`{"slices":[1,1,2,4],"heads":3}`),
		"no slices":      metadata(`{"slices":[],"heads":4}`),
		"many slices":    metadata(`{"slices":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],"heads":4}`),
		"other slices":   metadata(`{"slices":[1,2,1,4],"heads":4}`),
		"too few":        metadata(`{"slices":[1,1,2,3],"heads":4}`),
		"too many":       metadata(`{"slices":[1,1,2,5],"heads":4}`),
		"negative slice": metadata(`{"slices":[1,-1,4,4],"heads":4}`),
	})
	if m := tiny(t); m.Channels != 8 || m.passes() != 8 || m.slices[3].first != 4 {
		t.Errorf("the tiny model: %+v", m)
	}
}

func FuzzDecode(f *testing.F)     { latenttest.FuzzDecode(f, tinyCodec(f)) }
func FuzzParseModel(f *testing.F) { latenttest.FuzzModel(f, tinyModel, parse) }
