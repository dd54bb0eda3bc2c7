package figure

import (
	"math"

	"codecworkbench/metrics"

	"gonum.org/v1/plot/vg"
)

// panel is one metric's place: rect holds the data, box what belongs to it.
type panel struct {
	metric    metrics.Info
	lines     []line
	x, y      axis
	box, rect vg.Rectangle
	ends      []endLabel
}

// layout is a figure with everything in its place.
type layout struct {
	*plan
	page      vg.Rectangle
	area      vg.Rectangle // the page within its margin, below the title
	title     label
	titleAt   vg.Point
	panels    []panel
	legend    *legend // nil: none
	em        vg.Length
	endLabels bool
	columns   int
	growing   bool // the page will grow by the legend below
}

// lay places everything on a page. A growing one gets room for a legend below its
// panels as it needs.
func (p *plan) lay(page vg.Rectangle, growing bool) *layout {
	columns := p.columnsFor(page.Size(), narrowPanel)
	l := p.layOut(page, columns, growing)
	if growing && l.legend != nil && l.legend.below {
		page.Max.Y += l.legend.box.Size().Y
		return p.layOut(page, columns, true)
	}
	return l
}

func (p *plan) layOut(page vg.Rectangle, columns int, growing bool) *layout {
	l := &layout{plan: p, page: page, em: p.theme.FontSize, columns: columns, endLabels: p.Legend == LegendEnds, growing: growing}
	margin := .6 * l.em
	l.area = vg.Rectangle{
		Min: vg.Point{X: page.Min.X + margin, Y: page.Min.Y + margin},
		Max: vg.Point{X: page.Max.X - margin, Y: page.Max.Y - margin},
	}
	l.placeTitle()
	switch p.Legend {
	case LegendAuto:
		l.placePanels(l.area)
		if l.legend = l.insideLegend(); l.legend == nil {
			l.outsideLegend()
		}
	case LegendOutside:
		l.outsideLegend()
	default:
		l.placePanels(l.area)
		l.nameEnds()
	}
	return l
}

func (l *layout) placeTitle() {
	title := oneLine(l.Title)
	if title == "" {
		return
	}
	size := 1.15 * l.em
	wide := l.area.Size().X
	l.title = label{text: shorten(title, size, wide, true), size: size, bold: true, color: l.theme.Text, alignX: .5, alignY: 1}
	l.titleAt = vg.Point{X: l.area.Min.X + wide/2, Y: l.area.Max.Y}
	if l.theme.TopLabels {
		l.title.alignX, l.titleAt.X = 0, l.area.Min.X
	}
	l.area.Max.Y -= size*capHeight + .9*l.em
}

// placePanels divides area among the panels and scales their axes.
func (l *layout) placePanels(area vg.Rectangle) {
	l.panels = l.panels[:0]
	n := len(l.Metrics)
	columns := l.columns
	rows := (n + columns - 1) / columns
	gap := 1.6 * l.em
	w := (area.Size().X - gap*vg.Length(columns-1)) / vg.Length(columns)
	h := (area.Size().Y - gap*vg.Length(rows-1)) / vg.Length(rows)
	for i, m := range l.Metrics {
		col, row := i%columns, i/columns
		x := area.Min.X + vg.Length(col)*(w+gap)
		y := area.Max.Y - vg.Length(row)*(h+gap) - h
		l.panels = append(l.panels, panel{
			metric: m, lines: l.data[i],
			box: vg.Rectangle{Min: vg.Point{X: x, Y: y}, Max: vg.Point{X: x + w, Y: y + h}},
		})
	}
	for i := range l.panels {
		l.scale(&l.panels[i])
	}
	l.align()
}

// How wide panels are at least, in font sizes: as their labels need, and where the page
// may grow so that curves are told apart. Two panels in a column of a paper so stand one
// over the other.
const (
	narrowPanel = 14
	goodPanel   = 18
)

