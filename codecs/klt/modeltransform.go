package klt

import (
	"codecworkbench/codecs/nn/safetensors"
	"codecworkbench/codecs/transform"
)

// lapTensor is the lapping filter's matrix.
func (m *model) lapTensor() tensor {
	const name = "lap"
	return tensor{name,
		func() safetensors.Tensor {
			v := m.lap.Matrix()
			return safetensors.Of(v[:], 4, 4)
		},
		func(f *safetensors.File) error {
			flat, err := floats(f, name, 4, 4)
			if err != nil {
				return err
			}
			var v [16]float64
			for i, x := range flat {
				v[i] = float64(x)
			}
			m.lap, err = transform.NewLap(v)
			return err
		}}
}

// basisTensor is the folded functions of the planes' block transforms; loading it
// reads their parities too.
func (m *model) basisTensor() tensor {
	const name = "basis"
	return tensor{name,
		func() safetensors.Tensor {
			var all []float32
			for _, b := range m.bases {
				all = append(all, b.Rows()...)
			}
			return safetensors.Of(all, planes, coefs, 16)
		},
		func(f *safetensors.File) error {
			rows, err := floats(f, name, planes, coefs, 16)
			if err != nil {
				return err
			}
			t, err := f.Get("parity", safetensors.U8, planes, coefs)
			if err != nil {
				return err
			}
			parity := t.Data
			for p := range m.bases {
				m.bases[p], err = transform.NewBasis(rows[p*coefs*16:(p+1)*coefs*16], parity[p*coefs:(p+1)*coefs])
				if err != nil {
					return err
				}
			}
			return nil
		}}
}

// parityTensor is stored on its own and loaded by basisTensor.
func (m *model) parityTensor() tensor {
	return tensor{"parity",
		func() safetensors.Tensor {
			var all []uint8
			for _, b := range m.bases {
				all = append(all, b.Parities()...)
			}
			return safetensors.Of(all, planes, coefs)
		},
		func(*safetensors.File) error { return nil }}
}

// floats reads a tensor of finite float32.
func floats(f *safetensors.File, name string, shape ...int) ([]float32, error) {
	n := 1
	for _, d := range shape {
		n *= d
	}
	out := make([]float32, n)
	return out, field(name, safetensors.F32, pointers(out), shape...).load(f)
}
