package integer

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"codecworkbench/codecs/nn"
	"codecworkbench/codecs/nn/safetensors"
)

// twins builds one architecture in integers and in floats, with random weights.
type twins struct {
	rng     *rand.Rand
	file    safetensors.File
	ints    []LayerSpec
	floats  []nn.LayerSpec
	tensors map[string][]float32
}

func (t *twins) conv(in, out, k, groups int) {
	name := fmt.Sprint(len(t.tensors))
	w, m, f := make([]int8, in/groups*out*k*k), make([]int32, out), make([]float32, in/groups*out*k*k)
	for i := range w {
		w[i] = int8(t.rng.IntN(127) - 63)
		f[i] = float32(w[i]) / 1000
	}
	for i := range m {
		m[i] = 1<<30 + t.rng.Int32N(1<<30)
	}
	t.file.Tensors[name+".weight"] = safetensors.Of(w, out, in/groups, k, k)
	t.file.Tensors[name+".bias"] = safetensors.Of(make([]int32, out), out)
	t.file.Tensors[name+".multiplier"] = safetensors.Of(m, out)
	t.tensors[name+".weight"], t.tensors[name+".bias"] = f, make([]float32, out)
	t.ints = append(t.ints, LayerSpec{Op: "conv", Name: name, In: in, Out: out, Kernel: k, Pad: k / 2, Groups: groups, Shift: 40, Bits: 15})
	t.floats = append(t.floats, nn.LayerSpec{Op: "conv", Name: name, In: in, Out: out, Kernel: k, Stride: 1, Pad: k / 2, Groups: groups})
}

func (t *twins) leaky() {
	t.ints = append(t.ints, LayerSpec{Op: "leaky_relu"})
	t.floats = append(t.floats, nn.LayerSpec{Op: "leaky_relu", Slope: 0.125})
}

func (t *twins) shuffle() {
	t.ints = append(t.ints, LayerSpec{Op: "shuffle", Factor: 2})
	t.floats = append(t.floats, nn.LayerSpec{Op: "shuffle", Factor: 2})
}

// residual adds a layer whose body is what add adds.
func (t *twins) residual(add func()) {
	i := len(t.ints)
	add()
	t.ints = append(t.ints[:i], LayerSpec{Op: "residual", Bits: 15, Factors: [2]int16{8192, 8192}, Shift: 13, Body: append([]LayerSpec(nil), t.ints[i:]...)})
	t.floats = append(t.floats[:i], nn.LayerSpec{Op: "residual", Body: append([]nn.LayerSpec(nil), t.floats[i:]...)})
}

// hyperSynthesis is that of the S8-96/128 hyperprior, which ends with indices in integers.
func (t *twins) hyperSynthesis() {
	t.conv(32, 256, 1, 1)
	t.shuffle()
	t.conv(64, 64, 3, 1)
	t.leaky()
	t.conv(64, 256, 1, 1)
	t.shuffle()
	t.leaky()
	t.conv(64, 64, 3, 1)
	t.leaky()
	t.conv(64, 256, 1, 1)
	t.ints = append(t.ints, LayerSpec{Op: "scale_index", First: 128, Levels: 64})
}

// dwb is a depthwise block of the kit, as contexts have them.
func (t *twins) dwb(c int) {
	t.residual(func() { t.conv(c, c, 1, 1); t.leaky(); t.conv(c, c, 3, c); t.conv(c, c, 1, 1) })
	t.residual(func() { t.conv(c, 2*c, 1, 1); t.leaky(); t.conv(2*c, c, 1, 1) })
}

// BenchmarkNetworks runs networks in integers and in floats in turn, on all cores, as a
// picture of 768x512 needs them, and reports the best times and their ratio.
func BenchmarkNetworks(b *testing.B) {
	for _, net := range []struct {
		name    string
		h, w, c int
		add     func(t *twins)
	}{
		{"hyper_synthesis", 8, 12, 32, (*twins).hyperSynthesis},
		{"dwb128", 32, 48, 128, func(t *twins) { t.dwb(128); t.dwb(128) }},
	} {
		b.Run(net.name, func(b *testing.B) {
			t := &twins{rng: rand.New(rand.NewPCG(1, 1)), tensors: map[string][]float32{}}
			t.file.Tensors = map[string]safetensors.Tensor{}
			net.add(t)
			ints, err := Build(Spec{InputSpec{net.c, 12}, t.ints}, &t.file)
			if err != nil {
				b.Fatal(err)
			}
			floats, err := nn.Build(t.floats, func(name string, _ ...int) ([]float32, error) { return t.tensors[name], nil })
			if err != nil {
				b.Fatal(err)
			}
			x, f := input(net.h, net.w, net.c), nn.NewTensor(net.h, net.w, net.c)
			for i, v := range x.Data {
				f.Data[i] = float32(v)
			}
			is, fs := NewSession(), nn.NewSession()
			best := [2]time.Duration{math.MaxInt64, math.MaxInt64}
			for b.Loop() {
				start := time.Now()
				if _, err := ints.Run(b.Context(), is, x); err != nil {
					b.Fatal(err)
				}
				middle := time.Now()
				if _, err := floats.Run(b.Context(), fs, f, nn.Options{}); err != nil {
					b.Fatal(err)
				}
				best = [2]time.Duration{min(best[0], middle.Sub(start)), min(best[1], time.Since(middle))}
			}
			b.ReportMetric(float64(best[0].Microseconds())/1000, "int-ms")
			b.ReportMetric(float64(best[1].Microseconds())/1000, "float-ms")
			b.ReportMetric(float64(best[1])/float64(best[0]), "int/float")
		})
	}
}
