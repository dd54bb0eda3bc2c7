package kernel

import "fmt"

// IntDepthwise is a depthwise convolution's 8-bit weights and bias, packed: for every 16
// channels, for every two taps, the pairs of 16-bit weights of channels 0-3 and 8-11, then
// those of 4-7 and 12-15 (the order of VPUNPCKLWD and VPUNPCKHWD). It is immutable and
// safe for concurrent use.
type IntDepthwise struct {
	Taps, Channels int
	weights        []int8 // as given
	packed         []int16
	bias           []int32
}

// PackIntDepthwise packs weights [taps][channels] and a bias of one element a channel.
func PackIntDepthwise(weights []int8, taps, channels int, bias []int32) *IntDepthwise {
	if taps < 1 || channels < 1 || len(weights) != taps*channels || len(bias) != channels {
		panic(fmt.Sprintf("kernel: %d weights and %d biases for %d taps of %d channels", len(weights), len(bias), taps, channels))
	}
	d := &IntDepthwise{Taps: taps, Channels: channels, weights: append([]int8(nil), weights...), bias: append([]int32(nil), bias...)}
	for c := 0; c+16 <= channels; c += 16 {
		for t := 0; t < taps; t += 2 {
			for i := range 16 {
				// Pairs 0-7 come from the low halves, 8-15 from the high halves of both lanes.
				channel := c + i%4 + i/4%2*8 + i/8*4
				second := int16(0)
				if t+1 < taps {
					second = int16(weights[(t+1)*channels+channel])
				}
				d.packed = append(d.packed, int16(weights[t*channels+channel]), second)
			}
		}
	}
	return d
}

// Apply computes pixels of one row of the result: for i in [0,pixels) and every channel
//
//	acc[i*accStride+c] = bias[c] + sum over t of a[i*stride+offsets[t]+c]*weights[t][c]
//
// in 32 bits, wrapping around like GemmInt; there is one offset a tap. Nothing else of acc
// is written. It panics if a slice is too short.
func (d *IntDepthwise) Apply(pixels int, acc []int32, accStride int, a []int16, stride int, offsets []int) {
	if pixels <= 0 {
		return
	}
	if len(offsets) != d.Taps || stride < 0 || accStride < 0 || (pixels-1)*accStride+d.Channels > len(acc) {
		panic(fmt.Sprintf("kernel: %d pixels of %d channels, %d apart, do not lie in a slice of %d, or %d offsets for %d taps",
			pixels, d.Channels, accStride, len(acc), len(offsets), d.Taps))
	}
	for _, o := range offsets {
		if o < 0 || (pixels-1)*stride+o+d.Channels > len(a) {
			panic(fmt.Sprintf("kernel: %d pixels of %d channels, %d apart from %d on, do not lie in a slice of %d", pixels, d.Channels, stride, o, len(a)))
		}
	}
	done := intKernels.depthwise(d, pixels, acc, accStride, a, stride, offsets)
	d.portable(done, pixels, acc, accStride, a, stride, offsets)
}

// portable does the channels from first on.
func (d *IntDepthwise) portable(first, pixels int, acc []int32, accStride int, a []int16, stride int, offsets []int) {
	if first == d.Channels {
		return
	}
	for i := range pixels {
		sums := acc[i*accStride+first:][:d.Channels-first]
		copy(sums, d.bias[first:])
		for t, o := range offsets {
			x := a[i*stride+o+first:][:len(sums)]
			w := d.weights[t*d.Channels+first:][:len(sums)]
			for c := range sums {
				sums[c] += int32(x[c]) * int32(w[c])
			}
		}
	}
}
