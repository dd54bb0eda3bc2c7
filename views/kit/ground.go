package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Ground is a coloured rounded rectangle behind a content with a margin.
type Ground struct {
	widget.BaseWidget
	Fill, Stroke fyne.ThemeColorName // empty: none
	Corner       float32
	MarginX      float32
	MarginY      float32
	Content      fyne.CanvasObject // may be nil
}

// NewGround returns a ground in a theme colour.
func NewGround(fill fyne.ThemeColorName, corner, mx, my float32, content fyne.CanvasObject) *Ground {
	g := &Ground{Fill: fill, Corner: corner, MarginX: mx, MarginY: my, Content: content}
	g.ExtendBaseWidget(g)
	return g
}

// Card returns a panel with a border.
func Card(content fyne.CanvasObject) *Ground {
	g := NewGround(ColorPanel, CardCorner, PanelPadding, Wide, content)
	g.Stroke = ColorLine
	return g
}

// Veil returns the translucent ground of labels over pictures.
func Veil(content fyne.CanvasObject) *Ground {
	return NewGround(ColorVeil, Corner, Space, 4, content)
}

// SetFill changes the colours.
func (g *Ground) SetFill(fill, stroke fyne.ThemeColorName) {
	if g.Fill != fill || g.Stroke != stroke {
		g.Fill, g.Stroke = fill, stroke
		g.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (g *Ground) CreateRenderer() fyne.WidgetRenderer {
	r := &groundRenderer{g: g, rect: canvas.NewRectangle(color.Transparent)}
	r.paint()
	return r
}

type groundRenderer struct {
	g    *Ground
	rect *canvas.Rectangle
}

func (r *groundRenderer) Destroy() {}

func (r *groundRenderer) Objects() []fyne.CanvasObject {
	if r.g.Content == nil {
		return []fyne.CanvasObject{r.rect}
	}
	return []fyne.CanvasObject{r.rect, r.g.Content}
}

func (r *groundRenderer) MinSize() fyne.Size {
	var s fyne.Size
	if r.g.Content != nil {
		s = r.g.Content.MinSize()
	}
	return s.AddWidthHeight(2*r.g.MarginX, 2*r.g.MarginY)
}

func (r *groundRenderer) Layout(s fyne.Size) {
	r.rect.Resize(s)
	if r.g.Content != nil {
		r.g.Content.Move(fyne.NewPos(r.g.MarginX, r.g.MarginY))
		r.g.Content.Resize(s.SubtractWidthHeight(2*r.g.MarginX, 2*r.g.MarginY))
	}
}

func (r *groundRenderer) paint() {
	r.rect.FillColor, r.rect.StrokeColor, r.rect.StrokeWidth = color.Transparent, color.Transparent, 0
	if r.g.Fill != "" {
		r.rect.FillColor = theme.Color(r.g.Fill)
	}
	if r.g.Stroke != "" {
		r.rect.StrokeColor, r.rect.StrokeWidth = theme.Color(r.g.Stroke), 1
	}
	r.rect.CornerRadius = r.g.Corner
}

func (r *groundRenderer) Refresh() {
	r.paint()
	r.rect.Refresh()
	if r.g.Content != nil {
		r.g.Content.Refresh()
	}
}
