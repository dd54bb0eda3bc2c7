// Package safetensors reads and writes model files in the safetensors format
// (Hugging Face, https://github.com/huggingface/safetensors): an 8-byte
// little-endian header length, a JSON header that names each tensor's type, shape
// and byte range, then the tensors' bytes.
//
// Strings under "__metadata__" carry what else a model needs: its architecture,
// what it was trained on, its version.
package safetensors

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
)

// DType is a tensor's element type.
type DType string

// The element types that this program uses.
const (
	F32 DType = "F32"
	F16 DType = "F16"
	I32 DType = "I32"
	I16 DType = "I16"
	I8  DType = "I8"
	U32 DType = "U32"
	U16 DType = "U16"
	U8  DType = "U8"
)

var sizes = map[DType]int{F32: 4, F16: 2, I32: 4, I16: 2, I8: 1, U32: 4, U16: 2, U8: 1}

const (
	maxHeader = 16 << 20 // bytes
	maxDims   = 8
)

// ErrFormat marks a file that is not well-formed safetensors.
var ErrFormat = errors.New("not a valid model file")

// Tensor is one array, row-major, little-endian.
type Tensor struct {
	DType DType
	Shape []int
	Data  []byte
}

// File is a set of named tensors and metadata.
type File struct {
	Metadata map[string]string
	Tensors  map[string]Tensor
}

type entry struct {
	DType   DType  `json:"dtype"`
	Shape   []int  `json:"shape"`
	Offsets [2]int `json:"data_offsets"`
}

// Marshal returns the file's bytes; tensors are stored in the order of their names.
func (f *File) Marshal() ([]byte, error) {
	names := make([]string, 0, len(f.Tensors))
	for name := range f.Tensors {
		names = append(names, name)
	}
	slices.Sort(names)
	header := map[string]any{}
	if len(f.Metadata) > 0 {
		header["__metadata__"] = f.Metadata
	}
	offset := 0
	for _, name := range names {
		t := f.Tensors[name]
		n, err := t.bytes()
		if err != nil || n != len(t.Data) {
			return nil, fmt.Errorf("tensor %s: %d bytes for %s %v", name, len(t.Data), t.DType, t.Shape)
		}
		header[name] = entry{t.DType, t.Shape, [2]int{offset, offset + n}}
		offset += n
	}
	text, err := json.Marshal(header)
	if err != nil {
		return nil, err
	}
	text = append(text, bytes.Repeat([]byte(" "), -len(text)&7)...)
	out := binary.LittleEndian.AppendUint64(make([]byte, 0, 8+len(text)+offset), uint64(len(text)))
	out = append(out, text...)
	for _, name := range names {
		out = append(out, f.Tensors[name].Data...)
	}
	return out, nil
}

