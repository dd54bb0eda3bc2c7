package nn

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"codecworkbench/codecs/nn/safetensors"
)

// networksKey is the metadata key under which a model file describes its networks.
const networksKey = "networks"

// Model is a parsed model file. Its networks are built when they are asked for, because a
// codec needs only some of them at a time, and some only in integers (package integer).
type Model struct {
	Hash     [sha256.Size]byte // SHA-256 of the file
	Metadata map[string]string

	file  *safetensors.File
	specs map[string]json.RawMessage
}

// ParseModel reads a model file: safetensors with the descriptions of its networks under
// the metadata key "networks". The model keeps data.
func ParseModel(data []byte) (*Model, error) {
	file, err := safetensors.Parse(data)
	if err != nil {
		return nil, err
	}
	m := &Model{Hash: sha256.Sum256(data), Metadata: file.Metadata, file: file}
	text, ok := file.Metadata[networksKey]
	if !ok {
		return nil, fmt.Errorf("%w: the model file has no metadata %q", ErrSpec, networksKey)
	}
	if len(text) > maxSpecBytes {
		return nil, fmt.Errorf("%w: a description of %d bytes", ErrSpec, len(text))
	}
	if err := json.Unmarshal([]byte(text), &m.specs); err != nil {
		return nil, fmt.Errorf("%w: metadata %q: %v", ErrSpec, networksKey, err)
	}
	return m, nil
}

// File returns the parsed file, for tensors of other kinds.
func (m *Model) File() *safetensors.File { return m.file }

// Names lists the networks in alphabetical order.
func (m *Model) Names() []string { return slices.Sorted(maps.Keys(m.specs)) }

// Spec returns the description of a network.
func (m *Model) Spec(name string) ([]LayerSpec, error) {
	text, ok := m.specs[name]
	if !ok {
		return nil, fmt.Errorf("%w: the model has no network %q, only %q", ErrSpec, name, m.Names())
	}
	spec, err := ParseSpec(text)
	if err != nil {
		return nil, fmt.Errorf("network %q: %w", name, err)
	}
	return spec, nil
}

// Network builds a network.
func (m *Model) Network(name string) (*Network, error) {
	spec, err := m.Spec(name)
	if err != nil {
		return nil, err
	}
	n, err := Build(spec, m.Floats)
	if err != nil {
		return nil, fmt.Errorf("network %q: %w", name, err)
	}
	return n, nil
}

// Floats returns a copy of a tensor of type F32 or F16 and of a shape, in which -1 matches
// any length: a Tensors for Build.
func (m *Model) Floats(name string, shape ...int) ([]float32, error) {
	dtype := safetensors.F32
	if m.file.Tensors[name].DType == safetensors.F16 {
		dtype = safetensors.F16
	}
	t, err := m.file.Get(name, dtype, shape...)
	if err != nil {
		return nil, err
	}
	return safetensors.Floats(t)
}

// Store puts networks into a model file: their descriptions into the metadata, their
// weights among the tensors, as float16 where half is set. Networks that share a weight
// name share the tensor.
func Store(f *safetensors.File, specs map[string][]LayerSpec, params []Param, half bool) error {
	text, err := json.Marshal(specs)
	if err != nil {
		return err
	}
	if f.Metadata == nil {
		f.Metadata = map[string]string{}
	}
	if f.Tensors == nil {
		f.Tensors = map[string]safetensors.Tensor{}
	}
	f.Metadata[networksKey] = string(text)
	for _, p := range params {
		if half {
			f.Tensors[p.Name] = safetensors.Half(p.Data, p.Shape...)
		} else {
			f.Tensors[p.Name] = safetensors.Of(p.Data, p.Shape...)
		}
	}
	return nil
}
