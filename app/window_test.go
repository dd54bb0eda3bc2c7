//go:build !nogui

package main

import (
	"testing"

	"github.com/BurntSushi/toml"

	"codecworkbench/assets"
)

// The installed program can't read FyneApp.toml, so it holds the same facts.
func TestMetadata(t *testing.T) {
	var file struct {
		Details struct {
			ID, Name, Version, Icon string
			Build                   int
		}
	}
	if _, err := toml.DecodeFile("../FyneApp.toml", &file); err != nil {
		t.Fatal(err)
	}
	d := file.Details
	if d.ID != appID || d.Name != appName || d.Version != Version || d.Build != build {
		t.Errorf("FyneApp.toml says %+v, the program %s, %s, %s, %d", d, appID, appName, Version, build)
	}
	if d.Icon != "assets/icon.png" || len(assets.Icon()) == 0 {
		t.Errorf("FyneApp.toml's icon is %q", d.Icon)
	}
}

// Every sample that the menu offers opens.
func TestSamples(t *testing.T) {
	list := sampleList()
	if len(list) == 0 {
		t.Fatal("there is no sample to start with")
	}
	for _, s := range list {
		if s.Name == "" || s.Note == "" {
			t.Errorf("the sample %q lacks a name or a note", s.Name)
		}
		if _, err := s.Open(); err != nil {
			t.Errorf("%s: %v", s.Name, err)
		}
	}
}
