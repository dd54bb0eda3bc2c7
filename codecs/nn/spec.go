package nn

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// LayerSpec describes a layer as it stands in model files, under the metadata key
// "networks": a JSON object of lists of layers. Each Op reads the fields that it names;
// see the constructors.
type LayerSpec struct {
	Op       string      `json:"op"`
	Name     string      `json:"name,omitempty"`     // prefix of the tensors
	In       int         `json:"in,omitempty"`       // channels
	Out      int         `json:"out,omitempty"`      // channels
	Channels int         `json:"channels,omitempty"` // in and out
	Kernel   int         `json:"kernel,omitempty"`   // rows and columns of weights
	Stride   int         `json:"stride,omitempty"`
	Pad      int         `json:"pad,omitempty"`     // positions on each side
	OutPad   int         `json:"out_pad,omitempty"` // positions more at the far sides
	Groups   int         `json:"groups,omitempty"`
	Bias     *bool       `json:"bias,omitempty"` // nil is true
	Factor   int         `json:"factor,omitempty"`
	Slope    float32     `json:"slope,omitempty"`
	Eps      float64     `json:"eps,omitempty"`
	Region   int         `json:"region,omitempty"` // positions a side
	Heads    int         `json:"heads,omitempty"`
	Window   int         `json:"window,omitempty"` // positions a side
	Shift    int         `json:"shift,omitempty"`  // positions
	Inverse  bool        `json:"inverse,omitempty"`
	Simple   bool        `json:"simple,omitempty"`
	Mode     string      `json:"mode,omitempty"`
	Body     []LayerSpec `json:"body,omitempty"`
}

// ErrSpec marks a description that makes no network.
var ErrSpec = errors.New("not a valid network")

// ParseSpec reads a JSON list of layers; a field that no layer has is an error.
func ParseSpec(text []byte) ([]LayerSpec, error) {
	var spec []LayerSpec
	return spec, parseStrict(text, &spec)
}

// ParseSpecs reads a JSON object of lists of layers by network name.
func ParseSpecs(text []byte) (map[string][]LayerSpec, error) {
	var specs map[string][]LayerSpec
	return specs, parseStrict(text, &specs)
}

func parseStrict(text []byte, to any) error {
	if len(text) > maxSpecBytes {
		return fmt.Errorf("%w: a description of %d bytes", ErrSpec, len(text))
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(to); err != nil {
		return fmt.Errorf("%w: %v", ErrSpec, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: something follows the description", ErrSpec)
	}
	return nil
}
