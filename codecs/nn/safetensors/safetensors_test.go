package safetensors

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
)

func file() *File {
	return &File{
		Metadata: map[string]string{"architecture": "test", "näme": "ü \"quoted\""},
		Tensors: map[string]Tensor{
			"a.f32":    Of([]float32{1, -2.5, float32(math.Inf(1)), math.SmallestNonzeroFloat32, 0, 7}, 2, 3),
			"b.i32":    Of([]int32{math.MinInt32, math.MaxInt32}, 2),
			"c.i16":    Of([]int16{math.MinInt16, 3}, 1, 2),
			"d.i8":     Of([]int8{-128, 127, 0}, 3),
			"e.u32":    Of([]uint32{math.MaxUint32}, 1),
			"f.u16":    Of([]uint16{65535, 1, 2}, 3),
			"g.u8":     Of([]uint8{255}, 1),
			"h.scalar": Of([]float32{3}),
			"i.empty":  Of([]int16{}, 0, 5),
			"j.f16":    {DType: F16, Shape: []int{2}, Data: []byte{0, 0x3c, 0, 0xc0}},
		},
	}
}

func marshal(t testing.TB, f *File) []byte {
	t.Helper()
	data, err := f.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// same compares files; an empty shape and none are the same.
func same(a, b *File) bool {
	if len(a.Tensors) != len(b.Tensors) || len(a.Metadata) != len(b.Metadata) {
		return false
	}
	for k, v := range a.Metadata {
		if b.Metadata[k] != v {
			return false
		}
	}
	for name, t := range a.Tensors {
		u, ok := b.Tensors[name]
		if !ok || t.DType != u.DType || len(t.Shape) != len(u.Shape) || !bytes.Equal(t.Data, u.Data) {
			return false
		}
		for i, d := range t.Shape {
			if u.Shape[i] != d {
				return false
			}
		}
	}
	return true
}

func TestRoundTrip(t *testing.T) {
	f := file()
	data := marshal(t, f)
	got, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	if !same(f, got) {
		t.Errorf("%+v became %+v", f, got)
	}
	if !bytes.Equal(data, marshal(t, got)) {
		t.Error("writing what was read gives other bytes")
	}
	if n := binary.LittleEndian.Uint64(data); n%8 != 0 {
		t.Errorf("header of %d bytes leaves the data unaligned", n)
	}
	values, err := Values[float32](got.Tensors["a.f32"])
	if err != nil || values[1] != -2.5 || !math.IsInf(float64(values[2]), 1) {
		t.Errorf("a.f32 is %v, %v", values, err)
	}
	if v, err := Values[int32](got.Tensors["b.i32"]); err != nil || v[0] != math.MinInt32 {
		t.Errorf("b.i32 is %v, %v", v, err)
	}
}

func TestEmptyFile(t *testing.T) {
	got, err := Parse(marshal(t, &File{}))
	if err != nil || len(got.Tensors) != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestReference reads bytes as the format's own library writes them: null where a
// shape is empty never occurs, keys in any order, spaces as padding.
func TestReference(t *testing.T) {
	header := `{"__metadata__":{"format":"pt"},"w":{"dtype":"F16","shape":[1,2],"data_offsets":[4,8]},"b":{"data_offsets":[0,4],"shape":[],"dtype":"F32"}}   `
	data := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	data = append(data, header...)
	data = append(data, 0, 0, 0x80, 0x3f, 0, 0x3c, 0, 0x40)
	f, err := Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	b, err := f.Get("b", F32)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := Values[float32](b); err != nil || !reflect.DeepEqual(v, []float32{1}) {
		t.Errorf("b is %v, %v", v, err)
	}
	if f.Metadata["format"] != "pt" {
		t.Errorf("metadata %v", f.Metadata)
	}
}

func TestGet(t *testing.T) {
	f := file()
	if _, err := f.Get("a.f32", F32, -1, 3); err != nil {
		t.Error(err)
	}
	for name, err := range map[string]error{
		"missing":         second(f.Get("nothing", F32)),
		"other type":      second(f.Get("a.f32", F16, 2, 3)),
		"other shape":     second(f.Get("a.f32", F32, 3, 2)),
		"more dimensions": second(f.Get("a.f32", F32, 2, 3, 1)),
	} {
		if !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second(_ Tensor, err error) error { return err }

func TestValuesRefusesAnotherType(t *testing.T) {
	f := file()
	for name, err := range map[string]error{
		"int32 from F32":   valuesErr[int32](f.Tensors["a.f32"]),
		"float32 from I32": valuesErr[float32](f.Tensors["b.i32"]),
		"int16 from U16":   valuesErr[int16](f.Tensors["f.u16"]),
		"uint16 from F16":  valuesErr[uint16](f.Tensors["j.f16"]),
		"uint8 from I8":    valuesErr[uint8](f.Tensors["d.i8"]),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func valuesErr[T Number](t Tensor) error {
	_, err := Values[T](t)
	return err
}

type named int16

func TestNamedTypes(t *testing.T) {
	tensor := Of([]named{1, -2}, 2)
	if tensor.DType != I16 {
		t.Fatalf("type %q", tensor.DType)
	}
	if v, err := Values[named](tensor); err != nil || v[1] != -2 {
		t.Errorf("%v, %v", v, err)
	}
}

func TestMarshalRefuses(t *testing.T) {
	for name, tensor := range map[string]Tensor{
		"too short":     {DType: F32, Shape: []int{2}, Data: make([]byte, 7)},
		"too long":      {DType: F32, Shape: []int{2}, Data: make([]byte, 9)},
		"unknown type":  {DType: "BF8", Shape: []int{1}, Data: []byte{0}},
		"negative side": {DType: U8, Shape: []int{-1}, Data: nil},
	} {
		f := &File{Tensors: map[string]Tensor{"x": tensor}}
		if _, err := f.Marshal(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	f := &File{Tensors: map[string]Tensor{"__metadata__": Of([]uint8{1}, 1)}}
	if _, err := f.Marshal(); err == nil {
		t.Error("a tensor named __metadata__: no error")
	}
}

func withHeader(header string, body int) []byte {
	data := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(data, header...), make([]byte, body)...)
}

func TestParseRefuses(t *testing.T) {
	one := `"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}`
	for name, data := range map[string][]byte{
		"empty":               nil,
		"short":               {1, 2, 3},
		"huge header":         {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, '{', '}'},
		"header past the end": binary.LittleEndian.AppendUint64(nil, 10),
		"not JSON":            withHeader(`{`, 0),
		"an array":            withHeader(`[]`, 0),
		"null":                withHeader(`null`, 0),
		"text after":          withHeader(`{} {}`, 0),
		"data unnamed":        withHeader(`{}`, 1),
		"data missing":        withHeader(`{`+one+`}`, 3),
		"data beyond":         withHeader(`{`+one+`}`, 5),
		"overlap":             withHeader(`{`+one+`,"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}`, 6),
		"same bytes twice":    withHeader(`{`+one+`,"b":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}`, 4),
		"gap":                 withHeader(`{`+one+`,"b":{"dtype":"U8","shape":[1],"data_offsets":[5,6]}}`, 6),
		"reversed":            withHeader(`{"a":{"dtype":"U8","shape":[0],"data_offsets":[4,0]}}`, 4),
		"overflow":            withHeader(`{"a":{"dtype":"U8","shape":[4],"data_offsets":[-9223372036854775808,9223372036854775807]}}`, 4),
		"shape overflow":      withHeader(`{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}`, 0),
		"zero hides overflow": withHeader(`{"a":{"dtype":"F32","shape":[0,9223372036854775807,9223372036854775807],"data_offsets":[0,0]}}`, 0),
		"negative shape":      withHeader(`{"a":{"dtype":"U8","shape":[-1,-4],"data_offsets":[0,4]}}`, 4),
		"dimensions":          withHeader(`{"a":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,4],"data_offsets":[0,4]}}`, 4),
		"unknown type":        withHeader(`{"a":{"dtype":"Q4","shape":[4],"data_offsets":[0,4]}}`, 4),
		"three offsets":       withHeader(`{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4,9]}}`, 4),
		"no offsets":          withHeader(`{"a":{"dtype":"U8","shape":[4]}}`, 4),
		"metadata":            withHeader(`{"__metadata__":{"a":1}}`, 0),
		"tensor null":         withHeader(`{"a":null}`, 0),
		"name twice":          withHeader(`{`+one+`,`+one+`}`, 4),
	} {
		if f, err := Parse(data); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %+v, %v", name, f, err)
		}
	}
}

func TestTruncation(t *testing.T) {
	data := marshal(t, file())
	for n := range data {
		if _, err := Parse(data[:n]); !errors.Is(err, ErrFormat) {
			t.Fatalf("cut to %d of %d bytes: %v", n, len(data), err)
		}
	}
}

// TestZeroTensorAmongOthers: an empty tensor may lie at the same offset as its neighbour.
func TestZeroTensorAmongOthers(t *testing.T) {
	header := `{"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"e":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"f":{"dtype":"U8","shape":[0],"data_offsets":[4,4]}}`
	if _, err := Parse(withHeader(header, 4)); err != nil {
		t.Error(err)
	}
}

func TestErrorsNameTheTensor(t *testing.T) {
	_, err := Parse(withHeader(`{"enc.weight":{"dtype":"F64","shape":[4],"data_offsets":[0,4]}}`, 4))
	if err == nil || !strings.Contains(err.Error(), "enc.weight") || !strings.Contains(err.Error(), "F64") {
		t.Errorf("%v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(marshal(f, file()))
	f.Add(withHeader(`{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}`, 4))
	f.Add(withHeader(`{}`, 0))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Parse(data)
		if err != nil {
			return
		}
		again, err := file.Marshal()
		if err != nil {
			t.Fatalf("parsed but can't be written: %v", err)
		}
		got, err := Parse(again)
		if err != nil {
			t.Fatal(err)
		}
		if !same(file, got) {
			t.Fatalf("%+v became %+v", file, got)
		}
	})
}
