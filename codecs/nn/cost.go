package nn

// Cost is what a network takes, as papers count it.
type Cost struct {
	Weights int     // numbers in the model file, biases and gains at every level included
	MACs    float64 // multiplications a position of the input
	Outputs float64 // positions of the output to one of the input
}

// CostOf adds up what a description's layers take; levels is how many rows modulations have.
// Of products, those of convolutions, GDN and attention count, at the picture's edges too.
// Activations, normalizations, gains and filters of upsampling take a few for each number
// and don't; nor does a learned filter of upsampling count as weights.
func CostOf(spec []LayerSpec, levels int) Cost {
	c := Cost{Outputs: 1}
	for _, s := range spec {
		c.add(s, levels)
	}
	return c
}

// add counts a layer.
func (c *Cost) add(s LayerSpec, levels int) {
	step := float64(max(s.Stride, s.Factor, 1))
	kernel, groups := max(s.Kernel, 1), max(s.Groups, 1)
	product, bias := s.In*s.Out/groups*kernel*kernel, s.Out
	if s.Bias != nil && !*s.Bias {
		bias = 0
	}
	switch s.Op {
	case "conv", "linear":
		c.Outputs /= step * step
		c.count(product, product+bias)
	case "deconv":
		c.count(product, product+bias)
		c.Outputs *= step * step
	case "unshuffle":
		c.Outputs /= step * step
	case "shuffle", "upsample":
		c.Outputs *= step * step
	case "gdn":
		c.count(s.Channels*s.Channels, s.Channels*(s.Channels+1))
	case "window_attention":
		position := (2*s.Window - 1) * (2*s.Window - 1) * s.Heads
		c.count(4*s.Channels*s.Channels+2*s.Channels*s.Window*s.Window, 4*s.Channels*(s.Channels+1)+position)
	case "modulate":
		c.Weights += levels * s.Channels
	case "layer_norm", "group_norm":
		c.Weights += 2 * s.Channels
	case "residual":
		body := CostOf(s.Body, levels)
		c.MACs += c.Outputs * body.MACs
		c.Weights += body.Weights
	}
}

// count adds a layer whose output positions take so many products.
func (c *Cost) count(products, weights int) {
	c.MACs += c.Outputs * float64(products)
	c.Weights += weights
}
