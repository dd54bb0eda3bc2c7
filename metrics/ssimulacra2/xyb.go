package ssimulacra2

import "codecworkbench/codecs/nn/kernel"

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

// fromRoots makes X, Y and B of the roots, offset moves them. That of Y takes away the
// root of coneBias too, which makes black 0; in X and B it cancels.
var (
	fromRoots = [3][]float32{{7, -7}, {0.5, 0.5}, {-0.5, -0.5, 1}}
	offset    = [3]float32{0.42, 0.01 - 0.15595420054924863, 0.55}
)

// xyb converts a row of linear light to XYB. It overwrites scratch.
func xyb(dst, rgb, scratch *[3][]float32) {
	n := len(dst[0])
	roots := *scratch
	for c := range roots {
		roots[c] = roots[c][:n]
	}
	for c, p := range roots {
		kernel.Blend(p, rgb[:], cones[c], coneBias)
		kernel.Cbrt(p, p)
	}
	for c, w := range fromRoots {
		kernel.Blend(dst[c], scratch[:len(w)], w, offset[c])
	}
}
