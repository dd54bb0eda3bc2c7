//go:build amd64 && !purego

package kernel

// depthwiseTile writes tiles of so many pixels. All strides are in bytes: row, from an input
// row to the next; pitch, from a pixel to the next; size is the length of the channels taken.
type depthwiseTile struct {
	pixels int
	run    func(dst, src, weights, bias *float32, row, pitch, size, tiles int)
}

// depthwiseTiles is by size of the filter and stride: several pixels a tile, then one.
type depthwiseTiles map[[2]int][2]depthwiseTile

var (
	depthwiseTilesAVX2 = depthwiseTiles{
		{3, 1}: {{8, depthwise3s1x8AVX2}, {1, depthwise3s1x1AVX2}},
		{3, 2}: {{4, depthwise3s2x4AVX2}, {1, depthwise3s2x1AVX2}},
		{5, 1}: {{8, depthwise5s1x8AVX2}, {1, depthwise5s1x1AVX2}},
		{5, 2}: {{4, depthwise5s2x4AVX2}, {1, depthwise5s2x1AVX2}},
	}
	depthwiseTilesAVX512 = depthwiseTiles{
		{3, 1}: {{8, depthwise3s1x8AVX512}, {1, depthwise3s1x1AVX512}},
		{3, 2}: {{4, depthwise3s2x4AVX512}, {1, depthwise3s2x1AVX512}},
		{5, 1}: {{8, depthwise5s1x8AVX512}, {1, depthwise5s1x1AVX512}},
		{5, 2}: {{4, depthwise5s2x4AVX512}, {1, depthwise5s2x1AVX512}},
	}
)

func depthwiseAVX2(d *Depthwise, dst, src []float32, rowStride, stride, width int) {
	done := d.tiles(depthwiseTilesAVX2, dst, src, rowStride, stride, width, 0, d.Channels&^7)
	d.portable(dst, src, rowStride, stride, width, done)
}

func depthwiseAVX512(d *Depthwise, dst, src []float32, rowStride, stride, width int) {
	done := d.tiles(depthwiseTilesAVX512, dst, src, rowStride, stride, width, 0, d.Channels&^15)
	done = d.tiles(depthwiseTilesAVX2, dst, src, rowStride, stride, width, done, d.Channels&^7)
	d.portable(dst, src, rowStride, stride, width, done)
}

// tiles writes the channels from first to end, which are whole registers, if there are
// kernels for the filter, and returns where it stopped.
func (d *Depthwise) tiles(set depthwiseTiles, dst, src []float32, rowStride, stride, width, first, end int) int {
	tiles, ok := set[[2]int{d.Size, stride}]
	if !ok || first == end {
		return first
	}
	x := 0
	for _, t := range tiles {
		n := (width - x) / t.pixels
		if n == 0 {
			continue
		}
		t.run(&dst[x*d.Channels+first], &src[x*stride*d.Channels+first], &d.Weights[first], &d.Bias[first],
			4*rowStride, 4*d.Channels, 4*(end-first), n)
		x += n * t.pixels
	}
	return end
}
