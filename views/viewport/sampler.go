package viewport

import (
	"encoding/binary"
	"image"
	"image/color"
	"math"
	"runtime"
	"sync"

	"codecworkbench/app/report/heatmap"
)

// Layer is one rectangle of a pane that shows one source.
type Layer struct {
	Rect   image.Rectangle // where it is drawn, in pane pixels
	Origin image.Point     // where the View's pane begins, in pane pixels
	View   View
	Source *Pyramid // nil: the surround only
	Gain   int      // above 1: values are multiplied, for difference pictures
	Tone   Tone     // how values become colours
	Smooth bool     // enlarged pixels blend into each other instead of standing as squares
	Grid   bool     // where pixels are large, lines between them and their values in them
	// Painter colours sources that are maps; others need none.
	Painter *heatmap.Painter
	// Mask is laid over the picture in a translucent colour; nil: none.
	Mask *Mask
	// Ground fills the rectangle with the surround first, for what lies over other layers.
	Ground bool
}

// smooth reports whether source pixels are blended.
func (l *Layer) smooth() bool { return l.View.Scale < 1 || l.Smooth && l.View.Scale > 1 }

// Scene is what a pane shows. Two layers side by side with one View make a
// divider; with two Views, two pictures next to each other.
type Scene struct {
	Surround color.RGBA
	Layers   []Layer
	Marks    []Mark // over the layers
}

// Side of a checkerboard square behind transparent pixels, in device pixels, and
// its two greys.
const (
	checkSide  = 8
	checkDark  = 102
	checkLight = 153
)

// Sampler draws scenes. It keeps its tables and worker goroutines between frames
// and so allocates nothing for a frame of an earlier frame's size. It is not
// safe for concurrent use.
//
// At 1:1 and above every device pixel is the picture pixel under its centre,
// unchanged, unless the layer is Smooth. Below, it is a bilinear blend of the pyramid
// level that has between one and two pixels for each device pixel.
type Sampler struct {
	scene   Scene
	dst     *image.RGBA
	columns []columns
	rows    []rowBuffer
	start   chan int
	done    sync.WaitGroup
	workers int
}

// columns maps a layer's device columns to source columns, once a frame.
type columns struct {
	source *Pyramid
	k      int      // the level of source
	x0, x1 int      // device columns that the picture covers
	index  []int32  // by x-x0: nearest, or the left one of two source columns
	weight []uint16 // by x-x0: of the right source column, in 1/256; empty: nearest
	right  []int32  // by x-x0: the right one of two source columns
	lo, hi int32    // source columns in use, hi included
}

// rowBuffer is one worker's scratch space.
type rowBuffer struct {
	blended      []uint64 // a row of vertically blended source pixels, four 16-bit lanes each
	upper, lower []uint8  // source rows that are made as they are drawn
	// upperY and lowerY say which rows those are; -1: none.
	upperY, lowerY int
}

// between makes the two source rows that a row of the screen lies between. Where the
// screen's row above needed one of them, it is there already.
func (b *rowBuffer) between(c *columns, upperY, lowerY int) (upper, lower []uint8) {
	x0, x1 := int(c.lo), int(c.hi)+1
	if c.k > 0 || c.source.of == nil {
		upper, _ = c.source.row(c.k, upperY, x0, x1, nil)
		lower, _ = c.source.row(c.k, lowerY, x0, x1, nil)
		return upper, lower
	}
	if b.lowerY == upperY {
		b.upper, b.lower = b.lower, b.upper
		b.upperY, b.lowerY = upperY, -1
	}
	if b.upperY != upperY {
		_, b.upper = c.source.row(c.k, upperY, x0, x1, b.upper)
		b.upperY = upperY
	}
	if lowerY == upperY {
		return b.upper, b.upper
	}
	if b.lowerY != lowerY {
		_, b.lower = c.source.row(c.k, lowerY, x0, x1, b.lower)
		b.lowerY = lowerY
	}
	return b.upper, b.lower
}

// NewSampler starts a sampler with one worker a core. Close ends them.
func NewSampler() *Sampler {
	n := max(runtime.GOMAXPROCS(0), 1)
	s := &Sampler{start: make(chan int, n), workers: n, rows: make([]rowBuffer, n)}
	for range n - 1 {
		go func() {
			for band := range s.start {
				s.band(band)
				s.done.Done()
			}
		}()
	}
	return s
}

// Close ends the workers; the sampler can't be used after it.
func (s *Sampler) Close() { close(s.start) }

