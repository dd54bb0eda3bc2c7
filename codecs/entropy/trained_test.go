package entropy

import (
	"slices"
	"testing"

	"codecworkbench/codecs/nn/safetensors"
)

// trained returns a coder that saw some maps.
func trained(maps int) *IndexCoder {
	coder := NewIndexCoder(8, 3, 15)
	e := NewEncoder()
	for seed := range uint64(maps) {
		index := field(100+seed, 64, 48, 8)
		for i, v := range index {
			coder.Encode(e, neighbours(index, 64, i), v)
		}
	}
	return coder
}

func encodeMap(coder *IndexCoder, index []int, width int) []byte {
	e := NewEncoder()
	for i, v := range index {
		coder.Encode(e, neighbours(index, width, i), v)
	}
	return e.Bytes()
}

func TestTrainedIndexCoder(t *testing.T) {
	coder := trained(30)
	coder.Relax(16)
	file := &safetensors.File{Tensors: coder.Tensors("indices")}
	data, err := file.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if file, err = safetensors.Parse(data); err != nil {
		t.Fatal(err)
	}
	a, err := LoadIndexCoder(file, "indices")
	if err != nil {
		t.Fatal(err)
	}
	b, err := LoadIndexCoder(file, "indices")
	if err != nil {
		t.Fatal(err)
	}
	index := field(7, 64, 48, 8)
	warm := encodeMap(a.Clone(), index, 64)
	cold := encodeMap(NewIndexCoder(8, 3, 15), index, 64)
	t.Logf("%d indices: %d bytes untrained, %d trained", len(index), len(cold), len(warm))
	if float64(len(warm)) > 0.96*float64(len(cold)) {
		t.Errorf("training saves too little: %d bytes without, %d with", len(cold), len(warm))
	}
	if again := encodeMap(a.Clone(), index, 64); !slices.Equal(again, warm) {
		t.Error("coding with a clone changed its original")
	}
	d, decoder := NewDecoder(warm), b.Clone()
	got := make([]int, len(index))
	for i, want := range index {
		if got[i] = decoder.Decode(d, neighbours(got, 64, i)); got[i] != want {
			t.Fatalf("index %d is %d, want %d", i, got[i], want)
		}
	}
}

func TestLoadIndexCoderRefuses(t *testing.T) {
	good := trained(0).Tensors("c")
	for name, change := range map[string]safetensors.Tensor{
		"c.shape":   safetensors.Of([]int32{8, 3, 31}, 3),
		"c.table":   safetensors.Of([]uint16{1, 2}, 1, 2),
		"c.seen":    safetensors.Of([]uint8{1}, 1),
		"c.order":   safetensors.Of([]int32{1, 2, 3}, 1, 3),
		"c.weights": safetensors.Of([]int32{1}, 1),
		"c.updates": safetensors.Of([]uint16{1}, 1),
	} {
		file := &safetensors.File{Tensors: map[string]safetensors.Tensor{}}
		for k, v := range good {
			file.Tensors[k] = v
		}
		file.Tensors[name] = change
		if _, err := LoadIndexCoder(file, "c"); err == nil {
			t.Errorf("%s: no error", name)
		}
		delete(file.Tensors, name)
		if _, err := LoadIndexCoder(file, "c"); err == nil {
			t.Errorf("%s missing: no error", name)
		}
	}
}

// TestWildStateIsHarmless loads extreme values: coding stays within bounds and agrees
// with decoding.
func TestWildStateIsHarmless(t *testing.T) {
	tensors := trained(0).Tensors("c")
	for name, tensor := range tensors {
		if name == "c.shape" {
			continue
		}
		for i := range tensor.Data {
			tensor.Data[i] = 0xff
			if i%7 == 3 {
				tensor.Data[i] = 0x7f
			}
		}
	}
	file := &safetensors.File{Tensors: tensors}
	a, err := LoadIndexCoder(file, "c")
	if err != nil {
		t.Fatal(err)
	}
	b := a.Clone()
	index := field(1, 30, 20, 8)
	d := NewDecoder(encodeMap(a, index, 30))
	got := make([]int, len(index))
	for i, want := range index {
		if got[i] = b.Decode(d, neighbours(got, 30, i)); got[i] != want {
			t.Fatalf("index %d is %d, want %d", i, got[i], want)
		}
	}
}

func TestPrimedModels(t *testing.T) {
	for _, p := range []uint32{1, 1000, 32768, 65535} {
		b := PrimedBit(p, 100)
		if got := b.P1(); got != p || b.Seen() != 100 {
			t.Errorf("primed with %d/65536: %d, seen %d", p, got, b.Seen())
		}
	}
	m := NewMixer(2, 3)
	w := m.Weights()
	for i := range w {
		w[i] = int32(i)
	}
	m.Prime(w, 10)
	if !slices.Equal(m.Weights(), w) {
		t.Error("the mixer did not take the weights")
	}
	m.Prime(w[1:], 10)
	if !slices.Equal(m.Weights(), w) {
		t.Error("weights of another shape were taken")
	}
}
