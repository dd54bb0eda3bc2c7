package metrics

import (
	"math"

	"codecworkbench/metrics/internal/luma"
)

// hvsBlock is the side of the blocks of PSNR-HVS.
const hvsBlock = 8

// hvsSamples is a block of luma in integers, row by row.
type hvsSamples [hvsBlock * hvsBlock]int32

// hvsErrors are the mean squared weighted errors of a block's coefficients: as they are,
// and less what the block's contrast masks.
type hvsErrors struct{ plain, masked float64 }

// hvsSight is what the eye sees of a block's coefficients, for samples in integers.
type hvsSight struct {
	seen [64]float64 // weight of a coefficient's squared error
	mask [64]float64 // weight of a coefficient's square in the block's contrast; 0 for DC
	// hide is what of a coefficient's error a block of contrast 1 hides; 0 for DC.
	hide [64]float64
}

// jpegLuminance is the quantization table for luminance of JPEG (ITU-T T.81, table
// K.1), from which PSNR-HVS takes the sensitivity of the eye.
var jpegLuminance = [64]float64{
	16, 11, 10, 16, 24, 40, 51, 61,
	12, 12, 14, 19, 26, 58, 60, 55,
	14, 13, 16, 24, 40, 57, 69, 56,
	14, 17, 22, 29, 51, 87, 80, 62,
	18, 22, 37, 56, 68, 109, 103, 77,
	24, 35, 55, 64, 81, 104, 113, 92,
	49, 64, 78, 87, 103, 121, 120, 101,
	72, 92, 95, 98, 112, 100, 103, 99,
}

// newHVSSight makes the tables. The published ones of PSNR-HVS follow from JPEG's: the
// sensitivity is 25.73509/Q, the mask (10/Q)^2.
func newHVSSight(kind luma.Kind) *hvsSight {
	s := &hvsSight{}
	for i, q := range jpegLuminance {
		sensitivity, mask := 25.73509/q/float64(kind.Steps()), (10/q)*(10/q)
		s.seen[i] = sensitivity * sensitivity / 64
		if i > 0 {
			// The contrast is that of samples in integers already.
			s.mask[i], s.hide[i] = mask, 1/(32*mask)
		}
	}
	return s
}

// errors compares two blocks.
func (s *hvsSight) errors(a, b *hvsSamples) hvsErrors {
	if *a == *b {
		return hvsErrors{}
	}
	var x, y [64]float64
	for i := range x {
		x[i], y[i] = float64(a[i]), float64(b[i])
	}
	dct8x8(&x)
	dct8x8(&y)
	contrastX, contrastY := 0., 0.
	for i, w := range s.mask {
		contrastX += w * x[i] * x[i]
		contrastY += w * y[i] * y[i]
	}
	contrast := math.Sqrt(max(contrastX*roughness(a), contrastY*roughness(b)))
	var e hvsErrors
	for i, w := range s.seen {
		d := math.Abs(x[i] - y[i])
		e.plain += w * d * d
		d = max(0, d-contrast*s.hide[i])
		e.masked += w * d * d
	}
	return e
}

// roughness is the variance of a block's quarters, summed, over that of the block, all
// times their number of samples: small where the block holds an edge, about 1 where it
// holds texture. It is 0 of a flat block.
func roughness(block *hvsSamples) float64 {
	const quarter, half = 16, hvsBlock / 2
	quarters, all, squares := int64(0), int64(0), int64(0)
	for i := range 4 {
		corner := block[i/2*half*hvsBlock+i%2*half:]
		sum, square := int64(0), int64(0)
		for y := range half {
			for _, v := range (*[half]int32)(corner[hvsBlock*y:]) {
				sum += int64(v)
				square += int64(v) * int64(v)
			}
		}
		// Sums of squares stay below 5e12 and 64 times as much, far from an overflow.
		quarters += quarter*square - sum*sum
		all += sum
		squares += square
	}
	whole := 64*squares - all*all
	if whole == 0 {
		return 0
	}
	return (float64(quarters) / (quarter - 1)) / (float64(whole) / (64 - 1))
}
