package kit

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// A submenu opens beside its line, under the keys and under the mouse, lies inside the
// window, and choosing in it closes all.
func TestSubmenu(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(NewTheme(Dark))
	anchor := NewButton("open", nil)
	w := test.NewTempWindow(t, anchor)
	w.Resize(fyne.NewSize(600, 200))
	got := ""
	item := func(name string) Item { return Item{Name: name, Do: func() { got = name }} }
	var many []Item
	for _, name := range []string{"One", "Two", "Three", "Four", "Five", "Six"} {
		many = append(many, item(name))
	}
	open := func() *Menu {
		return OpenMenu(anchor, []Item{item("First"), {Name: "More", Sub: many}, {Name: "Others", Sub: many[:1]}})
	}
	key := func(m *Menu, names ...fyne.KeyName) {
		for _, n := range names {
			m.TypedKey(&fyne.KeyEvent{Name: n})
		}
	}

	m := open()
	key(m, fyne.KeyDown, fyne.KeyDown)
	if m.beside == nil || m.beside.at >= 0 {
		t.Fatal("the marked line's submenu is not open, or a line of it is marked already")
	}
	panel := m.beside.panel
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(panel)
	if end := at.AddXY(panel.Size().Width, panel.Size().Height); at.Y < 0 || end.X > 600 || end.Y > 200 {
		t.Errorf("the submenu lies at %v to %v", at, end)
	}
	key(m, fyne.KeyRight, fyne.KeyLeft)
	if m.beside == nil || m.inBeside() {
		t.Error("left does not lead out of the submenu")
	}
	key(m, fyne.KeyReturn, fyne.KeyDown, fyne.KeyReturn)
	if got != "Two" || w.Canvas().Overlays().Top() != nil {
		t.Errorf("return, down, return chose %q; the menu is open: %v", got, w.Canvas().Overlays().Top() != nil)
	}

	m = open()
	m.over(1, fyne.NewPos(20, 60))
	m.over(2, fyne.NewPos(40, 80)) // on the way to the submenu
	if m.beside == nil || m.besideAt != 1 {
		t.Error("the submenu closes under a mouse that goes to it")
	}
	m.over(2, fyne.NewPos(40, 81))
	if m.besideAt != 2 || len(m.beside.items) != 1 {
		t.Error("a mouse that stays on another line does not open its submenu")
	}
	m.over(0, fyne.NewPos(40, 30))
	if m.beside != nil {
		t.Error("a line without a submenu leaves one open")
	}
	m.over(2, fyne.NewPos(40, 80))
	m.beside.Choose(0)
	if got != "One" || w.Canvas().Overlays().Top() != nil {
		t.Errorf("a tap chose %q; the menu is open: %v", got, w.Canvas().Overlays().Top() != nil)
	}
}
