package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// menuRenderer draws a menu and, beside it, the submenu that is open.
type menuRenderer struct {
	m    *Menu
	list fyne.CanvasObject
}

func (r *menuRenderer) Destroy()           {}
func (r *menuRenderer) MinSize() fyne.Size { return r.list.MinSize() }
func (r *menuRenderer) Layout(s fyne.Size) { r.list.Resize(s) }
func (r *menuRenderer) Refresh()           { r.list.Refresh() }

// Objects implements fyne.WidgetRenderer. The submenu lies outside the menu's own area.
func (r *menuRenderer) Objects() []fyne.CanvasObject {
	if r.m.beside == nil {
		return []fyne.CanvasObject{r.list}
	}
	return []fyne.CanvasObject{r.list, r.m.beside.panel}
}

// openBeside opens the submenu of a line and closes the one that was open; a line
// without one only closes.
func (m *Menu) openBeside(at int) {
	has := at >= 0 && m.items[at].Sub != nil && m.items[at].choosable()
	switch {
	case m.beside != nil && m.besideAt == at, m.beside == nil && !has:
		return
	case has:
		m.beside, m.besideAt = newSubmenu(m, at), at
	default:
		m.beside = nil
	}
	m.Refresh()
}

// newSubmenu lays a menu out at the right of its line, or at the left where there is no
// room, and no lower than the window.
func newSubmenu(parent *Menu, at int) *Menu {
	sub := &Menu{items: parent.items[at].Sub, at: -1, parent: parent}
	sub.ExtendBaseWidget(sub)
	window := canvasOf(parent).Size()
	width := sub.build(window.Width - 4*menuMargin)
	sub.panel = NewGround(theme.ColorNameOverlayBackground, Corner, menuMargin, menuMargin, sub)
	sub.panel.Stroke = ColorLine
	size := fyne.NewSize(width, min(sub.body.MinSize().Height, window.Height-6*menuMargin)).AddWidthHeight(2*menuMargin, 2*menuMargin)
	driver := fyne.CurrentApp().Driver()
	origin, line := driver.AbsolutePositionForObject(parent), driver.AbsolutePositionForObject(parent.rows[at])
	x := parent.Size().Width + 2
	if origin.X+x+size.Width > window.Width {
		x = -size.Width - 2
	}
	y := min(line.Y-menuMargin, window.Height-menuMargin-size.Height)
	sub.panel.Resize(size)
	sub.panel.Move(fyne.NewPos(x, y-origin.Y))
	return sub
}

// root is the menu that the pop-up was opened for.
func (m *Menu) root() *Menu {
	for m.parent != nil {
		m = m.parent
	}
	return m
}

// inBeside reports whether keys belong to the open submenu: a line of it is marked.
func (m *Menu) inBeside() bool { return m.beside != nil && m.beside.at >= 0 }

// besideKey handles keys that go into a submenu, act there, or lead out of it.
func (m *Menu) besideKey(ev *fyne.KeyEvent) bool {
	switch {
	case m.inBeside() && ev.Name == fyne.KeyLeft && !m.beside.inBeside():
		m.beside.mark(-1)
	case m.inBeside() && ev.Name != fyne.KeyEscape:
		m.beside.TypedKey(ev)
	case m.beside != nil && (ev.Name == fyne.KeyRight || ev.Name == fyne.KeyReturn || ev.Name == fyne.KeyEnter || ev.Name == fyne.KeySpace):
		m.beside.step(1)
	default:
		return false
	}
	return true
}

// over marks the line under the mouse, unless the mouse is on its way over that line to
// the submenu of another one.
func (m *Menu) over(at int, mouse fyne.Position) {
	moved := mouse.Subtract(m.mouse)
	m.mouse = mouse
	if m.beside != nil && m.besideAt != at {
		toRight := m.beside.panel.Position().X > 0
		if across := moved.X; toRight && across > 0 || !toRight && across < 0 {
			return
		}
	}
	m.mark(at)
}
