package viewport

import (
	"image"
	"math"
)

// Tiles divides a pane of w x h device pixels into n equal tiles with a gap between
// them, in rows and columns chosen so that the fitted picture is as large as can be.
// Columns are preferred where rows gain little: one looks from side to side most
// easily. The last row may be left with free places.
func Tiles(n, picW, picH, w, h, gap int) []image.Rectangle {
	n = max(n, 1)
	best, bestScale := n, 0.0
	for cols := n; cols >= 1; cols-- {
		rows := (n + cols - 1) / cols
		tw, th := (w-(cols-1)*gap)/cols, (h-(rows-1)*gap)/rows
		scale := View{PicW: picW, PicH: picH, PaneW: tw, PaneH: th}.fitScale()
		if scale > bestScale*columnsFirst {
			best, bestScale = cols, scale
		}
	}
	rows := (n + best - 1) / best
	tw, th := max((w-(best-1)*gap)/best, 1), max((h-(rows-1)*gap)/rows, 1)
	// What does not divide evenly is left at the outer edges.
	left, top := (w-best*tw-(best-1)*gap)/2, (h-rows*th-(rows-1)*gap)/2
	out := make([]image.Rectangle, n)
	for i := range out {
		at := image.Pt(left+i%best*(tw+gap), top+i/best*(th+gap))
		out[i] = image.Rectangle{at, at.Add(image.Pt(tw, th))}
	}
	return out
}

// columnsFirst is how many times larger the picture must get for more rows.
const columnsFirst = 1.15

// Overview returns the place of a small picture of the whole, at most side device pixels
// long, in the corner of an area: at its bottom left.
func Overview(picW, picH, side int, area image.Rectangle) image.Rectangle {
	scale := float64(side) / float64(max(picW, picH, 1))
	w, h := max(int(math.Round(float64(picW)*scale)), 4), max(int(math.Round(float64(picH)*scale)), 4)
	return image.Rect(area.Min.X, area.Max.Y-h, area.Min.X+w, area.Max.Y)
}

// Whole returns the view that shows all of the picture in a pane without a margin.
func (v View) Whole(w, h int) View {
	v.PaneW, v.PaneH = w, h
	v.Scale = math.Max(float64(w)/float64(max(v.PicW, 1)), float64(h)/float64(max(v.PicH, 1)))
	v.CX, v.CY = float64(v.PicW)/2, float64(v.PicH)/2
	v.Fit = false
	return v
}

// Visible returns the part of the picture that the pane shows, 0 to 1 of its sides.
func (v View) Visible() (x0, y0, x1, y1 float64) {
	ax, ay := v.ToPicture(0, 0)
	bx, by := v.ToPicture(float64(v.PaneW), float64(v.PaneH))
	w, h := math.Max(float64(v.PicW), 1), math.Max(float64(v.PicH), 1)
	return clamp(ax/w, 0, 1), clamp(ay/h, 0, 1), clamp(bx/w, 0, 1), clamp(by/h, 0, 1)
}

// CentredAt returns the view moved so that a point of the picture, 0 to 1 of its sides,
// is at the pane's centre, as far as clamping lets it.
func (v View) CentredAt(x, y float64) View {
	v.CX, v.CY = x*float64(v.PicW), y*float64(v.PicH)
	v.Fit = false
	return v.clamped()
}
