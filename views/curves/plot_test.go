package curves

import (
	"image"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"codecworkbench/app/report/figure"
	"codecworkbench/metrics"
	"codecworkbench/metrics/rd"
	"codecworkbench/views/kit"
)

// plotOf shows two curves over two metrics in a window of the test driver.
func plotOf(t *testing.T) *Plot {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(kit.NewTheme(kit.Dark))
	heads := []*kit.Picker{kit.NewPicker(nil, nil), kit.NewPicker(nil, nil)}
	p := NewPlot("background", heads...)
	p.OnOver = func(series, index int) *Card { return &Card{Name: "point", Lines: []string{"1 bpp"}} }
	w := test.NewTempWindow(t, p)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(800, 400))
	f := &figure.Figure{KeepOrder: true, Metrics: []metrics.Info{{ID: "psnr-rgb", Name: "PSNR", Unit: "dB"}, {ID: "gmsd", Name: "GMSD", Lower: true}}}
	for i := range 2 {
		c := rd.Curve{Name: string(rune('a' + i))}
		for k := range 5 {
			c.Points = append(c.Points, rd.Point{Q: float64(k), Values: map[string]float64{
				rd.KeyBPP: float64(k+1) / 4, "psnr-rgb": 30 + 2*float64(k+i), "gmsd": 0.2 - 0.02*float64(k+i)}})
		}
		f.Series = append(f.Series, figure.Series{Curve: c})
	}
	p.SetFigure(f)
	return p
}

func at(p *Plot, panel, series, index int) fyne.Position {
	for _, m := range p.Panels()[panel].Marks {
		if m.Series == series && m.Point == index {
			return p.units(m.X, m.Y, 0)
		}
	}
	return fyne.Position{}
}

// The mouse on a point marks it in both panels and shows its card; beside all points
// there is none.
func TestLinkedHover(t *testing.T) {
	p := plotOf(t)
	test.MoveMouse(fyne.CurrentApp().Driver().CanvasForObject(p), at(p, 0, 1, 2).AddXY(2, 2))
	for i := range 2 {
		want := at(p, i, 1, 2)
		if got := p.rings[i].Position().AddXY(ringSide/2., ringSide/2.); math.Hypot(float64(got.X-want.X), float64(got.Y-want.Y)) > 1 {
			t.Errorf("panel %d: the ring stands at %v, the point at %v", i, got, want)
		}
	}
	if p.card.root.Position() == parked || p.card.name.Value() != "point" {
		t.Errorf("card %q at %v", p.card.name.Value(), p.card.root.Position())
	}
	p.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(1, 399)}})
	if p.card.root.Position() != parked || p.rings[0].Position() != parked {
		t.Error("the card stays beside all points")
	}
}

// drag draws a box over a panel, given in shares of its sides.
func drag(p *Plot, panel int, x0, y0, x1, y1 float64) {
	r := p.Panels()[panel].Rect
	pos := func(x, y float64) fyne.Position {
		return p.units(float64(r.Min.X)+x*float64(r.Dx()), float64(r.Min.Y)+y*float64(r.Dy()), 0)
	}
	p.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: pos(x0, y0)}})
	p.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: pos(x1, y1)}})
	p.DragEnd()
}

