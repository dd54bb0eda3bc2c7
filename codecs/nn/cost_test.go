package nn_test

import (
	"math"
	"testing"

	"codecworkbench/codecs/nn"
)

// TestCost counts by hand, and compares weights with those of the network that is built.
func TestCost(t *testing.T) {
	const levels = 3
	yes, no := true, false
	for name, c := range map[string]struct {
		layers  []nn.LayerSpec
		macs    float64
		outputs float64
	}{
		"strided":   {[]nn.LayerSpec{{Op: "conv", Name: "a", In: 3, Out: 5, Kernel: 5, Stride: 2, Pad: 2, Bias: &yes}}, 3 * 5 * 25 / 4., 1. / 4},
		"grouped":   {[]nn.LayerSpec{{Op: "conv", Name: "a", In: 8, Out: 8, Kernel: 3, Stride: 1, Pad: 1, Groups: 8, Bias: &no}}, 8 * 9, 1},
		"transpose": {[]nn.LayerSpec{{Op: "deconv", Name: "a", In: 4, Out: 6, Kernel: 5, Stride: 2, Pad: 2, OutPad: 1}}, 4 * 6 * 25, 4},
		"shuffled":  {[]nn.LayerSpec{{Op: "unshuffle", Factor: 2}, {Op: "linear", Name: "a", In: 12, Out: 24}, {Op: "shuffle", Factor: 2}}, 12 * 24 / 4., 1},
		"gdn":       {[]nn.LayerSpec{{Op: "gdn", Name: "a", Channels: 7}, {Op: "relu"}, {Op: "modulate", Name: "b", Channels: 7}}, 49, 1},
		"attention": {[]nn.LayerSpec{{Op: "window_attention", Name: "a", Channels: 8, Heads: 2, Window: 4}}, 4*64 + 2*8*16, 1},
		"residual": {[]nn.LayerSpec{{Op: "upsample", Mode: "nearest", Factor: 2}, {Op: "residual", Body: []nn.LayerSpec{
			{Op: "layer_norm", Name: "n", Channels: 6, Eps: 1e-5}, {Op: "linear", Name: "a", In: 6, Out: 9}, {Op: "linear", Name: "b", In: 9, Out: 6}}}}, 4 * 2 * 54, 4},
	} {
		t.Run(name, func(t *testing.T) {
			got, weights := nn.CostOf(c.layers, levels), 0
			_, err := nn.Build(c.layers, func(_ string, shape ...int) ([]float32, error) {
				n := 1
				for _, d := range shape {
					if d < 0 {
						d = levels
					}
					n *= d
				}
				weights += n
				data := make([]float32, n)
				for i := range data {
					data[i] = 1
				}
				return data, nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if math.Abs(got.MACs-c.macs) > 1e-9 || got.Outputs != c.outputs || got.Weights != weights {
				t.Errorf("%+v, expected %g products, %g outputs and %d weights", got, c.macs, c.outputs, weights)
			}
		})
	}
}
