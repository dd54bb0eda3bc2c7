package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// What is committed is what the generator writes, byte for byte.
func TestCommittedFilesAreCurrent(t *testing.T) {
	folder := t.TempDir()
	for _, f := range families {
		if err := generate(folder, f.name, f.emit); err != nil {
			t.Fatalf("%s: %v", f.name, err)
		}
		for _, suffix := range []string{"_amd64.s", "_amd64.go"} {
			fresh, err := os.ReadFile(filepath.Join(folder, f.name+suffix))
			if err != nil {
				t.Fatal(err)
			}
			committed, err := os.ReadFile(filepath.Join("..", f.name+suffix))
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(fresh, committed) {
				t.Errorf("%s%s: run go generate", f.name, suffix)
			}
		}
	}
}
