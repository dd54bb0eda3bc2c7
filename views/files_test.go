package views

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/storage"

	"codecworkbench/app/workbench"
)

// write makes a file and returns its path.
func write(t *testing.T, dir, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func pngFile(t *testing.T, dir, name string, w, h int) string {
	t.Helper()
	data, err := sample(w, h).EncodePNG()
	if err != nil {
		t.Fatal(err)
	}
	return write(t, dir, name, data)
}

// dropped drops paths and returns what the window says.
func (h *harness) dropped(paths ...string) string {
	var uris []fyne.URI
	for _, p := range paths {
		uris = append(uris, storage.NewFileURI(p))
	}
	h.Drop(uris)
	h.settle()
	m, _ := h.wb.Message()
	return m.Text
}

// Dropped pictures and folders join the list; what can't be opened is told by name
// and leaves the rest standing.
func TestDrop(t *testing.T) {
	dir := t.TempDir()
	a := pngFile(t, dir, "a.png", 30, 20)
	folder := filepath.Join(dir, "set")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	pngFile(t, folder, "b.png", 31, 20)
	pngFile(t, folder, "c.png", 32, 20)
	write(t, folder, "notes.txt", []byte("no picture"))
	h := newHarness(t)
	if m := h.dropped(a, folder); m != "" {
		t.Errorf("a picture and a folder say %q", m)
	}
	if entries, _ := h.wb.Entries(); len(entries) != 4 || h.top.picture.Name() != "a.png" {
		t.Errorf("%d pictures are open, %q is shown", len(entries), h.top.picture.Name())
	}
	for name, data := range map[string]string{"broken.png": "no picture", "broken.cwb": "CWBxxxx", "empty.cwb": "", "noise.cwb": "nothing"} {
		if m := h.dropped(write(t, dir, name, []byte(data))); !strings.Contains(m, name) || strings.Contains(m, "%!") {
			t.Errorf("%s says %q", name, m)
		}
		h.wb.Dismiss()
	}
	if h.top.picture.Name() != "a.png" {
		t.Errorf("after broken files %q is shown", h.top.picture.Name())
	}
	if m := h.dropped(filepath.Join(dir, "gone.png")); !strings.Contains(m, "gone.png") {
		t.Errorf("a file that is gone says %q", m)
	}
}

// A folder opens at its first picture that can be read.
func TestFolderWithBrokenFirst(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a.png", []byte("no picture"))
	write(t, dir, "b.png", []byte("no picture"))
	pngFile(t, dir, "c.png", 20, 10)
	h := newHarness(t, dir)
	if entries, _ := h.wb.Entries(); len(entries) != 1 || h.top.picture.Name() != "c.png" {
		t.Errorf("%d pictures are open, %q is shown", len(entries), h.top.picture.Name())
	}
	if _, unread := h.wb.Message(); unread != 2 {
		t.Errorf("%d of 2 broken files are told", unread)
	}
	h = newHarness(t)
	h.dropped(dir)
	if entries, _ := h.wb.Entries(); len(entries) != 2 || h.top.picture.Name() != "c.png" {
		t.Errorf("dropped on a sample: %d pictures are open, %q is shown", len(entries), h.top.picture.Name())
	}
}

// A compressed file becomes a candidate for the picture that it was made from, and
// is refused beside one of another size.
func TestDropCompressed(t *testing.T) {
	dir := t.TempDir()
	h := newHarness(t)
	file := filepath.Join(dir, "mine.cwb")
	h.wb.Save(3, workbench.SaveContainer, file)
	h.settle()
	h.wb.Dismiss()
	h.dropped(file)
	if s, ok := h.wb.Slot(4); !ok || s.File == nil {
		t.Fatal("the dropped file is no candidate")
	}
	h.wantText("mine.cwb")
	h.dropped(pngFile(t, dir, "small.png", 9, 9))
	h.wb.Delete(4)
	if m := h.dropped(file); !strings.Contains(m, "60 × 40") || !strings.Contains(m, "open its original first") {
		t.Errorf("a file of another size says %q", m)
	}
}

// A dropped file of results brings its curves.
func TestDropResults(t *testing.T) {
	h := newHarness(t)
	file := filepath.Join(t.TempDir(), "mine.json")
	h.writeData(file)
	h.settle()
	if m := h.dropped(file); !strings.Contains(m, "on the screen Curves") {
		t.Errorf("results say %q", m)
	}
	if len(h.wb.Extras()) != 2 {
		t.Errorf("%d curves were opened, not 2", len(h.wb.Extras()))
	}
}

// What a typed path means, and what the dialog says about it before anything is
// written.
func TestSavePaths(t *testing.T) {
	dir := t.TempDir()
	there := write(t, dir, "there.png", nil)
	for path, want := range map[string]string{
		filepath.Join(dir, "new"):           "A new file.",
		there:                               "replaced",
		dir + "/":                           "folder",
		filepath.Join(dir, "no", "new.png"): "There is no folder",
		filepath.Join(there, "new.png"):     "There is no folder",
		"  ":                                "Type a name.",
	} {
		if got := pathNote(fullPath(path, ".png"), nil); !strings.Contains(got, want) {
			t.Errorf("%q says %q, not %q", path, got, want)
		}
	}
	if got := fullPath(" name ", ".cwb"); got != "name.cwb" {
		t.Errorf("a name without an ending becomes %q", got)
	}
	if got := fullPath("~/x.pdf", ".pdf"); strings.Contains(got, "~") {
		t.Errorf("the home folder stays %q", got)
	}
	h := newHarness(t)
	h.wb.Save(3, workbench.SaveDecoded, filepath.Join(there, "x.png"))
	h.settle()
	if m, _ := h.wb.Message(); !m.Error || !strings.Contains(m.Text, "x.png was not saved") {
		t.Errorf("a folder that is none says %q", m.Text)
	}
}

// Closing asks while a sweep runs, and only then.
func TestCloseDuringSweep(t *testing.T) {
	h := newHarness(t)
	h.wb.StartSweep()
	h.close()
	if h.win.Canvas().Overlays().Top() == nil {
		t.Error("the window closed without a question")
	}
	h.wb.StopSweep()
	for h.wb.Sweep().Running {
		(<-h.queue)()
	}
}

// Published curves are listed with where they come from, drawn on demand, and not
// set against one picture in numbers.
func TestPublishedCurves(t *testing.T) {
	h := newHarness(t)
	h.ShowScreen("curves")
	for len(h.wb.Extras()) == 0 {
		(<-h.queue)()
	}
	h.wb.ShowExtra("published/great", true)
	h.wantText("great", "LIBRARY, 1 CURVE", "not comparable: it was measured on Kodak, one on this picture")
	file := filepath.Join(t.TempDir(), "mine.json")
	h.writeData(file)
	h.settle()
	h.dropped(file)
	if list := h.wb.Extras(); list[len(list)-1].Name != "great" || len(list) < 3 {
		t.Errorf("an opened curve stands behind the published ones: %+v", list)
	}
	if strings.Contains(h.texts(), "great needs") {
		t.Error("the sentence compares a data set's mean with one picture")
	}
}

// The plan of a sweep is seen before it runs, and says what it lacks.
func TestSweepPlan(t *testing.T) {
	h := newHarness(t)
	h.ShowScreen("sweep")
	h.wantText("Ready", "14 encodes to run: 2 codecs at up to 7 qualities, on 1 picture")
	h.wb.RemoveSweepSpec(1)
	h.wb.RemoveSweepSpec(0)
	h.wantText("Add a codec to begin")
	h.wb.AddSweepSpec("one:2-4")
	h.wantText("3 encodes to run")
}

// Where the active codec shows nothing of its inside, the screen says so and offers
// what does.
func TestInsideWithoutPanels(t *testing.T) {
	h := newHarness(t)
	h.ShowScreen("inside")
	for h.wb.Inside().Loading {
		(<-h.queue)()
	}
	h.wantText("two keeps its inside to itself", "of the file's")
	h.wb.LookInto(2)
	for h.wb.Inside().Loading || h.wb.Inside().Number != 2 {
		(<-h.queue)()
	}
	h.wantText("one keeps its inside to itself")
}

// The Tab key goes through what can be seen and used, and nothing else.
func TestTabOrder(t *testing.T) {
	h := newHarness(t)
	for range 6 {
		h.wb.Add("two")
	}
	h.settle()
	c := h.win.Canvas()
	for _, size := range []fyne.Size{fyne.NewSize(startWidth, startHeight), fyne.NewSize(1024, 700)} {
		h.win.Resize(size)
		for _, s := range h.screens {
			h.ShowScreen(s.id)
			for i := range 40 {
				c.FocusNext()
				o, ok := c.Focused().(fyne.CanvasObject)
				if !ok {
					t.Fatalf("%s, stop %d has no focus", s.id, i)
				}
				at := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
				if at.X < 0 || at.Y < 0 || at.X > size.Width || at.Y > size.Height {
					t.Errorf("%s in %v: stop %d, a %T, is at %v: outside", s.id, size, i, o, at)
				}
			}
		}
	}
}
