// Package luma reads the brightness of 8-bit pictures a row at a time, so that no
// metric needs a floating-point copy of a whole large picture. Three formulas are in
// use, which change results; a metric's setting "luma" names the one it takes.
package luma

import "image"

// A Kind is a formula for Y from R, G and B of BT.601, all on 0..255. Its text is
// the value of a metric's setting.
type Kind string

const (
	// Y is 0.299 R + 0.587 G + 0.114 B, not rounded: the default of all metrics here.
	Y Kind = "y"
	// Y8 is Y rounded to an integer, as MATLAB's rgb2gray and video tools have it.
	Y8 Kind = "y8"
	// YS8 is Y on the studio range 16..235, rounded to an integer, as MATLAB's
	// rgb2ycbcr has it.
	YS8 Kind = "ys8"
)

// OptionName and OptionSummary describe the setting.
const (
	OptionName    = "luma"
	OptionSummary = "brightness: y is not rounded, y8 is rounded to integers, ys8 also lies on the studio range 16 to 235"
)

// The weights of R, G and B in Y in thousandths; they sum to Unit, so that Y of a
// grey pixel is its sample.
const WeightR, WeightG, WeightB, Unit = 299, 587, 114, 1000

// The same in thousandths of 1/255 of the studio range.
const studioR, studioG, studioB, studioUnit, studioBlack = 65481, 128553, 24966, 255000, 16

// Row fills dst with the luma of row y from column x on.
func Row[T float32 | float64](k Kind, dst []T, img *image.NRGBA, x, y int) {
	switch pix := img.Pix[y*img.Stride+4*x:]; k {
	case Y8:
		rounded(dst, pix)
	case YS8:
		studio(dst, pix)
	default:
		for i := range dst {
			px := pix[4*i : 4*i+3 : 4*i+3]
			dst[i] = T(thousandths(px)) * (1. / Unit)
		}
	}
}

// Steps is how many of the integers that Counts gives make one unit of luma.
func (k Kind) Steps() int {
	if k == Y8 || k == YS8 {
		return 1
	}
	return Unit
}

// Counts fills dst with the luma of row y from column x on as exact integers: times
// Steps, at most 255,000.
func Counts(k Kind, dst []int32, img *image.NRGBA, x, y int) {
	switch pix := img.Pix[y*img.Stride+4*x:]; k {
	case Y8:
		rounded(dst, pix)
	case YS8:
		studio(dst, pix)
	default:
		for i := range dst {
			dst[i] = thousandths(pix[4*i : 4*i+3 : 4*i+3])
		}
	}
}

func thousandths(px []uint8) int32 {
	return int32(WeightR*uint32(px[0]) + WeightG*uint32(px[1]) + WeightB*uint32(px[2]))
}

func rounded[T int32 | float32 | float64](dst []T, pix []uint8) {
	for i := range dst {
		dst[i] = T((thousandths(pix[4*i:4*i+3:4*i+3]) + Unit/2) / Unit)
	}
}

func studio[T int32 | float32 | float64](dst []T, pix []uint8) {
	for i := range dst {
		px := pix[4*i : 4*i+3 : 4*i+3]
		dst[i] = T((studioR*uint32(px[0])+studioG*uint32(px[1])+studioB*uint32(px[2])+studioUnit/2)/studioUnit + studioBlack)
	}
}
