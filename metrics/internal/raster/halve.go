package raster

import (
	"context"
	"sync"

	"codecworkbench/codecs/nn/kernel"
)

// Planes is an RGB in memory.
type Planes struct {
	Width, Height int
	Pix           [3][]float32 // row by row
}

// Size implements RGB.
func (p *Planes) Size() (width, height int) { return p.Width, p.Height }

// Read implements RGB.
func (p *Planes) Read(dst *[3][]float32, x, y int) {
	for c, row := range dst {
		copy(row, p.Pix[c][y*p.Width+x:(y+1)*p.Width])
	}
}

// half is an RGB of half the size, made as it is read.
type half struct {
	src     RGB
	scratch sync.Pool // of *halfRows
}

// halfRows are two rows of the source, with room for their last pixel twice.
type halfRows struct{ upper, lower [3][]float32 }

// Half returns the means of 2x2 pixels; at the edge of an odd side, of the one or two
// that there are. The result's sides are half, rounded up. It keeps no pixels: reading
// takes what reading the source takes, four times.
func Half(src RGB) RGB {
	return &half{src: src, scratch: sync.Pool{New: func() any { return new(halfRows) }}}
}

// Size implements RGB.
func (h *half) Size() (width, height int) {
	width, height = h.src.Size()
	return (width + 1) / 2, (height + 1) / 2
}

// Read implements RGB.
func (h *half) Read(dst *[3][]float32, x, y int) {
	width, height := h.src.Size()
	wide := 2 * len(dst[0])
	there := min(wide, width-2*x)
	rows := h.scratch.Get().(*halfRows)
	for c := range 3 {
		if cap(rows.upper[c]) < wide {
			rows.upper[c], rows.lower[c] = make([]float32, wide), make([]float32, wide)
		}
		rows.upper[c], rows.lower[c] = rows.upper[c][:there], rows.lower[c][:there]
	}
	h.src.Read(&rows.upper, 2*x, 2*y)
	h.src.Read(&rows.lower, 2*x, min(2*y+1, height-1))
	for c, upper := range rows.upper {
		kernel.Add(upper, upper, rows.lower[c])
		whole := upper[:wide]
		whole[wide-1] = whole[there-1]
		halveRow(dst[c], whole)
	}
	h.scratch.Put(rows)
}

// halveRows is how many rows of the result one piece of Halve makes.
const halveRows = 16

// Halve returns what Half does, in memory.
func Halve(ctx context.Context, src RGB) (*Planes, error) {
	from := Half(src)
	out := &Planes{}
	out.Width, out.Height = from.Size()
	for c := range out.Pix {
		out.Pix[c] = make([]float32, out.Width*out.Height)
	}
	err := kernel.Parallel(ctx, (out.Height+halveRows-1)/halveRows, func() func(int) {
		return func(piece int) {
			for y := piece * halveRows; y < min((piece+1)*halveRows, out.Height); y++ {
				var rows [3][]float32
				for c := range rows {
					rows[c] = out.Pix[c][y*out.Width:][:out.Width]
				}
				from.Read(&rows, 0, y)
			}
		}
	})
	return out, err
}

// halveRow takes the means of two and two sums of two pixels.
func halveRow(dst, sums []float32) {
	sums = sums[:2*len(dst)]
	for i := range dst {
		two := sums[2*i : 2*i+2 : 2*i+2]
		dst[i] = 0.25 * (two[0] + two[1])
	}
}
