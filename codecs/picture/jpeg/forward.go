package jpeg

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// transform fills the encoder's blocks, one row of MCUs at a time on all cores.
func (e *encoder) transform(ctx context.Context) error {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), e.f.mcusY) {
		wg.Go(func() {
			w := newRowEncoder(e)
			for y := int(next.Add(1)) - 1; y < e.f.mcusY && ctx.Err() == nil; y = int(next.Add(1)) - 1 {
				w.row(y)
			}
		})
	}
	wg.Wait()
	return ctx.Err()
}

// rowEncoder converts, subsamples and transforms one row of MCUs.
type rowEncoder struct {
	e *encoder
	// planes holds the row's samples of each component, at its resolution, padded
	// to whole blocks; full holds up to two rows of chroma before subsampling.
	planes [3][]uint8
	full   [2][2][]uint8
	stride int // samples of a full-resolution row
}

func newRowEncoder(e *encoder) *rowEncoder {
	f := &e.f
	w := &rowEncoder{e: e, stride: 8 * f.mcusX * f.hMax}
	for i := range f.comps {
		w.planes[i] = make([]uint8, 64*f.comps[i].stride*f.comps[i].v)
	}
	for i := range w.full {
		for j := range w.full[i] {
			w.full[i][j] = make([]uint8, w.stride)
		}
	}
	return w
}

func (w *rowEncoder) row(y int) {
	e := w.e
	f := &e.f
	w.samples(y)
	for i := range f.comps {
		c := &f.comps[i]
		q := &e.quant[c.tq]
		for v := range c.v {
			by := y*c.v + v
			if by >= c.blocksY {
				break
			}
			src := w.planes[i][v*64*c.stride:]
			for x := range c.blocksX {
				at := by*c.stride + x
				e.masks[i][at] = q.quantize(src[8*x:], 8*c.stride, (*[64]int16)(e.coefs[i][64*at:]))
			}
		}
	}
}

// samples fills planes with MCU row y. Beyond the picture the last column and row
// are repeated: of pixels up to a whole group that is subsampled together, of
// subsampled rows from there on.
func (w *rowEncoder) samples(y int) {
	e := w.e
	f := &e.f
	h, v := f.hMax, f.vMax
	lumaStride := 8 * f.comps[0].stride
	for g := range 8 { // one row of chroma, v rows of luma
		group := y*8 + g
		last := (f.height - 1) / v
		if group > last {
			w.repeatRow(g, v)
			continue
		}
		for i := range v {
			luma := w.planes[0][(g*v+i)*lumaStride:][:lumaStride]
			row := min(group*v+i, f.height-1)
			pix := e.img.Pix[row*e.img.Stride:][:4*f.width]
			if e.o.Gray {
				redRow(luma[:f.width], pix)
			} else {
				toYCC(luma[:f.width], w.full[0][i], w.full[1][i], pix)
			}
			pad(luma, f.width)
		}
		if e.o.Gray {
			continue
		}
		for c := range 2 {
			stride := 8 * f.comps[1+c].stride
			dst := w.planes[1+c][g*stride:][:stride]
			for i := range v {
				pad(w.full[c][i], f.width)
			}
			switch {
			case h == 2 && v == 2:
				halveBoth(dst, w.full[c][0], w.full[c][1])
			case h == 2:
				halveWidth(dst, w.full[c][0])
			default:
				copy(dst, w.full[c][0])
			}
		}
	}
}

// repeatRow copies the rows of group g-1's last to group g.
func (w *rowEncoder) repeatRow(g, v int) {
	for i := range w.e.f.comps {
		rows, stride := 1, 8*w.e.f.comps[i].stride
		if i == 0 {
			rows = v
		}
		p := w.planes[i]
		for r := g * rows; r < (g+1)*rows; r++ {
			copy(p[r*stride:(r+1)*stride], p[(r-1)*stride:r*stride])
		}
	}
}

// pad repeats the last of n samples to the end of row.
func pad(row []uint8, n int) {
	for i := n; i < len(row); i++ {
		row[i] = row[n-1]
	}
}

func redRow(dst, pix []uint8) {
	for x := range dst {
		dst[x] = pix[4*x]
	}
}

// toYCC converts RGBA pixels (T.871 section 7) with 16 fraction bits; halves round
// down in chroma, as in libjpeg.
func toYCC(luma, cb, cr, pix []uint8) {
	cb, cr = cb[:len(luma)], cr[:len(luma)]
	const centre = 128<<16 + 1<<15 - 1
	for x := range luma {
		p := pix[4*x : 4*x+4 : 4*x+4]
		r, g, b := int32(p[0]), int32(p[1]), int32(p[2])
		luma[x] = uint8((19595*r + 38470*g + 7471*b + 1<<15) >> 16)
		cb[x] = uint8((-11059*r - 21709*g + 32768*b + centre) >> 16)
		cr[x] = uint8((32768*r - 27439*g - 5329*b + centre) >> 16)
	}
}

// halveBoth averages 2 x 2 samples, rounding halves down and up in turn, so that
// no brightness drift builds up.
func halveBoth(dst, a, b []uint8) {
	b = b[:len(a)]
	bias := uint32(1)
	for x := range dst {
		i := 2 * x
		dst[x] = uint8((uint32(a[i]) + uint32(a[i+1]) + uint32(b[i]) + uint32(b[i+1]) + bias) >> 2)
		bias ^= 3
	}
}

// halveWidth averages pairs of samples, rounding down and up in turn.
func halveWidth(dst, a []uint8) {
	for x := range dst {
		dst[x] = uint8((uint32(a[2*x]) + uint32(a[2*x+1]) + uint32(x&1)) >> 1)
	}
}
