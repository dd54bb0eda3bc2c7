package sweeps

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"codecworkbench/app/sweep"
	"codecworkbench/app/workbench"
	"codecworkbench/codecs"
	"codecworkbench/codecs/classical"
	"codecworkbench/metrics"
	"codecworkbench/views/kit"
)

func newScreen(t *testing.T) *Screen {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(kit.NewTheme(kit.Dark))
	registry, err := codecs.NewRegistry([]codecs.Codec{classical.NewJPEG(), classical.NewPNG()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	none, err := metrics.NewRegistry(nil)
	if err != nil {
		t.Fatal(err)
	}
	wb, err := workbench.New(workbench.Config{
		Tools: sweep.Tools{Codecs: registry, Metrics: none, Models: codecs.NewModels(os.DirFS(t.TempDir()))},
		Post:  func(func()) {},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(wb.Close)
	s := New(wb, kit.NewTips(func(func()) {}))
	w := test.NewTempWindow(t, s.Root)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(1280, 756))
	wb.Observe(s.Changed)
	wb.AddSweepSpec("jpeg:10-50/5")
	wb.AddSweepSpec("png")
	return s
}

// The field adds a curve once, though Return and leaving it both hand its text over.
func TestFieldAddsOnce(t *testing.T) {
	s := newScreen(t)
	test.Type(s.field, "jpeg@optimize=true:30")
	s.field.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	s.field.FocusLost()
	if got := s.wb.Sweep().Plan.Specs; len(got) != 3 || s.field.Text != "" {
		t.Errorf("specs %q, the field has %q", got, s.field.Text)
	}
	if m, _ := s.wb.Message(); m.Error {
		t.Errorf("it complains: %s", m.Text)
	}
}

// The editor of a curve changes its range, its text, or takes it out.
func TestRangeEditor(t *testing.T) {
	s := newScreen(t)
	e := s.editRange(0, s.grid)
	if e.lo.Text != "10" || e.hi.Text != "50" || e.n.Text != "5" {
		t.Fatalf("it shows %s to %s in %s", e.lo.Text, e.hi.Text, e.n.Text)
	}
	e.hi.SetText("900")
	e.hi.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if _, values, _ := s.wb.SweepRange(0); len(values) != 5 || values[4] != 100 || e.spec.Text != "jpeg:10-100/5" {
		t.Errorf("values %v, %q", values, e.spec.Text)
	}
	e.n.SetText("x")
	e.n.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if m, _ := s.wb.Message(); !m.Error {
		t.Error("x is a number of points")
	}
	e.spec.SetText("jpeg:20+40")
	e.spec.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if e.hi.Text != "40" || len(s.wb.Sweep().Rows[0].Cells) != 2 {
		t.Errorf("after a text of its own it ends at %s", e.hi.Text)
	}
}

// Cells, rows and the headline say how a sweep comes along.
func TestProgress(t *testing.T) {
	s := newScreen(t)
	row := workbench.SweepRow{Name: "jpeg", Left: 90 * time.Second, Cells: []workbench.SweepCell{{Q: "10", Done: 3, Total: 4, Failed: 1, Running: 1}}}
	if got := describe(row, 0); got != "jpeg at q 10: 3 of 4 pictures done, 1 failed, 1 running. Click: open in Compare" {
		t.Errorf("a cell says %q", got)
	}
	s.grid.run = true
	if got := s.grid.lineState(row, 3, 0, 4); got != "2 min" {
		t.Errorf("a row says %q", got)
	}
	row.Out = true
	if got := s.grid.lineState(row, 3, 0, 4); got != "left out" {
		t.Errorf("a row that was left out says %q", got)
	}
	sw := workbench.Sweep{Running: true, Done: 1200, Cached: 200, Left: 90 * time.Second, AtLeast: true}
	if got := running(sw); got != "1,000 new, 200 from the cache · perhaps 2 min left: some codecs have not begun" {
		t.Errorf("the headline says %q", got)
	}
	sw.Paused, sw.Now = true, []string{"jpeg"}
	if got := running(sw); !strings.HasSuffix(got, "pausing: what runs ends first") {
		t.Errorf("in a pause the headline says %q", got)
	}
}

// A failure's sentence offers to go on without its picture.
func TestFailures(t *testing.T) {
	s := newScreen(t)
	path := filepath.Join(t.TempDir(), "wide.png")
	s.showFailures(workbench.Sweep{Plan: workbench.SweepPlan{Pictures: []string{path, "other.png"}},
		Failures: []workbench.SweepFailure{{Text: "webp on wide.png: too wide", Picture: path}, {Text: "x.png is no picture"}}})
	var offers []bool
	for _, o := range test.LaidOutObjects(s.failures) {
		if b, ok := o.(*kit.Button); ok {
			offers = append(offers, b.Visible())
		}
	}
	if !slices.Equal(offers, []bool{true, false}) && !slices.Equal(offers, []bool{true}) {
		t.Errorf("ways on: %v", offers)
	}
}
