package viewport

import (
	"context"
	"image"
	"runtime"
	"sync"

	"codecworkbench/app/report/heatmap"
	"codecworkbench/metrics"
)

// Pyramid is a picture at full size and halved again and again, ready to be
// sampled at any scale. It is immutable and safe for concurrent use.
//
// Pixels are packed RGBA with premultiplied alpha, as displays take them. Level
// k+1 holds the means of 2x2 blocks of level k (of the one or two pixels that
// exist at an odd edge).
type Pyramid struct {
	levels []*image.RGBA
	alpha  bool
	mapped bool // holds what heatmap.Scale packs, to be painted when it is drawn
	// of makes the rows of the first level as they are drawn, and levels[0] has no
	// pixels; nil: it has.
	of maker
}

// maker makes opaque pixels x0 to x1-1 of a row of a picture. It is safe for concurrent
// use.
type maker interface {
	row(out []uint8, y, x0, x1 int)
}

// NewPyramid builds a pyramid from straight-alpha pixels packed at origin 0,0.
// Opaque pixels are used in place, without a copy: src must not change any more.
// alpha says that the alpha channel matters. It returns ctx's error when
// cancelled.
func NewPyramid(ctx context.Context, src *image.NRGBA, alpha bool) (*Pyramid, error) {
	base := &image.RGBA{Pix: src.Pix, Stride: src.Stride, Rect: src.Rect}
	if alpha {
		base = premultiply(src)
	}
	return buildLevels(ctx, base, alpha)
}

// NewMap builds the pyramid of a metric's map over a picture of its pair, without
// alpha and packed at origin 0,0. Coarser levels average the values, so that a
// zoomed-out view shows their mean; colours come when it is drawn (Layer.Painter).
// It keeps both, which must not change any more, and no full-size level.
func NewMap(ctx context.Context, base *image.NRGBA, m *metrics.Map, scale heatmap.Scale) (*Pyramid, error) {
	p, err := newMade(ctx, base.Rect, &mapped{base, m, scale})
	if err != nil {
		return nil, err
	}
	p.mapped = true
	return p, nil
}

// mapped is a map over its picture.
type mapped struct {
	base  *image.NRGBA
	m     *metrics.Map
	scale heatmap.Scale
}

func (d *mapped) row(out []uint8, y, x0, x1 int) { d.scale.Pack(out, d.base, d.m, y, x0, x1) }

// newMade builds a pyramid whose first level is made when it is drawn.
func newMade(ctx context.Context, rect image.Rectangle, of maker) (*Pyramid, error) {
	w, h := rect.Dx(), rect.Dy()
	base := &image.RGBA{Stride: 4 * w, Rect: rect} // its size, without pixels
	if w == 1 && h == 1 {
		return &Pyramid{levels: []*image.RGBA{base}, of: of}, nil
	}
	second := image.NewRGBA(image.Rect(0, 0, (w+1)/2, (h+1)/2))
	parallelRows(second.Rect.Dy(), func(y0, y1 int) {
		top, bottom := make([]uint8, 4*w), make([]uint8, 4*w)
		for y := y0; y < y1; y++ {
			of.row(top, 2*y, 0, w)
			lower := top
			if 2*y+1 < h {
				of.row(bottom, 2*y+1, 0, w)
				lower = bottom
			}
			halveRow(second.Pix[y*second.Stride:(y+1)*second.Stride], top, lower)
		}
	})
	p, err := buildLevels(ctx, second, false)
	if err != nil {
		return nil, err
	}
	p.levels, p.of = append([]*image.RGBA{base}, p.levels...), of
	return p, nil
}

// Mapped reports whether the pyramid is a metric's map.
func (p *Pyramid) Mapped() bool { return p.mapped }

// mul255 is a*b/255, rounded.
func mul255(a, b uint8) uint8 {
	if b == 255 {
		return a
	}
	return uint8((uint32(a)*uint32(b) + 127) / 255)
}

func premultiply(src *image.NRGBA) *image.RGBA {
	out := image.NewRGBA(src.Rect)
	parallelRows(src.Rect.Dy(), func(y0, y1 int) {
		for i := y0 * src.Stride; i < y1*src.Stride; i += 4 {
			a := src.Pix[i+3]
			for c := range 3 {
				out.Pix[i+c] = mul255(src.Pix[i+c], a)
			}
			out.Pix[i+3] = a
		}
	})
	return out
}

