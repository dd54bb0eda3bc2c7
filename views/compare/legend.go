package compare

import (
	"fmt"
	"image"
	"image/color"
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"codecworkbench/app/report/heatmap"
	"codecworkbench/app/workbench"
	"codecworkbench/metrics"
	"codecworkbench/views/kit"
)

// legend is the scale of the map or of the difference that is shown, or says why there
// is none.
type legend struct {
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

	colors func(share float64) color.RGBA
	scale  heatmap.Scale
	value  float64
	has    bool // value is one
}

const (
	legendWidth = 250
	barHeight   = 10
	noteColumns = 40 // characters of a note's line
)

func newLegend(wb *workbench.Workbench) *legend {
	l := &legend{wb: wb, title: kit.Strong(""), kind: kit.Muted("").Clipped(), notes: kit.Column(0)}
	l.bar = canvas.NewRaster(func(w, h int) image.Image { return colorBar(l.colors, w, h) })
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

// colorBar draws a scale's colours from its left end to its right one.
func colorBar(colors func(share float64) color.RGBA, w, h int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for x := range w {
		c := color.RGBA{A: 255}
		if colors != nil {
			c = colors(float64(x) / float64(max(w-1, 1)))
		}
		for y := range h {
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

// falseColor is the colour of maps and of differences in false colours.
func falseColor(share float64) color.RGBA {
	c := heatmap.Colors()[int(share*(heatmap.Shades-1))]
	return color.RGBA{c[0], c[1], c[2], 255}
}

// greyOf is the grey of differences in the pictures' own colours.
func greyOf(share float64) color.RGBA {
	v := uint8(share * 255)
	return color.RGBA{v, v, v, 255}
}

// update shows the scale of what is shown and what is to be said about it.
func (l *legend) update() {
	switch l.wb.ViewSettings().Mode {
	case workbench.Mapped:
		l.showMap()
	case workbench.Diff:
		l.showDifference()
	}
}

// showDifference shows what the colours of a difference mean.
func (l *legend) showDifference() {
	v := l.wb.ViewSettings()
	reach := 255 / float64(max(v.Gain, 1))
	from, at, colors := 0.0, "each channel", greyOf
	switch v.Diff.Kind {
	case workbench.DiffColor:
		at, colors = "largest channel", falseColor
	case workbench.DiffSigned:
		at = "each channel, signed"
		reach = 128 / float64(max(v.Gain, 1))
		from = -reach
	}
	what := "To original"
	if panes := l.wb.Panes(); l.wb.DiffsPair() {
		what = fmt.Sprintf("%d − %d", panes[0], panes[len(panes)-1])
	}
	l.title.Set(what)
	set(l.kind, at)
	l.scale = heatmap.Scale{Good: from, Bad: reach}
	sign, plus := "", ""
	if from < 0 {
		sign, plus = "≤ ", "+"
	}
	l.ticks[0].Set(sign + strconv.FormatFloat(from, 'g', 3, 64))
	middle := strconv.FormatFloat((from+reach)/2, 'g', 3, 64)
	if from < 0 {
		middle = "0"
	}
	l.ticks[1].Set(middle)
	l.ticks[2].Set("≥ " + plus + strconv.FormatFloat(reach, 'g', 3, 64))
	l.lay(true, "", colors)
}

// showMap shows the scale of the chosen map.
func (l *legend) showMap() {
	info, kind, ok := l.wb.MapChosen()
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
	l.lay(ok, l.why(ok), falseColor)
}

// lay shows the scale, if there is one, in its colours, and notes below it.
func (l *legend) lay(scale bool, notes string, colors func(float64) color.RGBA) {
	show(l.scaleBox, scale)
	l.colors = colors
	l.bar.Refresh()
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
func (l *legend) why(ok bool) string {
	if !ok {
		return "No metric of this program has a map."
	}
	panes := l.wb.Panes()
	if !slices.ContainsFunc(panes, func(n int) bool { return n != workbench.Original }) {
		return "The original has no errors to show. Show a candidate beside it."
	}
	text := ""
	for _, number := range panes {
		if m, has := l.wb.Map(number); has && m.Err != "" {
			text += fmt.Sprintf("No map of %d: %s ", number, m.Err)
		}
	}
	return text
}

// point marks a value on the scale; without one the mark goes.
func (l *legend) point(v float64, has bool) {
	if l.value != v || l.has != has {
		l.value, l.has = v, has
		l.placeMark()
	}
}

func (l *legend) placeMark() {
	if !l.has || !(l.scale.Share(l.value) >= 0) {
		l.mark.Move(parked)
		return
	}
	l.mark.Resize(fyne.NewSize(4, barHeight+4))
	l.mark.Move(fyne.NewPos(float32(l.scale.Share(l.value))*legendWidth-2, 0))
}

// scaleLayout: the bar, its ends' and its middle value below.
type scaleLayout struct{ l *legend }

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
