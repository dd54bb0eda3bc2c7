package klt

import (
	"context"
	"path/filepath"
	"strings"

	"codecworkbench/codecs"
	"codecworkbench/codecs/photos"
)

// TrainFiles is Train with default options on image files, folders and .tar packs,
// without the photos that a manifest marks for validation.
func TrainFiles(ctx context.Context, paths []string, on func(codecs.Progress)) ([]byte, error) {
	var names []string
	for _, p := range paths {
		names = append(names, filepath.Base(p))
	}
	source := func(ctx context.Context, f photos.Func) error { return photos.Train(ctx, paths, f) }
	return Train(ctx, source, TrainOptions{About: strings.Join(names, ", ")}, on)
}
