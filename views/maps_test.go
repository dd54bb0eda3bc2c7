package views

import (
	"image/color"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"codecworkbench/app/report/heatmap"
	"codecworkbench/app/workbench"
	"codecworkbench/views/kit"
)

// place is where a picture's pixel is seen in the window.
func (h *harness) place(x, y int) fyne.Position {
	pane := h.compare.Pane()
	sx, sy := pane.View().ToPane(float64(x)+.5, float64(y)+.5)
	return fyne.CurrentApp().Driver().AbsolutePositionForObject(pane).AddXY(float32(sx), float32(sy))
}

func near(a, b color.Color) bool {
	x, y := color.NRGBAModel.Convert(a).(color.NRGBA), color.NRGBAModel.Convert(b).(color.NRGBA)
	d := func(p, q uint8) int { return max(int(p)-int(q), int(q)-int(p)) }
	return max(d(x.R, y.R), d(x.G, y.G), d(x.B, y.B)) <= 2
}

// menu returns the menu that is open.
func (h *harness) menu() *kit.Menu {
	h.t.Helper()
	p, ok := h.win.Canvas().Overlays().Top().(*widget.PopUp)
	if !ok {
		h.t.Fatal("no menu is open")
	}
	return p.Content.(*kit.Menu)
}

func (h *harness) pickerOf(name string) *kit.Picker {
	h.t.Helper()
	list := objects[*kit.Picker](h.win.Content())
	i := slices.IndexFunc(list, func(p *kit.Picker) bool { return p.Name() == name })
	if i < 0 {
		h.t.Fatalf("no picker shows %q", name)
	}
	return list[i]
}

// Key H shows both candidates' maps under the divider in the legend's colours; the
// readout and the legend follow the mouse, the pickers the model.
func TestMetricMap(t *testing.T) {
	h := newHarness(t)
	h.wb.SetMatch(workbench.Match{})
	h.wb.SetParam(3, "q", "4") // another error than the left one's
	h.win.Canvas().OnTypedRune()('h')
	if h.wb.ViewSettings().Mode != workbench.Mapped {
		t.Fatal("key H does not show the map")
	}
	h.settle()
	h.wantText("Where", "Red", "0 better", "50", "≥ 100 worse")
	shot := h.win.Canvas().Capture()
	for number, x := range map[int]int{2: 12, 3: 48} {
		m, ok := h.wb.Map(number)
		if !ok || m.Map == nil {
			t.Fatalf("candidate %d has no map", number)
		}
		want := heatmap.Paint(m.Under.RGB8(), m.Map, heatmap.ScaleOf(m.Kind), 0.8).At(x, 20)
		at := h.place(x, 20)
		if got := shot.At(int(at.X), int(at.Y)); !near(got, want) {
			t.Errorf("candidate %d: pixel %d,20 is %v, want %v", number, x, got, want)
		}
	}
	m, _ := h.wb.Map(3)
	v, _ := m.At(48, 20)
	origin := fyne.CurrentApp().Driver().AbsolutePositionForObject(h.compare.Pane())
	h.compare.Pane().MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: h.place(48, 20).Subtract(origin)}})
	h.wantText("x 48", heatmap.ScaleOf(m.Kind).Format(float64(v)))

	items := h.pickerOf("Red").Items()
	items[1].Do()
	h.settle()
	h.wantText("Likeness", "1 better", "≤ 0 worse")
	h.win.Canvas().OnTypedRune()('<')
	h.settle()
	h.wantText("≤ 0.5 worse")
	h.win.Canvas().OnTypedRune()('j')
	if !h.wb.ViewSettings().Map.Side {
		t.Error("key J does not put the maps side by side")
	}
	h.win.Canvas().OnTypedRune()(',')
	if got := h.wb.ViewSettings().Map.Strength; got != 70 {
		t.Errorf("the colours' strength is %d", got)
	}
	h.win.Canvas().OnTypedRune()('n')
	if got := h.wb.ViewSettings().Map.Kind; got != "red" {
		t.Errorf("key N goes to %s", got)
	}
	if found := find(h.actions, "map likeness"); len(found) == 0 || found[0].ID != "view.map.where.likeness" {
		t.Errorf("the palette finds %v", found)
	}
}

