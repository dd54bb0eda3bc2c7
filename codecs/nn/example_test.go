package nn_test

import (
	"context"
	"fmt"

	"codecworkbench/codecs/nn"
)

// A network is a description and weights; a session is the memory to run it in.
func Example() {
	spec, err := nn.ParseSpec([]byte(`[
		{"op": "conv", "name": "blur", "in": 1, "out": 1, "kernel": 3, "pad": 1, "bias": false},
		{"op": "relu"}
	]`))
	if err != nil {
		fmt.Println(err)
		return
	}
	net, err := nn.Build(spec, func(name string, shape ...int) ([]float32, error) {
		fmt.Println(name, shape)
		return []float32{0, 1, 0, 1, 4, 1, 0, 1, 0}, nil
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	in := nn.NewTensor(3, 4, 1)
	in.Data[5] = 1
	out, err := net.Run(context.Background(), nn.NewSession(), in, nn.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for y := range out.H {
		fmt.Println(out.Data[y*out.W : (y+1)*out.W])
	}
	// Output:
	// blur.weight [1 1 3 3]
	// [0 1 0 0]
	// [1 4 1 0]
	// [0 1 0 0]
}
