// Package compare is the screen that shows two pictures together: the original, a
// codec at some setting or a compressed file, with the candidates below and the
// active one's controls, the measurements and the curves beside.
package compare

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"codecworkbench/app/workbench"
	"codecworkbench/views/kit"
)

// Screen is the screen Compare.
type Screen struct {
	Root  fyne.CanvasObject
	stage *stage
	bar   *slotBar
	panel *panel
}

// New builds the screen; call Changed after every change of the workbench.
func New(wb *workbench.Workbench, tips *kit.Tips) *Screen {
	s := &Screen{stage: newStage(wb, tips), bar: newSlotBar(wb, tips), panel: newPanel(wb, tips)}
	s.Root = container.New(layout{s})
	s.Root.(*fyne.Container).Objects = []fyne.CanvasObject{s.stage.root, s.bar.root, s.line(), s.panel.root, s.line()}
	return s
}

func (s *Screen) line() fyne.CanvasObject { return kit.NewGround(kit.ColorLine, 0, 0, 0, nil) }

// OnOpenCompressed sets what asks for a compressed file to add as a candidate.
func (s *Screen) OnOpenCompressed(f func()) { s.bar.OpenFile = f }

// OnBlind sets what goes to the screen of blind tests.
func (s *Screen) OnBlind(f func()) { s.bar.Blind = f }

// OnPickFile sets what asks for a file that a parameter needs.
func (s *Screen) OnPickFile(f func(done func(path string))) { s.panel.PickFile = f }

// OnMoved sets what is told that zoom, place or a divider changed.
func (s *Screen) OnMoved(f func()) { s.stage.onMoved = f }

// Changed follows the model.
func (s *Screen) Changed(c workbench.Change) {
	s.stage.changed(c)
	s.bar.changed(c)
	s.panel.changed(c)
}

// Rest frees what the screen has built of large pictures, while another screen is seen;
// Changed builds it again.
func (s *Screen) Rest() { s.stage.rest() }

// Hold shows the original alone while it is on; in flicker mode, the left picture.
func (s *Screen) Hold(on bool) { s.stage.hold(on) }

// ChooseMetrics opens the list of metrics to measure with.
func (s *Screen) ChooseMetrics() { s.panel.table.menu() }

// Pane returns the area that shows the pictures, for actions on zoom and divider.
func (s *Screen) Pane() *Pane { return s.stage.pane }

// layout: the picture, the candidates below it, the panel at the right.
type layout struct{ s *Screen }

// MinSize implements fyne.Layout.
func (layout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(kit.SidePanel+420, kit.SlotBar+300)
}

// Layout implements fyne.Layout.
func (l layout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	panel := float32(kit.SidePanel)
	left := size.Width - panel
	top := size.Height - kit.SlotBar
	put := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, h))
	}
	put(o[0], 0, 0, left, top)
	put(o[1], 0, top, left, kit.SlotBar)
	put(o[2], 0, top, left, 1)
	put(o[3], left, 0, panel, size.Height)
	put(o[4], left, 0, 1, size.Height)
}
