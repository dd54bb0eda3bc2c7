package inside

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"codecworkbench/app/report/heatmap"
	"codecworkbench/codecs"
)

// planeView shows a plane as large as it fits, a square a value, and tells which value is
// under the mouse, or where the keys are.
type planeView struct {
	board
	plane codecs.Plane
	at    image.Point // the value that is read
	read  bool
	// OnRead is called with the value that is read; ok is false for none.
	OnRead func(x, y int, ok bool)
	OnPick func(x, y int)
}

func newPlaneView(p codecs.Plane, s *heatmap.Values) *planeView {
	img := canvas.NewImageFromImage(s.Paint(p))
	img.FillMode, img.ScaleMode = canvas.ImageFillContain, canvas.ImageScalePixels
	v := &planeView{plane: p}
	v.place, v.walk, v.leave = v.square, v.step, v.none
	v.pick = func() {
		if v.read && v.OnPick != nil {
			v.OnPick(v.at.X, v.at.Y)
		}
	}
	v.start(v, img)
	return v
}

// MinSize implements fyne.CanvasObject.
func (v *planeView) MinSize() fyne.Size { return fyne.NewSize(40, 40) }

// grid is where the plane's first value lies, and the side of a value.
func (v *planeView) grid() (origin fyne.Position, side float32) {
	s := v.Size()
	side = min(s.Width/float32(v.plane.Width), s.Height/float32(v.plane.Height))
	return fyne.NewPos((s.Width-side*float32(v.plane.Width))/2, (s.Height-side*float32(v.plane.Height))/2), side
}

// square is where the mark lies: around a value, and not smaller than can be seen.
func (v *planeView) square() (pos fyne.Position, size fyne.Size, ok bool) {
	origin, side := v.grid()
	most := max(side, 6)
	pos = origin.AddXY((float32(v.at.X)+.5)*side-most/2, (float32(v.at.Y)+.5)*side-most/2)
	return pos, fyne.NewSquareSize(most), v.read
}

// valueAt is the value under a position.
func (v *planeView) valueAt(pos fyne.Position) (at image.Point, ok bool) {
	origin, side := v.grid()
	if side <= 0 {
		return at, false
	}
	x, y := (pos.X-origin.X)/side, (pos.Y-origin.Y)/side
	at = image.Pt(int(x), int(y))
	return at, x >= 0 && y >= 0 && at.X < v.plane.Width && at.Y < v.plane.Height
}

// point marks a value, without telling.
func (v *planeView) point(at image.Point, ok bool) {
	v.at, v.read = at, ok
	v.update()
}

// show reads a value.
func (v *planeView) show(at image.Point, ok bool) {
	v.point(at, ok)
	if v.OnRead != nil {
		v.OnRead(at.X, at.Y, ok)
	}
}

func (v *planeView) none() { v.show(v.at, false) }

func (v *planeView) step(dx, dy int) {
	v.show(image.Pt(min(max(v.at.X+dx, 0), v.plane.Width-1), min(max(v.at.Y+dy, 0), v.plane.Height-1)), true)
}

// Tapped implements fyne.Tappable.
func (v *planeView) Tapped(ev *fyne.PointEvent) {
	if at, ok := v.valueAt(ev.Position); ok {
		v.at = at
		v.focus()
		v.pick()
	}
}

// MouseIn implements desktop.Hoverable.
func (v *planeView) MouseIn(ev *desktop.MouseEvent) { v.MouseMoved(ev) }

// MouseMoved implements desktop.Hoverable.
func (v *planeView) MouseMoved(ev *desktop.MouseEvent) { v.show(v.valueAt(ev.Position)) }

// MouseOut implements desktop.Hoverable.
func (v *planeView) MouseOut() { v.none() }
