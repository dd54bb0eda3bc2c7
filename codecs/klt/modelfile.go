package klt

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"strconv"

	"codecworkbench/codecs/entropy"
	"codecworkbench/codecs/nn/safetensors"
)

// modelFormat is the version of the model file's layout.
const modelFormat = 1

// Metadata keys that parsing relies on.
const (
	metaCodec  = "codec"
	metaFormat = "format"
)

// maxBias keeps expected magnitudes within 32 bits, whatever the weights: the cues
// of a coefficient add less than 2^30 (5*64 magnitudes up to magCap, two diagonal ones,
// acCues up to actCap, each times 2^15).
const maxBias = 1 << 30

// errModel marks a file that is no model of this codec.
var errModel = errors.New("not a klt model")

// marshal returns the model file: float32 for transforms, integers for all that
// reaches a probability.
func (m *model) marshal() ([]byte, error) {
	f := &safetensors.File{Metadata: maps.Clone(m.about), Tensors: m.tables.Tensors("tables")}
	if f.Metadata == nil {
		f.Metadata = map[string]string{}
	}
	f.Metadata[metaCodec], f.Metadata[metaFormat] = ID, strconv.Itoa(modelFormat)
	for _, t := range m.layout() {
		f.Tensors[t.name] = t.store()
	}
	return f.Marshal()
}

// parseModel reads a model file and checks all that the codec relies on.
func parseModel(data []byte) (*model, error) {
	f, err := safetensors.Parse(data)
	if err != nil {
		return nil, err
	}
	if id := f.Metadata[metaCodec]; id != ID {
		return nil, fmt.Errorf("%w: it names the codec %q", errModel, id)
	}
	if v := f.Metadata[metaFormat]; v != strconv.Itoa(modelFormat) {
		return nil, fmt.Errorf("%w that this version reads: format %q, expected %d", errModel, v, modelFormat)
	}
	m := &model{about: f.Metadata}
	for p := range m.energy {
		m.energy[p] = &energyModel{}
		for q := range p {
			m.energy[p].cross[q] = make([]weights64, coefs)
		}
	}
	for _, t := range m.layout() {
		if err := t.load(f); err != nil {
			return nil, err
		}
	}
	if m.tables, err = entropy.LoadFactorized(f, "tables"); err != nil {
		return nil, err
	}
	return m, m.check()
}

func (m *model) check() error {
	if n := m.tables.Len(); n != planes*groups*levels {
		return fmt.Errorf("%w: it has %d tables, expected %d", errModel, n, planes*groups*levels)
	}
	for i := range m.tables.Len() {
		if t := m.tables.At(i); t.First() != 0 || !t.Escape() {
			return fmt.Errorf("%w: table %d does not hold magnitudes from 0 with an escape", errModel, i)
		}
	}
	for p, e := range m.energy {
		for k, v := range e.bias {
			if v < -maxBias || v > maxBias {
				return fmt.Errorf("%w: energy bias %d of plane %d is %d", errModel, k, p, v)
			}
		}
	}
	for _, v := range pointers(m.colour[0][:], m.colour[1][:], m.colour[2][:]) {
		if !(*v >= -2 && *v <= 2) { // orthonormal ones stay within 1
			return fmt.Errorf("%w: its colour transform holds %g", errModel, *v)
		}
	}
	for p := range m.steps {
		for k, v := range m.steps[p] {
			if !(v > 1e-3 && v < 1e3) {
				return fmt.Errorf("%w: step %d of plane %d is %g", errModel, k, p, v)
			}
		}
	}
	return nil
}

// tensor ties a name in the file to a part of the model.
type tensor struct {
	name  string
	store func() safetensors.Tensor
	load  func(*safetensors.File) error
}

// field is a tensor over values that lie in the model one after the other.
func field[T safetensors.Number](name string, dtype safetensors.DType, values []*T, shape ...int) tensor {
	return tensor{name,
		func() safetensors.Tensor {
			flat := make([]T, len(values))
			for i, v := range values {
				flat[i] = *v
			}
			return safetensors.Of(flat, shape...)
		},
		func(f *safetensors.File) error {
			t, err := f.Get(name, dtype, shape...)
			if err != nil {
				return err
			}
			flat, err := safetensors.Values[T](t)
			if err != nil {
				return err
			}
			for i, v := range values {
				if math.IsNaN(float64(flat[i])) || math.IsInf(float64(flat[i]), 0) {
					return fmt.Errorf("%w: tensor %s holds %v", errModel, name, flat[i])
				}
				*v = flat[i]
			}
			return nil
		}}
}

// pointers returns the addresses of values, row after row.
func pointers[T any](rows ...[]T) []*T {
	var out []*T
	for _, r := range rows {
		for i := range r {
			out = append(out, &r[i])
		}
	}
	return out
}

// layout lists the tensors of a model whose energy models are allocated.
func (m *model) layout() []tensor {
	var dcPred, acPred, dc, act, own, left, up, diag, cross []*int16
	var bias []*int32
	var steps []*float32
	for p, e := range m.energy {
		steps = append(steps, pointers(m.steps[p][:])...)
		dcPred = append(dcPred, pointers(m.dcPred[p][:])...)
		for k := range m.acPred[p] {
			acPred = append(acPred, pointers(m.acPred[p][k][:])...)
		}
		bias = append(bias, pointers(e.bias[:])...)
		dc = append(dc, pointers(e.dc[:])...)
		act = append(act, pointers(flatten(e.act[:])...)...)
		own = append(own, pointers(flatten(e.own[:])...)...)
		left = append(left, pointers(flatten(e.left[:])...)...)
		up = append(up, pointers(flatten(e.up[:])...)...)
		diag = append(diag, pointers(flatten(e.diag[:])...)...)
		for q := range p {
			cross = append(cross, pointers(flatten(e.cross[q])...)...)
		}
	}
	var shift []*int8
	for i := range m.shift {
		shift = append(shift, pointers(m.shift[i][:])...)
	}
	return []tensor{
		field("colour", safetensors.F32, pointers(m.colour[0][:], m.colour[1][:], m.colour[2][:]), 3, 3),
		m.lapTensor(),
		m.basisTensor(),
		m.parityTensor(),
		field("steps", safetensors.F32, steps, planes, coefs),
		field("predict.dc", safetensors.I16, dcPred, planes, dcTaps),
		field("predict.ac", safetensors.I16, acPred, planes, low, acTaps),
		field("energy.bias", safetensors.I32, bias, planes, coefs),
		field("energy.dc", safetensors.I16, dc, planes, dcCues),
		field("energy.activity", safetensors.I16, act, planes, acCues, coefs),
		field("energy.own", safetensors.I16, own, planes, coefs, coefs),
		field("energy.left", safetensors.I16, left, planes, coefs, coefs),
		field("energy.up", safetensors.I16, up, planes, coefs, coefs),
		field("energy.diagonal", safetensors.I16, diag, planes, 2, coefs),
		field("energy.cross", safetensors.I16, cross, planes*(planes-1)/2, coefs, coefs),
		field("shift", safetensors.I8, shift, len(m.shift), shifts),
	}
}

func flatten(rows []weights64) [][]int16 {
	out := make([][]int16, len(rows))
	for i := range rows {
		out[i] = rows[i][:]
	}
	return out
}
