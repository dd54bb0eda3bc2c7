package compare

import "fyne.io/fyne/v2"

// Hint is something that newcomers are told about the screen.
type Hint int

// The hints, in the order in which they are told.
const (
	HintDivider  Hint = iota // a card over the foot of the divider
	HintSettings             // a card at the left of the candidate's settings
	HintCurve                // a card at the left of the curves
)

// HintPlace returns the point in the window that a hint's card stands at: the middle of
// its lower edge for HintDivider, of its right edge for the others. ok is false where
// what it is about is not seen.
func (s *Screen) HintPlace(h Hint) (at fyne.Position, ok bool) {
	driver := fyne.CurrentApp().Driver()
	const gap, foot = 12, 60
	switch h {
	case HintDivider:
		places := s.stage.pane.Dividers()
		if len(places) == 0 {
			return at, false
		}
		at = driver.AbsolutePositionForObject(s.stage.root)
		return at.AddXY(places[0], s.stage.root.Size().Height-foot), true
	case HintSettings:
		o := s.panel.settings
		at = driver.AbsolutePositionForObject(o)
		return fyne.NewPos(driver.AbsolutePositionForObject(s.panel.root).X-gap, at.Y+o.Size().Height/2), s.panel.curves.root.Visible()
	case HintCurve:
		o := s.panel.curves.chart
		at = driver.AbsolutePositionForObject(o)
		return fyne.NewPos(driver.AbsolutePositionForObject(s.panel.root).X-gap, at.Y+o.Size().Height/2), s.panel.curves.root.Visible()
	}
	return at, false
}
