package ssimulacra2

import (
	"math"

	"codecworkbench/codecs/nn/kernel"
)

// The colour space is XYB, as of JPEG XL, moved and stretched so that all channels lie
// in about 0..1: cube roots of three mixes of linear light much like those of the eye's
// cones, then their difference, their mean, and blue less the mean.

// cones are the mixes of R, G and B, whose responses begin at coneBias.
var cones = [3][]float32{
	{0.30, 0.622, 0.078},
	{0.23, 0.692, 0.078},
	{0.24342268924547819, 0.20476744424496821, 0.55180986650955360},
}

const coneBias = 0.0037930732552754493

// xyb converts a row of linear light to XYB. It is the only user of scratch, three rows
// at least as long as the others.
func xyb(dst, rgb, scratch *[3][]float32) {
	n := len(dst[0])
	var p [3][]float32
	for c := range p {
		p[c] = scratch[c][:n]
		kernel.Blend(p[c], rgb[:], cones[c], coneBias)
		kernel.Cbrt(p[c], p[c])
	}
	black := float32(math.Cbrt(coneBias))
	kernel.Blend(dst[0], p[:2], []float32{7, -7}, 0.42)
	kernel.Blend(dst[1], p[:2], []float32{0.5, 0.5}, 0.01-black)
	kernel.Blend(dst[2], p[:], []float32{-0.5, -0.5, 1}, 0.55)
}