// columnsFor keeps panels in one row up to three, and later near the shape of 4:3,
// but none narrower than so many font sizes.
func (p *plan) columnsFor(size vg.Point, narrowest vg.Length) int {
	n := len(p.Metrics)
	most := max(1, min(n, int(size.X/(narrowest*p.theme.FontSize))))
	if n <= 3 && size.X >= size.Y {
		return most
	}
	best, bestOff := 1, math.Inf(1)
	for c := 1; c <= most; c++ {
		rows := (n + c - 1) / c
		shape := float64(size.X) / float64(c) / (float64(size.Y) / float64(rows))
		if off := math.Abs(math.Log(shape / (4. / 3))); off < bestOff {
			best, bestOff = c, off
		}
	}
	return best
}

// scale sets a panel's ranges, ticks and data rectangle.
func (l *layout) scale(p *panel) {
	xs, ys := l.extents(p)
	p.x = rateAxis(xs, l.XRange, l.Log)
	p.y = qualityAxis(ys, l.YRange[p.metric.ID])
	em := l.em
	top := .5 * em
	if l.theme.TopLabels {
		top = 1.9 * em
	}
	top = max(top, l.theme.Head)
	p.rect = p.box
	p.rect.Max.Y -= top
	p.rect.Min.Y += .5*em + capHeight*em + .75*em + capHeight*em + descent*em // ticks' labels, axis label
	p.rect.Max.Y = max(p.rect.Max.Y, p.rect.Min.Y+1)
	p.y.from, p.y.to = p.rect.Min.Y, p.rect.Max.Y
	high := float64(p.rect.Size().Y / em)
	p.y.setTicks(int(max(2, min(9, high/2.4))), func(_ []tick, closest float64) bool { return closest*high > 1.6 })
	left := .5*em + widest(p.y.ticks, em)
	if !l.theme.TopLabels {
		left += 1.7 * em
	}
	p.rect.Min.X += left
	p.rect.Max.X -= .9 * em
	l.scaleX(p)
}

// scaleX sets what depends on the width of the data.
func (l *layout) scaleX(p *panel) {
	em := l.em
	p.rect.Max.X = max(p.rect.Max.X, p.rect.Min.X+1)
	p.x.from, p.x.to = p.rect.Min.X, p.rect.Max.X
	wide := p.rect.Size().X
	p.x.setTicks(9, func(ticks []tick, closest float64) bool {
		return vg.Length(closest)*wide > widest(ticks, em)+1.1*em
	})
}

func widest(ticks []tick, em vg.Length) vg.Length {
	var w vg.Length
	for _, t := range ticks {
		w = max(w, width(t.label, em, false))
	}
	return w
}

// align gives panels above each other one left edge, and room for labels at the
// ends of lines.
func (l *layout) align() {
	for col := range min(l.columns, len(l.panels)) {
		var left vg.Length
		for i := col; i < len(l.panels); i += l.columns {
			left = max(left, l.panels[i].rect.Min.X)
		}
		for i := col; i < len(l.panels); i += l.columns {
			p := &l.panels[i]
			p.rect.Min.X = left
			if l.endLabels {
				p.rect.Max.X -= l.endRoom(p)
			}
			l.scaleX(p)
		}
	}
}

func (l *layout) extents(p *panel) (xs, ys extent) {
	xs, ys = newExtent(), newExtent()
	for _, line := range p.lines {
		for _, run := range line.runs() {
			for i, q := range run {
				if i > 0 {
					l.addCrossings(&ys, run[i-1], q)
				}
				if l.XRange.given() && (q.x < l.XRange.Min || q.x > l.XRange.Max) {
					continue
				}
				xs.add(q.x)
				ys.add(q.y)
				ys.add(q.lo)
				ys.add(q.hi)
			}
		}
	}
	return xs, ys
}

// addCrossings adds where the line from a to b enters or leaves the range asked for.
func (l *layout) addCrossings(ys *extent, a, b point) {
	if !l.XRange.given() {
		return
	}
	for _, edge := range []float64{l.XRange.Min, l.XRange.Max} {
		if (a.x < edge) != (b.x < edge) {
			t := (edge - a.x) / (b.x - a.x)
			if l.Log {
				t = math.Log(edge/a.x) / math.Log(b.x/a.x)
			}
			ys.add(a.y + t*(b.y-a.y))
		}
	}
}
