//go:build amd64 && !purego

package kernel

// Sizes of a block: B's slice of a panel should stay in the first-level cache beside some
// rows of A, and the rows of A that pass by all panels in the second.
const (
	maxDepth = 320       // steps of k
	maxBlock = 192 << 10 // bytes of A
)

// tile is a micro-kernel for blocks of so many rows.
type tile struct {
	rows int
	run  func(a, b, c, from *float32, aStride, cStride, fromStride, runs, run, skip, depth, ahead, blocks, columns int)
}

// Tiles from the largest to one row.
var (
	tilesAVX2   = []tile{{6, gemmAVX2x6}, {4, gemmAVX2x4}, {2, gemmAVX2x2}, {1, gemmAVX2x1}}
	tilesAVX512 = []tile{{14, gemmAVX512x14}, {8, gemmAVX512x8}, {4, gemmAVX512x4}, {2, gemmAVX512x2}, {1, gemmAVX512x1}}
)

// noBias is what sums start from where nothing else is said.
var noBias [2 * panelWidth]float32

func gemmAVX2(m int, a Matrix, b *Panels, c []float32, ldc int, o GemmOptions) {
	gemmTiles(tilesAVX2, panelWidth, m, a, b, c, ldc, o)
}

func gemmAVX512(m int, a Matrix, b *Panels, c []float32, ldc int, o GemmOptions) {
	gemmTiles(tilesAVX512, 2*panelWidth, m, a, b, c, ldc, o)
}

// gemmTiles multiplies with micro-kernels of width columns. A block of rows goes through all
// of k before the next, so that its part of C stays in the cache.
func gemmTiles(tiles []tile, width, m int, a Matrix, b *Panels, c []float32, ldc int, o GemmOptions) {
	top := tiles[0].rows
	height := maxBlock / (4 * min(b.K, maxDepth) * top) * top
	for i := 0; i < m; i += height {
		for k := 0; k < b.K; {
			s := a.slice(k)
			for j := 0; j < b.N; j += width {
				p := part{a: a.Data[i*a.Stride+s.offset:], b: b.panel(j / panelWidth)[k*panelWidth:], c: c[i*ldc+j:]}
				switch {
				case k > 0 || o.Accumulate:
					p.from, p.fromStride = p.c, ldc
				case o.Bias != nil:
					p.from = o.Bias[j:]
				default:
					p.from = noBias[:]
				}
				if j == 0 {
					p.ahead = 4 * top * a.Stride // the rows are new to the cache
				}
				p.run(tiles, min(height, m-i), min(width, b.N-j), &a, s, ldc, b.K)
			}
			k += s.runs * s.run
		}
	}
}

// slice is a range of k that a micro-kernel can take at once: whole runs, or a piece of one.
type slice struct{ offset, runs, run int }

// slice returns the range from k on.
func (a *Matrix) slice(k int) slice {
	r, at := k/a.Run, k%a.Run
	if a.Run <= maxDepth {
		most := maxDepth / a.Run
		times := (a.Runs + most - 1) / most
		return slice{r * a.RunStride, min((a.Runs+times-1)/times, a.Runs-r), a.Run}
	}
	times := (a.Run + maxDepth - 1) / maxDepth
	piece := ((a.Run+times-1)/times + 3) &^ 3
	return slice{r*a.RunStride + at, 1, min(piece, a.Run-at)}
}

// part is a range of rows times a panel or two.
type part struct {
	a, b, c, from []float32
	fromStride    int
	ahead         int // bytes from the rows to those that are to be fetched
}

// run multiplies all rows, with the largest tiles that fit.
func (p *part) run(tiles []tile, rows, columns int, a *Matrix, s slice, ldc, k int) {
	i := 0
	for _, t := range tiles {
		blocks := (rows - i) / t.rows
		if blocks == 0 {
			continue
		}
		t.run(&p.a[i*a.Stride], &p.b[0], &p.c[i*ldc], &p.from[i*p.fromStride],
			4*a.Stride, 4*ldc, 4*p.fromStride,
			s.runs, s.run, 4*(a.RunStride-s.run), 4*panelWidth*k, p.ahead, blocks, columns)
		i += blocks * t.rows
	}
}

func packRows(dst, src []float32, stride int) {
	packRowsAVX2(&dst[0], &src[0], len(dst)/panelWidth, 4*stride)
}
