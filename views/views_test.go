package views

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/test"

	"codecworkbench/app/workbench"
	"codecworkbench/views/kit"
)

// The first start shows a picture with two candidates, measurements and a curve.
func TestFirstStart(t *testing.T) {
	h := newHarness(t)
	h.wantText("one q 2", "two q 2", "Original", "CANDIDATE 3", "Bits per pixel", "PSNR-RGB dB")
	if img := h.win.Canvas().Capture(); img.Bounds().Dx() < leastWidth {
		t.Errorf("the window is %v", img.Bounds())
	}
	if err := h.curves; err == nil {
		t.Error("no screen Curves")
	}
	if p := h.wb.CurveProgress(); p.Done != p.Total || p.Total == 0 {
		t.Errorf("curves %+v", p)
	}
}

// Moving the quality's slider changes the candidate and encodes it again.
func TestQualitySlider(t *testing.T) {
	h := newHarness(t)
	var sliders []*kit.Slider
	for _, s := range objects[*kit.Slider](h.win.Content()) {
		if s.Max < 10 { // q and effort; the other is of the map's colours
			sliders = append(sliders, s)
		}
	}
	if len(sliders) != 2 {
		t.Fatalf("%d sliders", len(sliders))
	}
	before := h.wb.Run(3).Result
	test.TapAt(sliders[0], fyne.NewPos(sliders[0].Size().Width*0.6, 8))
	h.settle()
	if s, _ := h.wb.Slot(3); s.Params["q"] != "5" {
		t.Errorf("q is %s after a tap at 60 %% of 1 to 7", s.Params["q"])
	}
	if r := h.wb.Run(3); r.Result == before || !r.Fresh {
		t.Error("the candidate was not encoded again")
	}
	h.wantText("two q 5")
	if h.wb.MatchLead() != 3 {
		t.Error("the others do not follow the slider that was moved by hand")
	}
}

// Keys show candidates, change modes, undo and switch screens.
func TestKeys(t *testing.T) {
	h := newHarness(t)
	c := h.win.Canvas()
	c.OnTypedRune()('1')
	if s := h.wb.Setup(); s.Right != 1 {
		t.Errorf("key 1 shows %d", s.Right)
	}
	h.wantText("ORIGINAL")
	c.OnTypedRune()('d')
	if h.wb.ViewSettings().Mode != workbench.Diff {
		t.Error("key D does not show the difference")
	}
	c.OnTypedRune()('3')
	c.OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyDelete})
	if _, ok := h.wb.Slot(3); ok {
		t.Error("Del did not delete")
	}
	h.Do("edit.undo")
	if _, ok := h.wb.Slot(3); !ok {
		t.Error("undo did not bring the candidate back")
	}
	c.OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyF2})
	if h.current != "curves" {
		t.Errorf("F2 shows %s", h.current)
	}
	h.settle()
	h.wantText("BD-rate")
}

// The zoom keys and the divider keys move the pane.
func TestPaneKeys(t *testing.T) {
	h := newHarness(t)
	c, pane := h.win.Canvas(), h.compare.Pane()
	c.OnTypedRune()('z')
	if pane.View().Scale != 1 {
		t.Errorf("Z: scale %v", pane.View().Scale)
	}
	c.OnTypedRune()('+')
	if pane.View().Scale != 1.5 {
		t.Errorf("+: scale %v", pane.View().Scale)
	}
	c.OnTypedRune()('0')
	if !pane.View().Fit {
		t.Error("0 does not fit")
	}
	c.OnTypedRune()(']')
	if math.Abs(pane.SplitFraction()-0.52) > 1e-9 {
		t.Errorf("]: divider at %v", pane.SplitFraction())
	}
}

// A file that can't be opened is told in the window and changes nothing.
func TestErrorBar(t *testing.T) {
	h := newHarness(t)
	at, size := h.compare.Root.Position(), h.compare.Root.Size()
	bad := filepath.Join(t.TempDir(), "bad.png")
	if err := os.WriteFile(bad, []byte("no picture"), 0o644); err != nil {
		t.Fatal(err)
	}
	h.Drop([]fyne.URI{storage.NewFileURI(bad)})
	h.settle()
	if !h.message.open || !strings.Contains(h.message.text.Text, "bad.png") {
		t.Errorf("the bar says %q", h.message.text.Text)
	}
	if h.compare.Root.Position() != at || h.compare.Root.Size() != size {
		t.Error("the picture jumps where a message is told")
	}
	if foot := h.message.root.Position().Y + h.message.root.Size().Height; foot > startHeight-kit.SlotBar || foot < startHeight/2 {
		t.Errorf("the message ends %v below the window's upper edge", foot)
	}
	if h.top.picture.Name() != "first" {
		t.Errorf("the current picture is now %q", h.top.picture.Name())
	}
	h.win.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if h.message.open {
		t.Error("Escape does not dismiss the message")
	}
}

