package workbench

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// project is a folder with a picture, a compressed file, results and a session that names
// them, painted mask and all.
func project(t *testing.T) (dir string, home Config) {
	t.Helper()
	dir = t.TempDir()
	home = Config{Folder: t.TempDir()}
	writePNG(t, filepath.Join(dir, "p.png"), gradient(40, 40))
	if err := os.WriteFile(filepath.Join(dir, "r.csv"), []byte("codec,bpp,psnr\nx,1,30\nx,2,31\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	b := newBench(t, home, masked{&bits{id: "one"}}, &bits{id: "two"})
	b.Start([]string{filepath.Join(dir, "p.png"), filepath.Join(dir, "r.csv")})
	b.settle()
	b.SetMatch(Match{})
	b.SetParam(2, "q", "7")
	b.Save(3, SaveContainer, filepath.Join(dir, "c.cwb"))
	b.settle()
	b.OpenCompressed(filepath.Join(dir, "c.cwb"))
	b.settle()
	b.PaintMask(2)
	b.Stroke(5, 5, true, true)
	b.until("the mask", func() bool { s, _ := b.Slot(2); return s.Params["mask"] != "" })
	b.StopPainting()
	b.Delete(3) // so that numbers have a gap
	b.ShowLeft(4)
	b.Show(2)
	b.SetWindow(WindowState{Screen: "curves", Scale: 2, X: 3, Y: 4})
	b.SaveSession(filepath.Join(dir, "mine"))
	b.settle()
	b.Close()
	return dir, home
}

// sees checks that the project is open as it was left.
func (b *bench) sees(dir string) {
	b.t.Helper()
	b.settle()
	s := b.Setup()
	if len(s.Slots) != 3 || s.Slots[1].Number != 2 || s.Slots[1].Params["q"] != "7" || s.Slots[2].Number != 4 || s.Slots[2].File == nil {
		b.t.Fatalf("the candidates are %+v", s.Slots)
	}
	if s.Left != 4 || s.Right != 2 || s.Active != 2 {
		b.t.Errorf("left %d, right %d, active %d", s.Left, s.Right, s.Active)
	}
	if p := b.Picture(); p == nil || p.Width() != 40 || p.Source().Path != filepath.Join(dir, "p.png") {
		b.t.Errorf("the picture is %+v", p.Source())
	}
	if got := s.Slots[2].File.Path; got != filepath.Join(dir, "c.cwb") {
		b.t.Errorf("the candidate's file is %s", got)
	}
	if _, err := os.Stat(s.Slots[1].Params["mask"]); err != nil || !filepath.IsAbs(s.Slots[1].Params["mask"]) {
		b.t.Errorf("the mask: %v", err)
	}
	if !slices.ContainsFunc(b.Extras(), func(e Extra) bool { return e.Name == "x" && e.Shown }) {
		b.t.Errorf("the opened curves are %+v", b.Extras())
	}
	if w := b.Window(); w.Screen != "curves" || w.Scale != 2 {
		b.t.Errorf("the window: %+v", w)
	}
}

// A session moves with its folder, to another machine too: it names files relative to
// itself and has its painted masks in it.
func TestSessionMoves(t *testing.T) {
	dir, _ := project(t)
	data, err := os.ReadFile(filepath.Join(dir, "mine.cwsession"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(data), filepath.Dir(dir)) {
		t.Errorf("the session names a place on this machine:\n%s", data)
	}
	moved := filepath.Join(t.TempDir(), "elsewhere")
	if err := os.Rename(dir, moved); err != nil {
		t.Fatal(err)
	}
	b := newBench(t, Config{Folder: t.TempDir()}, masked{&bits{id: "one"}}, &bits{id: "two"})
	b.Start([]string{filepath.Join(moved, "mine.cwsession")})
	b.until("the session", func() bool { return b.SessionPath() != "" })
	b.sees(moved)
	if m, n := b.Message(); n > 0 {
		t.Errorf("it says %q", m.Text)
	}
}

// The program's own session is what a crash leaves: the next start brings it back, says
// so, and goes on keeping the user's file up to date.
func TestSessionAfterCrash(t *testing.T) {
	dir, home := project(t)
	b := newBench(t, home, masked{&bits{id: "one"}}, &bits{id: "two"})
	b.Start(nil)
	b.sees(dir)
	if m, n := b.Message(); n > 0 {
		t.Errorf("after a proper end it says %q", m.Text)
	}
	b.SetParam(2, "q", "6")
	named := filepath.Join(dir, "mine.cwsession")
	b.until("the file to follow", func() bool {
		data, err := os.ReadFile(named)
		return err == nil && strings.Contains(string(data), `"q": "6"`)
	})
	// A second window leaves the first one's session alone.
	second := newBench(t, home, masked{&bits{id: "one"}}, &bits{id: "two"})
	second.Start(nil)
	second.settle()
	if len(second.Setup().Slots) != 3 || second.SessionPath() != "" || second.saver.name == b.saver.name {
		t.Errorf("a second window has %s, %s", second.saver.name, second.SessionPath())
	}
	second.Close()
	b.saver.lock.Close() // as the system does after a kill
	b.saver.lock = nil
	after := newBench(t, home, masked{&bits{id: "one"}}, &bits{id: "two"})
	after.Start(nil)
	after.settle()
	if s, _ := after.Slot(2); s.Params["q"] != "6" || after.SessionPath() != named {
		t.Errorf("after the crash q is %s, the file %s", s.Params["q"], after.SessionPath())
	}
	if m, _ := after.Message(); m.Error || !strings.Contains(m.Text, "Everything is back") {
		t.Errorf("after the crash it says %q", m.Text)
	}
}

// A session that ends the program while it opens does not do so for ever.
func TestSessionThatCrashes(t *testing.T) {
	dir, home := project(t)
	if err := os.WriteFile(filepath.Join(home.Folder, sessionName+".open"), []byte("2"), 0o644); err != nil {
		t.Fatal(err)
	}
	b := newBench(t, home, masked{&bits{id: "one"}}, &bits{id: "two"})
	b.Start(nil)
	b.settle()
	if m, _ := b.Message(); !strings.Contains(m.Text, "set aside") || len(b.Setup().Slots) != 3 || !b.CanGoBack() {
		t.Errorf("it says %q", m.Text)
	}
	b.PreviousSession()
	b.sees(dir)
}

// What somebody else writes to a session's file is not overwritten.
func TestSessionChangedOutside(t *testing.T) {
	dir, home := project(t)
	named := filepath.Join(dir, "mine.cwsession")
	b := newBench(t, home, masked{&bits{id: "one"}}, &bits{id: "two"})
	b.Start(nil)
	b.sees(dir)
	theirs := []byte(`{"version":1,"pictures":[{"path":"./p.png"}]}`)
	if err := os.WriteFile(named, theirs, 0o644); err != nil {
		t.Fatal(err)
	}
	b.SetParam(2, "q", "3")
	b.until("the message", func() bool { m, _ := b.Message(); return m.Error })
	if m, _ := b.Message(); !strings.Contains(m.Text, "no longer writes to it") || b.SessionPath() != "" {
		t.Errorf("it says %q", m.Text)
	}
	if data, _ := os.ReadFile(named); string(data) != string(theirs) {
		t.Error("it was overwritten")
	}
	b.OpenSession(named)
	b.until("their session", func() bool { return b.SessionPath() != "" })
	b.settle()
	if len(b.Setup().Slots) != 3 || b.Setup().Slots[1].Params["q"] == "3" || b.Setup().Slots[1].Params["mask"] != "" {
		t.Errorf("their session has %+v", b.Setup().Slots)
	}
	b.PreviousSession()
	b.settle()
	if s, _ := b.Slot(2); s.Params["q"] != "3" {
		t.Errorf("what was open before is lost: %+v", b.Setup().Slots)
	}
}

// Files that are gone are told with what to do, stay in the session, and are found again
// in another folder.
func TestMissingFiles(t *testing.T) {
	dir, home := project(t)
	attic := t.TempDir()
	for _, name := range []string{"p.png", "c.cwb", "r.csv"} {
		if err := os.Rename(filepath.Join(dir, name), filepath.Join(attic, name)); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 { // the second start still knows them
		b := newBench(t, home, masked{&bits{id: "one"}}, &bits{id: "two"})
		b.Start(nil)
		b.settle()
		m, _ := b.Message()
		if !m.Error || !strings.Contains(m.Text, "p.png") || !strings.Contains(m.Text, "c.cwb") || !strings.Contains(m.Text, "Find missing files") {
			t.Fatalf("it says %q", m.Text)
		}
		if s, _ := b.Slot(2); s.Params["q"] != "7" || b.Picture() == nil {
			t.Errorf("the rest is not open: %+v", b.Setup().Slots)
		}
		b.StepQuality(2, -1)
		b.StepQuality(2, 1)
		b.Close()
	}
	b := newBench(t, home, masked{&bits{id: "one"}}, &bits{id: "two"})
	b.Start(nil)
	b.settle()
	b.FindMissing(attic)
	b.settle()
	if len(b.MissingFiles()) != 0 {
		t.Errorf("still missing: %v", b.MissingFiles())
	}
	entries, _ := b.Entries()
	if s, ok := b.Slot(4); !ok || s.File == nil || !slices.ContainsFunc(entries, func(e Entry) bool { return e.Path == filepath.Join(attic, "p.png") }) {
		t.Errorf("found: %+v", entries)
	}
}

// Sessions of programs that wrote absolute paths keep opening.
func TestOldSession(t *testing.T) {
	folder, dir := t.TempDir(), t.TempDir()
	writePNG(t, filepath.Join(dir, "p.png"), gradient(20, 30))
	old := map[string]any{"version": 1, "pictures": []map[string]string{{"sample": "b"}, {"path": filepath.Join(dir, "p.png")}}, "current": 1,
		"slots": []map[string]any{{"number": 1}, {"number": 3, "codec": "one", "params": map[string]string{"q": "5"}}}, "left": 1, "right": 3,
		"match": map[string]any{"On": false, "Metric": "", "All": false}, "mode": "side", "gain": 4}
	data, err := json.Marshal(old)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "session.json"), data, 0o644); err != nil {
		t.Fatal(err)
	}
	b := newBench(t, Config{Folder: folder}, &bits{id: "one"})
	b.Start(nil)
	b.settle()
	if s, _ := b.Slot(3); b.Picture().Height() != 30 || s.Params["q"] != "5" || b.ViewSettings().Mode != Side {
		t.Errorf("restored %+v, %d high", b.Setup(), b.Picture().Height())
	}
}

// What was opened is listed, the newest first; what is gone leaves the list.
func TestRecent(t *testing.T) {
	dir, home := project(t)
	b := newBench(t, home, masked{&bits{id: "one"}}, &bits{id: "two"})
	b.Start(nil)
	b.settle()
	list := b.Recent()
	if len(list) < 3 || list[0] != filepath.Join(dir, "mine.cwsession") || !slices.Contains(list, filepath.Join(dir, "p.png")) {
		t.Fatalf("recent are %v", list)
	}
	if err := os.Remove(filepath.Join(dir, "p.png")); err != nil {
		t.Fatal(err)
	}
	b.OpenRecent(filepath.Join(dir, "p.png"))
	if m, _ := b.Message(); !m.Error || !strings.Contains(m.Text, "p.png") || slices.Contains(b.Recent(), filepath.Join(dir, "p.png")) {
		t.Errorf("after it went: %q, %v", m.Text, b.Recent())
	}
}

// No text, however broken, is more than an error.
func FuzzSession(f *testing.F) {
	f.Add(`{"version":1,"pictures":[{"path":"./a.png"}],"slots":[{"number":2,"codec":"one","params":{"q":"3"}}],"masks":{"mask-x.png":"AAAA"}}`)
	f.Add(`{"version":1,"watched":["../"],"left":-1,"right":99,"current":-5,"sweep":{"specs":["one:1-2"],"metrics":["x"]}}`)
	f.Fuzz(func(t *testing.T, text string) {
		b := newBench(t, Config{}, &bits{id: "one"})
		s, err := b.decode([]byte(text), t.TempDir())
		if err != nil {
			return
		}
		b.saver.loading = true
		b.apply(s)
		if _, err := b.encode(b.session(), t.TempDir(), true); err != nil {
			t.Error(err)
		}
	})
}
