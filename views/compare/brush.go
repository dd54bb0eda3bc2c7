package compare

import (
	"image/color"

	"fyne.io/fyne/v2"

	"codecworkbench/views/viewport"
)

// brush shows the mask while one is painted.
func (s *stage) brush() {
	img := s.wb.Painting()
	if img == nil {
		s.pane.OnPaint = nil
		s.pane.SetMask(nil)
		s.ring.Move(parked)
		return
	}
	s.pane.OnPaint = func(x, y float64, first, last bool) {
		s.wb.Stroke(x, y, first, last)
		s.pane.SetMask(s.pane.mask)
	}
	s.pane.SetMask(&viewport.Mask{Image: img, Color: maskColor})
}

// maskColor is what painted places are tinted with: no codec makes it.
var maskColor = color.RGBA{0xff, 0x2f, 0x92, 255}

// placeRing puts the brush's outline around the mouse.
func (s *stage) placeRing() {
	if s.pane.OnPaint == nil || !s.hovering || s.wb.Picture() == nil {
		s.ring.Move(parked)
		return
	}
	p := s.wb.Picture()
	side := float32(float64(s.wb.Brush().Size)/100*float64(max(p.Width(), p.Height()))*s.pane.View().Scale) / s.pane.pixels
	s.ring.CornerRadius = side / 2
	s.ring.Resize(fyne.NewSize(side, side))
	s.ring.Move(s.pane.pointer.SubtractXY(side/2, side/2))
}
