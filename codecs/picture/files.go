package picture

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// MaxFileBytes is the largest file that Open reads.
const MaxFileBytes = 1 << 30

// readFile reads a regular file of at most MaxFileBytes. Errors name the path.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, pathError(path, err)
	}
	switch {
	case info.IsDir():
		return nil, fmt.Errorf("%s: is a folder; give a picture file", path)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s: is no regular file (%s); give a picture file", path, kindOf(info.Mode()))
	case info.Size() == 0:
		return nil, fmt.Errorf("%s: the file is empty; copy or download it again", path)
	case info.Size() > MaxFileBytes:
		return nil, fmt.Errorf("%s: %w: the file has %d MiB, at most %d are read", path, ErrTooLarge, info.Size()>>20, MaxFileBytes>>20)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, pathError(path, err)
	}
	defer func() { _ = f.Close() }()
	data := make([]byte, info.Size())
	n, err := io.ReadFull(f, data)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, pathError(path, err)
	}
	return data[:n], nil
}

// pathError puts the path in front and leaves out the system call's name.
func pathError(path string, err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return fmt.Errorf("%s: %w", path, err)
}

func kindOf(m fs.FileMode) string {
	switch {
	case m&fs.ModeNamedPipe != 0:
		return "a pipe"
	case m&fs.ModeSocket != 0:
		return "a socket"
	case m&fs.ModeDevice != 0:
		return "a device"
	}
	return "type " + m.Type().String()
}

// WriteFile writes data so that path holds either what it held before or all of
// data, whatever fails in between: to a temporary file in the same folder, synced,
// then renamed. An existing file keeps its permissions; a symbolic link is
// followed; a device or pipe is written to directly.
func WriteFile(path string, data []byte) error {
	target := path
	if resolved, err := filepath.EvalSymlinks(path); err == nil {
		target = resolved
	}
	mode := fs.FileMode(0)
	info, err := os.Stat(target)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return fmt.Errorf("can't write %w", pathError(path, err))
	case info.IsDir():
		return fmt.Errorf("can't write %s: it is a folder; give a file name", path)
	case !info.Mode().IsRegular():
		if err := os.WriteFile(target, data, 0o666); err != nil {
			return fmt.Errorf("can't write %w", pathError(path, err))
		}
		return nil
	default:
		mode = info.Mode().Perm()
		// Renaming would replace a write-protected file without a word.
		f, err := os.OpenFile(target, os.O_WRONLY, 0)
		if err != nil {
			return fmt.Errorf("can't write %w", pathError(path, err))
		}
		if err := f.Close(); err != nil {
			return fmt.Errorf("can't write %w", pathError(path, err))
		}
	}
	if err := replace(target, data, mode); err != nil {
		return fmt.Errorf("can't write %w", pathError(path, err))
	}
	return nil
}

// replace writes a temporary file beside path and renames it; mode 0 leaves the
// permissions to the umask.
func replace(path string, data []byte, mode fs.FileMode) (err error) {
	f, err := temporary(path)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_, _ = f.Close(), os.Remove(f.Name()) // the first error counts
		}
	}()
	if _, err := f.Write(data); err != nil {
		return err
	}
	if mode != 0 {
		if err := f.Chmod(mode); err != nil {
			return err
		}
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		var le *os.LinkError
		if errors.As(err, &le) {
			return le.Err
		}
		return err
	}
	// The rename itself lasts only once the folder is on the disk; not every system
	// can sync a folder, and the file is whole either way.
	if dir, err := os.Open(filepath.Dir(path)); err == nil {
		_, _ = dir.Sync(), dir.Close()
	}
	return nil
}

// temporary creates a hidden file beside path. Unlike os.CreateTemp's its
// permissions follow the umask.
func temporary(path string) (*os.File, error) {
	base := filepath.Base(path)
	if len(base) > 64 { // leave room for the suffix under the file system's 255 bytes
		base = base[:64]
	}
	for try := 0; ; try++ {
		name := filepath.Join(filepath.Dir(path), fmt.Sprintf(".%s.%08x.tmp", base, rand.Uint32()))
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if err == nil || !errors.Is(err, fs.ErrExist) || try == 100 {
			return f, err
		}
	}
}

// List expands files and folders to picture files: files stay as given, whatever
// their names; a folder stands for the picture files in it (not in folders below),
// links to files among them, in natural order. What is missing, and a folder
// without pictures, is an error. A path that comes up twice is listed once.
func List(paths ...string) ([]string, error) {
	var out []string
	seen := map[string]bool{}
	add := func(path string) {
		if !seen[filepath.Clean(path)] {
			seen[filepath.Clean(path)] = true
			out = append(out, path)
		}
	}
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, pathError(path, err)
		}
		if !info.IsDir() {
			add(path)
			continue
		}
		inside, err := listFolder(path)
		if err != nil {
			return nil, err
		}
		for _, p := range inside {
			add(p)
		}
	}
	return out, nil
}

func listFolder(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, pathError(folder, err)
	}
	var out []string
	for _, e := range entries {
		path := filepath.Join(folder, e.Name())
		if strings.HasPrefix(e.Name(), ".") || !IsPictureFile(e.Name()) {
			continue
		}
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			out = append(out, path)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: no picture files in this folder (%s)", folder, strings.Join(Extensions(), " "))
	}
	slices.SortFunc(out, compareNatural)
	return out, nil
}

// compareNatural orders names as people do: runs of digits by their value, letters
// without case.
func compareNatural(a, b string) int {
	x, y := strings.ToLower(a), strings.ToLower(b)
	for x != "" && y != "" {
		dx, dy := digits(x), digits(y)
		if dx == 0 || dy == 0 {
			if x[0] != y[0] {
				return int(x[0]) - int(y[0])
			}
			x, y = x[1:], y[1:]
			continue
		}
		nx, ny := strings.TrimLeft(x[:dx], "0"), strings.TrimLeft(y[:dy], "0")
		if len(nx) != len(ny) {
			return len(nx) - len(ny)
		}
		if c := strings.Compare(nx, ny); c != 0 {
			return c
		}
		x, y = x[dx:], y[dy:]
	}
	if len(x) != len(y) {
		return len(x) - len(y)
	}
	return strings.Compare(a, b)
}

// digits returns the length of the run of digits that s starts with.
func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}
