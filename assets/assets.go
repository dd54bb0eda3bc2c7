// Package assets holds the files inside the program: model weights, published
// rate-distortion curves, presets and the icon. It knows nothing of what they mean; who
// needs one gets it from package main as an fs.FS.
package assets

import (
	"embed"
	"io/fs"
)

//go:generate go run ./icon -o icon.png

//go:embed all:models published presets icon.png
var files embed.FS

// Models returns the shipped model files, by their path below the folder models.
func Models() fs.FS { return sub("models") }

// Published returns the published rate-distortion curves: one JSON file a codec,
// Kodak's at the top and other data sets' in folders.
func Published() fs.FS { return sub("published") }

// Presets returns the program's presets, files at its top.
func Presets() fs.FS { return sub("presets") }

// Icon returns the program's icon, a PNG file of 512 x 512 pixels.
func Icon() []byte {
	data, err := files.ReadFile("icon.png")
	return must(data, err)
}

func sub(dir string) fs.FS {
	f, err := fs.Sub(files, dir)
	return must(f, err)
}

// must holds because the compiler checked the names that //go:embed lists.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
