package inside

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"codecworkbench/app/report/heatmap"
	"codecworkbench/codecs"
)

// planeView shows a plane as large as it fits, a square a value, and tells which value is
// under the mouse.
type planeView struct {
	widget.BaseWidget
	img   *canvas.Image
	plane codecs.Plane
	// OnHover is called with the value under the mouse; ok is false outside.
	OnHover func(x, y int, ok bool)
	OnPick  func(x, y int)
}

func newPlaneView(p codecs.Plane, s *heatmap.Values) *planeView {
	v := &planeView{plane: p, img: canvas.NewImageFromImage(s.Paint(p))}
	v.img.FillMode, v.img.ScaleMode = canvas.ImageFillContain, canvas.ImageScalePixels
	v.ExtendBaseWidget(v)
	return v
}

// CreateRenderer implements fyne.Widget.
func (v *planeView) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(v.img) }

// MinSize implements fyne.CanvasObject.
func (v *planeView) MinSize() fyne.Size { return fyne.NewSize(40, 40) }

// valueAt is the value under a position.
func (v *planeView) valueAt(pos fyne.Position) (at image.Point, ok bool) {
	s := v.Size()
	side := min(s.Width/float32(v.plane.Width), s.Height/float32(v.plane.Height))
	if side <= 0 {
		return at, false
	}
	x := (pos.X - (s.Width-side*float32(v.plane.Width))/2) / side
	y := (pos.Y - (s.Height-side*float32(v.plane.Height))/2) / side
	at = image.Pt(int(x), int(y))
	return at, x >= 0 && y >= 0 && at.X < v.plane.Width && at.Y < v.plane.Height
}

// Tapped implements fyne.Tappable.
func (v *planeView) Tapped(ev *fyne.PointEvent) {
	if at, ok := v.valueAt(ev.Position); ok && v.OnPick != nil {
		v.OnPick(at.X, at.Y)
	}
}

// MouseIn implements desktop.Hoverable.
func (v *planeView) MouseIn(ev *desktop.MouseEvent) { v.MouseMoved(ev) }

// MouseMoved implements desktop.Hoverable.
func (v *planeView) MouseMoved(ev *desktop.MouseEvent) {
	if at, ok := v.valueAt(ev.Position); v.OnHover != nil {
		v.OnHover(at.X, at.Y, ok)
	}
}

// MouseOut implements desktop.Hoverable.
func (v *planeView) MouseOut() {
	if v.OnHover != nil {
		v.OnHover(0, 0, false)
	}
}