// A box zooms both axes of its panel and the other panel's rate; a flat one the rate
// alone; a double click shows all again.
func TestBoxZoom(t *testing.T) {
	p := plotOf(t)
	all := p.Panels()[0]
	lo, _ := all.ToData(float64(all.Rect.Min.X), 0)
	hi, _ := all.ToData(float64(all.Rect.Max.X), 0)
	drag(p, 0, 0.25, 0.25, 0.75, 0.75)
	f := p.Shown()
	if want := lo + 0.25*(hi-lo); math.Abs(f.XRange.Min-want) > 0.02 || math.Abs(f.XRange.Max-(lo+0.75*(hi-lo))) > 0.02 {
		t.Errorf("a box over the middle shows %v of %v to %v", f.XRange, lo, hi)
	}
	if r := f.YRange["psnr-rgb"]; !(r.Min > 30 && r.Max < 40 && r.Max > r.Min) {
		t.Errorf("and %v dB", r)
	}
	if _, ok := f.YRange["gmsd"]; ok {
		t.Error("the other panel's vertical axis was cut")
	}
	if x, _ := p.Panels()[1].ToData(float64(p.Panels()[1].Rect.Min.X), 0); math.Abs(x-f.XRange.Min) > 0.02 {
		t.Errorf("the other panel begins at %v", x)
	}
	beside := p.units(float64(p.Panels()[0].Rect.Max.X-3), float64(p.Panels()[0].Rect.Max.Y-3), 0)
	for range 2 {
		p.Tapped(&fyne.PointEvent{Position: beside})
	}
	if p.Zoomed() {
		t.Error("a double click leaves a part shown")
	}
	drag(p, 1, 0.1, 0.5, 0.4, 0.5)
	if f := p.Shown(); f.XRange == (figure.Range{}) || len(f.YRange) != 0 {
		t.Errorf("a flat box cuts %v and %v", f.XRange, f.YRange)
	}
}

// The wheel zooms around the pointer and never beyond all.
func TestWheel(t *testing.T) {
	p := plotOf(t)
	pos := at(p, 0, 0, 2)
	x := 0.75
	p.Scrolled(&fyne.ScrollEvent{PointEvent: fyne.PointEvent{Position: pos}, Scrolled: fyne.NewDelta(0, -25)})
	if p.Zoomed() {
		t.Error("the wheel shows more than all")
	}
	p.Scrolled(&fyne.ScrollEvent{PointEvent: fyne.PointEvent{Position: pos}, Scrolled: fyne.NewDelta(0, 25)})
	panel := p.Panels()[0]
	px, _ := panel.ToPixel(x, 34)
	if got := p.units(px, 0, 0); math.Abs(float64(got.X-pos.X)) > 1.5 {
		t.Errorf("the point under the pointer moved from %v to %v", pos.X, got.X)
	}
	for range 200 {
		p.Scrolled(&fyne.ScrollEvent{PointEvent: fyne.PointEvent{Position: pos}, Scrolled: fyne.NewDelta(0, 25)})
	}
	if p.Err() != nil {
		t.Errorf("after much zooming: %v", p.Err())
	}
}

// Controls stand over their panels, and the marks of settings follow the zoom.
func TestHeadsAndSpots(t *testing.T) {
	p := plotOf(t)
	for i, h := range p.heads {
		box := p.Panels()[i].Box
		if got := int(h.Position().X * p.drawn.scale); got != box.Min.X {
			t.Errorf("control %d stands at %d, its panel at %d", i, got, box.Min.X)
		}
	}
	p.SetSpots([]Spot{{Number: 2, X: 0.75, Y: map[string]float64{"psnr-rgb": 34}}})
	before := p.spots[0].Position()
	drag(p, 0, 0.3, 0.2, 0.9, 0.9)
	after := p.spots[0].Position()
	x, y := p.Panels()[0].ToPixel(0.75, 34)
	if before == after || !image.Pt(int(x), int(y)).In(p.Panels()[0].Rect) || p.units(x, y, spotSide) != after {
		t.Errorf("the mark went from %v to %v, its setting is at %v, %v", before, after, x, y)
	}
}

// A curve stands out while it is asked for; what is exported has none that does.
func TestStandOut(t *testing.T) {
	p := plotOf(t)
	p.StandOut("b")
	if f := p.fig; !f.Series[0].Dim || f.Series[1].Dim {
		t.Errorf("dim: %v, %v", f.Series[0].Dim, f.Series[1].Dim)
	}
	if f := p.Shown(); f.Series[0].Dim {
		t.Error("what is exported is dim")
	}
	p.StandOut("nobody")
	if p.fig.Series[0].Dim || p.whole.Series[0].Dim {
		t.Error("all are dim")
	}
}
