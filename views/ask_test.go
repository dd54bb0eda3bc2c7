package views

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"codecworkbench/views/kit"
)

// Escape closes what is open at the first press, wherever the focus is, and nothing is
// done; Return in the field does it.
func TestEscapeCloses(t *testing.T) {
	h := newHarness(t)
	c := h.win.Canvas()
	escape := func() {
		ev := &fyne.KeyEvent{Name: fyne.KeyEscape}
		if f := c.Focused(); f != nil {
			f.TypedKey(ev)
		} else {
			c.OnTypedKey()(ev)
		}
	}
	done := 0
	save := func() { h.askPath("Save", "a.png", []string{".png"}, func(string) { done++ }) }
	open := map[string]func(){
		"a path": save, "about": h.about, "shortcuts": h.shortcuts, "palette": h.palette, "metrics": h.compare.ChooseMetrics,
	}
	for name, f := range open {
		for tabs := range 5 {
			f()
			if c.Overlays().Top() == nil {
				t.Fatalf("%s does not open", name)
			}
			for range tabs {
				c.FocusNext()
			}
			if escape(); c.Overlays().Top() != nil {
				t.Errorf("%s is open after Escape, %d stops on", name, tabs)
				c.Overlays().Remove(c.Overlays().Top())
			}
		}
	}
	if done > 0 {
		t.Error("Escape saved")
	}
	save()
	field, ok := c.Focused().(*kit.Field)
	if !ok {
		t.Fatalf("the focus is on a %T", c.Focused())
	}
	field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if done != 1 || c.Overlays().Top() != nil {
		t.Errorf("Return saved %d times, open: %v", done, c.Overlays().Top() != nil)
	}
}

// The sheet of shortcuts fits into the smallest window.
func TestShortcutsFit(t *testing.T) {
	h := newHarness(t)
	h.win.Resize(fyne.NewSize(1024, 700))
	h.shortcuts()
	p, ok := h.win.Canvas().Overlays().Top().(*widget.PopUp)
	if !ok {
		t.Fatalf("a %T", h.win.Canvas().Overlays().Top())
	}
	if s := p.MinSize(); s.Width > 1024-2*kit.Space || s.Height > 700-kit.TopBar {
		t.Errorf("it takes %v", s)
	}
}