// Render draws a scene over all of dst, which must be packed at origin 0,0.
func (s *Sampler) Render(dst *image.RGBA, scene Scene) {
	s.dst, s.scene = dst, scene
	for len(s.columns) < len(scene.Layers) {
		s.columns = append(s.columns, columns{})
	}
	for i := range scene.Layers {
		s.columns[i].prepare(&scene.Layers[i], dst.Rect)
	}
	s.done.Add(s.workers - 1)
	for i := 1; i < s.workers; i++ {
		s.start <- i
	}
	s.band(0)
	s.done.Wait()
	// What was drawn is not held on to: pictures are large, and may not be shown again.
	s.dst, s.scene = nil, Scene{}
	for i := range s.columns {
		s.columns[i].source = nil
	}
}

// band draws one of the horizontal bands that share the work.
func (s *Sampler) band(i int) {
	h := s.dst.Rect.Dy()
	y0, y1 := h*i/s.workers, h*(i+1)/s.workers
	fill(s.dst.Pix[y0*s.dst.Stride:y1*s.dst.Stride], s.scene.Surround)
	for k := range s.scene.Layers {
		if l := &s.scene.Layers[k]; l.Ground {
			fillRect(s.dst, l.Rect.Intersect(image.Rect(0, y0, s.dst.Rect.Dx(), y1)), s.scene.Surround)
		}
		if s.columns[k].x0 < s.columns[k].x1 {
			s.layerRows(k, i, y0, y1)
		}
	}
	for k := range s.scene.Marks {
		s.scene.Marks[k].draw(s.dst, y0, y1)
	}
}

func fill(pix []uint8, c color.RGBA) {
	if len(pix) == 0 {
		return
	}
	pix[0], pix[1], pix[2], pix[3] = c.R, c.G, c.B, 255
	for n := 4; n < len(pix); n *= 2 {
		copy(pix[n:], pix[:n])
	}
}

// prepare fills the tables for a layer.
func (c *columns) prepare(l *Layer, bounds image.Rectangle) {
	rect := l.Rect.Intersect(bounds)
	c.x0, c.x1 = 0, 0
	if l.Source == nil || rect.Empty() || l.View.Scale <= 0 {
		return
	}
	k := l.Source.level(l.View.Scale)
	c.source, c.k = l.Source, k
	wide := l.Source.levels[k].Rect.Dx()
	c.x0, c.x1 = covered(l.View.CX, float64(l.View.PaneW), float64(l.Source.Width()), l.View.Scale, l.Origin.X, rect.Min.X, rect.Max.X)
	c.index, c.weight, c.right = c.index[:0], c.weight[:0], c.right[:0]
	smooth := l.smooth()
	for x := c.x0; x < c.x1; x++ {
		px := l.View.CX + (float64(x-l.Origin.X)+.5-float64(l.View.PaneW)/2)/l.View.Scale
		if !smooth {
			c.index = append(c.index, int32(clampInt(int(math.Floor(px+snap)), 0, wide-1)))
			continue
		}
		left, right, weight := blend(px, k, wide)
		c.index, c.right, c.weight = append(c.index, left), append(c.right, right), append(c.weight, weight)
	}
	if n := len(c.index); n > 0 && smooth {
		c.lo, c.hi = c.index[0], c.right[n-1]
	}
}

// snap keeps sums that should be whole numbers from falling just below them.
const snap = 1e-7

// covered returns the device pixels in [lo, hi) whose centres lie on the picture.
func covered(centre, pane, pic, scale float64, origin, lo, hi int) (from, to int) {
	first := pane/2 - centre*scale // the picture's edge in the view's pane
	last := pane/2 + (pic-centre)*scale
	from = clampInt(origin+int(math.Ceil(first-.5-snap)), lo, hi)
	to = clampInt(origin+int(math.Ceil(last-.5-snap)), from, hi)
	return from, to
}

// blend returns the two pixels of level k, n pixels long, around a coordinate at
// full size, and the second's weight in 1/256.
func blend(p float64, k, n int) (left, right int32, weight uint16) {
	u := math.Ldexp(p, -k) - .5
	i := math.Floor(u)
	w := math.Round((u - i) * 256)
	left, right = int32(clampInt(int(i), 0, n-1)), int32(clampInt(int(i)+1, 0, n-1))
	return left, right, uint16(w)
}

func clampInt(v, lo, hi int) int { return min(max(v, lo), hi) }

