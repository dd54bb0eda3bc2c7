package inside

import (
	"fmt"
	"image/color"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"codecworkbench/app/workbench"
	"codecworkbench/views/kit"
)

// byteView shows a part's bytes, to be changed: a tap chooses one, two hexadecimal digits
// replace it.
type byteView struct {
	wb     *workbench.Workbench
	head   fyne.CanvasObject
	root   fyne.CanvasObject
	title  *kit.Text
	damage *kit.Button
	trust  *kit.Switch
	grid   *byteGrid
	in     workbench.Inside
	part   int

	changes int // bytes that were changed
}

func newByteView(wb *workbench.Workbench, tips *kit.Tips) *byteView {
	v := &byteView{wb: wb, title: kit.Strong("").Clipped(), grid: newByteGrid()}
	v.damage = kit.NewButton("Damage", func() { wb.DamagePart(v.part) })
	v.damage.SetTip(tips, "Flips the bits of one byte of this part and decodes what is left. Again: another byte.")
	v.trust = kit.NewSwitch("Ignore checksums", wb.TrustDamage)
	v.trust.SetTip(tips, "Decodes damaged sections as they are, to see what an entropy coder makes of a wrong byte. Otherwise they count as lost.")
	v.grid.OnType = func(offset int, value byte) { wb.ChangeByte(offset, value) }
	v.head, v.root = kit.Row(kit.Space, 0, v.title, v.trust, v.damage), v.grid
	return v
}

// show takes a file and the part to look at.
func (v *byteView) show(in workbench.Inside, part int) {
	from, n := in.Span(part)
	name := ""
	if part >= 0 && part < len(in.Parts) {
		name = in.Parts[part].Name
	}
	if part != v.part || in.Number != v.in.Number || n != v.grid.n {
		v.grid.first, v.grid.chosen = 0, -1
	}
	v.in, v.part = in, part
	v.title.Set(name)
	v.damage.SetDisabled(n == 0)
	setVisible(v.trust, in.Codec.Native == "" && in.Number != 0)
	c := v.wb.Changes()
	v.trust.Set(c.Trust)
	changed := map[int]byte{}
	for _, b := range c.Bytes {
		changed[b.Offset] = b.Value
	}
	v.grid.set(in.Data, from, n, changed)
	if k := len(c.Bytes); k > v.changes {
		v.grid.show(c.Bytes[k-1].Offset - from)
	}
	v.changes = len(c.Bytes)
	v.head.Refresh()
}

// byteGrid is a window on the bytes of a part.
type byteGrid struct {
	widget.BaseWidget
	data    []byte // of the file
	from, n int    // the part
	changed map[int]byte
	first   int // row at the top
	chosen  int // offset in the part; -1: none
	digit   int // the first of two typed digits; -1: none
	focused bool
	OnType  func(offset int, value byte)
}

func newByteGrid() *byteGrid {
	g := &byteGrid{chosen: -1, digit: -1}
	g.ExtendBaseWidget(g)
	return g
}

func (g *byteGrid) set(data []byte, from, n int, changed map[int]byte) {
	g.data, g.from, g.n, g.changed = data, from, n, changed
	g.Refresh()
}

const (
	byteWidth   = 25
	byteHeight  = 19
	offsetWidth = 62
)

// columns is a power of two that fits.
func (g *byteGrid) columns() int {
	n := 4
	for n < 32 && offsetWidth+float32(2*n)*byteWidth <= g.Size().Width {
		n *= 2
	}
	return n
}

func (g *byteGrid) rows() int { return max(int(g.Size().Height/byteHeight), 1) }

// total is the number of rows that the part has.
func (g *byteGrid) total() int { return (g.n + g.columns() - 1) / g.columns() }

func (g *byteGrid) scroll(rows int) {
	g.first = min(max(g.first+rows, 0), max(g.total()-g.rows(), 0))
	g.Refresh()
}

// Scrolled implements fyne.Scrollable.
func (g *byteGrid) Scrolled(ev *fyne.ScrollEvent) {
	switch {
	case ev.Scrolled.DY > 0:
		g.scroll(-3)
	case ev.Scrolled.DY < 0:
		g.scroll(3)
	}
}

// choose marks a byte of the part and brings it into view.
func (g *byteGrid) choose(at int) {
	if at < 0 || at >= g.n {
		return
	}
	g.chosen, g.digit = at, -1
	g.show(at)
}

// show brings a byte of the part into view.
func (g *byteGrid) show(at int) {
	if at < 0 || at >= g.n {
		return
	}
	row := at / g.columns()
	if row < g.first || row >= g.first+g.rows() {
		g.first = max(row-g.rows()/2, 0)
	}
	g.Refresh()
}

// Tapped implements fyne.Tappable.
func (g *byteGrid) Tapped(ev *fyne.PointEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(g); c != nil {
		c.Focus(g)
	}
	x, y := int((ev.Position.X-offsetWidth)/byteWidth), int(ev.Position.Y/byteHeight)
	if ev.Position.X >= offsetWidth && x < g.columns() {
		g.choose((g.first+y)*g.columns() + x)
	}
}

