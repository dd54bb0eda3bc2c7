package curves

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"

	"codecworkbench/views/kit"
)

// Card is what is shown of a point under the mouse.
type Card struct {
	Name    string
	Ink     color.Color
	Lines   []string // values
	Muted   []string // what they are of
	Action  string   // what a click does
	Picture *image.RGBA
	Waiting bool // the picture comes
}

// card shows one on the screen.
type card struct {
	root    *kit.Ground
	name    *kit.Text
	lines   *fyne.Container
	picture *canvas.Image
	frame   *fyne.Container
	body    *fyne.Container
}

// Sides of a card's picture, in pixels of the window.
const (
	cardWidth  = 168
	cardHeight = 112
)

func newCard() *card {
	c := &card{name: kit.Strong(""), lines: kit.Column(2), picture: canvas.NewImageFromImage(image.NewRGBA(image.Rect(0, 0, 1, 1)))}
	c.picture.ScaleMode = canvas.ImageScaleFastest
	c.frame = kit.Fixed(cardWidth, cardHeight, c.picture)
	c.body = kit.Row(10, 1, c.frame, c.lines)
	c.root = kit.NewGround(kit.ColorPanel, kit.CardCorner, 8, 8, c.body)
	c.root.Stroke = kit.ColorLine
	return c
}

func (c *card) show(v *Card) {
	c.name.Ink = v.Ink
	c.name.Set(v.Name)
	objects := []fyne.CanvasObject{c.name}
	for _, l := range v.Lines {
		t := kit.NewText(l)
		t.Mono = true
		objects = append(objects, t)
	}
	for _, l := range v.Muted {
		objects = append(objects, kit.Muted(l))
	}
	if v.Action != "" {
		t := kit.NewText(v.Action)
		t.Color = theme.ColorNamePrimary
		objects = append(objects, t)
	}
	c.lines.Objects = objects
	c.body.Objects = []fyne.CanvasObject{c.lines}
	switch {
	case v.Picture != nil:
		c.picture.Image = v.Picture
		c.picture.Refresh()
		c.body.Objects = []fyne.CanvasObject{c.frame, c.lines}
	case v.Waiting:
		wait := kit.Muted("Coding …")
		wait.Align = fyne.TextAlignCenter
		c.body.Objects = []fyne.CanvasObject{kit.Fixed(cardWidth, cardHeight, kit.NewGround(kit.ColorRaised, 4, 0, 0, wait)), c.lines}
	}
	c.root.Refresh()
}
