package inside

import (
	"fmt"
	"image"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"codecworkbench/app/workbench"
	"codecworkbench/codecs"
	"codecworkbench/views/kit"
)

// here shows the symbols of the chosen place, to be replaced.
type here struct {
	wb    *workbench.Workbench
	head  fyne.CanvasObject
	root  *fyne.Container
	title *kit.Text
	pick  *kit.Picker
	help  *widget.Label
	name  *kit.Text
	field *kit.Field
	was   *kit.Text
	line  *fyne.Container
	table *numbers
	tiles *tiles
	empty *kit.Text

	in     workbench.Inside
	id     string      // of the shown Symbols
	at     image.Point // in pixels of the picture
	there  bool        // a place was chosen
	chosen int
	// OnCell is called with the place that the shown numbers describe.
	OnCell func(cell image.Rectangle)
}

func newHere(wb *workbench.Workbench) *here {
	h := &here{wb: wb, title: kit.Strong("").Clipped(), help: widget.NewLabel(""), name: kit.NewText(""), was: kit.Muted(""),
		table: newNumbers(), tiles: newTiles(), empty: kit.Muted("")}
	h.help.Wrapping, h.help.Importance = fyne.TextWrapWord, widget.LowImportance
	h.pick = kit.NewPicker(h.options, func(id string) {
		h.id = id
		h.show()
	})
	h.field = kit.NewField(78, true, func(text string) { h.replace(text) })
	h.field.OnKey = func(ev *fyne.KeyEvent) bool {
		by := map[fyne.KeyName]int{fyne.KeyUp: 1, fyne.KeyDown: -1}[ev.Name]
		if by != 0 {
			h.step(by)
		}
		return by != 0
	}
	h.table.OnChoose = func(i int) {
		h.chosen = i
		h.show()
	}
	h.table.OnStep = h.step
	h.table.OnType = h.begin
	h.tiles.OnPick = h.pickTile
	h.line = kit.Row(kit.Space, -1, h.name, h.field, h.was)
	h.title.Align = fyne.TextAlignTrailing
	h.head = kit.Row(kit.Space, 0, h.title, h.pick)
	body := container.New(hereLayout{h.table}, container.NewScroll(h.table), h.tiles.root)
	h.root = container.NewStack(container.NewBorder(h.line, container.New(flush{}, h.help), nil, nil, body), container.NewCenter(h.empty))
	return h
}

func (h *here) options() []kit.Option {
	var out []kit.Option
	for _, s := range h.in.Symbols {
		out = append(out, kit.Option{ID: s.ID, Name: s.Name})
	}
	return out
}

// set takes a file's symbols.
func (h *here) set(in workbench.Inside) {
	other := in.Number != h.in.Number || in.Codec.ID != h.in.Codec.ID || len(h.in.Symbols) == 0
	h.in = in
	if other {
		h.chosen = 0
	}
	if other && h.there {
		h.choose(h.at.X, h.at.Y)
		return
	}
	h.show()
}

// choose looks at another place, at a pixel of the picture. Where the shown symbols have
// nothing there, those that have are shown.
func (h *here) choose(x, y int) {
	h.at, h.there = image.Pt(x, y), true
	if i := h.find(h.id); i < 0 || h.values(h.in.Symbols[i]) == nil {
		for _, s := range h.in.Symbols {
			if h.values(s) != nil {
				h.id = s.ID
				break
			}
		}
	}
	h.show()
}

func (h *here) find(id string) int {
	for i, s := range h.in.Symbols {
		if s.ID == id {
			return i
		}
	}
	return -1
}

// symbols are the shown ones.
func (h *here) symbols() (s codecs.Symbols, ok bool) {
	i := h.find(h.id)
	if i < 0 {
		if len(h.in.Symbols) == 0 {
			return s, false
		}
		i = 0
		h.id = h.in.Symbols[0].ID
	}
	return h.in.Symbols[i], true
}

// place is the chosen place on a grid of symbols.
func (h *here) place(s codecs.Symbols) (x, y int) {
	return min(max(h.at.X/s.Scale, 0), s.Width-1), min(max(h.at.Y/s.Scale, 0), s.Height-1)
}

func (h *here) values(s codecs.Symbols) []int {
	x, y := h.place(s)
	return s.At(x, y)
}

func (h *here) show() {
	s, ok := h.symbols()
	setVisible(h.pick, ok && len(h.in.Symbols) > 1)
	if !ok || !h.there {
		h.nothing(ok)
		return
	}
	x, y := h.place(s)
	values := s.At(x, y)
	h.chosen = min(h.chosen, max(len(values)-1, 0))
	h.pick.Put(s.Name, "")
	h.title.Set(fmt.Sprintf("Column %d, row %d", x, y))
	h.help.SetText(s.Help)
	replaced := h.replaced(s, x, y)
	h.table.set(values, replaced, s.Columns, h.chosen)
	h.empty.Set("")
	if values == nil {
		h.empty.Set(fmt.Sprintf("No %s of this kind are coded here.", nounOf(h.in).Many))
	}
	h.showChosen(s, values, replaced)
	h.tiles.show(h.in, s, values, h.chosen, replaced)
	setVisible(h.help, !h.tiles.root.Visible()) // there is no room for both
	if h.OnCell != nil {
		h.OnCell(image.Rect(x*s.Scale, y*s.Scale, (x+1)*s.Scale, (y+1)*s.Scale))
	}
	h.head.Refresh()
	h.root.Refresh()
}

