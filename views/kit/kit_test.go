package kit

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

func TestSlider(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(NewTheme(Dark))
	var got float64
	s := NewSlider(1, 100, 1, func(v float64) { got = v })
	w := test.NewTempWindow(t, s)
	w.Resize(fyne.NewSize(300, 60))
	s.Resize(fyne.NewSize(214, 26))
	test.TapAt(s, fyne.NewPos(107, 10))
	if got < 50 || got > 51 {
		t.Errorf("a tap in the middle gives %v", got)
	}
	s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	if got != s.Value() || got < 51 {
		t.Errorf("right: %v", got)
	}
	s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	if got != 100 {
		t.Errorf("End: %v", got)
	}
	s.SetDisabled(true)
	s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
	if got != 100 {
		t.Error("a disabled slider moved")
	}
	fine := NewSlider(0, 1, 0, nil)
	fine.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	if fine.Value() != 0.01 {
		t.Errorf("a step of a slider without one is %v", fine.Value())
	}
}

func TestSegmented(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(NewTheme(Dark))
	got := ""
	s := NewSegmented([]Option{{ID: "a", Name: "First"}, {ID: "b", Name: "Second"}, {ID: "c", Name: "Third", Why: "not here"}}, func(id string) { got = id })
	test.NewTempWindow(t, s)
	s.Resize(s.MinSize())
	test.TapAt(s, fyne.NewPos(s.MinSize().Width/2, 10))
	if got != "b" || s.Selected() != "b" {
		t.Errorf("a tap in the middle selects %q", got)
	}
	s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	if got != "b" {
		t.Error("a choice that can't be taken was taken")
	}
	s.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
	if got != "a" {
		t.Errorf("left: %q", got)
	}
}

// A field hands its text over once, on Return or when it is left; Escape takes it back.
func TestField(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(NewTheme(Dark))
	var got []string
	f := NewField(80, true, func(s string) { got = append(got, s) })
	w := test.NewTempWindow(t, f)
	f.Put("15")
	w.Canvas().Focus(f)
	f.SetText("20")
	f.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if len(got) != 1 || got[0] != "20" {
		t.Errorf("Return handed over %v", got)
	}
	w.Canvas().Focus(f)
	f.SetText("99")
	f.Put("21") // the model moves while the user types
	if f.Text != "99" {
		t.Error("what the user types was replaced")
	}
	f.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if f.Text != "21" || len(got) != 1 {
		t.Errorf("Escape: %q, handed over %v", f.Text, got)
	}
}

func TestShorten(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(NewTheme(Dark))
	style := fyne.TextStyle{}
	full := fyne.MeasureText("a long file name.png", TextSize, style).Width
	if got := Shorten("a long file name.png", full, TextSize, style); got != "a long file name.png" {
		t.Errorf("cut without need: %q", got)
	}
	got := Shorten("a long file name.png", full/2, TextSize, style)
	if got == "" || fyne.MeasureText(got, TextSize, style).Width > full/2 {
		t.Errorf("%q is too wide", got)
	}
	if got := shortenMiddle("a name that goes on (ms-ssim), 8-bit", full, TextSize, style); !strings.HasPrefix(got, "a name") || !strings.HasSuffix(got, "8-bit") {
		t.Errorf("cut in the middle: %q", got)
	}
	if Shorten("anything", 1, TextSize, style) != "" {
		t.Error("there is no room for an ellipsis either")
	}
	for text, want := range map[string]int{"": 1, "one two three": 1, "aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii jjjj kkkk llll": 2} {
		if got := Wrap(text, tipColumns); len(got) != want {
			t.Errorf("%q breaks into %d lines", text, len(got))
		}
	}
}

// A menu is worked by keys and by taps; what can't be chosen is passed over.
func TestMenu(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(NewTheme(Dark))
	anchor := NewButton("open", nil)
	w := test.NewTempWindow(t, anchor)
	w.Resize(fyne.NewSize(600, 400))
	got := ""
	item := func(name, why string) Item { return Item{Name: name, Why: why, Do: func() { got = name }} }
	open := func() *Menu {
		return OpenMenu(anchor, []Item{item("First", ""), item("Second", "it is not here"), item("Third", "")})
	}
	key := func(m *Menu, names ...fyne.KeyName) {
		for _, n := range names {
			m.TypedKey(&fyne.KeyEvent{Name: n})
		}
	}
	m := open()
	if w.Canvas().Focused() != m {
		t.Error("the keys do not go to the menu")
	}
	key(m, fyne.KeyDown, fyne.KeyDown, fyne.KeyReturn)
	if got != "Third" || w.Canvas().Overlays().Top() != nil {
		t.Errorf("down, down, return chose %q, the menu is open: %v", got, w.Canvas().Overlays().Top() != nil)
	}
	m = open()
	m.Choose(1)
	if got != "Third" || w.Canvas().Overlays().Top() == nil {
		t.Error("a line that can't be chosen was chosen")
	}
	m.TypedRune('f')
	key(m, fyne.KeySpace)
	if got != "First" {
		t.Errorf("F and space chose %q", got)
	}
	side := 0
	m = open()
	m.Side = func(step int) { side = step }
	key(m, fyne.KeyLeft)
	if side != -1 {
		t.Errorf("left went %d", side)
	}
	m = open()
	key(m, fyne.KeyEscape)
	if w.Canvas().Overlays().Top() != nil {
		t.Error("Escape did not close the menu")
	}
	ticked := false
	m = OpenMenu(anchor, []Item{{Name: "One", Toggle: func() bool { ticked = !ticked; return ticked }}})
	m.Choose(0)
	if w.Canvas().Overlays().Top() == nil || !ticked || !m.Items()[0].Checked {
		t.Error("a line to be toggled closed the menu, or got no tick")
	}
	m.Choose(0)
	if ticked || m.Items()[0].Checked {
		t.Error("the tick was not taken away")
	}
	key(m, fyne.KeyEscape)
	if OpenMenu(anchor, nil) != nil {
		t.Error("a menu without lines opened")
	}
}

// A picker keeps its choice before its note, and no scrap of the note.
func TestPickerNote(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(NewTheme(Dark))
	p := NewPicker(nil, nil)
	p.Put("marbles.png", "768 × 512")
	r := test.WidgetRenderer(p).(*pickerRenderer)
	for width, want := range map[float32]string{p.WholeWidth() + 1: "768 × 512", p.WholeWidth() - 40: "", p.MinSize().Width: ""} {
		r.Layout(fyne.NewSize(width, ControlSize))
		if r.name.Text != "marbles.png" || r.note.Text != want {
			t.Errorf("in %v it reads %q, %q", width, r.name.Text, r.note.Text)
		}
	}
	if got := Wrap("at most 5\u00a0% of cases", 10); strings.Join(got, "|") != "at most|5\u00a0% of|cases" {
		t.Errorf("lines %q", got)
	}
}

// Objects that have no room in a row go on below; the height follows the width.
func TestFlow(t *testing.T) {
	var objects []fyne.CanvasObject
	for range 5 {
		objects = append(objects, Spacer(40, 20))
	}
	f := Flow(8, objects...)
	for width, want := range map[float32]float32{300: 20, 236: 20, 180: 48, 100: 76, 10: 132} {
		f.Resize(fyne.NewSize(width, 10))
		if got := f.MinSize().Height; got != want {
			t.Errorf("%v wide it is %v high, not %v", width, got, want)
		}
		for i, o := range objects {
			if end := o.Position().X + o.Size().Width; end > max(width, 40) {
				t.Errorf("%v wide: object %d ends at %v", width, i, end)
			}
		}
	}
}
