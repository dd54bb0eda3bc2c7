package inside

import (
	"image/color"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"codecworkbench/views/kit"
)

// numbers is a table of whole numbers of which one can be chosen, by a tap or by the
// arrow keys; replaced ones stand out, zeros stay back.
type numbers struct {
	widget.BaseWidget
	values   []int
	replaced map[int]int // by index: what stands in the file's place
	columns  int
	chosen   int // -1: none
	focused  bool

	OnChoose func(i int)
	// OnStep is called to change the chosen number by a step, up or down.
	OnStep func(by int)
	// OnType is called with the first character of a number that the user types.
	OnType func(r rune)
}

func newNumbers() *numbers {
	n := &numbers{chosen: -1, columns: 8}
	n.ExtendBaseWidget(n)
	return n
}

// set shows numbers; replaced holds those that a decode takes instead.
func (n *numbers) set(values []int, replaced map[int]int, columns, chosen int) {
	n.values, n.replaced, n.columns, n.chosen = values, replaced, max(columns, 1), chosen
	n.Refresh()
}

const (
	numberHeight = 19
	numberLeast  = 32
	numberMost   = 64
)

func (n *numbers) rows() int { return (len(n.values) + n.columns - 1) / n.columns }

func (n *numbers) width() float32 {
	return min(max((n.Size().Width-tableEnd)/float32(n.columns), numberLeast), numberMost)
}

// Tapped implements fyne.Tappable.
func (n *numbers) Tapped(ev *fyne.PointEvent) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(n); c != nil {
		c.Focus(n)
	}
	x, y := int(ev.Position.X/n.width()), int(ev.Position.Y/numberHeight)
	if i := y*n.columns + x; x < n.columns && i < len(n.values) && n.OnChoose != nil {
		n.OnChoose(i)
	}
}

// FocusGained implements fyne.Focusable.
func (n *numbers) FocusGained() {
	n.focused = true
	n.Refresh()
}

// FocusLost implements fyne.Focusable.
func (n *numbers) FocusLost() {
	n.focused = false
	n.Refresh()
}

// TypedRune implements fyne.Focusable: a digit or a sign begins a number.
func (n *numbers) TypedRune(r rune) {
	if (r == '-' || r >= '0' && r <= '9') && n.chosen >= 0 && n.OnType != nil {
		n.OnType(r)
		return
	}
	if r == '+' && n.OnStep != nil && n.chosen >= 0 {
		n.OnStep(1)
		return
	}
	kit.ForwardRune(n, r)
}

// TypedKey implements fyne.Focusable: arrows move, PgUp and PgDn change the number.
func (n *numbers) TypedKey(ev *fyne.KeyEvent) {
	step := map[fyne.KeyName]int{fyne.KeyLeft: -1, fyne.KeyRight: 1, fyne.KeyUp: -n.columns, fyne.KeyDown: n.columns}[ev.Name]
	switch {
	case step != 0:
		if i := n.chosen + step; i >= 0 && i < len(n.values) && n.OnChoose != nil {
			n.OnChoose(i)
		}
	case ev.Name == fyne.KeyPageUp && n.OnStep != nil:
		n.OnStep(1)
	case ev.Name == fyne.KeyPageDown && n.OnStep != nil:
		n.OnStep(-1)
	default:
		kit.ForwardKey(n, ev)
	}
}

// Cursor implements desktop.Cursorable.
func (n *numbers) Cursor() desktop.Cursor { return desktop.PointerCursor }

// CreateRenderer implements fyne.Widget.
func (n *numbers) CreateRenderer() fyne.WidgetRenderer {
	r := &numbersRenderer{n: n, mark: canvas.NewRectangle(color.Transparent)}
	r.mark.CornerRadius = 3
	r.Refresh()
	return r
}

type numbersRenderer struct {
	n     *numbers
	mark  *canvas.Rectangle
	texts []*canvas.Text
}

func (r *numbersRenderer) Destroy() {}

func (r *numbersRenderer) Objects() []fyne.CanvasObject {
	out := []fyne.CanvasObject{r.mark}
	for _, t := range r.texts {
		out = append(out, t)
	}
	return out
}

func (r *numbersRenderer) MinSize() fyne.Size {
	return fyne.NewSize(float32(r.n.columns)*numberLeast+tableEnd, float32(r.n.rows())*numberHeight)
}

func (r *numbersRenderer) Layout(fyne.Size) {
	w := r.n.width()
	for i, t := range r.texts {
		t.Move(fyne.NewPos(float32(i%r.n.columns)*w, float32(i/r.n.columns)*numberHeight+(numberHeight-t.MinSize().Height)/2))
		t.Resize(fyne.NewSize(w-8, t.MinSize().Height))
	}
	r.mark.Hidden = r.n.chosen < 0 || r.n.chosen >= len(r.n.values)
	r.mark.Move(fyne.NewPos(float32(r.n.chosen%r.n.columns)*w, float32(r.n.chosen/r.n.columns)*numberHeight))
	r.mark.Resize(fyne.NewSize(w-2, numberHeight-1))
}

func (r *numbersRenderer) Refresh() {
	n := r.n
	for len(r.texts) < len(n.values) {
		t := canvas.NewText("", color.White)
		t.TextSize, t.TextStyle.Monospace, t.Alignment = 12, true, fyne.TextAlignTrailing
		r.texts = append(r.texts, t)
	}
	r.texts = r.texts[:len(n.values)]
	for i, t := range r.texts {
		v := n.values[i]
		t.Color, t.TextStyle.Bold = theme.Color(theme.ColorNameForeground), false
		if v == 0 {
			t.Color = theme.Color(kit.ColorMuted)
		}
		if other, ok := n.replaced[i]; ok {
			v = other
			t.Color, t.TextStyle.Bold = theme.Color(theme.ColorNameWarning), true
		}
		t.Text = strconv.Itoa(v)
	}
	r.mark.FillColor = theme.Color(kit.ColorAccentGround)
	r.mark.StrokeWidth = 0
	if n.focused {
		r.mark.StrokeColor, r.mark.StrokeWidth = theme.Color(theme.ColorNamePrimary), 1.5
	}
	r.Layout(n.Size())
	canvas.Refresh(n)
}
