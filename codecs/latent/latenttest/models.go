package latenttest

import (
	"os"
	"slices"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/container"
	"codecworkbench/codecs/nn/safetensors"
)

// Refuses checks that a parser takes a model file and refuses it with each of the changes,
// which have names.
func Refuses(t *testing.T, file string, parse func(data []byte) error, changes map[string]func(*safetensors.File)) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := parse(data); err != nil {
		t.Fatal(err)
	}
	for name, change := range changes {
		f, err := safetensors.Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		change(f)
		bad, err := f.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		if parse(bad) == nil {
			t.Errorf("a model with bad %s is accepted", name)
		}
	}
}

// FewTables leaves one distribution of a set.
func FewTables(f *safetensors.File, name string) {
	f.Tensors[name+".table"] = safetensors.Of([]int32{2, 0, 16, 1}, 1, 4)
	f.Tensors[name+".cum"] = safetensors.Of([]uint16{0, 9}, 2)
}

// FuzzModel fuzzes a model file's parser, which must not panic.
func FuzzModel(f *testing.F, file string, parse func(data []byte) error) {
	data, err := os.ReadFile(file)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte{})
	f.Fuzz(func(_ *testing.T, data []byte) { _ = parse(data) })
}

// FuzzDecode fuzzes the decoder and the inspection of files with the sections of a file of one
// region, two or three of them, as the codec writes it.
func FuzzDecode(f *testing.F, c codecs.Codec) {
	s := Encode(f, c, Scene(f, 40, 24, false, 11), nil)
	payloads := make([][]byte, 3)
	for i, sec := range s.Sections {
		payloads[i] = sec.Payload
	}
	f.Add(uint16(40), uint16(24), payloads[0], payloads[1], payloads[2])
	f.Add(uint16(1), uint16(200), []byte{1, 0}, []byte{7}, []byte{})
	f.Fuzz(func(t *testing.T, w, h uint16, first, second, third []byte) {
		if w > 512 || h > 512 {
			return
		}
		d := *s
		d.Width, d.Height, d.Sections = int(w), int(h), slices.Clone(s.Sections)
		for i, payload := range [][]byte{first, second, third}[:len(d.Sections)] {
			d.Sections[i] = container.Section{Kind: d.Sections[i].Kind, Payload: payload}
		}
		r, err := c.Decode(t.Context(), &d, codecs.DecodeOptions{})
		if err == nil && (r.Picture.Width() != int(w) || r.Picture.Height() != int(h)) {
			t.Errorf("%d x %d decoded to %d x %d", w, h, r.Picture.Width(), r.Picture.Height())
		}
		_, _ = c.(codecs.Inspector).Inspect(t.Context(), &d, nil)
	})
}
