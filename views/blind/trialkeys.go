package blind

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	votes "codecworkbench/app/blind"
	"codecworkbench/views/viewport"
)

// held is how long a key must be down to show a picture only for so long.
const held = 350 * time.Millisecond

// place is which picture a letter or digit means; -1: none.
func (t *trial) place(r rune) int {
	for i, p := range t.places {
		if r == p || r == p-'A'+'a' || r == rune('1'+i) || p == 'R' && (r == 'o' || r == 'O') {
			return i
		}
	}
	return -1
}

// TypedRune is given every letter while a trial is on the screen.
func (t *trial) TypedRune(r rune) {
	if place := t.place(r); place >= 0 {
		t.look(place)
		return
	}
	switch r {
	case '0':
		t.pane.Fit()
	case 'z', 'Z':
		t.pane.ZoomTo(1)
	case '+', '=':
		t.pane.ZoomTo(viewport.StepIn(t.pane.View().Scale))
	case '-':
		t.pane.ZoomTo(viewport.StepOut(t.pane.View().Scale))
	}
}

// TypedKey is given every key while a trial is on the screen.
func (t *trial) TypedKey(ev *fyne.KeyEvent) {
	if shifted() && t.pan(ev.Name) {
		return
	}
	switch ev.Name {
	case fyne.KeyLeft:
		t.choose(votes.A)
	case fyne.KeyRight:
		t.choose(votes.B)
	case fyne.KeyDown:
		t.choose(votes.Tie)
	case fyne.KeyReturn, fyne.KeyEnter:
		t.answer()
	case fyne.KeyBackspace:
		t.s.wb.UndoBlind()
	case fyne.KeySpace, fyne.KeyTab:
		t.look((t.looking + 1) % max(len(t.places), 1))
	case fyne.KeyEscape:
		t.end()
	}
}

// pan moves the picture by the arrows with Shift.
func (t *trial) pan(key fyne.KeyName) bool {
	by, ok := map[fyne.KeyName][2]float64{fyne.KeyLeft: {0.1, 0}, fyne.KeyRight: {-0.1, 0}, fyne.KeyUp: {0, 0.1}, fyne.KeyDown: {0, -0.1}}[key]
	if ok {
		t.pane.Pan(by[0], by[1])
	}
	return ok
}

func shifted() bool {
	d, ok := fyne.CurrentApp().Driver().(desktop.Driver)
	return ok && d.CurrentKeyModifiers()&fyne.KeyModifierShift != 0
}

// KeyDown notes when a picture's key goes down.
func (t *trial) KeyDown(ev *fyne.KeyEvent) {
	if len(ev.Name) == 1 && t.place(rune(ev.Name[0])) >= 0 {
		t.pressed, t.before = time.Now(), t.looking
	}
}

// KeyUp goes back to the picture before, where the key was held.
func (t *trial) KeyUp(ev *fyne.KeyEvent) {
	if len(ev.Name) == 1 && t.place(rune(ev.Name[0])) >= 0 && !t.pressed.IsZero() && time.Since(t.pressed) > held {
		t.look(t.before)
	}
	t.pressed = time.Time{}
}

// TypedRune is given every letter while a trial is on the screen.
func (s *Screen) TypedRune(r rune) { s.trial.TypedRune(r) }

// TypedKey is given every key while a trial is on the screen.
func (s *Screen) TypedKey(ev *fyne.KeyEvent) { s.trial.TypedKey(ev) }

// KeyDown is told which key goes down while a trial is on the screen.
func (s *Screen) KeyDown(ev *fyne.KeyEvent) { s.trial.KeyDown(ev) }

// KeyUp is told which key is let go.
func (s *Screen) KeyUp(ev *fyne.KeyEvent) { s.trial.KeyUp(ev) }
