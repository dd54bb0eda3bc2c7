package views

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"codecworkbench/app/workbench"
	"codecworkbench/views/kit"
)

// A session that is opened shows what was shown: the screen, the zoom and the place.
func TestSessionState(t *testing.T) {
	h := newHarness(t)
	path := filepath.Join(t.TempDir(), "mine.cwsession")
	pane := h.compare.Pane()
	pane.ZoomTo(24)
	pane.SetSplit(0.25)
	want := pane.State()
	h.ShowScreen("inside")
	h.wb.SaveSession(path)
	h.settle()
	if title := h.win.Title(); !strings.Contains(title, "mine") {
		t.Errorf("the title is %q", title)
	}
	h.Do("session.new")
	h.settle()
	h.ShowScreen("compare")
	pane.Fit()
	pane.SetSplit(0.9)
	if title := h.win.Title(); strings.Contains(title, "mine") {
		t.Errorf("the title of a new session is %q", title)
	}
	h.dropped(path)
	if h.current != "inside" {
		t.Errorf("the screen is %s", h.current)
	}
	if got := pane.State(); got.Scale != want.Scale || got.X != want.X || got.Dividers[0][0] != 0.25 {
		t.Errorf("the pane shows %+v, not %+v", got, want)
	}
	if s := h.wb.Window(); s.Screen != "inside" || s.Scale != want.Scale {
		t.Errorf("the session keeps %+v", s)
	}
}

// The menu offers to follow what comes from a file only.
func TestFollowActions(t *testing.T) {
	dir := t.TempDir()
	path := pngFile(t, dir, "a.png", 30, 20)
	h := newHarness(t)
	if h.Do("follow.picture") {
		t.Error("a sample can be followed")
	}
	h.dropped(path)
	if !h.Do("follow.picture") || !h.wb.Follows(workbench.Original) {
		t.Error("the picture is not followed")
	}
	h.wb.WatchFolder(dir)
	h.settle()
	menu := h.top.withWatched(h.Window.menu("File"))
	i := slices.IndexFunc(menu, func(i kit.Item) bool { return i.Name == subFollow })
	if it := menu[i].Sub[1]; it.Name != "Stop watching "+filepath.Base(dir) || it.Note != filepath.Dir(dir) {
		t.Errorf("the second line of the menu is %+v", it)
	}
	menu[i].Sub[1].Do()
	if len(h.wb.Watched()) != 0 {
		t.Error("the folder is still watched")
	}
	h.wb.Undo()
	if h.Do("follow.picture") || !h.Do("follow.stop") || len(h.wb.Watched()) != 0 {
		t.Error("a watched folder's picture is followed by itself, until the folder is left")
	}
}
