package views

import (
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"codecworkbench/app/workbench"
	"codecworkbench/views/blind"
)

// blindScreen is the id of the screen of blind tests, which has no tab: it is entered from
// Compare, the menu and the palette.
const blindScreen = "blind"

func (w *Window) newBlind() *blind.Screen {
	s := blind.New(w.wb, w.tips)
	s.Leave = func() { w.ShowScreen("compare") }
	s.Canvas = w.win.Canvas
	s.StartView = w.compare.Pane().View
	s.Export = w.exportVotes
	s.OnTrial = func() {
		if s.InTrial() {
			w.tips.Hide()
			w.top.root.Hide()
		} else {
			w.top.root.Show()
		}
		w.root.Refresh()
	}
	return s
}

// inTrial reports whether a trial of a blind test is on the screen.
func (w *Window) inTrial() bool { return w.current == blindScreen && w.blind.InTrial() }

// inBlind reports whether a blind test is prepared or asked, while nothing else is worked on.
func (w *Window) inBlind() bool {
	phase := w.wb.Blind().Phase
	return phase == workbench.BlindPreparing || phase == workbench.BlindRunning
}

// quiet switches off, while a trial is on the screen, all actions but those that tell
// nothing about it: names, numbers and other pictures come at the end.
func (w *Window) quiet(actions []*Action) {
	harmless := map[string]bool{"file.quit": true, "view.theme": true}
	for _, a := range actions {
		if harmless[a.ID] {
			continue
		}
		before := a.Enabled
		a.Enabled = func() bool { return !w.inTrial() && (before == nil || before()) }
	}
}

// bindTrial gives a trial the keys before the window's actions.
func (w *Window) bindTrial() {
	c := w.win.Canvas()
	key, letter := c.OnTypedKey(), c.OnTypedRune()
	c.SetOnTypedKey(func(ev *fyne.KeyEvent) {
		switch {
		case w.inTrial() && c.Overlays().Top() == nil:
			w.blind.TypedKey(ev)
		case w.current == blindScreen && c.Overlays().Top() == nil && ev.Name == fyne.KeyEscape:
			w.blind.Escape()
		default:
			key(ev)
		}
	})
	c.SetOnTypedRune(func(r rune) {
		if w.inTrial() && c.Overlays().Top() == nil {
			w.blind.TypedRune(r)
			return
		}
		letter(r)
	})
	d, ok := c.(desktop.Canvas)
	if !ok {
		return // a canvas of tests, which has no keys to hold
	}
	down, up := d.OnKeyDown(), d.OnKeyUp()
	d.SetOnKeyDown(func(ev *fyne.KeyEvent) {
		if w.inTrial() {
			w.blind.KeyDown(ev)
			return
		}
		down(ev)
	})
	d.SetOnKeyUp(func(ev *fyne.KeyEvent) {
		if w.inTrial() {
			w.blind.KeyUp(ev)
			return
		}
		up(ev)
	})
}

// hasVotes reports whether the result of a blind test is on the screen. Elsewhere nobody
// asks for the test's state, which would set the next one up too early.
func (w *Window) hasVotes() bool {
	return w.current == blindScreen && w.wb.Blind().Phase == workbench.BlindDone
}

// exportVotes asks where to write the answers of the test that is shown.
func (w *Window) exportVotes() {
	w.askPath("Export the answers", "blind-test.csv", []string{".csv"}, w.writeVotes)
}

// writeVotes writes the answers of the test that is shown.
func (w *Window) writeVotes(path string) {
	if t := w.wb.Blind().Test; t != nil && w.hasVotes() {
		if strings.ToLower(filepath.Ext(path)) != ".csv" {
			path += ".csv"
		}
		w.wb.Write(path, t.CSV)
	}
}