// FocusGained implements fyne.Focusable.
func (g *byteGrid) FocusGained() {
	g.focused = true
	g.Refresh()
}

// FocusLost implements fyne.Focusable.
func (g *byteGrid) FocusLost() {
	g.focused, g.digit = false, -1
	g.Refresh()
}

// TypedRune implements fyne.Focusable: two hexadecimal digits replace the chosen byte.
func (g *byteGrid) TypedRune(r rune) {
	v, err := strconv.ParseUint(string(r), 16, 8)
	if err != nil || g.chosen < 0 {
		kit.ForwardRune(g, r)
		return
	}
	if g.digit < 0 {
		g.digit = int(v)
		g.Refresh()
		return
	}
	value, at := byte(g.digit<<4)|byte(v), g.chosen
	g.choose(min(at+1, g.n-1))
	g.OnType(g.from+at, value)
}

// TypedKey implements fyne.Focusable.
func (g *byteGrid) TypedKey(ev *fyne.KeyEvent) {
	n := g.columns()
	step := map[fyne.KeyName]int{fyne.KeyLeft: -1, fyne.KeyRight: 1, fyne.KeyUp: -n, fyne.KeyDown: n,
		fyne.KeyPageUp: -n * g.rows(), fyne.KeyPageDown: n * g.rows()}[ev.Name]
	if step == 0 {
		kit.ForwardKey(g, ev)
		return
	}
	g.choose(min(max(g.chosen+step, 0), g.n-1))
}

// Cursor implements desktop.Cursorable.
func (g *byteGrid) Cursor() desktop.Cursor { return desktop.PointerCursor }

// MinSize implements fyne.CanvasObject.
func (g *byteGrid) MinSize() fyne.Size {
	return fyne.NewSize(offsetWidth+4*byteWidth, 2*byteHeight)
}

// CreateRenderer implements fyne.Widget.
func (g *byteGrid) CreateRenderer() fyne.WidgetRenderer {
	r := &byteGridRenderer{g: g, mark: canvas.NewRectangle(color.Transparent)}
	r.mark.CornerRadius = 3
	return r
}

type byteGridRenderer struct {
	g     *byteGrid
	mark  *canvas.Rectangle
	texts []*canvas.Text
}

func (r *byteGridRenderer) Destroy()           {}
func (r *byteGridRenderer) MinSize() fyne.Size { return r.g.MinSize() }

func (r *byteGridRenderer) Objects() []fyne.CanvasObject {
	out := []fyne.CanvasObject{r.mark}
	for _, t := range r.texts {
		out = append(out, t)
	}
	return out
}

// text is the next free object, at a place.
func (r *byteGridRenderer) text(i int, text string, x, y float32) *canvas.Text {
	if i == len(r.texts) {
		t := canvas.NewText("", color.White)
		t.TextSize, t.TextStyle.Monospace = 12, true
		r.texts = append(r.texts, t)
	}
	t := r.texts[i]
	t.Text, t.TextStyle.Bold = text, false
	t.Move(fyne.NewPos(x, y+1))
	t.Resize(t.MinSize())
	return t
}

func (r *byteGridRenderer) Layout(fyne.Size) {
	g, used := r.g, 0
	ink, muted := theme.Color(theme.ColorNameForeground), theme.Color(kit.ColorMuted)
	columns := g.columns()
	g.first = min(g.first, max(g.total()-g.rows(), 0))
	r.mark.Hidden = true
	for row := range min(g.rows(), g.total()-g.first) {
		at, y := (g.first+row)*columns, float32(row)*byteHeight
		r.text(used, fmt.Sprintf("%7d", g.from+at), 0, y).Color = muted
		used++
		for x := range min(columns, g.n-at) {
			offset := g.from + at + x
			value, changed := g.changed[offset]
			if !changed {
				value = g.data[offset]
			}
			text := fmt.Sprintf("%02x", value)
			left := offsetWidth + float32(x)*byteWidth
			if at+x == g.chosen {
				r.mark.Hidden = false
				r.mark.Move(fyne.NewPos(left-3, y))
				r.mark.Resize(fyne.NewSize(byteWidth-3, byteHeight-1))
				if g.digit >= 0 {
					text = fmt.Sprintf("%x_", g.digit)
				}
			}
			t := r.text(used, text, left, y)
			t.Color = ink
			if changed {
				t.Color, t.TextStyle.Bold = theme.Color(theme.ColorNameWarning), true
			}
			used++
		}
	}
	r.texts = r.texts[:used]
}

func (r *byteGridRenderer) Refresh() {
	r.mark.FillColor, r.mark.StrokeWidth = theme.Color(kit.ColorAccentGround), 0
	if r.g.focused {
		r.mark.StrokeColor, r.mark.StrokeWidth = theme.Color(theme.ColorNamePrimary), 1.5
	}
	r.Layout(r.g.Size())
	canvas.Refresh(r.g)
}