// A codec's failure stands where the candidate is.
func TestFailedCandidate(t *testing.T) {
	h := newHarness(t)
	h.wb.SetParam(3, "q", "7")
	h.settle()
	h.wantText("failed", "Try again")
}

func TestOpenAndSave(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "mine.png")
	data, err := sample(33, 21).EncodePNG()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
	h := newHarness(t, file)
	if h.top.picture.Name() != "mine.png" {
		t.Errorf("the top bar names %q", h.top.picture.Name())
	}
	out := filepath.Join(dir, "out.cwb")
	h.wb.Save(3, workbench.SaveContainer, out)
	h.settle()
	if _, err := os.Stat(out); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"rd.svg", "rd.pdf", "rd.png"} {
		h.writePlot(filepath.Join(dir, name))
	}
	h.writeData(filepath.Join(dir, "rd.json"))
	h.writeData(filepath.Join(dir, "rd.csv"))
	h.settle()
	for _, name := range []string{"rd.svg", "rd.pdf", "rd.png", "rd.json", "rd.csv"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() < 100 {
			t.Errorf("%s: %v", name, err)
		}
	}
	h.writeData(filepath.Join(dir, "rd.xls"))
	h.settle()
	if m, _ := h.wb.Message(); !m.Error || !strings.Contains(m.Text, ".csv") {
		t.Errorf("an unknown ending says %q", m.Text)
	}
}

// Every action has a name and an id of its own, no key twice, and what the palette
// finds can be done.
func TestActions(t *testing.T) {
	h := newHarness(t)
	ids, keys := map[string]bool{}, map[string]string{}
	for _, a := range h.actions {
		if ids[a.ID] || a.Name == "" || a.Run == nil {
			t.Errorf("action %q", a.ID)
		}
		ids[a.ID] = true
		if k := a.Shortcut(); k != "" {
			if other, ok := keys[k]; ok {
				t.Errorf("%s and %s have the key %s", other, a.ID, k)
			}
			keys[k] = a.ID
		}
	}
	found := find(h.actions, "swap")
	if len(found) != 1 || found[0].ID != "view.swap" {
		t.Errorf("the palette finds %v for swap", found)
	}
	if found := find(h.actions, "fcv"); len(found) != 0 {
		t.Logf("loose matches: %d", len(found))
	}
	h.Do("help.palette")
	h.Do("help.keys")
	if h.win.Canvas().Overlays().Top() == nil {
		t.Error("the list of shortcuts did not open")
	}
}

// Dark and light change the theme and are remembered.
func TestTheme(t *testing.T) {
	h := newHarness(t)
	before := h.light()
	h.Do("view.theme")
	if h.light() == before {
		t.Error("the theme did not change")
	}
	if got := h.app.Preferences().String(prefTheme); got == "" {
		t.Error("the theme is not remembered")
	}
}

func TestAddAndShowWithShift(t *testing.T) {
	h := newHarness(t)
	h.Do("add.one")
	h.settle()
	h.wantText("CANDIDATE 4")
	if !h.Do("show.left.4") {
		t.Fatal("no action to show 4 at the left")
	}
	if s := h.wb.Setup(); s.Left != 4 {
		t.Errorf("left %d", s.Left)
	}
}

// The screen Inside accounts for all bytes of the active candidate's file, and the
// screen Sweep runs the proposed plan.
func TestInsideAndSweep(t *testing.T) {
	h := newHarness(t)
	h.ShowScreen("inside")
	limit := time.Now().Add(10 * time.Second)
	for h.wb.Inside().Loading && time.Now().Before(limit) {
		(<-h.queue)()
	}
	in := h.wb.Inside()
	sum := 0
	for _, p := range in.Parts {
		sum += p.Bytes
	}
	if in.Number != 3 || in.Err != nil || sum != in.Bytes || sum == 0 {
		t.Errorf("inside %+v: %d bytes in parts", in, sum)
	}
	h.wantText("container", "all accounted for")
	h.ShowScreen("sweep")
	h.wantText("Ready", "Copy as command")
	if !h.Do("edit.sweep") {
		t.Fatal("no action starts the sweep")
	}
	for h.wb.Sweep().Running && time.Now().Before(limit) {
		(<-h.queue)()
	}
	s := h.wb.Sweep()
	if s.Done == 0 || s.Done != s.Total {
		t.Errorf("the sweep did %d of %d", s.Done, s.Total)
	}
	h.wantText(" encodes in ")
}