func buildLevels(ctx context.Context, base *image.RGBA, alpha bool) (*Pyramid, error) {
	p := &Pyramid{levels: []*image.RGBA{base}, alpha: alpha}
	for last := base; last.Rect.Dx() > 1 || last.Rect.Dy() > 1; {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		last = halve(last)
		p.levels = append(p.levels, last)
	}
	return p, nil
}

// halve returns the means of 2x2 blocks, rounded to nearest.
func halve(src *image.RGBA) *image.RGBA {
	sw, sh := src.Rect.Dx(), src.Rect.Dy()
	w, h := (sw+1)/2, (sh+1)/2
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	parallelRows(h, func(y0, y1 int) {
		for y := y0; y < y1; y++ {
			top := src.Pix[2*y*src.Stride:]
			bottom := top
			if 2*y+1 < sh {
				bottom = src.Pix[(2*y+1)*src.Stride:]
			}
			halveRow(out.Pix[y*out.Stride:(y+1)*out.Stride], top[:4*sw], bottom[:4*sw])
		}
	})
	return out
}

func halveRow(dst, top, bottom []uint8) {
	n := len(dst)
	if len(top)/4%2 == 1 {
		n -= 4 // the last block is one pixel wide
		for c := range 4 {
			dst[n+c] = uint8((uint32(top[2*n+c]) + uint32(bottom[2*n+c]) + 1) / 2)
		}
	}
	for i := 0; i < n; i += 4 {
		t, b, d := top[2*i:2*i+8:2*i+8], bottom[2*i:2*i+8:2*i+8], dst[i:i+4:i+4]
		d[0] = uint8((uint32(t[0]) + uint32(t[4]) + uint32(b[0]) + uint32(b[4]) + 2) >> 2)
		d[1] = uint8((uint32(t[1]) + uint32(t[5]) + uint32(b[1]) + uint32(b[5]) + 2) >> 2)
		d[2] = uint8((uint32(t[2]) + uint32(t[6]) + uint32(b[2]) + uint32(b[6]) + 2) >> 2)
		d[3] = uint8((uint32(t[3]) + uint32(t[7]) + uint32(b[3]) + uint32(b[7]) + 2) >> 2)
	}
}

// parallelRows calls f on bands of rows that together cover 0..rows.
func parallelRows(rows int, f func(y0, y1 int)) {
	n := min(runtime.GOMAXPROCS(0), (rows+63)/64)
	if n <= 1 {
		f(0, rows)
		return
	}
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { f(rows*i/n, rows*(i+1)/n) })
	}
	wg.Wait()
}

// Width returns the full-size picture's width in pixels.
func (p *Pyramid) Width() int { return p.levels[0].Rect.Dx() }

// Height returns the full-size picture's height in pixels.
func (p *Pyramid) Height() int { return p.levels[0].Rect.Dy() }

// Levels returns the number of levels; the last one is a single pixel.
func (p *Pyramid) Levels() int { return len(p.levels) }

// row returns pixels x0 to x1-1 of a row of level k: in place where the level has pixels,
// else made in buf, which is returned because it may have grown.
func (p *Pyramid) row(k, y, x0, x1 int, buf []uint8) (row, grown []uint8) {
	if l := p.levels[k]; k > 0 || p.of == nil {
		return l.Pix[y*l.Stride+4*x0 : y*l.Stride+4*x1], buf
	}
	if n := 4 * (x1 - x0); cap(buf) < n {
		buf = make([]uint8, n)
	} else {
		buf = buf[:n]
	}
	p.of.row(buf, y, x0, x1)
	return buf, buf
}

// Bytes returns the memory that the levels take, the full-size one included where it is
// in memory.
func (p *Pyramid) Bytes() int64 {
	var n int64
	for _, l := range p.levels {
		n += int64(len(l.Pix))
	}
	return n
}

// level chooses the level to sample at a scale below 1: the coarsest that still
// has at least one pixel for each device pixel.
func (p *Pyramid) level(scale float64) int {
	k := 0
	for scale <= 0.5 && k+1 < len(p.levels) {
		scale *= 2
		k++
	}
	return k
}
