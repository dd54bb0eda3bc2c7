package views

// onInside returns an action that does one thing on the screen Inside and another one
// elsewhere.
func (w *Window) onInside(there, elsewhere func()) func() {
	return func() {
		if w.current == "inside" {
			there()
		} else {
			elsewhere()
		}
	}
}

// zoomInside changes the scale of the picture on the screen Inside.
func (w *Window) zoomInside(scale func(now float64) float64) func() {
	return func() { w.inside.ZoomTo(scale) }
}
