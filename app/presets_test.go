package main

import (
	"io/fs"
	"testing"

	"codecworkbench/app/preset"
	"codecworkbench/assets"
)

// The program's presets name codecs and settings that there are.
func TestShippedPresets(t *testing.T) {
	tools, _ := newTools(nil)
	names, err := fs.Glob(assets.Presets(), "*"+preset.Ending)
	if err != nil || len(names) < 3 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(assets.Presets(), name)
		if err != nil {
			t.Fatal(err)
		}
		p, err := preset.Parse(data)
		if err != nil || p.Name == "" || p.Note == "" {
			t.Errorf("%s: %+v %v", name, p, err)
		}
		for _, c := range p.Candidates {
			codec, err := tools.Codecs.Codec(c.Codec)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if _, err := codec.Info().Resolve(c.Params); err != nil {
				t.Errorf("%s: %s: %v", name, c.Codec, err)
			}
		}
	}
}
