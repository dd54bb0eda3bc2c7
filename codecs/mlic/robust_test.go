package mlic

import (
	"os"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/container"
	"codecworkbench/codecs/latent"
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

// Models that don't fit the codec are refused, whatever is wrong with them.
func TestModelChecks(t *testing.T) {
	data, err := os.ReadFile(tinyModel)
	if err != nil {
		t.Fatal(err)
	}
	metadata := func(text string) func(*safetensors.File) {
		return func(f *safetensors.File) { f.Metadata[contextsKey] = text }
	}
	for name, change := range map[string]func(f *safetensors.File){
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
	if m, err := parseModel(data); err != nil || m.Channels != 8 || m.passes() != 8 || m.slices[3].first != 4 {
		t.Errorf("the tiny model: %+v, %v", m, err)
	}
}

func FuzzDecode(f *testing.F) {
	c := tinyCodec(f)
	s := encode(f, c, scene(f, 40, 24, false, 11), nil)
	f.Add(uint16(40), uint16(24), s.Sections[0].Payload, s.Sections[1].Payload, s.Sections[2].Payload)
	f.Add(uint16(1), uint16(200), []byte{1, 0}, []byte{7}, []byte{})
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
	f.Fuzz(func(_ *testing.T, data []byte) { _, _ = parseModel(data) })
}
