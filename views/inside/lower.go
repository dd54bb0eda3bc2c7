package inside

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"codecworkbench/app/workbench"
	"codecworkbench/views/kit"
)

// What the lower card can show.
const (
	tabParts = "parts"
	tabHere  = "here"
	tabBytes = "bytes"
)

// lower is the card of tables: the file's parts, the numbers at a place, a part's bytes.
type lower struct {
	root  *kit.Ground
	tabs  *kit.Segmented
	parts *partList
	here  *here
	bytes *byteView
	head  *fyne.Container // what a tab has beside the tabs
	body  *fyne.Container
	in    workbench.Inside
	part  int
}

func newLower(wb *workbench.Workbench, tips *kit.Tips) *lower {
	l := &lower{parts: newPartList(), here: newHere(wb), bytes: newByteView(wb, tips), body: container.NewStack(), head: container.NewStack()}
	l.tabs = kit.NewSegmented([]kit.Option{{ID: tabParts, Name: "Parts"}, {ID: tabHere, Name: "This place"}, {ID: tabBytes, Name: "Bytes"}}, l.open)
	l.tabs.Select(tabParts)
	l.root = kit.Card(container.NewBorder(kit.Column(kit.Space, kit.Row(kit.Wide, 1, l.tabs, l.head), kit.Spacer(0, 0)), nil, nil, nil, l.body))
	l.open(tabParts)
	return l
}

// open shows a tab.
func (l *lower) open(id string) {
	l.tabs.Select(id)
	head, body := l.parts.head, fyne.CanvasObject(l.parts.root)
	switch id {
	case tabHere:
		head, body = l.here.head, l.here.root
	case tabBytes:
		head, body = l.bytes.head, l.bytes.root
	}
	l.head.Objects, l.body.Objects = []fyne.CanvasObject{head}, []fyne.CanvasObject{body}
	l.head.Refresh()
	l.body.Refresh()
}

// show follows the file.
func (l *lower) show(in workbench.Inside, part int) {
	l.in = in
	l.here.set(in)
	l.choose(part)
}

// choose marks a part in the list and shows its bytes.
func (l *lower) choose(part int) {
	l.part = part
	l.parts.show(l.in, part)
	l.bytes.show(l.in, part)
}

// walk looks at the place beside the one that is shown, by columns and rows: the
// first step goes to the middle.
func (l *lower) walk(dx, dy int) {
	h := l.here
	s, ok := h.symbols()
	if !ok || dx == 0 && dy == 0 {
		return
	}
	x, y := s.Width/2, s.Height/2
	if h.there {
		x, y = h.place(s)
		x, y = min(max(x+dx, 0), s.Width-1), min(max(y+dy, 0), s.Height-1)
	}
	l.lookAt(x*s.Scale, y*s.Scale)
}

// lookAt shows the numbers that are coded at a pixel of the picture.
func (l *lower) lookAt(x, y int) {
	if len(l.in.Symbols) > 0 {
		l.open(tabHere)
	}
	l.here.choose(x, y)
}
