package kit

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// column stacks objects with a gap, the last one as high as there is room if grow is set;
// row puts them side by side.
type column struct {
	gap  float32
	grow bool
}

// Column stacks objects from the top, with a gap between those that are visible.
func Column(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(column{gap: gap}, objects...)
}

// Filled is a Column whose last object takes what is left.
func Filled(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(column{gap, true}, objects...)
}

func (l column) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	n := 0
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		s.Width = max(s.Width, m.Width)
		s.Height += m.Height
		n++
	}
	s.Height += l.gap * float32(max(n-1, 0))
	return s
}

func (l column) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	y := float32(0)
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		h := o.MinSize().Height
		if l.grow && i == len(objects)-1 {
			h = max(h, size.Height-y)
		}
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(size.Width, h))
		y += h + l.gap
	}
}

type row struct {
	gap  float32
	grow int
}

// Row puts objects side by side, centred vertically, each as wide as it must be;
// the one with index grow takes what is left (-1: none).
func Row(gap float32, grow int, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(row{gap, grow}, objects...)
}

func (l row) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	n := 0
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		s.Width += m.Width
		s.Height = max(s.Height, m.Height)
		n++
	}
	s.Width += l.gap * float32(max(n-1, 0))
	return s
}

func (l row) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	spare := max(size.Width-l.MinSize(objects).Width, 0)
	x := float32(0)
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		if i == l.grow {
			m.Width += spare
		}
		o.Move(fyne.NewPos(x, (size.Height-m.Height)/2))
		o.Resize(m)
		x += m.Width + l.gap
	}
}

// flow puts objects side by side in as many rows as they need.
type flow struct {
	gap   float32
	width float32 // what it was laid out in last; its height follows from it
}

// Flow puts objects side by side, each as wide as it must be, and goes on below where
// there is no room left. Its least height is that for the width that it had last.
func Flow(gap float32, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&flow{gap: gap}, objects...)
}

// place calls put with the place of every object and returns the height of all rows.
func (l *flow) place(objects []fyne.CanvasObject, width float32, put func(o fyne.CanvasObject, at fyne.Position, m fyne.Size)) float32 {
	var x, y, high float32
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		if x > 0 && x+m.Width > width {
			x, y, high = 0, y+high+l.gap, 0
		}
		put(o, fyne.NewPos(x, y), m)
		x += m.Width + l.gap
		high = max(high, m.Height)
	}
	return y + high
}

// MinSize implements fyne.Layout.
func (l *flow) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	s.Height = l.place(objects, l.width, func(_ fyne.CanvasObject, _ fyne.Position, m fyne.Size) { s.Width = max(s.Width, m.Width) })
	return s
}

// Layout implements fyne.Layout.
func (l *flow) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	l.place(objects, size.Width, func(o fyne.CanvasObject, at fyne.Position, m fyne.Size) {
		o.Move(at)
		o.Resize(m)
	})
}

// Spacer is an empty object of a least size.
func Spacer(w, h float32) fyne.CanvasObject {
	return NewGround("", 0, w/2, h/2, nil)
}

type fixed struct{ w, h float32 }

// Fixed gives an object a width or a height of its own (0: as it is).
func Fixed(w, h float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(fixed{w, h}, o)
}

func (l fixed) MinSize(objects []fyne.CanvasObject) fyne.Size {
	m := objects[0].MinSize()
	if l.w > 0 {
		m.Width = l.w
	}
	if l.h > 0 {
		m.Height = l.h
	}
	return m
}

func (l fixed) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.Position{})
	objects[0].Resize(size)
}