// Parse reads a file; tensors alias data. Ranges must be in bounds, agree with
// type and shape, and cover the data without gap or overlap.
func Parse(data []byte) (*File, error) {
	if len(data) < 8 {
		return nil, fmt.Errorf("%w: %d bytes", ErrFormat, len(data))
	}
	n := binary.LittleEndian.Uint64(data)
	if n > maxHeader || n > uint64(len(data)-8) {
		return nil, fmt.Errorf("%w: header of %d bytes in a file of %d", ErrFormat, n, len(data))
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(data[8:8+n], &raw); err != nil {
		return nil, fmt.Errorf("%w: header: %v", ErrFormat, err)
	}
	body := data[8+n:]
	f := &File{Metadata: map[string]string{}, Tensors: make(map[string]Tensor, len(raw))}
	var ranges [][2]int
	for name, text := range raw {
		if name == "__metadata__" {
			if err := json.Unmarshal(text, &f.Metadata); err != nil {
				return nil, fmt.Errorf("%w: metadata: %v", ErrFormat, err)
			}
			continue
		}
		var e entry
		if err := json.Unmarshal(text, &e); err != nil {
			return nil, fmt.Errorf("%w: tensor %s: %v", ErrFormat, name, err)
		}
		t := Tensor{DType: e.DType, Shape: e.Shape}
		want, err := t.bytes()
		if err != nil {
			return nil, fmt.Errorf("%w: tensor %s: %v", ErrFormat, name, err)
		}
		if e.Offsets[0] < 0 || e.Offsets[1] > len(body) || e.Offsets[1]-e.Offsets[0] != want {
			return nil, fmt.Errorf("%w: tensor %s: bytes %v do not hold %s %v", ErrFormat, name, e.Offsets, e.DType, e.Shape)
		}
		t.Data = body[e.Offsets[0]:e.Offsets[1]:e.Offsets[1]]
		f.Tensors[name] = t
		ranges = append(ranges, e.Offsets)
	}
	slices.SortFunc(ranges, func(a, b [2]int) int { return a[0] - b[0] + a[1] - b[1] })
	end := 0
	for _, r := range ranges {
		if r[0] != end {
			return nil, fmt.Errorf("%w: tensors leave a gap or overlap at byte %d", ErrFormat, end)
		}
		end = r[1]
	}
	if end != len(body) {
		return nil, fmt.Errorf("%w: %d bytes of data, %d named", ErrFormat, len(body), end)
	}
	return f, nil
}

// bytes returns how many bytes the type and shape take.
func (t Tensor) bytes() (int, error) {
	size, ok := sizes[t.DType]
	if !ok {
		return 0, fmt.Errorf("unknown type %q", t.DType)
	}
	if len(t.Shape) > maxDims {
		return 0, fmt.Errorf("%d dimensions", len(t.Shape))
	}
	for _, d := range t.Shape {
		if d < 0 || d > 0 && size > math.MaxInt32/d {
			return 0, fmt.Errorf("shape %v", t.Shape)
		}
		size *= d
	}
	return size, nil
}

// Get returns a tensor of a wanted type and shape; -1 in shape matches any length.
func (f *File) Get(name string, dtype DType, shape ...int) (Tensor, error) {
	t, ok := f.Tensors[name]
	if !ok {
		return Tensor{}, fmt.Errorf("%w: tensor %s is missing", ErrFormat, name)
	}
	fits := t.DType == dtype && len(t.Shape) == len(shape)
	for i := 0; fits && i < len(shape); i++ {
		fits = shape[i] == -1 || shape[i] == t.Shape[i]
	}
	if !fits {
		return Tensor{}, fmt.Errorf("%w: tensor %s is %s %v, expected %s %v", ErrFormat, name, t.DType, t.Shape, dtype, shape)
	}
	return t, nil
}

// Number is an element type in memory.
type Number interface {
	~float32 | ~int32 | ~int16 | ~int8 | ~uint32 | ~uint16 | ~uint8
}

// Of makes a tensor from values; the type follows T.
func Of[T Number](values []T, shape ...int) Tensor {
	var zero T
	dtype := map[string]DType{"float32": F32, "int32": I32, "int16": I16, "int8": I8,
		"uint32": U32, "uint16": U16, "uint8": U8}[fmt.Sprintf("%T", zero)]
	var b bytes.Buffer
	// Writing fixed-size numbers to a buffer cannot fail.
	_ = binary.Write(&b, binary.LittleEndian, values)
	return Tensor{dtype, shape, b.Bytes()}
}

// Values returns a tensor's elements; T must be the tensor's type.
func Values[T Number](t Tensor) ([]T, error) {
	var zero T
	if binary.Size(zero) != sizes[t.DType] {
		return nil, fmt.Errorf("%w: a %s tensor read as %T", ErrFormat, t.DType, zero)
	}
	out := make([]T, len(t.Data)/sizes[t.DType])
	if _, err := binary.Decode(t.Data, binary.LittleEndian, out); err != nil {
		return nil, err
	}
	return out, nil
}
