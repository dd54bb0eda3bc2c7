package nn

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// reference computes a convolution from its definition.
func reference(l *Conv, in Tensor) Tensor {
	size, err := l.Size(in.Size())
	if err != nil {
		return Tensor{}
	}
	out := NewTensor(size.H, size.W, size.C)
	ci, co := l.In/l.Groups, l.Out/l.Groups
	for i := range out.Data {
		y, x, o := i/(size.W*size.C), i/size.C%size.W, i%size.C
		sum := float64(bias(l.Bias, o))
		for tap := range l.Kernel * l.Kernel {
			yy, xx := y*l.Stride-l.Padding+tap/l.Kernel, x*l.Stride-l.Padding+tap%l.Kernel
			if yy < 0 || xx < 0 || yy >= in.H || xx >= in.W {
				continue
			}
			for c := range ci {
				v := in.Data[(yy*in.W+xx)*in.C+o/co*ci+c]
				sum += float64(v) * float64(l.Weight[(o*ci+c)*l.Kernel*l.Kernel+tap])
			}
		}
		out.Data[i] = float32(sum)
	}
	return out
}

// referenceDeconv scatters each input, as the definition says.
func referenceDeconv(l *Deconv, in Tensor) Tensor {
	size, err := l.Size(in.Size())
	if err != nil {
		return Tensor{}
	}
	sums := make([]float64, size.H*size.W*size.C)
	for i, v := range in.Data {
		y, x, c := i/(in.W*in.C), i/in.C%in.W, i%in.C
		for tap := range l.Kernel * l.Kernel {
			yy, xx := y*l.Stride-l.Padding+tap/l.Kernel, x*l.Stride-l.Padding+tap%l.Kernel
			if yy < 0 || xx < 0 || yy >= size.H || xx >= size.W {
				continue
			}
			for o := range l.Out {
				sums[(yy*size.W+xx)*size.C+o] += float64(v) * float64(l.Weight[(c*l.Out+o)*l.Kernel*l.Kernel+tap])
			}
		}
	}
	out := NewTensor(size.H, size.W, size.C)
	for i, v := range sums {
		out.Data[i] = float32(v + float64(bias(l.Bias, i%size.C)))
	}
	return out
}

func bias(b []float32, o int) float32 {
	if b == nil {
		return 0
	}
	return b[o]
}

// TestConvolutions compares convolutions of random shapes, plain, grouped, depthwise and
// transposed, with their definitions.
func TestConvolutions(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for i := range 300 {
		k, stride, groups := 1+rng.IntN(6), 1+rng.IntN(4), 1+rng.IntN(3)
		s := LayerSpec{Name: "c", In: groups * (1 + rng.IntN(5)), Out: groups * (1 + rng.IntN(9)), Kernel: k, Stride: stride, Pad: rng.IntN(k), Groups: groups}
		if with := i%3 != 0; !with {
			s.Bias = &with
		}
		in := noise(1+rng.IntN(12), 1+rng.IntN(12), s.In)
		t.Run(fmt.Sprintf("%d", i), func(t *testing.T) {
			checkConv(t, s, in)
			if s.Groups == 1 {
				s.OutPad = rng.IntN(stride)
				checkDeconv(t, s, in)
			}
		})
	}
}

func checkConv(t *testing.T, s LayerSpec, in Tensor) {
	s.Op = "conv"
	net := build(t, []LayerSpec{s})
	var want Tensor
	switch l := net.Layers()[0].(type) {
	case *Conv:
		want = reference(l, in)
	case *Depthwise:
		want = reference(&Conv{
			In: l.Channels, Out: l.Channels, Groups: l.Channels,
			Kernel: l.Kernel, Stride: l.Stride, Padding: l.Padding, Weight: l.Weight, Bias: l.Bias,
		}, in)
	}
	compare(t, net, s, in, want)
}

func checkDeconv(t *testing.T, s LayerSpec, in Tensor) {
	s.Op = "deconv"
	net := build(t, []LayerSpec{s})
	compare(t, net, s, in, referenceDeconv(net.Layers()[0].(*Deconv), in))
}

// compare runs a network in the smallest strips; it must refuse what the reference does.
func compare(t *testing.T, net *Network, s LayerSpec, in, want Tensor) {
	t.Helper()
	got, err := net.Run(t.Context(), NewSession(), in, Options{Memory: 1})
	if want.Data == nil {
		if err == nil {
			t.Errorf("%+v, %s: no error", s, in.Size())
		}
		return
	}
	if err != nil {
		t.Fatalf("%+v, %s: %v", s, in.Size(), err)
	}
	if d := maxDifference(got, want); d > 1e-5 {
		t.Errorf("%+v, %s: off by %g", s, in.Size(), d)
	}
}
