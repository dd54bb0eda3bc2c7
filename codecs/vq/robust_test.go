package vq

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"codecworkbench/codecs"
	"codecworkbench/codecs/container"
	"codecworkbench/codecs/nn/safetensors"
)

func TestDamage(t *testing.T) {
	c := tiny(t)
	s := encode(t, c, scene(150, 600, false, 2), 6)
	rng := rand.New(rand.NewPCG(1, 1))
	for i := range s.Sections {
		cut := *s
		cut.Sections = append([]container.Section(nil), s.Sections...)
		cut.Sections = append(cut.Sections[:i], cut.Sections[i+1:]...)
		if _, err := c.Decode(t.Context(), &cut, codecs.DecodeOptions{}); err == nil {
			t.Errorf("a stream without section %d decodes", i)
		}
		whole := s.Sections[i].Payload
		if len(whole) < 20 {
			continue
		}
		half := *s
		half.Sections = append([]container.Section(nil), s.Sections...)
		half.Sections[i].Payload = whole[:len(whole)/2]
		if _, err := c.Decode(t.Context(), &half, codecs.DecodeOptions{}); err == nil {
			t.Errorf("a stream with half of section %d decodes", i)
		}
		for range 10 {
			flipped := bytes.Clone(whole)
			flipped[rng.IntN(len(flipped))] ^= 1 << rng.IntN(8)
			half.Sections[i].Payload = flipped
			_, _ = c.Decode(t.Context(), &half, codecs.DecodeOptions{}) // must not panic
		}
	}
}

func TestMissingModel(t *testing.T) {
	c := tiny(t)
	s := encode(t, c, scene(20, 20, false, 1), 3)
	empty := New(codecs.NewModels(os.DirFS(t.TempDir())))
	if _, err := empty.Decode(t.Context(), s, codecs.DecodeOptions{}); !errors.Is(err, codecs.ErrNoModel) {
		t.Errorf("decoding without the model gives %v", err)
	}
	if _, err := empty.Encode(t.Context(), scene(9, 9, false, 1), codecs.EncodeOptions{}); !errors.Is(err, codecs.ErrNoModel) {
		t.Errorf("encoding without a model gives %v", err)
	}
	bad := filepath.Join(t.TempDir(), "bad.safetensors")
	if err := os.WriteFile(bad, []byte("no model"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Encode(t.Context(), scene(9, 9, false, 1), codecs.EncodeOptions{Params: codecs.Params{"model": bad}}); err == nil {
		t.Error("a text file was taken for a model")
	}
}

func TestCancel(t *testing.T) {
	c := tiny(t)
	p := scene(600, 600, false, 1)
	s := encode(t, c, p, 5)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Encode(ctx, p, codecs.EncodeOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled encode gives %v", err)
	}
	if _, err := c.Decode(ctx, s, codecs.DecodeOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled decode gives %v", err)
	}
	if _, err := c.Inspect(ctx, s, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled inspection gives %v", err)
	}
}

// A cancel that comes while rows are coded is heard.
func TestCancelMidway(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	on := func(codecs.Progress) { cancel() }
	if _, err := tiny(t).Encode(ctx, scene(90, 600, false, 1), codecs.EncodeOptions{On: on}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled encode gives %v", err)
	}
}

// A few bytes that promise a large picture are refused before it is drawn.
func TestEmptySlices(t *testing.T) {
	c := tiny(t)
	s := encode(t, c, scene(16, 16, false, 7), 5)
	s.Width, s.Height, s.Sections = 8000, 600, s.Sections[:1]
	for i := range uint64(2) {
		for kind := sectionMeans; kind <= sectionChroma; kind++ {
			s.Sections = append(s.Sections, container.Section{Kind: kind, Part: i})
		}
	}
	if _, err := c.Decode(t.Context(), s, codecs.DecodeOptions{}); !errors.Is(err, errDamaged) {
		t.Errorf("empty slices give %v", err)
	}
}

// A model file whose mixing weights have another shape is refused, not used in part.
func TestModelShapes(t *testing.T) {
	data, err := os.ReadFile(tinyModel)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"start.weights.0", "luma8.uses", "costs", "filter"} {
		f, err := safetensors.Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		whole := f.Tensors[name]
		f.Tensors[name] = safetensors.Tensor{DType: whole.DType, Shape: []int{0}}
		cut, err := f.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := LoadModel(cut); !errors.Is(err, safetensors.ErrFormat) {
			t.Errorf("an empty %s gives %v", name, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	c := tiny(f)
	s := encode(f, c, scene(40, 40, false, 1), 5)
	f.Add(uint8(5), uint16(40), uint16(40), s.Sections[1].Payload, s.Sections[2].Payload, s.Sections[3].Payload)
	f.Add(uint8(255), uint16(1), uint16(1), []byte{}, []byte{}, []byte{})
	f.Fuzz(func(t *testing.T, q uint8, w, h uint16, means, luma, chroma []byte) {
		if int(w)*int(h) > 1<<16 {
			return
		}
		part := func(kind byte, data []byte) container.Section { return container.Section{Kind: kind, Payload: data} }
		d := &codecs.Stream{Codec: "vq", Model: s.Model, Width: int(w), Height: int(h), Sections: []container.Section{
			part(sectionHeader, []byte{q, 0}), part(sectionMeans, means), part(sectionLuma, luma), part(sectionChroma, chroma)}}
		r, err := c.Decode(context.Background(), d, codecs.DecodeOptions{})
		if err == nil && (r.Picture.Width() != int(w) || r.Picture.Height() != int(h)) {
			t.Errorf("%d x %d decodes to %d x %d", w, h, r.Picture.Width(), r.Picture.Height())
		}
	})
}

func FuzzLoadModel(f *testing.F) {
	data, err := os.ReadFile(tinyModel)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data[:2000])
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _ = LoadModel(data)
	})
}
