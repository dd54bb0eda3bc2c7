package inside

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"codecworkbench/views/kit"
)

// board is what views of panels have in common: a content, a mark on the value that is
// read, and keys that walk from value to value, with a ring as long as they do.
type board struct {
	widget.BaseWidget
	self          fyne.Widget
	content       fyne.CanvasObject
	mark, outline *canvas.Rectangle // outline lies around the mark, to be seen on any colour
	ring          *canvas.Rectangle
	focused       bool
	filled        bool // the mark is a veil over the value, not a frame

	// place is where the mark lies; ok is false where nothing is read, nil: there is no mark.
	place func() (pos fyne.Position, size fyne.Size, ok bool)
	// walk goes on by columns and rows; 0, 0 shows where the keys are. It must bear steps
	// that are too long. leave says that nothing is read any more, pick that Return was
	// pressed on it.
	walk  func(dx, dy int)
	leave func()
	pick  func()
	// turn, where set, is called for PgUp (-1) and PgDn (1).
	turn func(by int)
}

// start sets an embedded board up.
func (b *board) start(self fyne.Widget, content fyne.CanvasObject) {
	b.self, b.content = self, content
	b.mark, b.outline, b.ring = frame(1.5), frame(1), frame(2)
	b.ExtendBaseWidget(self)
	b.update()
}

func frame(width float32) *canvas.Rectangle {
	r := canvas.NewRectangle(color.Transparent)
	r.StrokeWidth = width
	r.Hide()
	return r
}

// CreateRenderer implements fyne.Widget.
func (b *board) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.New(boardLayout{b}, b.content, b.outline, b.mark, b.ring))
}

// update puts mark and ring where they belong.
func (b *board) update() {
	var pos fyne.Position
	var size fyne.Size
	ok := false
	if b.place != nil {
		pos, size, ok = b.place()
	}
	b.mark.Hidden, b.outline.Hidden, b.ring.Hidden = !ok, !ok || b.filled, !b.focused
	b.mark.StrokeColor, b.outline.StrokeColor = color.White, color.Black
	if b.filled {
		accent, _ := color.NRGBAModel.Convert(theme.Color(theme.ColorNamePrimary)).(color.NRGBA)
		accent.A = 0x50
		b.mark.FillColor, b.mark.StrokeWidth = accent, 0
	}
	b.ring.StrokeColor, b.ring.CornerRadius = theme.Color(theme.ColorNamePrimary), 3
	b.mark.Move(pos)
	b.mark.Resize(size)
	b.outline.Move(pos.SubtractXY(1, 1))
	b.outline.Resize(size.AddWidthHeight(2, 2))
	b.ring.Resize(b.Size())
	for _, r := range [3]*canvas.Rectangle{b.outline, b.mark, b.ring} {
		r.Refresh()
	}
}

// Refresh implements fyne.Widget.
func (b *board) Refresh() {
	b.update()
	b.BaseWidget.Refresh()
}

// focus brings the keys here.
func (b *board) focus() { b.focusBeside(b.self) }

// focusBeside brings the keys to a board that is new beside an object: only what was drawn
// knows its canvas.
func (b *board) focusBeside(drawn fyne.CanvasObject) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(drawn); c != nil {
		c.Focus(b.self.(fyne.Focusable))
	}
}

// FocusGained implements fyne.Focusable.
func (b *board) FocusGained() {
	b.focused = true
	b.walk(0, 0)
	b.update()
}

// FocusLost implements fyne.Focusable.
func (b *board) FocusLost() {
	b.focused = false
	b.leave()
	b.update()
}

// TypedRune implements fyne.Focusable: the window's single keys work here too.
func (b *board) TypedRune(r rune) { kit.ForwardRune(b.self, r) }

// far is a step to an end.
const far = 1 << 20

// TypedKey implements fyne.Focusable.
func (b *board) TypedKey(ev *fyne.KeyEvent) {
	steps := map[fyne.KeyName][2]int{fyne.KeyLeft: {-1, 0}, fyne.KeyRight: {1, 0}, fyne.KeyUp: {0, -1}, fyne.KeyDown: {0, 1},
		fyne.KeyHome: {-far, -far}, fyne.KeyEnd: {far, far}}
	step, walks := steps[ev.Name]
	switch {
	case walks:
		b.walk(step[0], step[1])
	case ev.Name == fyne.KeyReturn && b.pick != nil:
		b.pick()
	case ev.Name == fyne.KeyPageUp && b.turn != nil:
		b.turn(-1)
	case ev.Name == fyne.KeyPageDown && b.turn != nil:
		b.turn(1)
	default:
		kit.ForwardKey(b.self, ev)
	}
}

// boardLayout gives the content all of the board.
type boardLayout struct{ b *board }

// MinSize implements fyne.Layout.
func (l boardLayout) MinSize(o []fyne.CanvasObject) fyne.Size { return o[0].MinSize() }

// Layout implements fyne.Layout.
func (l boardLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(s)
	l.b.update()
	l.b.ring.Resize(s)
}

// flush lets the text of a label begin where that of others does: the toolkit's labels
// have a margin.
type flush struct{}

// MinSize implements fyne.Layout.
func (flush) MinSize(o []fyne.CanvasObject) fyne.Size {
	if !o[0].Visible() {
		return fyne.Size{}
	}
	return o[0].MinSize().SubtractWidthHeight(2*theme.InnerPadding(), 0)
}

// Layout implements fyne.Layout.
func (flush) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Move(fyne.NewPos(-theme.InnerPadding(), 0))
	o[0].Resize(s.AddWidthHeight(2*theme.InnerPadding(), 0))
}
