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

const (
	margin  = 14 // of the overlays from the pane's edges
	topEdge = 8  // of the labels from the pane's upper edge
)

// place moves the overlays; it uploads nothing.
func (s *stage) place() {
	size := s.pane.Size()
	if size.Width < 1 {
		return
	}
	s.placeTop(size)
	zoom := s.zoom.root.MinSize()
	s.zoom.root.Resize(zoom)
	s.zoom.root.Move(fyne.NewPos(margin, size.Height-zoom.Height-10))
	s.placeReadout()
	s.placeDividers(size)
	if s.hintText.Value() == "" {
		park(s.hint)
		return
	}
	m := s.hint.MinSize()
	s.hint.Resize(m)
	s.hint.Move(fyne.NewPos((size.Width-m.Width)/2, (size.Height-m.Height)/2))
}

// placeTop puts the labels over their pictures and the modes' controls between them.
// Where there is too little room for both, the controls make room.
func (s *stage) placeTop(size fyne.Size) {
	panes := s.wb.Panes()
	n := len(panes)
	for i := n; i < len(s.labels); i++ {
		lift(s.labels[i])
	}
	for _, l := range s.labels[:n] {
		if !l.Visible() {
			l.Show()
		}
	}
	labels := s.labels[:n]
	bar := s.bars.width()
	free := (size.Width-bar)/2 - margin - kit.Space
	y := float32(topEdge)
	widest := max(labels[0].MinSize().Width, labels[n-1].MinSize().Width)
	tight := widest > free
	if tight {
		y += labels[0].MinSize().Height + 6
		free = size.Width/2 - margin - kit.Gap
	}
	bottom := s.bars.place(size.Width, y)
	bottom = s.placeMap(size, bottom+6)
	first, last := labels[0], labels[n-1]
	if s.pane.tiled() && n > 2 {
		s.labelTiles(labels, bottom)
		return
	}
	first.fit(free)
	first.Move(fyne.NewPos(margin, topEdge))
	last.fit(free)
	last.Move(fyne.NewPos(size.Width-margin-last.Size().Width, topEdge))
	if n == 3 { // its picture lies between two dividers
		middle := labels[1]
		left, right := size.Width/3, 2*size.Width/3
		if d := s.pane.Dividers(); len(d) == 2 {
			left, right = d[0], d[1]
		}
		middle.fit(max(right-left-2*kit.Space, 120))
		x := (left+right)/2 - middle.Size().Width/2
		middle.Move(fyne.NewPos(min(max(x, kit.Gap), size.Width-middle.Size().Width-kit.Gap), bottom+2))
	}
}

// labelTiles puts a label into the upper left corner of each tile, below what covers it.
func (s *stage) labelTiles(labels []*cornerLabel, bottom float32) {
	bars := append([]fyne.CanvasObject{s.mapBar.root}, s.bars.objects()...)
	for i, tile := range s.pane.tiles() {
		if i >= len(labels) {
			break
		}
		at := fyne.NewPos(float32(tile.Min.X)/s.pane.pixels+kit.Space, float32(tile.Min.Y)/s.pane.pixels+topEdge)
		labels[i].fit(float32(tile.Dx())/s.pane.pixels - 2*kit.Space)
		end := at.X + labels[i].Size().Width
		for _, b := range bars {
			if p := b.Position(); at.Y < bottom && end > p.X-kit.Gap && at.X < p.X+b.Size().Width+kit.Gap {
				at.Y = bottom + 2
			}
		}
		labels[i].Move(at)
	}
}

// placeMap puts the map's controls below the modes and the legend over the zoom box, and
// returns where the controls end.
func (s *stage) placeMap(size fyne.Size, y float32) float32 {
	mode := s.wb.ViewSettings().Mode
	if mode != workbench.Mapped && mode != workbench.Diff {
		lift(s.mapBar.root)
		lift(s.legend.root)
		return y
	}
	if mode == workbench.Mapped {
		s.mapBar.root.Show()
		s.mapBar.fit(size.Width - 2*kit.Gap)
		s.mapBar.root.Move(fyne.NewPos((size.Width-s.mapBar.root.Size().Width)/2, y))
		y += s.mapBar.root.Size().Height
	} else {
		lift(s.mapBar.root)
	}
	s.legend.root.Show()
	legend := s.legend.root.MinSize()
	s.legend.root.Resize(legend)
	below := s.zoom.root.MinSize().Height + 16 + s.pane.OverviewHeight()
	if size.Width < roomy {
		below += s.readout.root.MinSize().Height + 6 // which lies over the zoom then
	}
	s.legend.root.Move(fyne.NewPos(margin, size.Height-below-legend.Height))
	return y
}

// roomy is the width of a pane that has room for the readout, in lines, beside the zoom.
const roomy = 480

func (s *stage) placeReadout() {
	size := s.pane.Size()
	if s.readout.empty() {
		park(s.readout.root)
		return
	}
	zoom := s.zoom.root.Size()
	s.readout.fit(size.Width - zoom.Width - 2*margin - kit.Space)
	m := s.readout.root.MinSize()
	s.readout.root.Resize(m)
	y := size.Height - m.Height - 10
	if zoom.Width+m.Width+2*margin+kit.Space > size.Width {
		y -= zoom.Height + 6 // there is no room beside the zoom
	}
	s.readout.root.Move(fyne.NewPos(max(size.Width-margin-m.Width, kit.Gap), y))
}

func (s *stage) placeDividers(size fyne.Size) {
	places := s.pane.Dividers()
	above := append([]fyne.CanvasObject{s.mapBar.root}, s.bars.objects()...)
	for _, l := range s.labels {
		above = append(above, l)
	}
	for i, d := range s.dividers {
		if i >= len(places) {
			d.park()
			continue
		}
		// The line ends at the controls instead of running through them.
		x, top, bottom := places[i], float32(0), size.Height
		crosses := func(box fyne.CanvasObject) bool {
			return x > box.Position().X-1 && x < box.Position().X+box.Size().Width+1
		}
		for _, box := range above {
			if crosses(box) {
				top = max(top, box.Position().Y+box.Size().Height)
			}
		}
		for _, box := range []fyne.CanvasObject{s.zoom.root, s.readout.root, s.legend.root} {
			if crosses(box) {
				bottom = min(bottom, box.Position().Y)
			}
		}
		if s.pane.loupeOn() {
			r, px := s.pane.loupeRect(), s.pane.pixels
			if up, down := float32(r.Min.Y)/px, float32(r.Max.Y)/px; x > float32(r.Min.X)/px-2 && x < float32(r.Max.X)/px+2 {
				if up-top > bottom-down {
					bottom = min(bottom, up)
				} else {
					top = max(top, down)
				}
			}
		}
		d.place(x, top, bottom, min(max(size.Height/2, top+knobSide/2), bottom-knobSide/2))
	}
}
