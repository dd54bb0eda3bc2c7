package compare

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// divider is the line between two pictures, with a knob to take it by.
type divider struct {
	edge, line *canvas.Rectangle
	knob       *canvas.Circle
	arrows     *canvas.Text
}

const knobSide = 26

func newDivider() *divider {
	d := &divider{edge: canvas.NewRectangle(color.NRGBA{0, 0, 0, 0x60}), line: canvas.NewRectangle(color.White),
		knob: canvas.NewCircle(color.White), arrows: canvas.NewText("⇔", color.NRGBA{0x30, 0x30, 0x30, 255})}
	d.arrows.TextSize, d.arrows.Alignment = 15, fyne.TextAlignCenter
	return d
}

func (d *divider) objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{d.edge, d.line, d.knob, d.arrows}
}

// park takes the divider away.
func (d *divider) park() {
	for _, o := range d.objects() {
		o.Resize(fyne.NewSize(knobSide, knobSide))
		o.Move(parked)
	}
}

// place puts the divider at x, from top to bottom, its knob at the pane's middle.
func (d *divider) place(x, top, bottom, middle float32) {
	d.edge.Resize(fyne.NewSize(4, bottom-top))
	d.line.Resize(fyne.NewSize(2, bottom-top))
	d.edge.Move(fyne.NewPos(x-2, top))
	d.line.Move(fyne.NewPos(x-1, top))
	d.knob.Resize(fyne.NewSize(knobSide, knobSide))
	d.arrows.Resize(fyne.NewSize(knobSide, knobSide))
	d.knob.Move(fyne.NewPos(x-knobSide/2, middle-knobSide/2))
	d.arrows.Move(fyne.NewPos(x-knobSide/2, middle-knobSide/2))
}
