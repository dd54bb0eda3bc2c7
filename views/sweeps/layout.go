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
		obj.Resize(fyne.NewSize(s.Width, obj.Size().Height)) // what breaks into lines does it to a width
		h := obj.MinSize().Height
		if i == len(o)-1 {
			h = s.Height - y
		}
		obj.Move(fyne.NewPos(0, y))
		obj.Resize(fyne.NewSize(s.Width, h))
		y += h + kit.Wide
	}
}

// stateLayout: how far the sweep is, then the facts, then the buttons at the right. Facts
// that are too long for that go below, over the whole width.
type stateLayout struct{ width float32 }

const factsLine = 24

// facts has the width of the facts and whether they stand below.
func (l *stateLayout) facts(o []fyne.CanvasObject) (width float32, below bool) {
	width = l.width - o[0].MinSize().Width - o[2].MinSize().Width - 2*kit.Space
	text, ok := o[1].(*kit.Text)
	if below = ok && fyne.MeasureText(text.Value(), text.Points, fyne.TextStyle{}).Width > width; below {
		width = l.width
	}
	return width, below
}

// MinSize implements fyne.Layout.
func (l *stateLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	s := fyne.NewSize(o[0].MinSize().Width+o[2].MinSize().Width, max(o[0].MinSize().Height, o[2].MinSize().Height))
	if _, below := l.facts(o); below && l.width > 0 {
		s.Height += factsLine
	}
	return s
}

// Layout implements fyne.Layout.
func (l *stateLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	l.width = s.Width
	width, below := l.facts(o)
	head, buttons := o[0].MinSize(), o[2].MinSize()
	high := max(head.Height, buttons.Height)
	o[0].Move(fyne.NewPos(0, (high-head.Height)/2))
	o[0].Resize(head)
	o[2].Move(fyne.NewPos(s.Width-buttons.Width, (high-buttons.Height)/2))
	o[2].Resize(buttons)
	at := fyne.NewPos(head.Width+kit.Space, 0)
	if below {
		at, high = fyne.NewPos(0, high), factsLine
	}
	o[1].Move(at)
	o[1].Resize(fyne.NewSize(max(width, 0), high))
}
