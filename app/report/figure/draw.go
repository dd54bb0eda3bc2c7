package figure

import (
	"math"
	"slices"

	"codecworkbench/metrics"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Draw draws the figure on a canvas, filling its rectangle.
func (f *Figure) Draw(c draw.Canvas) error {
	p, err := f.plan()
	if err != nil {
		return err
	}
	p.lay(c.Rectangle, false).drawPage(c)
	return nil
}

// drawPage draws on a canvas that has no background yet.
func (l *layout) drawPage(c draw.Canvas) {
	c.SetColor(l.theme.Background)
	c.Fill(c.Rectangle.Path())
	l.draw(c)
}

func (l *layout) draw(c draw.Canvas) {
	l.title.draw(c, l.titleAt)
	for i := range l.panels {
		p := &l.panels[i]
		l.drawGrid(c, p)
		for k, line := range p.lines {
			l.drawBand(c, p, line, l.series[k].style)
		}
		l.drawFrame(c, p)
		if l.Front {
			l.drawFront(c, p)
		}
		// The best curve comes last, on top of the others.
		for k := len(p.lines) - 1; k >= 0; k-- {
			l.drawLine(c, p, p.lines[k], l.series[k].style)
		}
		if l.Better {
			l.drawBetter(c, p)
		}
		if l.endLabels {
			l.drawEnds(c, p)
		}
	}
	l.drawLegend(c)
}

func (l *layout) drawGrid(c draw.Canvas, p *panel) {
	grid := draw.LineStyle{Color: l.theme.Grid, Width: .6}
	for _, t := range p.y.ticks {
		y := p.y.at(t.value)
		c.StrokeLine2(grid, p.rect.Min.X, y, p.rect.Max.X, y)
	}
	if l.theme.TopLabels {
		return // horizontal lines alone, as in the window
	}
	for _, t := range p.x.ticks {
		x := p.x.at(t.value)
		c.StrokeLine2(grid, x, p.rect.Min.Y, x, p.rect.Max.Y)
	}
}

// drawFrame draws axes, ticks and labels.
func (l *layout) drawFrame(c draw.Canvas, p *panel) {
	em, r := l.em, p.rect
	frame := draw.LineStyle{Color: l.theme.Frame, Width: .7}
	c.StrokeLine2(frame, r.Min.X, r.Min.Y, r.Max.X, r.Min.Y)
	text := label{size: em, color: l.theme.Text}
	if l.theme.TopLabels {
		text.color = l.theme.Muted
	} else {
		c.StrokeLine2(frame, r.Min.X, r.Min.Y, r.Min.X, r.Max.Y)
	}
	const tickLength = .3
	for _, t := range p.x.ticks {
		x := p.x.at(t.value)
		c.StrokeLine2(frame, x, r.Min.Y, x, r.Min.Y-tickLength*em)
		text.text, text.alignX, text.alignY = t.label, .5, 1
		text.draw(c, vg.Point{X: x, Y: r.Min.Y - .55*em})
	}
	for _, t := range p.y.ticks {
		y := p.y.at(t.value)
		if !l.theme.TopLabels {
			c.StrokeLine2(frame, r.Min.X, y, r.Min.X-tickLength*em, y)
		}
		text.text, text.alignX, text.alignY = t.label, 1, .5
		text.draw(c, vg.Point{X: r.Min.X - .5*em, Y: y})
	}
	l.drawLabels(c, p, text)
	if _, ys := l.extents(p); ys.empty() {
		none := label{text: "no values", size: em, color: l.theme.Muted, alignX: .5, alignY: .5}
		none.draw(c, vg.Point{X: (r.Min.X + r.Max.X) / 2, Y: (r.Min.Y + r.Max.Y) / 2})
	}
}

// drawLabels names the axes.
func (l *layout) drawLabels(c draw.Canvas, p *panel, text label) {
	em, r := l.em, p.rect
	text.text, text.alignX, text.alignY = l.xLabel(r.Size().X), .5, 1
	text.draw(c, vg.Point{X: (r.Min.X + r.Max.X) / 2, Y: r.Min.Y - (.55+capHeight+.7)*em})
	if !l.theme.TopLabels {
		text.text, text.alignX, text.alignY, text.upwards = bracketed(p.metric), .5, 0, true
		text.draw(c, vg.Point{X: p.box.Min.X + .05*em + capHeight*em, Y: (r.Min.Y + r.Max.Y) / 2})
		return
	}
	if l.theme.Head > 0 {
		return
	}
	name := label{text: p.metric.Name, size: em, bold: true, color: l.theme.Text}
	at := vg.Point{X: p.box.Min.X, Y: r.Max.Y + .85*em}
	name.draw(c, at)
	at.X += width(name.text+" ", em, true)
	unit := label{text: p.metric.DisplayUnit(), size: em, color: l.theme.Muted}
	if p.metric.Lower {
		unit.text = direction(unit.text, em, p.box.Max.X-at.X)
	}
	unit.draw(c, at)
}

// direction puts behind a unit that lower is better, in words where there is room.
func direction(unit string, size, room vg.Length) string {
	words := "lower is better"
	if unit != "" {
		words = unit + ", " + words
	}
	if width(words, size, false) <= room {
		return words
	}
	return unit + arrow
}

// arrow marks metrics of which less is better.
const arrow = " ↓"

// bracketed is an axis label of papers: name, unit and direction.
func bracketed(m metrics.Info) string {
	s := m.Name
	if unit := m.DisplayUnit(); unit != "" {
		s += " [" + unit + "]"
	}
	if m.Lower {
		s += arrow
	}
	return s
}

const bitsPerPixel = "bits per pixel"

// xLabel spells bits per pixel out where there is room.
func (l *layout) xLabel(wide vg.Length) string {
	x := l.x
	x.Lower = false // a rate's direction needs no arrow
	if !l.theme.TopLabels {
		return bracketed(x)
	}
	switch s := x.Name + ", " + x.Unit; {
	case x.Unit == "bpp" && width(bitsPerPixel, l.em, false) <= .7*wide:
		return bitsPerPixel
	case x.Unit == "":
		return x.Name
	case x.Unit != "bpp" && width(s, l.em, false) <= .7*wide:
		return s
	}
	return x.Unit
}

func (l *layout) drawBand(c draw.Canvas, p *panel, line line, s style) {
	fill := s.color
	fill.A = 0x2c
	inner := draw.Canvas{Canvas: c.Canvas, Rectangle: p.rect}
	for _, run := range line.bands() {
		shape := make([]vg.Point, 2*len(run)) // the upper edge, and the lower one back
		for i, q := range run {
			x := p.x.at(q.x)
			shape[i] = vg.Point{X: x, Y: p.y.at(q.hi)}
			shape[len(shape)-1-i] = vg.Point{X: x, Y: p.y.at(q.lo)}
		}
		if len(run) > 1 {
			c.FillPolygon(fill, inner.ClipPolygonXY(shape))
		}
	}
}

func (l *layout) drawLine(c draw.Canvas, p *panel, line line, s style) {
	stroke := draw.LineStyle{Color: s.color, Width: s.width, Dashes: s.dash}
	for _, run := range line.runs() {
		pts := make([]vg.Point, len(run))
		for i, q := range run {
			pts[i] = p.place(q)
		}
		for _, part := range clipLine(pts, p.rect) {
			c.StrokeLines(stroke, part)
		}
	}
	if s.bare {
		return
	}
	r := l.markerRadius(p, line)
	for _, q := range line.points {
		if at := p.place(q); r > 0 && q.drawn() && contains(p.rect, at) {
			l.drawMarker(c, s, at, r)
		}
	}
}

// markerRadius is smaller where points lie dense, and 0 where they would only blur
// the line: by the median of their distances on the page.
func (l *layout) markerRadius(p *panel, line line) vg.Length {
	r := l.theme.MarkerRadius
	if p.rect.Size().X < 150 || l.named > 8 {
		r *= .85
	}
	var apart []float64
	for _, run := range line.runs() {
		for i := 1; i < len(run); i++ {
			d := p.place(run[i]).Sub(p.place(run[i-1]))
			apart = append(apart, math.Hypot(float64(d.X), float64(d.Y)))
		}
	}
	if len(apart) < 4 {
		return r
	}
	slices.Sort(apart)
	switch median := vg.Length(apart[len(apart)/2]); {
	case median < 1.2*r:
		return 0
	case median < 3.5*r:
		return max(.6*r, median/3.5)
	}
	return r
}

// drawMarker gives the marker a thin rim of the background, which keeps lines apart
// where they cross.
func (l *layout) drawMarker(c draw.Canvas, s style, at vg.Point, r vg.Length) {
	c.SetLineDash(nil, 0)
	path := s.marker.path(at, r)
	if s.hollow {
		c.SetColor(l.theme.Background)
		c.Fill(path)
		c.SetColor(s.color)
		c.SetLineWidth(s.width)
		c.Stroke(path)
		return
	}
	c.SetColor(l.theme.Background)
	c.SetLineWidth(.8)
	c.Stroke(path)
	c.SetColor(s.color)
	c.Fill(path)
}

func (l *layout) drawBetter(c draw.Canvas, p *panel) {
	where := l.betterCorner(p.metric)
	size := betterSize * l.em
	arrow, gap := betterArrow*size, betterGap*size
	text := label{text: betterText, size: size, color: l.theme.Muted}
	box := l.betterBox(p)
	tail := vg.Point{X: box.Min.X + arrow, Y: box.Min.Y}
	at := vg.Point{X: tail.X + gap, Y: box.Min.Y}
	if where.right {
		at.X = box.Min.X
		tail.X = box.Max.X - arrow
	}
	text.draw(c, at)
	l.drawArrow(c, tail, where, arrow)
}

// Measures of the mark of the better corner, in units of its font's size.
const (
	betterText  = "better"
	betterSize  = .95 // of the figure's
	betterArrow = .75
	betterGap   = .3
)

// betterBox is where the mark of the better corner stands.
func (l *layout) betterBox(p *panel) vg.Rectangle {
	size := betterSize * l.em
	dim := vg.Point{X: width(betterText, size, false) + (betterGap+betterArrow)*size, Y: capHeight * size}
	return l.betterCorner(p.metric).place(p.rect, dim, .6*l.em)
}

// drawArrow draws an arrow from its tail towards a corner; the font has no such
// letter.
func (l *layout) drawArrow(c draw.Canvas, tail vg.Point, to corner, length vg.Length) {
	sign := func(positive bool) vg.Length {
		if positive {
			return 1
		}
		return -1
	}
	dx, dy := sign(to.right)*length, sign(to.top)*length
	if !to.top {
		tail.Y += length
	}
	head := tail.Add(vg.Point{X: dx, Y: dy})
	line := draw.LineStyle{Color: l.theme.Muted, Width: .8}
	c.StrokeLines(line, []vg.Point{tail, head})
	c.StrokeLines(line, []vg.Point{head.Add(vg.Point{X: -dx * .6}), head, head.Add(vg.Point{Y: -dy * .6})})
}

func (l *layout) drawEnds(c draw.Canvas, p *panel) {
	for _, e := range p.ends {
		s := l.series[e.series].style
		if e.leader {
			thin := draw.LineStyle{Color: mixLinear(s.color, l.theme.Background, .4), Width: .5}
			to := vg.Point{X: e.box.Min.X - .2*l.em, Y: (e.box.Min.Y + e.box.Max.Y) / 2}
			c.StrokeLine2(thin, e.end.X, e.end.Y, to.X, to.Y)
		}
		name := label{text: e.text, size: endSize * l.em, color: s.text, alignY: .5}
		name.draw(c, vg.Point{X: e.box.Min.X, Y: (e.box.Min.Y + e.box.Max.Y) / 2})
	}
}

func (l *layout) drawLegend(c draw.Canvas) {
	g := l.legend
	if g == nil {
		return
	}
	origin := vg.Point{X: g.box.Min.X, Y: g.box.Max.Y}
	if g.framed {
		c.SetColor(l.theme.Background)
		c.Fill(g.box.Path())
		c.SetLineStyle(draw.LineStyle{Color: l.theme.Grid, Width: .6})
		c.Stroke(g.box.Path())
		origin = origin.Add(vg.Point{X: .55 * l.em, Y: -.42 * l.em})
	}
	for i, text := range g.labels {
		col, row := i/g.rows, i%g.rows
		at := origin.Add(vg.Point{X: vg.Length(col) * g.cell.X, Y: -(vg.Length(row) + .5) * g.cell.Y})
		name := label{text: text, size: l.em, color: l.theme.Text, alignY: .5}
		cut := i == len(g.labels)-1 && len(g.labels) < len(l.names())
		switch {
		case cut:
		case i == l.named:
			c.StrokeLine2(l.frontLine(), at.X, at.Y, at.X+swatch*l.em, at.Y)
		default:
			s := l.series[i].style
			c.StrokeLine2(draw.LineStyle{Color: s.color, Width: s.width, Dashes: s.dash}, at.X, at.Y, at.X+swatch*l.em, at.Y)
			l.drawMarker(c, s, at.Add(vg.Point{X: swatch / 2 * l.em}), l.theme.MarkerRadius)
		}
		name.draw(c, at.Add(vg.Point{X: (swatch + swatchGap) * l.em}))
	}
}
