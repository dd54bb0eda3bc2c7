package views

import (
	"bytes"
	"encoding/json"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"codecworkbench/app/workbench"
	"codecworkbench/metrics/rd"
	"codecworkbench/views/curves"
)

// onCurves shows the screen Curves with the two candidates' curves complete.
func onCurves(t *testing.T) (*harness, *curves.Plot) {
	t.Helper()
	h := newHarness(t)
	h.ShowScreen("curves")
	h.settle()
	plots := objects[*curves.Plot](h.win.Content())
	if len(plots) != 1 {
		t.Fatalf("%d plots on the screen", len(plots))
	}
	return h, plots[0]
}

// A click on a point opens its setting in Compare.
func TestPointOpensInCompare(t *testing.T) {
	h, plot := onCurves(t)
	m := plot.Panels()[0].Marks[2]
	q := h.wb.Plotted()[m.Series].Curve.Points[m.Point].Q
	test.TapAt(plot, fyne.NewPos(float32(m.X), float32(m.Y)))
	s, _ := h.wb.Slot(h.wb.Setup().Active)
	// The two codecs of the tests are one, and so are their points.
	if h.current != "compare" || s.Number == workbench.Original || s.Params.Q() != q {
		t.Errorf("on %s candidate %d at q %v, want q %v", h.current, s.Number, s.Params.Q(), q)
	}
}

// The mouse on a point shows the picture as it is coded there, its values and what a
// click does, and changes no candidate.
func TestPointsCard(t *testing.T) {
	h, plot := onCurves(t)
	settings := func() (all string) {
		for _, s := range h.wb.Setup().Slots {
			all += s.Params.String() + "\n"
		}
		return all
	}
	before := settings()
	m := plot.Panels()[0].Marks[1]
	test.MoveMouse(h.win.Canvas(), fyne.CurrentApp().Driver().AbsolutePositionForObject(plot).AddXY(float32(m.X), float32(m.Y)))
	h.wantText(" q 2", "Click: open in Compare", "dB PSNR-RGB", "first.png")
	h.settle()
	if strings.Contains(h.texts(), "Coding …") {
		t.Error("the picture never came")
	}
	if after := settings(); after != before {
		t.Errorf("the candidates went from %s to %s", before, after)
	}
}

// Keys zoom the plot on this screen, and show all again.
func TestPlotKeys(t *testing.T) {
	h, plot := onCurves(t)
	h.Do("view.in")
	if !plot.Zoomed() {
		t.Error("+ does not zoom the plot")
	}
	h.Do("view.fit")
	if plot.Zoomed() {
		t.Error("0 leaves a part shown")
	}
	h.Do("view.in")
	if f := h.curves.ShownFigure(); f.XRange.Max == 0 {
		t.Error("what is exported is not what is shown")
	}
	h.Do("curves.log") // another axis shows all
	if plot.Zoomed() {
		t.Error("another axis keeps the part shown")
	}
}

// A convention changes the table, which then says what the usual one gives.
func TestConventionInTable(t *testing.T) {
	h, _ := onCurves(t)
	if strings.Contains(h.texts(), "usual") {
		t.Error("the usual convention is compared with itself")
	}
	h.Do("curves.method.cubic")
	h.wantText("usual", "on this picture, cubic")
	h.Do("edit.undo")
	if v := h.wb.CurveView(); v.Method != "" {
		t.Errorf("undo leaves the method %q", v.Method)
	}
	h.Do("curves.usual")
	if strings.Contains(h.texts(), "usual") {
		t.Error("the table still compares conventions")
	}
}

// What is on the clipboard becomes a curve of the library.
func TestPasteAction(t *testing.T) {
	h := newHarness(t)
	h.ShowScreen("curves")
	for len(h.wb.Extras()) == 0 {
		(<-h.queue)()
	}
	h.app.Clipboard().SetContent("bpp = [0.5, 1, 2]\npsnr = [20, 24, 28]")
	h.Do("curves.paste")
	if h.current != "curves" {
		t.Errorf("on %s", h.current)
	}
	h.wantText("FROM THE LIBRARY", "pasted", "LIBRARY, 2 CURVES")
	h.app.Clipboard().SetContent("nothing of the kind")
	h.Do("curves.paste")
	if m, _ := h.wb.Message(); !m.Error || !strings.Contains(m.Text, "no curve") {
		t.Errorf("a wrong text says %q", m.Text)
	}
}

// The library is searched in names, sets, sources and caveats.
func TestLibrarySearch(t *testing.T) {
	h := newHarness(t)
	h.ShowScreen("curves")
	for len(h.wb.Extras()) == 0 {
		(<-h.queue)()
	}
	h.settle()
	for text, want := range map[string]string{"paper EYE": "LIBRARY, 1 OF 1", "kodak": "LIBRARY, 1 OF 1", "great nothing": "LIBRARY, 0 OF 1"} {
		h.curves.Search(text)
		h.wantText(want)
	}
}

// Exported data are what was measured, without what only axes and conventions show.
func TestExportsAreMeasured(t *testing.T) {
	h, _ := onCurves(t)
	h.wb.ChangeCurveView(func(v *workbench.CurveView) { v.Payload, v.X = true, "encode_ms" })
	dir := t.TempDir()
	file := filepath.Join(dir, "rd.json")
	h.writeData(file)
	h.writeTable(filepath.Join(dir, "bd.csv"))
	h.writeReport(filepath.Join(dir, "page.html"))
	h.settle()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var list []struct{ Results map[string][]float64 }
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	r := list[0].Results
	if _, ok := r["encode_ms"]; ok || r[rd.KeyBPP][0] <= r[rd.KeyPayload][0] {
		t.Errorf("exported %v", r)
	}
	for name, part := range map[string]string{"bd.csv": "bd_rate_percent", "page.html": "<!doctype html>"} {
		if data, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !strings.Contains(string(data), part) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// One panel alone takes the room of two, and the second comes back.
func TestOnePanel(t *testing.T) {
	h, plot := onCurves(t)
	wide := plot.Panels()[0].Rect.Dx()
	h.wb.SetCurveMetrics("psnr-rgb")
	if n := len(plot.Panels()); n != 1 || plot.Panels()[0].Rect.Dx() < wide*3/2 {
		t.Errorf("%d panels, %d pixels wide", n, plot.Panels()[0].Rect.Dx())
	}
	h.Do("edit.undo")
	if n := len(plot.Panels()); n != 2 {
		t.Errorf("%d panels after undo", n)
	}
}

// A plot is exported for what was chosen: a slide has a slide's pixels.
func TestExportPlotSize(t *testing.T) {
	h := newHarness(t)
	h.settle()
	f := h.figureForFiles()
	if f == nil {
		t.Fatal("there is no figure")
	}
	e := newPlotExport(h.Window, f)
	if e.typed("rd.pdf"); !e.dpi.Disabled() || !strings.Contains(e.note.Value(), "mm") {
		t.Errorf("a PDF file asks for dots, or is of %q", e.note.Value())
	}
	e.size.OnChanged("slide")
	if e.typed("rd.png"); e.dpi.Disabled() || e.note.Value() != "1920 × 1080 pixels" {
		t.Errorf("a slide is of %q", e.note.Value())
	}
	h.app.Preferences().SetString(prefPlotSize, "slide")
	path := filepath.Join(t.TempDir(), "slide.png")
	h.writePlot(path)
	h.settle()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if c, err := png.DecodeConfig(bytes.NewReader(data)); err != nil || c.Width != 1920 || c.Height != 1080 {
		t.Errorf("the file has %d x %d pixels, %v", c.Width, c.Height, err)
	}
}