// layerRows draws rows y0..y1 of layer k, with the buffers of one worker.
func (s *Sampler) layerRows(k, worker, y0, y1 int) {
	l, c := &s.scene.Layers[k], &s.columns[k]
	v := &l.View
	top, bottom := max(y0, l.Rect.Min.Y), min(y1, l.Rect.Max.Y)
	top, bottom = covered(v.CY, float64(v.PaneH), float64(l.Source.Height()), v.Scale, l.Origin.Y, top, max(top, bottom))
	level, buffer := l.Source.level(v.Scale), &s.rows[worker]
	high := l.Source.levels[level].Rect.Dy()
	buffer.upperY, buffer.lowerY = -1, -1
	previous := -1
	for y := top; y < bottom; y++ {
		row := s.dst.Pix[y*s.dst.Stride+4*c.x0 : y*s.dst.Stride+4*c.x1]
		py := v.CY + (float64(y-l.Origin.Y)+.5-float64(v.PaneH)/2)/v.Scale
		if len(c.weight) > 0 {
			a, b, w := blend(py, level, high)
			c.blendRow(row, buffer, int(a), int(b), w)
		} else {
			sy := clampInt(int(math.Floor(py+snap)), 0, high-1)
			// Enlarged rows repeat; a checkerboard under them would not.
			if sy == previous && !l.Source.alpha {
				copy(row, s.dst.Pix[(y-1)*s.dst.Stride+4*c.x0:])
				continue
			}
			previous = sy
			c.nearestRow(row, buffer, sy)
		}
		l.Tone.apply(row, l.Gain)
		if l.Source.mapped && l.Painter != nil {
			l.Painter.Row(row)
		}
		if l.Source.alpha {
			overChecks(row, c.x0, y)
		}
	}
	if l.Grid {
		s.grid(l, c, top, bottom)
	}
	if l.Mask != nil {
		for y := top; y < bottom; y++ {
			l.Mask.over(s.dst.Pix[y*s.dst.Stride+4*c.x0:y*s.dst.Stride+4*c.x1], l, c.x0, y)
		}
	}
}

// nearestRow copies the source pixels that the table names.
func (c *columns) nearestRow(dst []uint8, buffer *rowBuffer, y int) {
	n := len(c.index)
	first, last := c.index[0], c.index[n-1]
	var src []uint8
	src, buffer.upper = c.source.row(c.k, y, int(first), int(last)+1, buffer.upper)
	if int(last-first) == n-1 {
		copy(dst, src) // 1:1
		return
	}
	for i, x := range c.index {
		binary.LittleEndian.PutUint32(dst[4*i:], binary.LittleEndian.Uint32(src[4*(x-first):]))
	}
}

const (
	lanes = 0x00ff00ff00ff00ff
	half  = 0x0080008000800080
)

// spread puts a pixel's four bytes into four 16-bit lanes.
func spread(p uint32) uint64 {
	x := uint64(p)
	x = (x | x<<16) & 0x0000ffff0000ffff
	return (x | x<<8) & lanes
}

// blendRow writes bilinear blends of source rows a and b.
func (c *columns) blendRow(dst []uint8, buffer *rowBuffer, a, b int, weight uint16) {
	n := int(c.hi-c.lo) + 1
	if cap(buffer.blended) < n {
		buffer.blended = make([]uint64, n)
	}
	buf := buffer.blended[:n]
	upper, lower := buffer.between(c, a, b)
	wb := uint64(weight)
	wa := 256 - wb
	for i := range buf {
		u := spread(binary.LittleEndian.Uint32(upper[4*i:]))
		l := spread(binary.LittleEndian.Uint32(lower[4*i:]))
		buf[i] = (u*wa + l*wb + half) >> 8 & lanes
	}
	for i, x := range c.index {
		w := uint64(c.weight[i])
		p := (buf[x-c.lo]*(256-w) + buf[c.right[i]-c.lo]*w + half) >> 8 & lanes
		p |= p >> 8
		binary.LittleEndian.PutUint32(dst[4*i:], uint32(p&0xffff|p>>16&0xffff0000))
	}
}

// overChecks puts premultiplied pixels on the checkerboard, which is fixed to the
// pane.
func overChecks(row []uint8, x0, y int) {
	for i := 0; i < len(row); i += 4 {
		a := row[i+3]
		if a == 255 {
			continue
		}
		grey := uint8(checkDark)
		if ((x0+i/4)/checkSide+y/checkSide)%2 == 0 {
			grey = checkLight
		}
		under := mul255(grey, 255-a)
		for c := range 3 {
			row[i+c] = uint8(min(int(row[i+c])+int(under), 255))
		}
		row[i+3] = 255
	}
}