// nothing is shown where no place was chosen, or the codec has no symbols.
func (h *here) nothing(symbols bool) {
	h.title.Set("")
	h.help.SetText("")
	h.help.Show()
	h.table.set(nil, nil, 1, -1)
	h.tiles.hide()
	h.line.Hide()
	h.empty.Set(fmt.Sprintf("Click a place in the picture to see the %s that are coded there.", nounOf(h.in).Many))
	if !symbols {
		h.empty.Set("This codec does not show the numbers that it codes.")
	}
	if h.OnCell != nil {
		h.OnCell(image.Rectangle{})
	}
	h.root.Refresh()
}

// replaced are the numbers of a place that the decode takes instead of the file's.
func (h *here) replaced(s codecs.Symbols, x, y int) map[int]int {
	out := map[int]int{}
	for _, e := range h.wb.Changes().Edits {
		if e.X == x && e.Y == y && e.Part >= s.Part {
			out[e.Part-s.Part] = e.Value
		}
	}
	return out
}

func (h *here) showChosen(s codecs.Symbols, values []int, replaced map[int]int) {
	if h.chosen >= len(values) {
		h.line.Hide()
		return
	}
	h.line.Show()
	value := values[h.chosen]
	h.name.Set(numberName(s, h.chosen))
	h.was.Set(fmt.Sprintf("%d to %d; type another", s.Min, s.Max))
	if v, ok := replaced[h.chosen]; ok {
		h.was.Set(fmt.Sprintf("the file has %d", value))
		value = v
	}
	h.field.Put(strconv.Itoa(value))
}

// nounOf is what a file's numbers are called.
func nounOf(in workbench.Inside) codecs.Noun {
	n := codecs.Noun{}
	if len(in.Symbols) > 0 {
		n = in.Symbols[0].Noun
	}
	return n.Or(codecs.Noun{One: "number", Many: "numbers"})
}

// numberName says which of a place's numbers one is.
func numberName(s codecs.Symbols, i int) string {
	name := sentence(s.Noun.Or(codecs.Noun{One: "number"}).One)
	if s.Axis != "" {
		return fmt.Sprintf("%s of %s %d", name, s.Axis, i)
	}
	return fmt.Sprintf("%s %d", name, i)
}

// current is the chosen number as the decode takes it.
func (h *here) current() (s codecs.Symbols, x, y, value int, ok bool) {
	s, ok = h.symbols()
	if !ok || !h.there {
		return s, 0, 0, 0, false
	}
	x, y = h.place(s)
	values := s.At(x, y)
	if h.chosen >= len(values) {
		return s, x, y, 0, false
	}
	value = values[h.chosen]
	if v, changed := h.replaced(s, x, y)[h.chosen]; changed {
		value = v
	}
	return s, x, y, value, true
}

// begin starts typing a number in the field.
func (h *here) begin(r rune) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(h.field); c != nil {
		c.Focus(h.field)
		h.field.SetText(string(r))
		h.field.CursorColumn = 1
		h.field.Refresh()
	}
}

// replace takes what was typed for the chosen number.
func (h *here) replace(text string) {
	s, x, y, _, ok := h.current()
	v, err := strconv.Atoi(strings.TrimSpace(text))
	if !ok {
		return
	}
	if err != nil {
		h.wb.Fail(fmt.Errorf("%q is not a whole number", text))
		h.show()
		return
	}
	h.wb.ReplaceSymbol(s, x, y, h.chosen, v)
	h.show()
}

// step changes the chosen number by one step.
func (h *here) step(by int) {
	if s, x, y, v, ok := h.current(); ok {
		h.wb.ReplaceSymbol(s, x, y, h.chosen, v+by)
		h.show()
	}
}

// pickTile replaces the chosen index by a codebook's tile.
func (h *here) pickTile(tile int) {
	if s, x, y, _, ok := h.current(); ok {
		h.wb.ReplaceSymbol(s, x, y, h.chosen, tile<<s.Shift)
		h.show()
	}
}

// hereLayout gives the numbers all of the place, or where there are tiles to pick from,
// what numbers need, up to a half.
type hereLayout struct{ table *numbers }

// MinSize implements fyne.Layout.
func (l hereLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	s := o[0].MinSize()
	if o[1].Visible() {
		s.Height += o[1].MinSize().Height
	}
	return s
}

// Layout implements fyne.Layout.
func (l hereLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	h := s.Height
	if o[1].Visible() {
		h = min(l.table.MinSize().Height+kit.Gap, s.Height/2)
		o[1].Move(fyne.NewPos(0, h))
		o[1].Resize(fyne.NewSize(s.Width, s.Height-h))
	}
	o[0].Resize(fyne.NewSize(s.Width, h))
}
