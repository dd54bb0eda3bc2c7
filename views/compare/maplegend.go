package compare

import (
	"fmt"
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"codecworkbench/app/report/heatmap"
	"codecworkbench/app/workbench"
	"codecworkbench/metrics"
	"codecworkbench/views/kit"
)

// mapLegend is the scale of the map that is shown, or says why there is none.
type mapLegend struct {
	wb       *workbench.Workbench
	root     *kit.Ground
	column   *fyne.Container
	title    *kit.Text
	kind     *kit.Text
	bar      *canvas.Raster
	mark     *canvas.Rectangle // of the value under the mouse
	scaleBox *fyne.Container
	ticks    [3]*kit.Text
	notes    *fyne.Container
	noted    string

	scale heatmap.Scale
	value float64
	has   bool // value is one
}

const (
	legendWidth = 250
	barHeight   = 10
	noteColumns = 40 // characters of a note's line
)

func newMapLegend(wb *workbench.Workbench) *mapLegend {
	l := &mapLegend{wb: wb, title: kit.Strong(""), kind: kit.Muted("").Clipped(), notes: kit.Column(0)}
	l.bar = canvas.NewRaster(colorBar)
	l.mark = canvas.NewRectangle(color.White)
	l.mark.StrokeColor, l.mark.StrokeWidth = color.Black, 1
	for i := range l.ticks {
		l.ticks[i] = kit.NewText("").Small()
	}
	l.scaleBox = container.New(scaleLayout{l}, l.bar, l.mark, l.ticks[0], l.ticks[1], l.ticks[2])
	l.column = kit.Column(3, kit.Fixed(legendWidth, 0, kit.Row(6, 1, l.title, l.kind)), l.scaleBox, l.notes)
	l.root = kit.NewGround(kit.ColorVeil, kit.Corner, 10, 6, l.column)
	return l
}

// colorBar draws the scale's colours from the good end to the bad one.
func colorBar(w, h int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	colors := heatmap.Colors()
	for x := range w {
		c := colors[(heatmap.Shades-1)*x/max(w-1, 1)]
		for y := range h {
			img.SetRGBA(x, y, color.RGBA{c[0], c[1], c[2], 255})
		}
	}
	return img
}

// update shows the scale of the chosen map and what is to be said about it.
func (l *mapLegend) update() {
	info, kind, ok := l.wb.MapChosen()
	notes := l.why(ok)
	if !ok {
		l.title.Set("No map")
		set(l.kind, "")
	} else {
		l.title.Set(info.Name)
		set(l.kind, kindName(info, kind))
		l.scale = heatmap.ScaleOf(kind)
		ticks := l.scale.Ticks()
		l.ticks[0].Set(ticks[0].Label + " better")
		l.ticks[1].Set(ticks[len(ticks)/2].Label)
		l.ticks[2].Set(ticks[len(ticks)-1].Label + " worse")
	}
	show(l.scaleBox, ok)
	if notes != l.noted {
		l.noted = notes
		l.notes.Objects = nil
		if notes != "" {
			for _, line := range kit.Wrap(notes, noteColumns) {
				l.notes.Add(kit.NewText(line).Small())
			}
		}
	}
	show(l.notes, notes != "")
	l.root.Refresh()
}

// kindName names a kind of map, with its unit, where that says more than the metric's
// name does.
func kindName(info metrics.Info, kind metrics.MapKind) string {
	switch {
	case kind.Unit != "":
		return kind.Name + ", " + kind.Unit
	case kind.Name == info.Name:
		return ""
	}
	return kind.Name
}

// why says why there is nothing in colour; empty: there is, or will be.
func (l *mapLegend) why(ok bool) string {
	if !ok {
		return "No metric of this program has a map."
	}
	setup := l.wb.Setup()
	if setup.Left == workbench.Original && setup.Right == workbench.Original {
		return "The original has no errors to show. Show a candidate beside it."
	}
	text := ""
	for _, number := range []int{setup.Left, setup.Right} {
		if m, has := l.wb.Map(number); has && m.Err != "" {
			text += fmt.Sprintf("No map of %d: %s ", number, m.Err)
		}
	}
	return text
}

// point marks a value on the scale; without one the mark goes.
func (l *mapLegend) point(v float64, has bool) {
	if l.value != v || l.has != has {
		l.value, l.has = v, has
		l.placeMark()
	}
}

func (l *mapLegend) placeMark() {
	if !l.has || !(l.scale.Share(l.value) >= 0) {
		l.mark.Move(parked)
		return
	}
	l.mark.Resize(fyne.NewSize(4, barHeight+4))
	l.mark.Move(fyne.NewPos(float32(l.scale.Share(l.value))*legendWidth-2, 0))
}

// scaleLayout: the bar, its ends' and its middle value below.
type scaleLayout struct{ l *mapLegend }

// MinSize implements fyne.Layout.
func (s scaleLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(legendWidth, barHeight+6+s.l.ticks[0].MinSize().Height)
}

// Layout implements fyne.Layout.
func (s scaleLayout) Layout([]fyne.CanvasObject, fyne.Size) {
	s.l.bar.Move(fyne.NewPos(0, 2))
	s.l.bar.Resize(fyne.NewSize(legendWidth, barHeight))
	for i, t := range s.l.ticks {
		m := t.MinSize()
		t.Resize(m)
		t.Move(fyne.NewPos(float32(i)*(legendWidth-m.Width)/2, barHeight+5))
	}
	s.l.placeMark()
}
