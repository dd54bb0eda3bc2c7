package kit

import (
	"image/color"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// Chip is a candidate's number on its colour.
type Chip struct {
	widget.BaseWidget
	number int
}

// NewChip returns the chip of a candidate.
func NewChip(number int) *Chip {
	c := &Chip{number: number}
	c.ExtendBaseWidget(c)
	return c
}

// SetNumber changes the candidate.
func (c *Chip) SetNumber(n int) {
	if c.number != n {
		c.number = n
		c.Refresh()
	}
}

// Number returns the candidate's number.
func (c *Chip) Number() int { return c.number }

// CreateRenderer implements fyne.Widget.
func (c *Chip) CreateRenderer() fyne.WidgetRenderer {
	r := &chipRenderer{c: c, rect: canvas.NewRectangle(color.Transparent), text: canvas.NewText("", color.Black)}
	r.text.TextSize, r.text.TextStyle.Bold, r.text.Alignment = SmallSize, true, fyne.TextAlignCenter
	r.rect.CornerRadius = 4
	r.paint()
	return r
}

type chipRenderer struct {
	c    *Chip
	rect *canvas.Rectangle
	text *canvas.Text
}

func (r *chipRenderer) Destroy()           {}
func (r *chipRenderer) MinSize() fyne.Size { return fyne.NewSize(20, 16) }
func (r *chipRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.rect, r.text}
}

// Layout keeps the chip's size whatever place it gets, centred.
func (r *chipRenderer) Layout(s fyne.Size) {
	size := r.MinSize()
	pos := fyne.NewPos(0, (s.Height-size.Height)/2)
	r.rect.Resize(size)
	r.rect.Move(pos)
	min := r.text.MinSize()
	r.text.Resize(fyne.NewSize(size.Width, min.Height))
	r.text.Move(pos.AddXY(0, (size.Height-min.Height)/2))
}

func (r *chipRenderer) paint() {
	fill := Series(r.c.number)
	r.rect.FillColor = fill
	r.text.Color = InkOn(fill)
	r.text.Text = strconv.Itoa(r.c.number)
}

func (r *chipRenderer) Refresh() {
	r.paint()
	r.rect.Refresh()
	r.text.Refresh()
}
