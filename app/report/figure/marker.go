package figure

import (
	"math"

	"gonum.org/v1/plot/vg"
)

// marker is the shape of a measured point.
type marker int

const (
	circle marker = iota
	square
	triangle
	diamond
	triangleDown
	pentagon
	cross
	plus
	markers // how many there are
)

// kappa makes a quarter of a circle of a cubic Bezier curve.
const kappa = 0.5522847498

// path is the outline of a marker of equal area for all shapes; r is the circle's
// radius.
func (m marker) path(at vg.Point, r vg.Length) vg.Path {
	switch m {
	case square:
		return polygon(at, r*1.25, 4, math.Pi/4)
	case triangle:
		return polygon(at.Add(vg.Point{Y: -r * .1}), r*1.45, 3, math.Pi/2)
	case diamond:
		return polygon(at, r*1.35, 4, 0)
	case triangleDown:
		return polygon(at.Add(vg.Point{Y: r * .1}), r*1.45, 3, -math.Pi/2)
	case pentagon:
		return polygon(at, r*1.2, 5, math.Pi/2)
	case cross:
		return bars(at, r*1.35, math.Pi/4)
	case plus:
		return bars(at, r*1.4, 0)
	}
	return disc(at, r)
}

func polygon(at vg.Point, r vg.Length, corners int, turn float64) vg.Path {
	var p vg.Path
	for i := range corners {
		sin, cos := math.Sincos(turn + 2*math.Pi*float64(i)/float64(corners))
		q := vg.Point{X: at.X + r*vg.Length(cos), Y: at.Y + r*vg.Length(sin)}
		if i == 0 {
			p.Move(q)
		} else {
			p.Line(q)
		}
	}
	p.Close()
	return p
}

// bars is a cross of two bars as one outline.
func bars(at vg.Point, r vg.Length, turn float64) vg.Path {
	const half = .3 // of r
	corners := [][2]float64{
		{1, -half}, {1, half}, {half, half}, {half, 1}, {-half, 1}, {-half, half},
		{-1, half}, {-1, -half}, {-half, -half}, {-half, -1}, {half, -1}, {half, -half},
	}
	sin, cos := math.Sincos(turn)
	var p vg.Path
	for i, c := range corners {
		q := vg.Point{X: at.X + r*vg.Length(c[0]*cos-c[1]*sin), Y: at.Y + r*vg.Length(c[0]*sin+c[1]*cos)}
		if i == 0 {
			p.Move(q)
		} else {
			p.Line(q)
		}
	}
	p.Close()
	return p
}

// disc avoids arcs, which vgpdf draws as a path of their own.
func disc(at vg.Point, r vg.Length) vg.Path {
	k := r * kappa
	pt := func(x, y vg.Length) vg.Point { return vg.Point{X: at.X + x, Y: at.Y + y} }
	var p vg.Path
	p.Move(pt(r, 0))
	p.CubeTo(pt(r, k), pt(k, r), pt(0, r))
	p.CubeTo(pt(-k, r), pt(-r, k), pt(-r, 0))
	p.CubeTo(pt(-r, -k), pt(-k, -r), pt(0, -r))
	p.CubeTo(pt(k, -r), pt(r, -k), pt(r, 0))
	p.Close()
	return p
}
