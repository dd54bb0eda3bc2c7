package photos

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

const (
	manifestName = "manifest.csv"
	valSplit     = "val"
)

// manifest maps pack/file to its split; files that it lacks have none.
type manifest map[string]string

func (m manifest) split(pack, file string) string { return m[pack+"/"+file] }

// manifestFor reads the manifest of the first folder that has one; without any,
// the manifest is empty.
func manifestFor(dirs ...string) (manifest, error) {
	for _, dir := range dirs {
		name := filepath.Join(dir, manifestName)
		f, err := os.Open(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		defer func() { _ = f.Close() }()
		m, err := readManifest(f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return m, nil
	}
	return nil, nil
}

// readManifest takes the columns pack, file and split by their headings. A table
// without them is not about splits and yields nothing.
func readManifest(in io.Reader) (manifest, error) {
	r := csv.NewReader(in)
	r.ReuseRecord = true
	head, err := r.Read()
	if err == io.EOF {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	pack, file, split := slices.Index(head, "pack"), slices.Index(head, "file"), slices.Index(head, "split")
	if pack < 0 || file < 0 || split < 0 {
		return nil, nil
	}
	m := manifest{}
	for {
		row, err := r.Read()
		if err == io.EOF {
			return m, nil
		}
		if err != nil {
			return nil, err
		}
		m[row[pack]+"/"+row[file]] = row[split]
	}
}
