package kit

import (
	"slices"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Item is a line of a menu.
type Item struct {
	Name string
	Note string // muted, in a column of its own
	Key  string // its shortcut, at the right
	// Why says what keeps the item from being chosen now, in a line of its own.
	Why      string
	Disabled bool // can't be chosen, for a reason that needs no words
	Checked  bool
	Rule     bool // a line before it
	Do       func()
	// Toggle, in place of Do, switches the item on or off and returns which it is now;
	// the menu stays open for more.
	Toggle func() bool
	// Sub, in place of Do, are the lines of a menu that opens beside this line.
	Sub []Item
}

func (i Item) choosable() bool { return !i.Disabled && i.Why == "" }

// Menu is a list to choose from, over the window. Fyne's own has no column for
// notes, is as wide as its longest line, and writes shortcuts too faint to read.
type Menu struct {
	widget.BaseWidget
	items []Item
	rows  []*menuRow
	body  *fyne.Container
	popup *widget.PopUp
	at    int // the marked row; -1: none
	// beside is the menu of line besideAt, while that is open; it opens from its parent
	// and lies in the same pop-up.
	beside   *Menu
	besideAt int
	parent   *Menu
	panel    *Ground       // of a submenu
	mouse    fyne.Position // where it was last
	// Side is called for the keys left (-1) and right (1), after the menu was closed;
	// nil: they do nothing.
	Side func(step int)
}

const (
	menuMost   = 760 // widest menu
	menuMargin = 4
)

// OpenMenu shows a menu below an object, or above it where there is no room.
func OpenMenu(anchor fyne.CanvasObject, items []Item) *Menu {
	c := canvasOf(anchor)
	if c == nil || len(items) == 0 {
		return nil
	}
	m := &Menu{items: items, at: slices.IndexFunc(items, func(i Item) bool { return i.Checked })}
	m.ExtendBaseWidget(m)
	width := m.build(c.Size().Width - 4*menuMargin)
	size := fyne.NewSize(width, min(m.body.MinSize().Height, c.Size().Height-6*menuMargin)).AddWidthHeight(2*menuMargin, 2*menuMargin)
	m.popup = widget.NewPopUp(m, c)
	m.popup.Resize(size)
	place := fyne.CurrentApp().Driver().AbsolutePositionForObject(anchor)
	x := max(min(place.X, c.Size().Width-size.Width-menuMargin), menuMargin)
	y := place.Y + anchor.Size().Height + 2
	if y+size.Height > c.Size().Height-menuMargin {
		y = max(place.Y-size.Height-2, menuMargin)
	}
	m.popup.ShowAtPosition(fyne.NewPos(x, y))
	c.Focus(m)
	return m
}

// build makes the rows and returns how wide the menu must be.
func (m *Menu) build(most float32) float32 {
	names, notes, keys := m.columns()
	width := min(names+notes+keys, menuMost, most)
	checked := slices.ContainsFunc(m.items, func(i Item) bool { return i.Checked || i.Toggle != nil })
	if checked {
		width += 18
	}
	var objects []fyne.CanvasObject
	for i, item := range m.items {
		if item.Rule && i > 0 {
			objects = append(objects, NewGround("", 0, 0, 3, nil), NewGround(ColorLine, 0, 0, 0.5, nil), NewGround("", 0, 0, 3, nil))
		}
		r := newMenuRow(m, i, names, width, checked)
		m.rows = append(m.rows, r)
		objects = append(objects, r)
	}
	m.body = Column(0, objects...)
	m.paint(m.at)
	return width
}

// columns measures the names, and the notes and keys with the gaps before them.
func (m *Menu) columns() (names, notes, keys float32) {
	for _, i := range m.items {
		names = max(names, fyne.MeasureText(i.Name, TextSize, fyne.TextStyle{}).Width)
		if i.Note != "" {
			notes = max(notes, fyne.MeasureText(i.Note, TextSize, fyne.TextStyle{}).Width+16)
		}
		if i.Why != "" {
			notes = max(notes, 240)
		}
		if i.Sub != nil {
			keys = max(keys, 28)
		}
		if i.Key != "" {
			keys = max(keys, fyne.MeasureText(i.Key, SmallSize, fyne.TextStyle{Monospace: true}).Width+28)
		}
	}
	return names + 2*Space, notes, keys
}

// CreateRenderer implements fyne.Widget.
func (m *Menu) CreateRenderer() fyne.WidgetRenderer {
	return &menuRenderer{m: m, list: container.NewVScroll(m.body)}
}

// mark marks a line and opens its submenu, in place of another one that is open.
func (m *Menu) mark(at int) {
	m.paint(at)
	m.openBeside(at)
}

func (m *Menu) paint(at int) {
	m.at = at
	for i, r := range m.rows {
		r.paint(i == at)
	}
}

// Items returns the menu's lines.
func (m *Menu) Items() []Item { return m.items }

// Choose closes the menu and does what line i says; a line to be toggled leaves it
// open.
func (m *Menu) Choose(i int) {
	if i < 0 || i >= len(m.items) || !m.items[i].choosable() {
		return
	}
	if toggle := m.items[i].Toggle; toggle != nil {
		m.items[i].Checked = toggle()
		m.rows[i].check(m.items[i].Checked)
		m.mark(i)
		return
	}
	if m.items[i].Sub != nil {
		m.mark(i)
		return
	}
	m.root().popup.Hide()
	if do := m.items[i].Do; do != nil {
		do()
	}
}

// FocusGained implements fyne.Focusable.
func (m *Menu) FocusGained() {}

// FocusLost implements fyne.Focusable.
func (m *Menu) FocusLost() {}

// TypedRune implements fyne.Focusable: a letter goes to the next line that begins
// with it.
func (m *Menu) TypedRune(r rune) {
	if m.inBeside() {
		m.beside.TypedRune(r)
		return
	}
	for k := 1; k <= len(m.items); k++ {
		i := (max(m.at, 0) + k) % len(m.items)
		if m.items[i].choosable() && strings.HasPrefix(strings.ToLower(m.items[i].Name), string(unicode.ToLower(r))) {
			m.mark(i)
			return
		}
	}
}

// TypedKey implements fyne.Focusable.
func (m *Menu) TypedKey(ev *fyne.KeyEvent) {
	if m.besideKey(ev) {
		return
	}
	switch ev.Name {
	case fyne.KeyDown:
		m.step(1)
	case fyne.KeyUp:
		m.step(-1)
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		m.Choose(m.at)
	case fyne.KeyEscape:
		m.popup.Hide()
	case fyne.KeyLeft, fyne.KeyRight:
		if m.Side != nil {
			m.popup.Hide()
			m.Side(map[fyne.KeyName]int{fyne.KeyLeft: -1, fyne.KeyRight: 1}[ev.Name])
		}
	}
}

// step marks the next line that can be chosen, round the ends.
func (m *Menu) step(by int) {
	n := len(m.items)
	at := m.at
	if at < 0 && by < 0 {
		at = 0
	}
	for range n {
		at = ((at+by)%n + n) % n
		if m.items[at].choosable() {
			m.mark(at)
			return
		}
	}
}

// menuRow is one line on the screen.
type menuRow struct {
	widget.BaseWidget
	menu   *Menu
	index  int
	ground *Ground
	tick   *Text // where the menu has ticks
}

func newMenuRow(m *Menu, i int, names, width float32, checked bool) *menuRow {
	item := m.items[i]
	name, note, key := NewText(item.Name).Clipped(), Muted(item.Note).Clipped(), Muted(item.Key).Small()
	key.Mono = true
	if !item.choosable() {
		name.Color = ColorMuted
	}
	var parts []fyne.CanvasObject
	tick := NewText("")
	tick.Color = theme.ColorNamePrimary
	if checked {
		parts = append(parts, Fixed(18-Space, 0, tick))
	}
	parts = append(parts, Fixed(names-2*Space, 0, name))
	if item.Sub != nil {
		key = Muted("▸")
	}
	if item.Why == "" {
		parts = append(parts, note, key)
	} else {
		why := Column(0)
		for _, line := range Wrap(item.Why, int((min(width, menuMost)-names-2*Space)/6)) {
			why.Add(Muted(line).Small().Clipped())
		}
		parts = append(parts, why)
	}
	grow := 1
	if checked {
		grow = 2
	}
	r := &menuRow{menu: m, index: i, tick: tick, ground: NewGround("", Corner-2, Space, 5, Row(Space, grow, parts...))}
	r.check(item.Checked)
	r.ExtendBaseWidget(r)
	return r
}

// check sets or takes away the row's tick.
func (r *menuRow) check(on bool) {
	if on {
		r.tick.Set("✓")
	} else {
		r.tick.Set("")
	}
}

func (r *menuRow) paint(marked bool) {
	fill := fyne.ThemeColorName("")
	if marked && r.menu.items[r.index].choosable() {
		fill = ColorAccentGround
	}
	r.ground.SetFill(fill, "")
}

// CreateRenderer implements fyne.Widget.
func (r *menuRow) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(r.ground) }

// Tapped implements fyne.Tappable.
func (r *menuRow) Tapped(*fyne.PointEvent) { r.menu.Choose(r.index) }

// MouseIn implements desktop.Hoverable.
func (r *menuRow) MouseIn(ev *desktop.MouseEvent) { r.menu.over(r.index, ev.AbsolutePosition) }

// MouseMoved implements desktop.Hoverable.
func (r *menuRow) MouseMoved(ev *desktop.MouseEvent) { r.menu.over(r.index, ev.AbsolutePosition) }

// MouseOut implements desktop.Hoverable.
func (r *menuRow) MouseOut() {}
