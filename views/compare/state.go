package compare

import (
	"math"
	"slices"

	"codecworkbench/app/workbench"
)

// State returns what a session keeps of the pane: zoom, place and dividers.
func (p *Pane) State() workbench.WindowState {
	s := workbench.WindowState{Dividers: [2][]float64{slices.Clone(p.dividers[0]), slices.Clone(p.dividers[1])}}
	if v := p.view; !v.Fit && v.Scale > 0 {
		s.Scale, s.X, s.Y = v.Scale, v.CX, v.CY
	}
	return s
}

// SetState shows what a session kept, as far as it makes sense.
func (p *Pane) SetState(s workbench.WindowState) {
	for i, places := range s.Dividers {
		if len(places) == len(p.dividers[i]) && slices.IsSorted(places) && places[0] >= 0 && places[len(places)-1] <= 1 {
			p.dividers[i] = slices.Clone(places)
		}
	}
	if s.Scale > 0 && !math.IsInf(s.Scale+s.X+s.Y, 0) && !math.IsNaN(s.X+s.Y) {
		p.view = p.view.At(s.Scale, s.X, s.Y)
	} else {
		p.view = p.view.Fitted()
	}
	p.changed()
}
