// Package viewport holds the mathematics of looking at pictures: where a
// picture lies in a pane (zoom, pan, fit, clamp), mip pyramids, and the sampler
// that fills a pane's pixels from one or two of them. It knows no window
// toolkit, so that every pixel can be tested exactly.
//
// Coordinates: picture coordinates count picture pixels from the top left corner
// of the picture, pane coordinates count device pixels from the top left corner
// of the pane; pixel i covers [i, i+1).
package viewport

import "math"

// Limits of the zoom, in device pixels a picture pixel.
const (
	MinScale = 1.0 / 64
	MaxScale = 64
)

// FitMargin is the free space around a fitted picture, in device pixels.
const FitMargin = 10

// View says where a picture lies in a pane. It is a value: every change returns
// a new one, already clamped.
type View struct {
	PicW, PicH   int     // picture, in pixels
	PaneW, PaneH int     // pane, in device pixels
	Scale        float64 // device pixels a picture pixel; 0 is treated as fitted
	CX, CY       float64 // the picture coordinate at the pane's centre
	Fit          bool    // the picture is kept fitted when the pane changes
}

// Fitted returns the view that shows the whole picture, enlarged at most to
// MaxScale, centred.
func (v View) Fitted() View {
	v.Fit = true
	v.Scale = v.fitScale()
	v.CX, v.CY = float64(v.PicW)/2, float64(v.PicH)/2
	return v
}

func (v View) fitScale() float64 {
	if v.PicW < 1 || v.PicH < 1 || v.PaneW < 1 || v.PaneH < 1 {
		return 1
	}
	w := math.Max(float64(v.PaneW-2*FitMargin), 1)
	h := math.Max(float64(v.PaneH-2*FitMargin), 1)
	scale := math.Min(w/float64(v.PicW), h/float64(v.PicH))
	// A strip that would vanish shows its middle instead.
	if thin := float64(min(v.PicW, v.PicH)); scale*thin < leastFitted {
		scale = leastFitted / thin
	}
	return clamp(scale, MinScale, MaxScale)
}

// leastFitted is how many device pixels the shorter side of a fitted picture has.
const leastFitted = 4

// InPane returns the view for a pane of another size: a fitted picture stays
// fitted, any other keeps its centre and scale.
func (v View) InPane(w, h int) View {
	v.PaneW, v.PaneH = w, h
	if v.Fit || v.Scale == 0 {
		return v.Fitted()
	}
	return v.clamped()
}

// WithPicture returns the view for a picture of another size: the same view for
// the same size, a fitted one otherwise.
func (v View) WithPicture(w, h int) View {
	if v.PicW == w && v.PicH == h && v.Scale != 0 {
		return v
	}
	v.PicW, v.PicH = w, h
	return v.Fitted()
}

// ZoomAt returns the view at another scale in which the picture point under the
// pane point (x, y) stays where it is, as far as clamping lets it.
func (v View) ZoomAt(x, y, scale float64) View {
	px, py := v.ToPicture(x, y)
	v.Scale = clamp(scale, MinScale, MaxScale)
	v.Fit = false
	v.CX = px - (x-float64(v.PaneW)/2)/v.Scale
	v.CY = py - (y-float64(v.PaneH)/2)/v.Scale
	return v.clamped()
}

// At returns the view at a scale with a picture point in the pane's middle, as far as
// clamping lets it.
func (v View) At(scale, px, py float64) View {
	v.Scale, v.CX, v.CY, v.Fit = clamp(scale, MinScale, MaxScale), px, py, false
	return v.clamped()
}

// Panned returns the view moved so that the picture follows a drag of dx, dy
// device pixels.
func (v View) Panned(dx, dy float64) View {
	moved := v
	moved.CX -= dx / v.Scale
	moved.CY -= dy / v.Scale
	moved = moved.clamped()
	// A picture that lies in the pane as a whole does not move, and stays fitted.
	moved.Fit = v.Fit && moved.CX == v.CX && moved.CY == v.CY
	return moved
}

// clamped keeps the picture in the pane: a picture that is smaller than the pane
// is centred, a larger one may be moved until its edge stands FitMargin inside
// the pane's.
func (v View) clamped() View {
	v.CX = clampCentre(v.CX, float64(v.PicW), float64(v.PaneW), v.Scale)
	v.CY = clampCentre(v.CY, float64(v.PicH), float64(v.PaneH), v.Scale)
	return v
}

func clampCentre(c, pic, pane, scale float64) float64 {
	half := (pane - 2*FitMargin) / 2 / scale
	if 2*half >= pic {
		return pic / 2
	}
	return clamp(c, half, pic-half)
}

// ToPicture turns a pane coordinate into a picture coordinate, which may lie
// outside the picture.
func (v View) ToPicture(x, y float64) (px, py float64) {
	return v.CX + (x-float64(v.PaneW)/2)/v.Scale, v.CY + (y-float64(v.PaneH)/2)/v.Scale
}

// ToPane turns a picture coordinate into a pane coordinate.
func (v View) ToPane(px, py float64) (x, y float64) {
	return (px-v.CX)*v.Scale + float64(v.PaneW)/2, (py-v.CY)*v.Scale + float64(v.PaneH)/2
}

// PixelAt returns the picture pixel under a pane coordinate; ok is false outside
// the picture.
func (v View) PixelAt(x, y float64) (px, py int, ok bool) {
	fx, fy := v.ToPicture(x, y)
	px, py = int(math.Floor(fx)), int(math.Floor(fy))
	return px, py, px >= 0 && py >= 0 && px < v.PicW && py < v.PicH
}

// steps are the scales that zooming by keys and buttons stops at.
var steps = [...]float64{1.0 / 64, 1.0 / 32, 1.0 / 16, 1.0 / 8, 1.0 / 6, 1.0 / 4, 1.0 / 3, 1.0 / 2, 2.0 / 3,
	1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64}

// StepIn returns the next larger scale of the fixed steps.
func StepIn(scale float64) float64 {
	for _, s := range steps {
		if s > scale*1.001 {
			return s
		}
	}
	return MaxScale
}

// StepOut returns the next smaller scale of the fixed steps.
func StepOut(scale float64) float64 {
	for i := len(steps) - 1; i >= 0; i-- {
		if steps[i] < scale*0.999 {
			return steps[i]
		}
	}
	return MinScale
}

func clamp(v, lo, hi float64) float64 { return math.Min(math.Max(v, lo), hi) }
