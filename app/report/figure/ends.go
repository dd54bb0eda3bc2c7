package figure

import "gonum.org/v1/plot/vg"

// endLabel is a series' name at the end of its line.
type endLabel struct {
	text   string
	series int
	box    vg.Rectangle
	end    vg.Point
	leader bool // far enough from its end to need a line
}

// endSize is the font size of names at lines' ends, a share of the figure's.
const endSize = .95

// endRoom is how much narrower the data must be for every name to fit to the right
// of its line's end.
func (l *layout) endRoom(p *panel) vg.Length {
	wide := p.rect.Size().X
	gap := l.theme.MarkerRadius + .5*l.em
	var room vg.Length
	for i, line := range p.lines[:l.named] {
		end, ok := l.visibleEnd(p, line)
		if !ok {
			continue
		}
		share := vg.Length(p.x.share(end.x))
		if share <= 0 {
			continue
		}
		need := gap + width(l.endText(p, i), endSize*l.em, false) - .9*l.em // the margin that is there
		room = max(room, wide-(wide-need)/share)
	}
	return min(room, .4*wide)
}

func (l *layout) endText(p *panel, series int) string {
	return shorten(l.series[series].label, endSize*l.em, .38*p.box.Size().X, false)
}

// visibleEnd is a line's last point within the shown range.
func (l *layout) visibleEnd(p *panel, line line) (point, bool) {
	var shown []point
	for _, q := range line.points {
		if q.drawn() && p.x.share(q.x) <= 1 && p.x.share(q.x) >= 0 && p.y.share(q.y) >= 0 && p.y.share(q.y) <= 1 {
			shown = append(shown, q)
		}
	}
	line.points = shown
	return line.last()
}

// nameEnds puts the names at the lines' ends, or outside where they could not be read
// there.
func (l *layout) nameEnds() {
	if !l.endLabels {
		return
	}
	for i := range l.panels {
		p := &l.panels[i]
		p.ends = l.placeEnds(p)
		if !l.legible(p) {
			l.endLabels = false
			l.outsideLegend()
			return
		}
	}
}

// legible wants names to keep off each other, and two in three to keep off lines.
func (l *layout) legible(p *panel) bool {
	crossed := 0
	segments := p.segments()
	for i, e := range p.ends {
		for _, o := range p.ends[:i] {
			if overlap(e.box, o.box) > .25*l.em*l.em {
				return false
			}
		}
		if p.inside(e.box) < .99 || l.Better && overlap(e.box, l.betterBox(p)) > 0 {
			return false
		}
		if linesIn(segments, e.box) > 0 {
			crossed++
		}
	}
	return 3*crossed <= len(p.ends)
}

// inside is the share of a box that lies right of the vertical axis, above the
// horizontal one, and within what belongs to the panel.
func (p *panel) inside(box vg.Rectangle) vg.Length {
	room := vg.Rectangle{Min: p.rect.Min, Max: vg.Point{X: p.box.Max.X, Y: p.rect.Max.Y + .3*box.Size().Y}}
	return overlap(box, room) / (box.Size().X * box.Size().Y)
}

// segments are the pieces of all lines; a point without neighbours is one too.
func (p *panel) segments() [][2]vg.Point {
	var list [][2]vg.Point
	for _, line := range p.lines {
		for _, run := range line.runs() {
			for i, q := range run {
				list = append(list, [2]vg.Point{p.place(run[max(i-1, 0)]), p.place(q)})
			}
		}
	}
	return list
}

// linesIn counts the pieces of lines that touch a box.
func linesIn(segments [][2]vg.Point, box vg.Rectangle) int {
	n := 0
	for _, s := range segments {
		if crosses(s[0], s[1], box) {
			n++
		}
	}
	return n
}

// placeEnds finds a place for every name, one after the other, where it covers least.
func (l *layout) placeEnds(p *panel) []endLabel {
	var placed []endLabel
	segments := p.segments()
	for i, line := range p.lines[:l.named] {
		end, ok := l.visibleEnd(p, line)
		if !ok {
			continue
		}
		e := endLabel{text: l.endText(p, i), series: i, end: p.place(end)}
		best := vg.Length(1e9)
		for k, c := range l.endChoices(e) {
			if cost := l.endCost(p, c, placed, segments) + vg.Length(k)*.5; cost < best {
				best, e = cost, c
			}
		}
		placed = append(placed, e)
	}
	return placed
}

// endChoices lists places for a name, the most natural first: right of the end, then
// above and below it, then higher and lower with a line to it.
func (l *layout) endChoices(e endLabel) []endLabel {
	size := endSize * l.em
	dim := vg.Point{X: width(e.text, size, false), Y: size}
	gap := l.theme.MarkerRadius + .45*l.em
	at := func(x, y vg.Length, leader bool) endLabel {
		c := e
		c.leader = leader
		c.box.Min = vg.Point{X: e.end.X + x, Y: e.end.Y + y - dim.Y/2}
		c.box.Max = c.box.Min.Add(dim)
		return c
	}
	choices := []endLabel{
		at(gap, 0, false), at(gap, .45*size, false), at(gap, -.45*size, false),
		at(gap*.6-dim.X, gap+.45*size, false), at(gap*.6-dim.X, -gap-.45*size, false),
	}
	for k := vg.Length(1); k <= 8; k++ {
		choices = append(choices, at(gap+.8*l.em, k*.75*size, true), at(gap+.8*l.em, -k*.75*size, true))
	}
	return choices
}

// endCost weighs what a name would cover: other names most, then lines, then what
// lies outside its panel.
func (l *layout) endCost(p *panel, e endLabel, placed []endLabel, segments [][2]vg.Point) vg.Length {
	var cost vg.Length
	box := grown(e.box, .1*l.em)
	for _, o := range placed {
		cost += 60 * overlap(box, o.box) / (l.em * l.em)
	}
	cost += 500 * (1 - p.inside(e.box))
	if l.Better {
		cost += 60 * overlap(box, l.betterBox(p)) / (l.em * l.em)
	}
	return cost + 8*vg.Length(linesIn(segments, e.box))
}
