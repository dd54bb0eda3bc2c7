package nn

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// random invents weights for a description: small, and above 0 where they must be.
func random(seed uint64) Tensors {
	rng := rand.New(rand.NewPCG(seed, 1))
	return func(name string, shape ...int) ([]float32, error) {
		n, fan := 1, 1
		for i, d := range shape {
			if d < 0 {
				d = 8 // taps of a filter, levels of a modulation
			}
			n *= d
			if i > 0 {
				fan *= d
			}
		}
		positive := len(name) > 5 && (name[len(name)-5:] == ".beta" || name[len(name)-5:] == "gamma" || name[len(name)-5:] == "scale")
		data := make([]float32, n)
		for i := range data {
			data[i] = (rng.Float32()*2 - 1) / float32(fan) * 2
			if positive {
				data[i] = 0.1 + rng.Float32()/float32(fan)
			}
		}
		return data, nil
	}
}

// noise is a tensor of random numbers around 0.
func noise(h, w, c int) Tensor {
	rng := rand.New(rand.NewPCG(uint64(h), uint64(w)))
	t := NewTensor(h, w, c)
	for i := range t.Data {
		t.Data[i] = rng.Float32() - 0.5
	}
	return t
}

func conv(name string, in, out, kernel, stride int) LayerSpec {
	return LayerSpec{Op: "conv", Name: name, In: in, Out: out, Kernel: kernel, Stride: stride, Pad: kernel / 2}
}

func leaky() LayerSpec { return LayerSpec{Op: "leaky_relu", Slope: 0.125} }

// dwb is the kit's depthwise block.
func dwb(name string, c int) []LayerSpec {
	depthwise := conv(name+".d", c, c, 3, 1)
	depthwise.Groups = c
	return []LayerSpec{
		{Op: "residual", Body: []LayerSpec{conv(name+".a", c, c, 1, 1), leaky(), depthwise, conv(name+".b", c, c, 1, 1)}},
		{Op: "residual", Body: []LayerSpec{conv(name+".e", c, 2*c, 1, 1), leaky(), conv(name+".f", 2*c, c, 1, 1)}},
	}
}

func blocks(name string, c int) []LayerSpec {
	var all []LayerSpec
	for i := range 4 {
		all = append(all, dwb(fmt.Sprintf("%s%d", name, i), c)...)
		if i == 1 {
			all = append(all, LayerSpec{Op: "modulate", Name: name + "level", Channels: c})
		}
	}
	return all
}

// analysisS8 is the analysis transform of S8-c/m, without the gain.
func analysisS8(c, m int) []LayerSpec {
	spec := []LayerSpec{{Op: "unshuffle", Factor: 8}, conv("stem", 192, c, 1, 1)}
	return append(append(spec, blocks("b", c)...), conv("head", c, m, 3, 2))
}

// synthesisS8 is its counterpart.
func synthesisS8(c, m int) []LayerSpec {
	spec := []LayerSpec{conv("head", m, 4*c, 1, 1), {Op: "shuffle", Factor: 2}}
	return append(append(spec, blocks("b", c)...), conv("stem", c, 192, 1, 1), LayerSpec{Op: "shuffle", Factor: 8})
}

func gdn(name string, c int, inverse bool) LayerSpec {
	return LayerSpec{Op: "gdn", Name: name, Channels: c, Inverse: inverse}
}

// analysisConv5 is the analysis transform of Ballé et al. (ICLR 2018).
func analysisConv5(n, m int) []LayerSpec {
	return []LayerSpec{
		conv("0", 3, n, 5, 2), gdn("1", n, false), conv("2", n, n, 5, 2), gdn("3", n, false),
		conv("4", n, n, 5, 2), gdn("5", n, false), conv("6", n, m, 5, 2),
	}
}

func deconv(name string, in, out int) LayerSpec {
	return LayerSpec{Op: "deconv", Name: name, In: in, Out: out, Kernel: 5, Stride: 2, Pad: 2, OutPad: 1}
}

// synthesisConv5 is its counterpart.
func synthesisConv5(n, m int) []LayerSpec {
	return []LayerSpec{
		deconv("0", m, n), gdn("1", n, true), deconv("2", n, n), gdn("3", n, true),
		deconv("4", n, n), gdn("5", n, true), deconv("6", n, 3),
	}
}

func build(t testing.TB, spec []LayerSpec) *Network {
	t.Helper()
	net, err := Build(spec, random(1))
	if err != nil {
		t.Fatal(err)
	}
	return net
}

func benchmark(b *testing.B, spec []LayerSpec, h, w, c int) {
	net, s, in := build(b, spec), NewSession(), noise(h, w, c)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := net.Run(b.Context(), s, in, Options{Level: 2.5}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAnalysisS8(b *testing.B)     { benchmark(b, analysisS8(96, 128), 512, 768, 3) }
func BenchmarkSynthesisS8(b *testing.B)    { benchmark(b, synthesisS8(96, 128), 32, 48, 128) }
func BenchmarkAnalysisConv5(b *testing.B)  { benchmark(b, analysisConv5(128, 192), 512, 768, 3) }
func BenchmarkSynthesisConv5(b *testing.B) { benchmark(b, synthesisConv5(128, 192), 32, 48, 192) }