// A candidate without a map says why, and its picture is seen as it is; so is the
// original beside it.
func TestNoMetricMap(t *testing.T) {
	h := newHarness(t)
	h.noMap.Store(true)
	h.wb.SetMode(workbench.Mapped)
	h.settle()
	h.wantText("No map of 2: This picture is flat.")
	h.noMap.Store(false)
	h.wb.Show(workbench.Original)
	h.wb.SetParam(2, "q", "3")
	h.settle()
	if strings.Contains(h.texts(), "No map of") {
		t.Error("the reason stays after it is gone")
	}
	at := h.place(48, 20)
	want := h.wb.Picture().RGB8().At(48, 20)
	if got := h.win.Canvas().Capture().At(int(at.X), int(at.Y)); !near(got, want) {
		t.Errorf("the original's pixel is %v, want %v", got, want)
	}
	h.wb.ShowLeft(3)
	h.wb.Delete(3)
	h.wb.Delete(2)
	h.settle()
	h.wantText("The original has no errors to show.")
}

// The list of metrics takes them into the table and out of it, and stays open.
func TestChooseMetrics(t *testing.T) {
	h := newHarness(t)
	if strings.Contains(h.texts(), "Where") {
		t.Error("a metric is shown that nobody chose")
	}
	h.Do("view.metrics")
	m := h.menu()
	i := slices.IndexFunc(m.Items(), func(i kit.Item) bool { return i.Key == "where" })
	if i < 0 || m.Items()[i].Name != "Where ↓" || m.Items()[i].Note != "Shows where." || m.Items()[i].Checked {
		t.Fatalf("the list has %+v", m.Items())
	}
	m.Choose(i)
	h.settle()
	if h.menu() != m || !m.Items()[i].Checked {
		t.Error("the list did not stay, with a tick")
	}
	h.wantText("Where ↓", "0.5000")
	m.Choose(i)
	h.settle()
	if slices.Contains(h.wb.TableMetrics(), "where") {
		t.Error("the metric was not taken out")
	}
	h.win.Canvas().Overlays().Remove(h.win.Canvas().Overlays().Top())
	h.ShowScreen("sweep")
	h.wantText("PSNR-RGB  ×", "+ metric")
	h.wb.ToggleSweepMetric("where")
	h.wantText("Where ↓  ×")
	h.ShowScreen("curves")
	h.wb.SetCurveMetrics("where", "psnr-rgb")
	h.settle()
	h.pickerOf("Where ↓")
}

// In the smallest window the map's controls stay on the picture, and its legend covers
// neither the readout nor the zoom.
func TestMapInSmallWindow(t *testing.T) {
	h := newHarness(t)
	h.win.Resize(fyne.NewSize(leastWidth, leastHeight))
	h.wb.SetMode(workbench.Mapped)
	h.settle()
	pane := h.compare.Pane()
	driver := fyne.CurrentApp().Driver()
	origin := driver.AbsolutePositionForObject(pane)
	pane.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: h.place(20, 20).Subtract(origin)}})
	box := func(o fyne.CanvasObject) (x0, y0, x1, y1 float32) {
		p := driver.AbsolutePositionForObject(o).Subtract(origin)
		return p.X, p.Y, p.X + o.Size().Width, p.Y + o.Size().Height
	}
	for _, s := range objects[*kit.Slider](h.win.Content()) {
		if x0, _, x1, _ := box(s); s.Max == 100 && !s.Disabled() && (x0 < 0 || x1 > pane.Size().Width) {
			t.Errorf("the strength's slider spans %v to %v of a pane %v wide", x0, x1, pane.Size().Width)
		}
	}
	bottom, top := float32(0), pane.Size().Height
	right, left := float32(0), float32(0)
	for _, o := range objects[*kit.Text](h.win.Content()) {
		x0, y0, x1, y1 := box(o)
		if strings.HasSuffix(o.Value(), "worse") {
			bottom, right = y1, x1
		}
		if strings.HasPrefix(o.Value(), "x 20") {
			top, left = min(top, y0), x0
		}
	}
	if bottom == 0 || top == pane.Size().Height || bottom > top && right > left {
		t.Errorf("the legend ends at %v, %v, the readout begins at %v, %v", right, bottom, left, top)
	}
}
