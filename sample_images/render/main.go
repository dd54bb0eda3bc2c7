// Command render makes the sample pictures: six path-traced scenes that behave like
// photographs (textures, depth of field, film grain), and three test charts.
//
//	go run ./sample_images/render -o sample_images
//
// Scenes take a few minutes each on two cores at the default of 49 samples a pixel.
package main

import (
	"flag"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	out := flag.String("o", "sample_images", "folder to write into")
	only := flag.String("only", "", "names to make, separated by commas; all if empty")
	samples := flag.Int("samples", 49, "samples a pixel")
	width := flag.Int("width", 768, "width in pixels; scenes are 3:2")
	flag.Parse()
	wanted := func(name string) bool {
		return *only == "" || strings.Contains(","+*only+",", ","+name+",")
	}
	var err error
	for i, s := range scenes() {
		if err == nil && wanted(s.name) {
			err = save(filepath.Join(*out, "scenes", s.name+".png"), s.render(*width, *width*2/3, *samples, uint64(i)))
		}
	}
	for name, draw := range charts() {
		if err == nil && wanted(name) {
			err = save(filepath.Join(*out, "charts", name+".png"), draw())
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "render:", err)
		os.Exit(1)
	}
}

func save(path string, img image.Image) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	enc := png.Encoder{CompressionLevel: png.BestCompression}
	if err := enc.Encode(f, img); err != nil {
		return err
	}
	return f.Close()
}
