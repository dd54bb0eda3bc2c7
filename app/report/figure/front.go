package figure

import (
	"bytes"
	"image/color"

	"codecworkbench/metrics/rd"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// front returns the points of a panel that no other beats, over all named series
// together, in the order of the horizontal axis.
func (l *layout) front(p *panel) []point {
	better := l.betterCorner(p.metric)
	var all []point
	var xys []rd.XY
	for _, line := range p.lines[:l.named] {
		for _, q := range line.points {
			if !q.drawn() {
				continue
			}
			xy := rd.XY{Rate: q.x, Quality: q.y}
			if better.right {
				xy.Rate = -q.x
			}
			if !better.top {
				xy.Quality = -q.y
			}
			all, xys = append(all, q), append(xys, xy)
		}
	}
	var out []point
	for _, i := range rd.Front(xys) {
		out = append(out, all[i])
	}
	return out
}

// frontLine is broad and pale, behind the curves whose points it joins.
func (l *layout) frontLine() draw.LineStyle {
	c := l.theme.Text
	c.A = 0x30
	return draw.LineStyle{Color: color.NRGBA(c), Width: 5 * l.theme.LineWidth}
}

func (l *layout) drawFront(c draw.Canvas, p *panel) {
	var pts []vg.Point
	for _, q := range l.front(p) {
		pts = append(pts, p.place(q))
	}
	for _, part := range clipLine(pts, p.rect) {
		c.StrokeLines(l.frontLine(), part)
	}
}

const texFrontStyle = "black, opacity=.19, mark=none, line width=5pt, line join=round"

func (l *layout) texFront(w *bytes.Buffer, p *panel) {
	w.WriteString("\\addplot[forget plot, " + texFrontStyle + "] coordinates {")
	for _, q := range l.front(p) {
		w.WriteString(texPoint(q.x, q.y) + " ")
	}
	w.WriteString("};\n")
}
