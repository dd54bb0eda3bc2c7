package views

import (
	"fmt"
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"codecworkbench/app/workbench"
	"codecworkbench/codecs/picture"
)

// hover moves the mouse over a picture's pixel.
func (h *harness) hover(x, y int) {
	origin := fyne.CurrentApp().Driver().AbsolutePositionForObject(h.compare.Pane())
	h.compare.Pane().MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: h.place(x, y).Subtract(origin)}})
	h.settle()
}

// seen is the colour of the window where a picture's pixel is.
func (h *harness) seen(x, y int) color.Color {
	at := h.place(x, y)
	return h.win.Canvas().Capture().At(int(at.X), int(at.Y))
}

func pixelOf(p *picture.Picture, x, y int) color.Color { return p.RGB8().NRGBAAt(x, y) }

// apart makes the two candidates differ from each other and from the original.
func apart(t *testing.T) *harness {
	h := newHarness(t)
	h.wb.SetMatch(workbench.Match{})
	h.wb.SetParam(2, "q", "2")
	h.wb.SetParam(3, "q", "4")
	h.settle()
	return h
}

// Key W puts the original between the two candidates; under two dividers each third is
// the picture that its label names. A key shows a candidate in the place of the active one.
func TestThreeAtOnce(t *testing.T) {
	h := apart(t)
	h.win.Canvas().OnTypedRune()('w')
	h.settle()
	if got := h.wb.Panes(); len(got) != 3 || got[1] != workbench.Original {
		t.Fatalf("the panes are %v", got)
	}
	if d := h.compare.Pane().Dividers(); len(d) != 2 || d[0] >= d[1] {
		t.Errorf("the dividers stand at %v", d)
	}
	h.wantText("left", "middle", "right")
	for x, p := range map[int]*picture.Picture{6: h.wb.Shown(2), 30: h.wb.Picture(), 54: h.wb.Shown(3)} {
		if got := h.seen(x, 20); !near(got, pixelOf(p, x, 20)) {
			t.Errorf("pixel %d,20 is %v, want %v", x, got, pixelOf(p, x, 20))
		}
	}
	n := h.wb.Add("one")
	h.settle()
	if got := h.wb.Panes(); got[2] != n {
		t.Errorf("a new candidate is not at the right: %v", got)
	}
	h.wb.Show(workbench.Original)
	h.win.Canvas().OnTypedRune()('3')
	if got := h.wb.Panes(); got[1] != 3 || h.wb.Setup().Active != 3 {
		t.Errorf("key 3 with the middle one active shows %v", got)
	}
	h.win.Canvas().OnTypedRune()('b')
	h.win.Canvas().OnTypedRune()('w')
	h.settle()
	if got := h.wb.Panes(); len(got) != 4 {
		t.Errorf("side by side shows %v", got)
	}
	h.wantText("1st", "4th")
	h.win.Canvas().OnTypedRune()('w')
	if got := h.wb.Panes(); len(got) != 2 {
		t.Errorf("after four come %v", got)
	}
}

// The difference is each candidate's to the original, with its sign where it is asked
// for, or that of the two; legend and readout say which.
func TestDifferences(t *testing.T) {
	h := apart(t)
	c := h.win.Canvas()
	c.OnTypedRune()('d')
	h.wb.SetGain(1)
	h.settle()
	want := func(x int, of, to *picture.Picture, zero int) {
		t.Helper()
		a, b := of.RGB8().NRGBAAt(x, 20), to.RGB8().NRGBAAt(x, 20)
		d := func(a, b uint8) uint8 {
			v := int(a) - int(b)
			if zero == 0 {
				v = max(v, -v)
			}
			return uint8(min(max(v+zero, 0), 255))
		}
		w := color.NRGBA{d(a.R, b.R), d(a.G, b.G), d(a.B, b.B), 255}
		if got := h.seen(x, 20); !near(got, w) {
			t.Errorf("pixel %d,20 is %v, want %v", x, got, w)
		}
	}
	want(12, h.wb.Shown(2), h.wb.Picture(), 0)
	want(48, h.wb.Shown(3), h.wb.Picture(), 0)
	h.wantText("To original", "each channel", "≥ 255")
	c.OnTypedRune()('e')
	h.settle()
	want(12, h.wb.Shown(2), h.wb.Picture(), 128)
	h.wantText("each channel, signed", "≥ +128")
	c.OnTypedRune()('r')
	h.settle()
	want(12, h.wb.Shown(2), h.wb.Shown(3), 128)
	h.wantText("2 − 3")
	h.hover(12, 20)
	a, b := h.wb.Shown(2).RGB8().NRGBAAt(12, 20), h.wb.Picture().RGB8().NRGBAAt(12, 20)
	h.wantText(fmt.Sprintf("%+4d%+4d%+4d", int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B)))
}

// The readout has a line for every candidate, shown or not.
func TestReadoutOfAll(t *testing.T) {
	h := apart(t)
	for range 3 {
		h.wb.Add("one")
	}
	h.settle()
	h.hover(20, 20)
	h.hover(21, 20)
	h.wantText("x 21", "orig", "2   ", "3   ", "4   ", "5   ", "6   ")
}

// A key that is held shows the original alone; in flicker by hand, the left one instead
// of the right one.
func TestFlickerAndHold(t *testing.T) {
	h := apart(t)
	h.compare.Hold(true)
	if got := h.seen(12, 20); !near(got, pixelOf(h.wb.Picture(), 12, 20)) {
		t.Errorf("held, pixel 12,20 is %v", got)
	}
	h.compare.Hold(false)
	if got := h.seen(12, 20); !near(got, pixelOf(h.wb.Shown(2), 12, 20)) {
		t.Errorf("let go, pixel 12,20 is %v", got)
	}
	h.wb.SetFlicker(0, false)
	h.wb.SetMode(workbench.Flicker)
	h.settle()
	if got := h.seen(12, 20); !near(got, pixelOf(h.wb.Shown(3), 12, 20)) {
		t.Errorf("by hand, pixel 12,20 is %v", got)
	}
	h.compare.Hold(true)
	if got := h.seen(12, 20); !near(got, pixelOf(h.wb.Shown(2), 12, 20)) {
		t.Errorf("by hand and held, pixel 12,20 is %v", got)
	}
	h.compare.Hold(false)
	h.wb.SetMode(workbench.Split)
}

// The loupe shows the pixel under the mouse, of the original and of both candidates.
func TestLoupe(t *testing.T) {
	h := apart(t)
	h.compare.Pane().ZoomTo(4)
	h.win.Canvas().OnTypedRune()('l')
	before := h.win.Canvas().Capture()
	h.hover(5, 5)
	after := h.win.Canvas().Capture()
	found := map[int]bool{}
	at := h.place(5, 5)
	for x := range after.Bounds().Dx() {
		y := int(at.Y) + 22 + 54
		for n, p := range map[int]*picture.Picture{1: h.wb.Picture(), 2: h.wb.Shown(2), 3: h.wb.Shown(3)} {
			if near(after.At(x, y), pixelOf(p, 5, 5)) && !near(before.At(x, y), after.At(x, y)) {
				found[n] = true
			}
		}
	}
	if len(found) != 3 {
		t.Errorf("the loupe shows %v", found)
	}
	h.win.Canvas().OnTypedRune()('l')
	if h.wb.ViewSettings().Loupe {
		t.Error("key L does not end it")
	}
}
