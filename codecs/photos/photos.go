// Package photos reads the pictures that codecs are trained on: from image
// files, folders of them, and plain tar packs, one at a time, so that a set may
// be larger than memory.
//
// A manifest.csv beside a pack (or in a folder, or beside it) with the columns
// pack, file and split keeps photos marked "val" apart: Train never sees them,
// and Val sees nothing else.
package photos

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"codecworkbench/codecs/picture"
)

// MaxFileBytes bounds one image file; larger ones are an error.
const MaxFileBytes = 256 << 20

// extensions of the files that are taken for images; others are passed over.
var extensions = []string{".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".gif"}

// ErrNone marks paths that hold no photo of the wanted split.
var ErrNone = errors.New("no photos found")

// Func receives one picture; name is its path, or PACK/ENTRY inside a tar. An
// error ends the walk and is returned by it unchanged.
type Func func(name string, p *picture.Picture) error

// Train calls f with every photo under paths (files, folders, .tar packs) that
// no manifest marks as validation, in a fixed order: paths as given, folders by
// name, packs as stored.
func Train(ctx context.Context, paths []string, f Func) error {
	return each(ctx, paths, func(split string) bool { return split != valSplit }, f)
}

// Val is Train for the photos that a manifest marks as validation.
func Val(ctx context.Context, paths []string, f Func) error {
	return each(ctx, paths, func(split string) bool { return split == valSplit }, f)
}

func each(ctx context.Context, paths []string, want func(split string) bool, f Func) error {
	w := walker{ctx: ctx, want: want, f: f}
	for _, p := range paths {
		if err := w.path(p, true); err != nil {
			return err
		}
	}
	if w.seen == 0 {
		return fmt.Errorf("%w in %s: give image files, folders of them, or .tar packs", ErrNone, strings.Join(paths, ", "))
	}
	return nil
}

type walker struct {
	ctx  context.Context
	want func(split string) bool
	f    Func
	seen int
}

// path visits a file, folder or pack. Files that a folder merely contains are
// judged by their extension; those that the user named are always read.
func (w *walker) path(name string, named bool) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	info, err := os.Stat(name) // follows symbolic links
	if err != nil {
		if !named && errors.Is(err, fs.ErrNotExist) {
			return nil // a dangling link inside a folder
		}
		return err
	}
	switch {
	case info.IsDir() && named:
		return w.folder(name)
	case info.IsDir():
		return nil // links could form loops; folders of folders are named one by one
	case strings.EqualFold(filepath.Ext(name), ".tar"):
		return w.pack(name)
	case named || isImage(name):
		return w.file(name, info)
	}
	return nil
}

func (w *walker) folder(dir string) error {
	entries, err := os.ReadDir(dir) // sorted by name
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := w.path(filepath.Join(dir, e.Name()), false); err != nil {
			return err
		}
	}
	return nil
}

func (w *walker) file(name string, info fs.FileInfo) error {
	dir := filepath.Dir(name)
	m, err := manifestFor(dir, filepath.Dir(dir))
	if err != nil {
		return err
	}
	if !w.want(m.split(filepath.Base(dir), filepath.Base(name))) {
		return nil
	}
	in, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	return w.picture(name, in, info.Size())
}

func (w *walker) pack(name string) error {
	m, err := manifestFor(filepath.Dir(name))
	if err != nil {
		return err
	}
	in, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	return w.entries(name, in, m)
}

// entries visits the images of one tar.
func (w *walker) entries(name string, in io.Reader, m manifest) error {
	base := filepath.Base(name)
	r := tar.NewReader(in)
	for {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		h, err := r.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: damaged tar: %w", name, err)
		}
		if h.Typeflag != tar.TypeReg || !isImage(h.Name) || !w.want(m.split(base, path.Base(h.Name))) {
			continue
		}
		if err := w.picture(base+"/"+h.Name, r, h.Size); err != nil {
			return err
		}
	}
}

func (w *walker) picture(name string, in io.Reader, size int64) error {
	if size > MaxFileBytes {
		return fmt.Errorf("%s: %d bytes, at most %d are read as an image", name, size, MaxFileBytes)
	}
	data, err := io.ReadAll(io.LimitReader(in, MaxFileBytes))
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	p, err := picture.Decode(data, picture.Source{Name: name, Bytes: int64(len(data))})
	if err != nil {
		return err
	}
	w.seen++
	return w.f(name, p)
}

func isImage(name string) bool {
	return slices.Contains(extensions, strings.ToLower(path.Ext(name)))
}
