package sweeps

import (
	"fyne.io/fyne/v2"

	"codecworkbench/views/kit"
)

// screenLayout: plan and grid at the left, curves in the side panel.
type screenLayout struct{}

func (screenLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(kit.SidePanel+420, 400)
}

func (screenLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	left := s.Width - kit.SidePanel
	o[0].Move(fyne.NewPos(kit.PanelPadding, kit.PanelPadding))
	o[0].Resize(fyne.NewSize(left-2*kit.PanelPadding, s.Height-2*kit.PanelPadding))
	o[1].Move(fyne.NewPos(left, 0))
	o[1].Resize(fyne.NewSize(1, s.Height))
	o[2].Move(fyne.NewPos(left+1, 0))
	o[2].Resize(fyne.NewSize(kit.SidePanel-1, s.Height))
}

// mainLayout: the plan, the state, the bar, and the grid in what is left.
type mainLayout struct{}

func (mainLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(400, 300) }

func (mainLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	y := float32(0)
	for i, obj := range o {
		h := obj.MinSize().Height
		if i == len(o)-1 {
			h = s.Height - y
		}
		obj.Move(fyne.NewPos(0, y))
		obj.Resize(fyne.NewSize(s.Width, h))
		y += h + kit.Wide
	}
}
