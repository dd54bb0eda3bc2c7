package views

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	votes "codecworkbench/app/blind"
	"codecworkbench/app/workbench"
)

// until pumps the window until a condition holds.
func (h *harness) until(what string, ok func() bool) {
	h.t.Helper()
	limit := time.After(20 * time.Second)
	for !ok() {
		select {
		case f := <-h.queue:
			f()
		case <-time.After(5 * time.Millisecond):
		case <-limit:
			h.t.Fatalf("never came: %s", what)
		}
	}
}

func (h *harness) press(names ...fyne.KeyName) {
	for _, n := range names {
		h.win.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: n})
	}
}

// A test from the first key to the exported file, by keys alone: nothing on the screen
// names the candidates, the window's other keys are quiet, the answers are the result.
func TestBlindTestByKeys(t *testing.T) {
	h := newHarness(t)
	if !h.Do("view.blind") {
		t.Fatal("there is no way to the blind test")
	}
	h.wantText("Blind test", "Candidates", "12 right answers")
	s := h.wb.Blind().Setup
	s.Trials, s.Seed, s.Terms = 4, 5, workbench.BlindAsTheyAre
	h.wb.SetBlind(s)
	h.wb.StartBlind()
	seen := func() bool { return h.wb.Blind().Begun }
	h.until("the first trial", seen)
	if h.top.root.Visible() {
		t.Error("the top bar is over a trial")
	}
	h.wantText("Trial 1 of 4", "Which is X?")
	test := h.wb.Blind().Test
	for i := range test.Trials {
		h.until("a trial", seen)
		text := h.texts()
		for _, tell := range []string{"one", "two", "q ", "bpp", "kB", " B\n"} {
			if strings.Contains(text, tell) {
				t.Errorf("trial %d: %q is to be read on the screen", i+1, tell)
			}
		}
		h.press(fyne.KeyReturn) // nothing is chosen yet
		if len(test.Votes) != i {
			t.Fatal("Return answered without a choice")
		}
		h.win.Canvas().OnTypedRune()('3')
		h.win.Canvas().OnTypedRune()('2') // else the window's own key
		answer := fyne.KeyLeft
		if test.Trials[i].X == test.Trials[i].B {
			answer = fyne.KeyRight
		}
		h.press(answer, fyne.KeyReturn)
		if i == 1 {
			h.press(fyne.KeyBackspace)
			h.until("the trial again", seen)
			h.press(answer, fyne.KeyReturn)
		}
	}
	if h.wb.Setup().Right != 3 {
		t.Error("a key of a trial changed what Compare shows")
	}
	h.wantText("4 of 4 right; guessing does as well in 6.2 % of cases.", "RIGHT ANSWERS", "4 right", "one", "two")
	if !h.top.root.Visible() {
		t.Error("the top bar is gone after the test")
	}
	if v := test.Votes[0]; v.Switches != 2 || v.Zoom <= 0 {
		t.Errorf("vote %+v", v)
	}
	path := filepath.Join(t.TempDir(), "votes.csv")
	h.writeVotes(path)
	h.settle()
	if data, err := os.ReadFile(path); err != nil || strings.Count(string(data), "\n") != 5 {
		t.Errorf("%s %v", data, err)
	}
	h.press(fyne.KeyEscape)
	h.wantText("Judge the pictures", "Earlier tests …")
	h.press(fyne.KeyEscape)
	if h.current != "compare" {
		t.Error("Escape does not lead back to Compare")
	}
}

// The two-alternative test ranks; Escape ends it at the second time, with what there is.
func TestBlindChoiceEndsEarly(t *testing.T) {
	h := newHarness(t)
	h.wb.SetParam(3, "q", "2")
	h.settle()
	h.Do("view.blind")
	s := h.wb.Blind().Setup
	s.Kind, s.Ties, s.Terms, s.Candidates = votes.Choice, true, workbench.BlindAsTheyAre, []int{1, 2, 3}
	h.wb.SetBlind(s)
	h.wb.StartBlind()
	for i := range 6 {
		h.until("a trial", func() bool { return h.wb.Blind().Begun })
		h.wantText("Which is nearer to the original?", "Original")
		answer := fyne.KeyLeft
		if r := h.wb.Blind().Test.Trials[i]; r.B < r.A { // 1 before 2 before 3
			answer = fyne.KeyRight
		}
		if i == 5 {
			answer = fyne.KeyDown
		}
		h.press(answer, fyne.KeyReturn)
	}
	for _, id := range []string{"edit.undo", "edit.delete", "add.one", "file.open", "view.compare", "view.mode.diff"} {
		if h.Do(id) {
			t.Errorf("%s works during a trial", id)
		}
	}
	h.press(fyne.KeyEscape)
	h.wantText("End? Once more")
	if h.wb.Blind().Phase != workbench.BlindRunning {
		t.Error("one Escape ended the test")
	}
	h.press(fyne.KeyEscape)
	h.wantText("SCORES", "WHO WON", "6 of 16 trials", "ties")
	if list := h.wb.Blind().Test.Standings(); list[0].Number != 1 {
		t.Errorf("%+v", list)
	}
	h.ShowScreen("curves")
	h.ShowScreen("blind")
	h.wantText("SCORES")
}

// What can't begin is said in the form.
func TestBlindFormSaysWhy(t *testing.T) {
	h := newHarness(t)
	h.Do("view.blind")
	h.wb.ToggleBlind(2)
	if h.wb.CanBlind() == nil {
		t.Fatal("one candidate is enough")
	}
	h.wb.StartBlind()
	if p := h.wb.Blind().Problem; p != "Choose two candidates at least." {
		t.Error(p)
	}
}

// Presets are found by typing, in the menu, and opened by a drop.
func TestPresetsInTheWindow(t *testing.T) {
	h := newHarness(t)
	path := filepath.Join(t.TempDir(), "Mine.cwpreset")
	h.wb.SavePreset(true, path)
	h.settle()
	h.wb.Delete(3)
	h.wb.OpenPaths([]string{path})
	h.settle()
	if n := len(h.wb.Setup().Slots); n != 3 {
		t.Errorf("%d slots after the preset was opened", n)
	}
	items := h.top.withPresets(h.Window.menu("File"))
	found := false
	for _, i := range items {
		found = found || i.Name == "Presets" && len(i.Sub) == 3
	}
	if !found {
		t.Error("the File menu has no presets")
	}
}
