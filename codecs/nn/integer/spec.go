package integer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"codecworkbench/codecs/nn/safetensors"
)

// Spec describes a network as it stands in a model file's metadata.
type Spec struct {
	Input  InputSpec   `json:"input"`
	Layers []LayerSpec `json:"layers"`
}

// InputSpec is what goes into a network; values beyond 2^Bits - 1 are clamped.
type InputSpec struct {
	Channels int `json:"channels"`
	Bits     int `json:"bits"`
}

// LayerSpec describes a layer. Each Op reads the fields that the package comment names.
type LayerSpec struct {
	Op         string      `json:"op"`
	Name       string      `json:"name,omitempty"`
	In         int         `json:"in,omitempty"`  // channels
	Out        int         `json:"out,omitempty"` // channels
	Kernel     int         `json:"kernel,omitempty"`
	Stride     int         `json:"stride,omitempty"`
	Pad        int         `json:"pad,omitempty"` // positions on each side
	Groups     int         `json:"groups,omitempty"`
	Shift      uint        `json:"shift,omitempty"`
	Bits       int         `json:"bits,omitempty"`    // of the output
	InBits     int         `json:"in_bits,omitempty"` // that a table reaches over
	Factor     int         `json:"factor,omitempty"`
	Factors    [2]int16    `json:"factors,omitzero"`
	Multiplier int32       `json:"multiplier,omitempty"`
	First      int         `json:"first,omitempty"` // channel
	Levels     int         `json:"levels,omitempty"`
	Body       []LayerSpec `json:"body,omitempty"`
}

// MetadataKey is where a model file's metadata have the networks.
const MetadataKey = "integer"

// ErrSpec marks a description, or weights, that make no network.
var ErrSpec = errors.New("not a valid integer network")

// ErrOverflow marks a network whose sums could leave 32 bits.
var ErrOverflow = fmt.Errorf("%w: sums could overflow", ErrSpec)

// maxSpecBytes is the most that the networks' description may take.
const maxSpecBytes = 1 << 20

// Load reads the network of that name from a model file.
func Load(file *safetensors.File, name string) (*Network, error) {
	text, ok := file.Metadata[MetadataKey]
	if !ok {
		return nil, fmt.Errorf("%w: the model file has none; export it again with integer networks", ErrSpec)
	}
	specs, err := parse([]byte(text))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSpec, err)
	}
	spec, ok := specs[name]
	if !ok {
		return nil, fmt.Errorf("%w: the model file has no %s", ErrSpec, name)
	}
	n, err := Build(spec, file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return n, nil
}

// parse reads the descriptions; a field that no layer has is an error.
func parse(text []byte) (map[string]Spec, error) {
	if len(text) > maxSpecBytes {
		return nil, fmt.Errorf("a description of %d bytes", len(text))
	}
	var specs map[string]Spec
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&specs); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the description")
	}
	return specs, nil
}
