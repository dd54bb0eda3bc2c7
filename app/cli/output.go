package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// writable finds out before the work that a file could not be written after it.
func writable(path string) error {
	if path == "" {
		return errors.New("no output named: give a file with -o")
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir() || strings.HasSuffix(path, "/"):
		return fmt.Errorf("can't write %s: it is a folder; give a file name", path)
	case err == nil && !info.Mode().IsRegular():
		return nil // a device or a pipe
	case err == nil:
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return fmt.Errorf("can't write: %w", err)
		}
		return f.Close()
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("can't write: %w", err)
	}
	return probe(path, filepath.Dir(path))
}

// writableFolder makes a folder for files to come and finds out whether it takes
// them.
func writableFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("can't write into %s: %w", dir, err)
	}
	return probe(dir, dir)
}

// probe writes a file into dir and removes it: permissions alone do not tell.
func probe(path, dir string) error {
	f, err := os.CreateTemp(dir, ".codecworkbench-*.tmp")
	if err != nil {
		return fmt.Errorf("can't write %s: the folder %w", path, fileError(dir, err))
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// isFolder says whether an output names a folder, for one file a codec.
func isFolder(out string) bool {
	info, err := os.Stat(out)
	return strings.HasSuffix(out, "/") || err == nil && info.IsDir()
}

// differ refuses to write over the file that is read.
func differ(in, out string) error {
	read, err := os.Stat(in)
	if err != nil {
		return nil // reading it will tell
	}
	if written, err := os.Stat(out); err == nil && read.Mode().IsRegular() && os.SameFile(read, written) {
		return fmt.Errorf("%s is both input and output; name another file to write", in)
	}
	return nil
}
