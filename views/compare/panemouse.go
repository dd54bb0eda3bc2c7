package compare

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"codecworkbench/views/kit"
)

// grab is what a drag moves.
type grab int

const (
	nothing grab = iota
	thePicture
	theDivider
	theOverview
	theBrush
)

// reach is how near to the divider the mouse takes it, in Fyne units.
const reach = 9

// nearDivider returns the divider that the mouse takes at a position; ok is false where
// there is none.
func (p *Pane) nearDivider(pos fyne.Position) (number int, ok bool) {
	nearest := float32(reach)
	for i, x := range p.Dividers() {
		if d := float32(math.Abs(float64(pos.X - x))); d < nearest || d == nearest && pos.X > x {
			number, nearest, ok = i, d, true
		}
	}
	return number, ok
}

func (p *Pane) onOverview(pos fyne.Position) bool {
	r := p.overviewAt()
	x, y := int(pos.X*p.pixels), int(pos.Y*p.pixels)
	return x >= r.Min.X && x < r.Max.X && y >= r.Min.Y && y < r.Max.Y
}

// MouseDown implements desktop.Mouseable: it decides what a drag will move.
func (p *Pane) MouseDown(ev *desktop.MouseEvent) {
	kit.Unfocus(p)
	p.dragging = thePicture
	if ev.Button != desktop.MouseButtonPrimary {
		return
	}
	if p.onOverview(ev.Position) {
		p.dragging = theOverview
		p.goTo(ev.Position)
		return
	}
	if i, ok := p.nearDivider(ev.Position); ok {
		p.dragging, p.divider = theDivider, i
		return
	}
	if p.OnPaint != nil {
		p.dragging = theBrush
		p.paint(ev.Position, true, false)
	}
}

// MouseUp implements desktop.Mouseable.
func (p *Pane) MouseUp(ev *desktop.MouseEvent) { p.drop(ev.Position) }

// drop ends a drag.
func (p *Pane) drop(pos fyne.Position) {
	if p.dragging == theBrush {
		p.paint(pos, false, true)
	}
	p.dragging = nothing
}

func (p *Pane) paint(pos fyne.Position, first, last bool) {
	if p.OnPaint != nil {
		x, y := p.view.ToPicture(p.device(pos))
		p.OnPaint(x, y, first, last)
	}
}

// goTo shows the place of the picture that a position on the overview means.
func (p *Pane) goTo(pos fyne.Position) {
	r := p.overviewAt()
	if r.Empty() {
		return
	}
	x := (float64(pos.X*p.pixels) - float64(r.Min.X)) / float64(r.Dx())
	y := (float64(pos.Y*p.pixels) - float64(r.Min.Y)) / float64(r.Dy())
	p.setView(p.view.CentredAt(x, y))
}

// Dragged implements fyne.Draggable.
func (p *Pane) Dragged(ev *fyne.DragEvent) {
	p.hover(ev.Position)
	switch p.dragging {
	case theDivider:
		p.SetSplit(float64(ev.Position.X*p.pixels) / float64(max(p.w, 1)))
	case theOverview:
		p.goTo(ev.Position)
	case theBrush:
		p.paint(ev.Position, false, false)
	default:
		p.setView(p.view.Panned(float64(ev.Dragged.DX*p.pixels), float64(ev.Dragged.DY*p.pixels)))
	}
}

// DragEnd implements fyne.Draggable.
func (p *Pane) DragEnd() { p.drop(p.pointer) }

// Scrolled implements fyne.Scrollable: the wheel zooms around the mouse.
func (p *Pane) Scrolled(ev *fyne.ScrollEvent) {
	x, y := p.device(ev.Position)
	p.setView(p.view.ZoomAt(x, y, p.view.Scale*math.Pow(1.2, float64(ev.Scrolled.DY)/25)))
	p.hover(ev.Position)
}

// DoubleTapped implements fyne.DoubleTappable: on a divider it puts all back in their
// places, on the picture it changes between fitted and 1:1 at the mouse.
func (p *Pane) DoubleTapped(ev *fyne.PointEvent) {
	if p.OnPaint != nil || p.onOverview(ev.Position) {
		return
	}
	if _, ok := p.nearDivider(ev.Position); ok {
		places := p.places()
		for i := range places {
			places[i] = float64(i+1) / float64(len(places)+1)
		}
		p.changed()
		return
	}
	if !p.view.Fit {
		p.Fit()
		return
	}
	x, y := p.device(ev.Position)
	p.setView(p.view.ZoomAt(x, y, 1))
}

// Cursor implements desktop.Cursorable.
func (p *Pane) Cursor() desktop.Cursor { return p.cursor }

// MouseIn implements desktop.Hoverable.
func (p *Pane) MouseIn(ev *desktop.MouseEvent) { p.MouseMoved(ev) }

// MouseMoved implements desktop.Hoverable.
func (p *Pane) MouseMoved(ev *desktop.MouseEvent) {
	p.cursor = desktop.DefaultCursor
	if p.onOverview(ev.Position) {
		p.cursor = desktop.PointerCursor
	} else if _, ok := p.nearDivider(ev.Position); ok {
		p.cursor = desktop.HResizeCursor
	} else if p.OnPaint != nil {
		p.cursor = desktop.CrosshairCursor
	}
	p.hover(ev.Position)
}

// hover follows the mouse.
func (p *Pane) hover(pos fyne.Position) {
	p.pointer, p.inside = pos, true
	if p.settings.Loupe {
		p.raster.Refresh()
	}
	if p.OnHover != nil {
		x, y, ok := p.view.PixelAt(p.device(pos))
		p.OnHover(x, y, p.placeAt(pos), ok)
	}
}

// MouseOut implements desktop.Hoverable.
func (p *Pane) MouseOut() {
	p.inside = false
	if p.settings.Loupe {
		p.raster.Refresh()
	}
	if p.OnHover != nil {
		p.OnHover(0, 0, 0, false)
	}
}
