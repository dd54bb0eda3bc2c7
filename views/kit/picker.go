package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
)

// Picker shows one choice and opens a menu of all of them.
type Picker struct {
	control
	name, note string
	bold       bool
	Options    func() []Option
	OnChanged  func(id string)
}

// NewPicker returns a picker; options is called when the menu opens.
func NewPicker(options func() []Option, changed func(id string)) *Picker {
	p := &Picker{Options: options, OnChanged: changed}
	p.extend(p)
	return p
}

// Strong shows the choice in bold and returns the picker.
func (p *Picker) Strong() *Picker {
	p.bold = true
	return p
}

// Put sets what is shown: the choice's name and a muted note.
func (p *Picker) Put(name, note string) {
	if p.name != name || p.note != note {
		p.name, p.note = name, note
		p.Refresh()
	}
}

// Name returns the shown choice's name.
func (p *Picker) Name() string { return p.name }

// WholeWidth is how wide the picker must be to show the choice and its note.
func (p *Picker) WholeWidth() float32 {
	w := p.MinSize().Width
	if p.note != "" {
		w += 6 + fyne.MeasureText(p.note, TextSize, fyne.TextStyle{}).Width
	}
	return w
}

// Tapped implements fyne.Tappable.
func (p *Picker) Tapped(*fyne.PointEvent) {
	if p.tips != nil {
		p.tips.Hide()
	}
	if !p.disabled {
		OpenMenu(p, p.Items())
	}
}

// Items returns the lines of the picker's menu.
func (p *Picker) Items() []Item {
	var items []Item
	for _, o := range p.Options() {
		items = append(items, Item{Name: o.Name, Note: o.Note, Key: o.Key, Why: o.Why, Rule: o.Rule, Checked: o.Name == p.name, Do: func() {
			if p.OnChanged != nil {
				p.OnChanged(o.ID)
			}
		}})
	}
	return items
}

// TypedKey implements fyne.Focusable.
func (p *Picker) TypedKey(ev *fyne.KeyEvent) {
	switch ev.Name {
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter, fyne.KeyDown:
		p.Tapped(nil)
	default:
		ForwardKey(p, ev)
	}
}

// CreateRenderer implements fyne.Widget.
func (p *Picker) CreateRenderer() fyne.WidgetRenderer {
	r := &pickerRenderer{p: p, rect: canvas.NewRectangle(color.Transparent), name: canvas.NewText("", color.Black),
		note: canvas.NewText("", color.Black), mark: canvas.NewText("▾", color.Black)}
	r.rect.CornerRadius = Corner
	r.name.TextSize, r.note.TextSize, r.mark.TextSize = TextSize, TextSize, TextSize
	r.paint()
	return r
}

type pickerRenderer struct {
	p                *Picker
	rect             *canvas.Rectangle
	name, note, mark *canvas.Text
}

func (r *pickerRenderer) Destroy() {}
func (r *pickerRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.rect, r.name, r.note, r.mark}
}

func (r *pickerRenderer) MinSize() fyne.Size {
	return fyne.NewSize(fyne.MeasureText(r.p.name, TextSize, r.name.TextStyle).Width+34, ControlSize)
}

func (r *pickerRenderer) Layout(s fyne.Size) {
	r.rect.Resize(s)
	free := s.Width - 34
	r.name.Text = Shorten(r.p.name, free, TextSize, r.name.TextStyle)
	w := r.name.MinSize()
	y := (s.Height - w.Height) / 2
	r.name.Move(fyne.NewPos(10, y))
	r.note.Text = Shorten(r.p.note, free-w.Width-6, TextSize, fyne.TextStyle{})
	if 2*len(r.note.Text) < len(r.p.note) {
		r.note.Text = "" // too little is left to be understood
	}
	r.note.Move(fyne.NewPos(10+w.Width+6, y))
	r.mark.Move(fyne.NewPos(s.Width-20, y))
}

func (r *pickerRenderer) paint() {
	r.name.TextStyle.Bold = r.p.bold
	r.name.Color = theme.Color(theme.ColorNameForeground)
	if r.p.disabled {
		r.name.Color = theme.Color(ColorMuted)
	}
	r.note.Color, r.mark.Color = theme.Color(ColorMuted), theme.Color(ColorMuted)
	r.rect.FillColor = theme.Color(ColorRaised)
	if r.p.hovered && !r.p.disabled {
		r.rect.FillColor = over(r.rect.FillColor, theme.Color(theme.ColorNameHover))
	}
	focusRing(r.rect, r.p.focused)
}

func (r *pickerRenderer) Refresh() {
	r.paint()
	r.Layout(r.p.Size())
	for _, o := range r.Objects() {
		o.Refresh()
	}
}
