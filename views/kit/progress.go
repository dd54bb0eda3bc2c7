package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Bar is a thin bar that fills with progress.
type Bar struct {
	widget.BaseWidget
	value float64
}

// NewBar returns an empty bar.
func NewBar() *Bar {
	b := &Bar{}
	b.ExtendBaseWidget(b)
	return b
}

// Set shows how much is done, 0 to 1.
func (b *Bar) Set(v float64) {
	if b.value != v {
		b.value = v
		b.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (b *Bar) CreateRenderer() fyne.WidgetRenderer {
	r := &barRenderer{b: b, track: canvas.NewRectangle(color.Transparent), full: canvas.NewRectangle(color.Transparent)}
	r.track.CornerRadius, r.full.CornerRadius = 2, 2
	r.paint()
	return r
}

type barRenderer struct {
	b           *Bar
	track, full *canvas.Rectangle
}

func (r *barRenderer) Destroy()                     {}
func (r *barRenderer) MinSize() fyne.Size           { return fyne.NewSize(40, 4) }
func (r *barRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.track, r.full} }

func (r *barRenderer) Layout(s fyne.Size) {
	y := (s.Height - 4) / 2
	r.track.Move(fyne.NewPos(0, y))
	r.track.Resize(fyne.NewSize(s.Width, 4))
	r.full.Move(fyne.NewPos(0, y))
	r.full.Resize(fyne.NewSize(s.Width*float32(min(max(r.b.value, 0), 1)), 4))
}

func (r *barRenderer) paint() {
	r.track.FillColor, r.full.FillColor = theme.Color(ColorTrack), theme.Color(theme.ColorNamePrimary)
}

func (r *barRenderer) Refresh() {
	r.paint()
	r.Layout(r.b.Size())
	r.track.Refresh()
	r.full.Refresh()
}
