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
	"io"
	"math"
	"reflect"
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
	DType   DType `json:"dtype"`
	Shape   []int `json:"shape"`
	Offsets []int `json:"data_offsets"`
}

// metadataKey is the one name in the header that is no tensor.
const metadataKey = "__metadata__"

// Marshal returns the file's bytes; tensors are stored in the order of their names.
func (f *File) Marshal() ([]byte, error) {
	names := make([]string, 0, len(f.Tensors))
	for name := range f.Tensors {
		names = append(names, name)
	}
	slices.Sort(names)
	header := map[string]any{}
	if len(f.Metadata) > 0 {
		header[metadataKey] = f.Metadata
	}
	if _, taken := f.Tensors[metadataKey]; taken {
		return nil, fmt.Errorf("no tensor may be named %s", metadataKey)
	}
	offset := 0
	for _, name := range names {
		t := f.Tensors[name]
		n, err := t.bytes()
		if err != nil || n != len(t.Data) {
			return nil, fmt.Errorf("tensor %s: %d bytes for %s %v", name, len(t.Data), t.DType, t.Shape)
		}
		// A scalar's shape is [], never null.
		header[name] = entry{t.DType, append([]int{}, t.Shape...), []int{offset, offset + n}}
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
	names, raw, err := fields(data[8 : 8+n])
	if err != nil {
		return nil, fmt.Errorf("%w: header: %v", ErrFormat, err)
	}
	body := data[8+n:]
	f := &File{Metadata: map[string]string{}, Tensors: make(map[string]Tensor, len(names))}
	var ranges [][]int
	for _, name := range names {
		if name == metadataKey {
			if err := json.Unmarshal(raw[name], &f.Metadata); err != nil {
				return nil, fmt.Errorf("%w: metadata: %v", ErrFormat, err)
			}
			continue
		}
		t, offsets, err := parseTensor(raw[name], body)
		if err != nil {
			return nil, fmt.Errorf("%w: tensor %s: %v", ErrFormat, name, err)
		}
		f.Tensors[name] = t
		ranges = append(ranges, offsets)
	}
	if err := covered(ranges, len(body)); err != nil {
		return nil, fmt.Errorf("%w: %v", ErrFormat, err)
	}
	return f, nil
}

// fields splits a JSON object into its fields in the order in which they stand,
// and refuses a name that comes twice, which encoding/json would let pass.
func fields(text []byte) (names []string, raw map[string]json.RawMessage, err error) {
	d := json.NewDecoder(bytes.NewReader(text))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, nil, errors.New("it is no JSON object")
	}
	raw = map[string]json.RawMessage{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, nil, err
		}
		name, ok := t.(string)
		if _, twice := raw[name]; twice || !ok {
			return nil, nil, fmt.Errorf("the name %v comes twice", t)
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, nil, err
		}
		names = append(names, name)
		raw[name] = value
	}
	if _, err := d.Token(); err != nil {
		return nil, nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, nil, errors.New("something follows the JSON object")
	}
	return names, raw, nil
}

// parseTensor reads one tensor's field; its data are a part of body.
func parseTensor(text json.RawMessage, body []byte) (t Tensor, offsets []int, err error) {
	var e entry
	if err := json.Unmarshal(text, &e); err != nil {
		return t, nil, err
	}
	t = Tensor{DType: e.DType, Shape: e.Shape}
	want, err := t.bytes()
	if err != nil {
		return t, nil, err
	}
	o := e.Offsets
	if len(o) != 2 || o[0] < 0 || o[1] < o[0] || o[1] > len(body) || o[1]-o[0] != want {
		return t, nil, fmt.Errorf("bytes %v of %d do not hold %s %v", o, len(body), e.DType, e.Shape)
	}
	t.Data = body[o[0]:o[1]:o[1]]
	return t, o, nil
}

// covered checks that the tensors' ranges follow one another from 0 to total.
func covered(ranges [][]int, total int) error {
	slices.SortFunc(ranges, slices.Compare[[]int])
	end := 0
	for _, r := range ranges {
		if r[0] != end {
			return fmt.Errorf("tensors leave a gap or overlap at byte %d", min(end, r[0]))
		}
		end = r[1]
	}
	if end != total {
		return fmt.Errorf("%d bytes of data, %d named", total, end)
	}
	return nil
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
		if d < 0 || d > math.MaxInt32 || d > 0 && size > math.MaxInt32/d {
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

// typeOf returns the element type of T.
func typeOf[T Number]() DType {
	var zero T
	return map[reflect.Kind]DType{
		reflect.Float32: F32, reflect.Int32: I32, reflect.Int16: I16, reflect.Int8: I8,
		reflect.Uint32: U32, reflect.Uint16: U16, reflect.Uint8: U8,
	}[reflect.TypeOf(zero).Kind()]
}

// Of makes a tensor from values; the type follows T.
func Of[T Number](values []T, shape ...int) Tensor {
	var b bytes.Buffer
	// Writing fixed-size numbers to a buffer cannot fail.
	_ = binary.Write(&b, binary.LittleEndian, values)
	return Tensor{typeOf[T](), shape, b.Bytes()}
}

// Values returns a tensor's elements; T must be the tensor's type.
func Values[T Number](t Tensor) ([]T, error) {
	if t.DType != typeOf[T]() {
		return nil, fmt.Errorf("%w: a %s tensor read as %s", ErrFormat, t.DType, typeOf[T]())
	}
	out := make([]T, len(t.Data)/sizes[t.DType])
	if _, err := binary.Decode(t.Data, binary.LittleEndian, out); err != nil {
		return nil, err
	}
	return out, nil
}
