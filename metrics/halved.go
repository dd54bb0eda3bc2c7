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
