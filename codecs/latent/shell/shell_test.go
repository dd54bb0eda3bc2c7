package shell_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"

	"codecworkbench/codecs"
	"codecworkbench/codecs/hyperprior"
	"codecworkbench/codecs/latent/latenttest"
	"codecworkbench/codecs/nn/safetensors"
)

// tinyFiles are a model and two like it with other names.
func tinyFiles(t *testing.T) [3][]byte {
	t.Helper()
	data, err := os.ReadFile("../../hyperprior/testdata/tiny.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	out := [3][]byte{data}
	for i, name := range []string{"large", "mine"} {
		f, err := safetensors.Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		f.Metadata["name"] = name
		if out[i+1], err = f.Marshal(); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func param(i codecs.Info, name string) *codecs.Param {
	at := slices.IndexFunc(i.Params, func(p codecs.Param) bool { return p.Name == name })
	if at < 0 {
		return nil
	}
	return &i.Params[at]
}

// A size is offered where there are several, and files need the model of it. A model that is
// asked for by name or path is that one, but for the default, which leaves it to the size.
func TestSizes(t *testing.T) {
	files := tinyFiles(t)
	mine := filepath.Join(t.TempDir(), "mine.safetensors")
	if err := os.WriteFile(mine, files[2], 0o600); err != nil {
		t.Fatal(err)
	}
	shipped := fstest.MapFS{"hyperprior/s.safetensors": {Data: files[0]}}
	one := hyperprior.New(codecs.NewModels(shipped))
	if p := param(one.Info(), "size"); p != nil {
		t.Errorf("of one model, sizes %v are offered", p.Choices)
	}
	shipped["hyperprior/l.safetensors"] = &fstest.MapFile{Data: files[1]}
	two := hyperprior.New(codecs.NewModels(shipped, filepath.Dir(mine)))
	if p := param(two.Info(), "size"); p == nil || !slices.Equal(p.Choices, []string{"s", "l"}) || p.Default != "s" {
		t.Fatalf("of two models, the sizes are %+v", p)
	}
	picture := latenttest.Scene(t, 40, 30, false, 1)
	for _, c := range []struct {
		codec  codecs.Codec
		params codecs.Params
		want   []byte
	}{
		{one, nil, files[0]},
		{two, nil, files[0]},
		{two, codecs.Params{"size": "l"}, files[1]},
		{two, codecs.Params{"size": "l", "model": "s"}, files[1]},
		{two, codecs.Params{"model": "l"}, files[1]},
		{two, codecs.Params{"size": "l", "model": mine}, files[2]},
	} {
		s := latenttest.Encode(t, c.codec, picture, c.params)
		if want := codecs.HashModel(c.want); s.Model != want {
			t.Errorf("%v: the file needs model %08x, expected %08x", c.params, s.Model, want)
		}
		latenttest.Decode(t, c.codec, s, codecs.DecodeOptions{})
	}
	if _, err := one.Encode(t.Context(), picture, codecs.EncodeOptions{Params: codecs.Params{"size": "l"}}); err == nil {
		t.Error("a size that there is no model of is taken")
	}
}
