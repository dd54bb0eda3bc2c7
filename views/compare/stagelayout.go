package compare

import (
	"fyne.io/fyne/v2"

	"codecworkbench/app/workbench"
	"codecworkbench/views/kit"
)

// stageLayout puts the overlays at the corners of the pane.
type stageLayout struct{ s *stage }

// MinSize implements fyne.Layout.
func (l stageLayout) MinSize([]fyne.CanvasObject) fyne.Size { return l.s.pane.MinSize() }

// Layout implements fyne.Layout.
func (l stageLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	l.s.pane.Move(fyne.Position{})
	l.s.pane.Resize(size)
	l.s.place()
}

const margin = 14 // of the overlays from the pane's edges

// place moves the overlays; it uploads nothing.
func (s *stage) place() {
	size := s.pane.Size()
	if size.Width < 1 {
		return
	}
	mode := s.modeBox.MinSize()
	s.modeBox.Resize(mode)
	x := (size.Width - mode.Width) / 2
	gain := s.gainBox.MinSize()
	s.gainBox.Resize(gain)
	amplified := s.wb.ViewSettings().Mode == workbench.Diff
	if amplified {
		x = (size.Width - mode.Width - gain.Width - kit.Space) / 2
	}
	// The corner labels share what the mode switch leaves; where that is too little,
	// the switch makes room.
	y, free := float32(8), x-margin-kit.Space
	if labels := s.left.MinSize().Max(s.right.MinSize()); labels.Width > free {
		y += labels.Height + 6
		free = size.Width/2 - margin - kit.Gap
	}
	s.modeBox.Move(fyne.NewPos(x, y))
	s.gainBox.Move(parked)
	s.gains.SetDisabled(!amplified) // the focus must not go where nothing is seen
	if amplified {
		s.gainBox.Move(fyne.NewPos(x+mode.Width+kit.Space, y))
	}
	s.placeMap(size, y+mode.Height+6)
	s.left.fit(free)
	s.left.Move(fyne.NewPos(margin, 8))
	s.right.fit(free)
	s.right.Move(fyne.NewPos(size.Width-margin-s.right.Size().Width, 8))

	zoom := s.zoom.root.MinSize()
	s.zoom.root.Resize(zoom)
	s.zoom.root.Move(fyne.NewPos(margin, size.Height-zoom.Height-10))
	s.placeReadout()
	s.placeDivider(size)
	if s.hintText.Value() == "" {
		s.hint.Move(parked)
		return
	}
	m := s.hint.MinSize()
	s.hint.Resize(m)
	s.hint.Move(fyne.NewPos((size.Width-m.Width)/2, (size.Height-m.Height)/2))
}

// placeMap puts the map's controls below the modes and its legend over the zoom.
func (s *stage) placeMap(size fyne.Size, y float32) {
	if s.wb.ViewSettings().Mode != workbench.Mapped {
		s.mapBar.root.Move(parked)
		s.legend.root.Move(parked)
		return
	}
	s.mapBar.fit(size.Width - 2*kit.Gap)
	s.mapBar.root.Move(fyne.NewPos((size.Width-s.mapBar.root.Size().Width)/2, y))
	legend := s.legend.root.MinSize()
	s.legend.root.Resize(legend)
	below := s.zoom.root.MinSize().Height + 16
	if size.Width < roomy {
		below += s.readout.root.MinSize().Height + 6 // which lies over the zoom then
	}
	s.legend.root.Move(fyne.NewPos(margin, size.Height-below-legend.Height))
}

// roomy is the width of a pane that has room for the readout beside the zoom.
const roomy = 760

func (s *stage) placeReadout() {
	size := s.pane.Size()
	if s.readout.empty() {
		s.readout.root.Move(parked)
		return
	}
	m := s.readout.root.MinSize()
	s.readout.root.Resize(m)
	y := size.Height - m.Height - 10
	if zoom := s.zoom.root.Size(); zoom.Width+m.Width+2*margin+kit.Space > size.Width {
		y -= zoom.Height + 6 // there is no room beside the zoom
	}
	s.readout.root.Move(fyne.NewPos(max(size.Width-margin-m.Width, kit.Gap), y))
}

func (s *stage) placeDivider(size fyne.Size) {
	if !s.pane.divided() {
		for _, o := range []fyne.CanvasObject{s.edge, s.line, s.knob, s.arrows} {
			o.Move(parked)
		}
		return
	}
	x := s.pane.Split()
	// The line ends at the controls instead of running through them.
	top, bottom := float32(0), size.Height
	for _, box := range []fyne.CanvasObject{s.modeBox, s.mapBar.root, s.left, s.right} {
		if x > box.Position().X-1 && x < box.Position().X+box.Size().Width+1 {
			top = max(top, box.Position().Y+box.Size().Height)
		}
	}
	for _, box := range []fyne.CanvasObject{s.zoom.root, s.readout.root, s.legend.root} {
		if x > box.Position().X-1 && x < box.Position().X+box.Size().Width+1 {
			bottom = min(bottom, box.Position().Y)
		}
	}
	s.edge.Resize(fyne.NewSize(4, bottom-top))
	s.line.Resize(fyne.NewSize(2, bottom-top))
	s.edge.Move(fyne.NewPos(x-2, top))
	s.line.Move(fyne.NewPos(x-1, top))
	s.knob.Resize(fyne.NewSize(knobSide, knobSide))
	s.arrows.Resize(fyne.NewSize(knobSide, knobSide))
	s.knob.Move(fyne.NewPos(x-knobSide/2, size.Height/2-knobSide/2))
	s.arrows.Move(fyne.NewPos(x-knobSide/2, size.Height/2-knobSide/2))
}

const knobSide = 26
