package curves

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// swatch is a curve's colour as a piece of its line: broken for published curves, and
// pale for those that are not drawn.
type swatch struct {
	widget.BaseWidget
	slot         int // 0: not drawn
	broken, pale bool
}

func newSwatch() *swatch {
	s := &swatch{}
	s.ExtendBaseWidget(s)
	return s
}

func (s *swatch) set(slot int, broken, pale bool) {
	if s.slot != slot || s.broken != broken || s.pale != pale {
		s.slot, s.broken, s.pale = slot, broken, pale
		s.Refresh()
	}
}

func inkOfSlot(slot int) color.NRGBA { return figureTheme("background").Ink(slot) }

// CreateRenderer implements fyne.Widget.
func (s *swatch) CreateRenderer() fyne.WidgetRenderer {
	r := &swatchRenderer{s: s, parts: [2]*canvas.Rectangle{canvas.NewRectangle(color.Transparent), canvas.NewRectangle(color.Transparent)}}
	for _, p := range r.parts {
		p.CornerRadius = 1.5
	}
	r.paint()
	return r
}

type swatchRenderer struct {
	s     *swatch
	parts [2]*canvas.Rectangle
}

func (r *swatchRenderer) Destroy()           {}
func (r *swatchRenderer) MinSize() fyne.Size { return fyne.NewSize(20, 16) }
func (r *swatchRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.parts[0], r.parts[1]}
}

// Layout keeps the line's size whatever place it gets, centred.
func (r *swatchRenderer) Layout(s fyne.Size) {
	const wide, high = 16, 3
	y := (s.Height - high) / 2
	if !r.s.broken {
		r.parts[0].Move(fyne.NewPos(2, y))
		r.parts[0].Resize(fyne.NewSize(wide, high))
		r.parts[1].Resize(fyne.Size{})
		return
	}
	for i, p := range r.parts {
		p.Move(fyne.NewPos(2+float32(i)*10, y))
		p.Resize(fyne.NewSize(6, high))
	}
}

func (r *swatchRenderer) paint() {
	c := color.NRGBA{}
	if r.s.slot > 0 {
		c = figureTheme("panel").Color(r.s.slot)
		if r.s.pale {
			c.A = 0x50
		}
	}
	for _, p := range r.parts {
		p.FillColor = c
	}
}

func (r *swatchRenderer) Refresh() {
	r.paint()
	r.Layout(r.s.Size())
	for _, p := range r.parts {
		p.Refresh()
	}
}
