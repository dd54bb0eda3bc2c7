package figure

import (
	"fmt"

	"codecworkbench/metrics"
	"codecworkbench/metrics/rd"

	"gonum.org/v1/plot/vg"
)

// legend is a table of the series' lines and names.
type legend struct {
	box           vg.Rectangle
	labels        []string // shortened; the last may count what did not fit
	columns, rows int
	cell          vg.Point
	below         bool
	framed        bool // inside of a panel, at a corner
	panel         int  // which
	where         corner
}

// Measures of a legend in units of the font's size.
const (
	swatch     = 2.8 // the piece of line
	swatchGap  = .5
	legendLine = 1.45
)

// newLegend makes the labels at most wide, as narrow as they allow.
func (l *layout) newLegend(wide vg.Length) *legend {
	g := &legend{columns: 1}
	var w vg.Length
	for _, name := range l.names() {
		text := shorten(name, l.em, wide-(swatch+swatchGap)*l.em, false)
		g.labels = append(g.labels, text)
		w = max(w, width(text, l.em, false))
	}
	g.rows = len(g.labels)
	g.cell = vg.Point{X: w + (swatch+swatchGap)*l.em, Y: legendLine * l.em}
	return g
}

// frontName is the Pareto front's in a legend.
const frontName = "Pareto front"

// names are what a legend lists.
func (l *layout) names() []string {
	var names []string
	for _, s := range l.series[:l.named] {
		names = append(names, s.label)
	}
	if l.Front {
		names = append(names, frontName)
	}
	return names
}

// insideLegend finds a corner of a panel where the legend covers no data, lower
// right first, and is nil where there is none.
func (l *layout) insideLegend() *legend {
	const pad, inset = .55, .7
	for i := range l.panels {
		p := &l.panels[i]
		room := p.rect.Size()
		g := l.newLegend(.7 * room.X)
		g.framed = true
		size := vg.Point{X: g.cell.X + 2*pad*l.em, Y: vg.Length(g.rows)*g.cell.Y + 1.5*pad*l.em}
		if size.X > .75*room.X || size.Y > .8*room.Y {
			continue
		}
		for _, c := range cornersFor(p.metric) {
			if l.Better && c == l.betterCorner(p.metric) {
				continue
			}
			g.box = c.place(p.rect, size, inset*l.em)
			g.panel, g.where = i, c
			if p.free(g.box, .6*l.em) {
				return g
			}
		}
	}
	return nil
}

// corner of a rectangle.
type corner struct{ right, top bool }

// cornersFor lists corners by habit: curves rise to the upper right or, where lower
// is better, fall to the lower right.
func cornersFor(m metrics.Info) []corner {
	if m.Lower {
		return []corner{{true, true}, {false, false}, {true, false}, {false, true}}
	}
	return []corner{{true, false}, {false, true}, {true, true}, {false, false}}
}

func (c corner) place(in vg.Rectangle, size vg.Point, inset vg.Length) vg.Rectangle {
	at := vg.Point{X: in.Min.X + inset, Y: in.Min.Y + inset}
	if c.right {
		at.X = in.Max.X - inset - size.X
	}
	if c.top {
		at.Y = in.Max.Y - inset - size.Y
	}
	return vg.Rectangle{Min: at, Max: at.Add(size)}
}

// free reports whether no line, marker or band comes within gap of a box.
func (p *panel) free(box vg.Rectangle, gap vg.Length) bool {
	box = grown(box, gap)
	if linesIn(p.segments(), box) > 0 {
		return false
	}
	for _, l := range p.lines {
		for _, run := range l.bands() {
			for i, q := range run {
				before := run[max(i-1, 0)]
				for _, edge := range [][2]float64{{before.lo, q.lo}, {before.hi, q.hi}} {
					a := vg.Point{X: p.x.at(before.x), Y: p.y.at(edge[0])}
					b := vg.Point{X: p.x.at(q.x), Y: p.y.at(edge[1])}
					if crosses(a, b, box) {
						return false
					}
				}
			}
		}
	}
	return true
}

func (p *panel) place(q point) vg.Point { return vg.Point{X: p.x.at(q.x), Y: p.y.at(q.y)} }

func grown(r vg.Rectangle, by vg.Length) vg.Rectangle {
	d := vg.Point{X: by, Y: by}
	return vg.Rectangle{Min: r.Min.Sub(d), Max: r.Max.Add(d)}
}

// outsideLegend places the legend right of the panels or, where they would get too
// narrow, below them.
func (l *layout) outsideLegend() {
	size := l.area.Size()
	gap := 1.2 * l.em
	g := l.newLegend(.4 * size.X)
	l.legend = g
	const narrowest = 22 // of a panel, in font sizes
	if left := size.X - g.cell.X - gap; left/vg.Length(l.columns) >= narrowest*l.em && vg.Length(g.rows)*g.cell.Y <= size.Y {
		area := l.area
		area.Max.X = area.Min.X + left
		l.placePanels(area)
		top := l.panels[0].rect.Max.Y
		g.box = vg.Rectangle{
			Min: vg.Point{X: area.Max.X + gap, Y: top - vg.Length(g.rows)*g.cell.Y},
			Max: vg.Point{X: l.area.Max.X, Y: top},
		}
		if g.box.Min.Y >= l.area.Min.Y {
			return
		}
	}
	l.legendBelow()
}

func (l *layout) legendBelow() {
	size := l.area.Size()
	g := l.newLegend(size.X)
	l.legend = g
	between := 1.4 * l.em
	n := len(g.labels)
	g.below = true
	g.columns = max(1, min(n, int((size.X+between)/(g.cell.X+between))))
	g.rows = (n + g.columns - 1) / g.columns
	g.columns = (n + g.rows - 1) / g.rows // no empty column
	most := max(1, int(.55*size.Y/g.cell.Y))
	if g.rows > most && !l.growing {
		g.rows = most
		fit := g.rows * g.columns
		g.labels = append(g.labels[:fit-1], fmt.Sprintf("and %d more", n-fit+1))
	}
	g.cell.X += between
	high := vg.Length(g.rows) * g.cell.Y
	area := l.area
	area.Min.Y += high + .6*l.em
	l.placePanels(area)
	wide := vg.Length(g.columns)*g.cell.X - between
	left := l.area.Min.X + (size.X-wide)/2
	if g.columns == 1 || l.theme.TopLabels {
		left = min(left, l.panels[0].rect.Min.X)
		left = max(l.area.Min.X, min(left, l.area.Max.X-wide))
	}
	g.box = vg.Rectangle{Min: vg.Point{X: left, Y: l.area.Min.Y}, Max: vg.Point{X: left + wide, Y: l.area.Min.Y + high}}
}

// betterCorner is where curves are best: less rate, or more of anything else, with
// more quality.
func (l *layout) betterCorner(m metrics.Info) corner {
	lower := l.x.Lower || l.x.ID == rd.KeyBPP
	return corner{right: !lower, top: !m.Lower}
}
