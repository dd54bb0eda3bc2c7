// Package blind is the screen of blind tests: what is asked, the trials with nothing on
// them that tells the pictures apart, and what the answers mean.
package blind

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"codecworkbench/app/workbench"
	"codecworkbench/views/kit"
	"codecworkbench/views/viewport"
)

// Screen is the screen of blind tests.
type Screen struct {
	Root   *fyne.Container
	wb     *workbench.Workbench
	form   *form
	trial  *trial
	result *result
	phase  workbench.BlindPhase
	built  bool
	seen   bool // the screen is the window's

	// OnTrial is called when trials begin and when they end.
	OnTrial func()
	// Export asks where to write the answers, Leave goes back to the pictures.
	Export, Leave func()
	// Canvas returns the window's.
	Canvas func() fyne.Canvas
	// StartView returns what is seen of the pictures before the first trial.
	StartView func() viewport.View
}

// New builds the screen; call Changed after every change of the workbench.
func New(wb *workbench.Workbench, tips *kit.Tips) *Screen {
	s := &Screen{wb: wb, Root: container.NewStack()}
	s.form, s.trial, s.result = newForm(s, tips), newTrial(s, tips), newResult(s, tips)
	return s
}

// InTrial reports whether a trial is on the screen: then the window is the pictures', and
// its keys are the answers'.
func (s *Screen) InTrial() bool { return s.wb.Blind().Phase == workbench.BlindRunning }

// Changed follows the model.
func (s *Screen) Changed(c workbench.Change) {
	const seen = workbench.Blinds | workbench.Slots | workbench.Pictures | workbench.Results
	if c&seen == 0 {
		return
	}
	b := s.wb.Blind()
	moved := !s.built || b.Phase != s.phase
	running := s.phase == workbench.BlindRunning || b.Phase == workbench.BlindRunning
	s.built, s.phase = true, b.Phase
	if moved && running {
		s.trial.rest()
	}
	switch b.Phase {
	case workbench.BlindRunning:
		if moved {
			s.trial.begin()
		}
		s.trial.update(b)
		s.put(s.trial.root)
	case workbench.BlindDone:
		s.result.show(b)
		s.put(s.result.root)
	default:
		s.form.update(b)
		s.put(s.form.root)
	}
	if moved && running && s.OnTrial != nil {
		s.OnTrial()
	}
	if moved && s.seen {
		s.focus()
	}
}

// put shows one of the screen's faces.
func (s *Screen) put(o fyne.CanvasObject) {
	if len(s.Root.Objects) == 1 && s.Root.Objects[0] == o {
		return
	}
	s.Root.Objects = []fyne.CanvasObject{o}
	s.Root.Refresh()
}

// focus puts Return on what comes next.
func (s *Screen) focus() {
	c := s.Canvas()
	switch s.phase {
	case workbench.BlindSetting:
		c.Focus(s.form.start)
	case workbench.BlindDone:
		c.Focus(s.result.repeat)
	default:
		c.Unfocus()
	}
}

// Shown is called when the screen comes to be seen, and when another one does.
func (s *Screen) Shown(on bool) {
	if s.seen = on; on {
		s.focus()
	}
}

// Escape leaves a face of the screen: a preparation is stopped, a result and the form
// are left.
func (s *Screen) Escape() {
	switch s.phase {
	case workbench.BlindPreparing:
		s.wb.StopBlind()
	case workbench.BlindRunning:
		s.trial.end()
	case workbench.BlindDone:
		s.wb.NewBlind()
	default:
		if s.Leave != nil {
			s.Leave()
		}
	}
}
