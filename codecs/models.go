package codecs

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// ModelExt is the extension of model files.
const ModelExt = ".safetensors"

// maxModelBytes bounds what is read as a model file.
const maxModelBytes = 64 << 20

// ErrNoModel marks a stream whose model is not at hand.
var ErrNoModel = errors.New("model not found")

// Models finds model files: those shipped with the program, then those in the
// user's folders. Shipped ones lie at CODEC/NAME.safetensors.
type Models struct {
	shipped fs.FS
	folders []string
}

// NewModels takes the shipped models and the folders to search after them.
func NewModels(shipped fs.FS, folders ...string) *Models {
	return &Models{shipped: shipped, folders: folders}
}

// HashModel is the model hash in a container: the first four bytes of the file's
// SHA-256, never 0.
func HashModel(data []byte) uint32 {
	sum := sha256.Sum256(data)
	return max(binary.BigEndian.Uint32(sum[:]), 1)
}

// Names lists a codec's shipped models.
func (m *Models) Names(codec string) []string {
	entries, err := fs.ReadDir(m.shipped, codec)
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ModelExt); ok {
			names = append(names, name)
		}
	}
	return names
}

// Load returns the content of a shipped model by name, or of a file by path.
func (m *Models) Load(codec, nameOrPath string) ([]byte, error) {
	if slices.Contains(m.Names(codec), nameOrPath) {
		return fs.ReadFile(m.shipped, path.Join(codec, nameOrPath+ModelExt))
	}
	data, err := readModel(nameOrPath)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %q is neither a file nor a shipped model of %s (%s)",
			ErrNoModel, nameOrPath, codec, strings.Join(m.Names(codec), ", "))
	}
	return data, err
}

// stamp changes when what Load would return does, and is cheap; it is empty where that is
// not known.
func (m *Models) stamp(codec, nameOrPath string) string {
	stat := os.Stat
	if slices.Contains(m.Names(codec), nameOrPath) {
		nameOrPath = path.Join(codec, nameOrPath+ModelExt)
		stat = func(name string) (fs.FileInfo, error) { return fs.Stat(m.shipped, name) }
	}
	info, err := stat(nameOrPath)
	if err != nil {
		return ""
	}
	return fmt.Sprint(nameOrPath, "\n", info.Size(), " ", info.ModTime().UnixNano())
}

// Find returns the model file with a hash: shipped, then in the user's folders.
func (m *Models) Find(codec string, hash uint32) ([]byte, error) {
	for _, name := range m.Names(codec) {
		if data, err := m.Load(codec, name); err == nil && HashModel(data) == hash {
			return data, nil
		}
	}
	for _, dir := range m.folders {
		files, err := filepath.Glob(filepath.Join(dir, "*"+ModelExt))
		if err != nil {
			continue
		}
		for _, file := range files {
			if data, err := readModel(file); err == nil && HashModel(data) == hash {
				return data, nil
			}
		}
	}
	return nil, fmt.Errorf("%w: the file needs the %s model %08x, which is neither shipped with this version nor in %s; put the model file there or name its folder with --models",
		ErrNoModel, codec, hash, strings.Join(m.folders, ", "))
}

func readModel(file string) ([]byte, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxModelBytes {
		return nil, fmt.Errorf("%s: %d bytes is too large for a model file", file, info.Size())
	}
	return os.ReadFile(file)
}
