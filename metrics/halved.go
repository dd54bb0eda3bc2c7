package metrics

import (
	"image"

	"codecworkbench/metrics/internal/luma"
)

// GMSD and HaarPSI work on pictures of half the size, as MATLAB's
// conv2(picture, ones(2)/4, 'same') with every second sample kept makes them: the mean
// of 2x2 pixels, of which those beyond the right and lower edge count as 0. Ours are
// sums of integers, which float32 holds exactly.

// halvedLuma reads luma at half the size, a part of a row at a time.
type halvedLuma struct{ upper, lower []int32 }

// read fills dst with sums of 2x2 counts of luma, from position (x, y) at half the size
// on; 0 outside.
func (h *halvedLuma) read(dst []float32, img *image.NRGBA, kind luma.Kind, x, y int) {
	width, height := img.Rect.Dx(), img.Rect.Dy()
	first, last := max(0, -x), min(len(dst), (width+1)/2-x)
	if y < 0 || 2*y >= height || first >= last {
		clear(dst)
		return
	}
	clear(dst[:first])
	clear(dst[last:])
	dst = dst[first:last]
	if len(h.upper) < 2*len(dst) {
		h.upper, h.lower = make([]int32, 2*len(dst)), make([]int32, 2*len(dst))
	}
	left := 2 * (x + first)
	upper, lower := h.upper[:2*len(dst)], h.lower[:2*len(dst)]
	n := min(len(upper), width-left)
	clear(upper[n:])
	clear(lower[n:])
	luma.Counts(kind, upper[:n], img, left, 2*y)
	if 2*y+1 < height {
		luma.Counts(kind, lower[:n], img, left, 2*y+1)
	} else {
		clear(lower)
	}
	for i := range dst {
		dst[i] = float32(upper[2*i] + upper[2*i+1] + lower[2*i] + lower[2*i+1])
	}
}

// yiq are the weights of R, G and B in Y, I and Q, in thousandths.
var yiq = [3][3]int32{{luma.WeightR, luma.WeightG, luma.WeightB}, {596, -274, -322}, {211, -523, 312}}

// yiqUnit is what sums of 2x2 pixels in thousandths make of a unit.
const yiqUnit = 4 * luma.Unit

// halvedYIQ reads Y, I and Q at half the size, a part of a row at a time.
type halvedYIQ struct {
	// nothing stands for the row below the last one, last for what follows an odd
	// column: pixels that are 0.
	nothing     []uint8
	upper, last [8]uint8
}

// read fills as many rows as dst has, of one length, with Y, I and Q from position
// (x, y) at half the size on, in 1/yiqUnit; 0 outside.
func (h *halvedYIQ) read(dst [][]float32, img *image.NRGBA, x, y int) {
	width, height := img.Rect.Dx(), img.Rect.Dy()
	n := len(dst[0])
	first, last := max(0, -x), min(n, (width+1)/2-x)
	if y < 0 || 2*y >= height || first >= last {
		first, last = n, n
	}
	for _, row := range dst {
		clear(row[:first])
		clear(row[last:])
	}
	if first == n {
		return
	}
	left := 2 * (x + first)
	upper := img.Pix[2*y*img.Stride+4*left : 2*y*img.Stride+4*width]
	if len(h.nothing) < len(upper) {
		h.nothing = make([]uint8, len(upper))
	}
	lower := h.nothing[:len(upper)]
	if 2*y+1 < height {
		lower = img.Pix[(2*y+1)*img.Stride+4*left : (2*y+1)*img.Stride+4*width]
	}
	even := min(last-first, len(upper)/8)
	for c, row := range dst {
		yiqSums(row[first:first+even], upper, lower, &yiq[c])
	}
	if first+even < last {
		copy(h.upper[:4], upper[8*even:])
		copy(h.last[:4], lower[8*even:])
		for c, row := range dst {
			yiqSums(row[last-1:last], h.upper[:], h.last[:], &yiq[c])
		}
	}
}

// yiqSums weights the sums of 2x2 pixels of two rows.
func yiqSums(dst []float32, upper, lower []uint8, weights *[3]int32) {
	wr, wg, wb := weights[0], weights[1], weights[2]
	for i := range dst {
		p, q := (*[7]uint8)(upper[8*i:]), (*[7]uint8)(lower[8*i:])
		r := int32(p[0]) + int32(p[4]) + int32(q[0]) + int32(q[4])
		g := int32(p[1]) + int32(p[5]) + int32(q[1]) + int32(q[5])
		b := int32(p[2]) + int32(p[6]) + int32(q[2]) + int32(q[6])
		dst[i] = float32(wr*r + wg*g + wb*b)
	}
}
