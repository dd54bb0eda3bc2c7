package inside

import (
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"

	"codecworkbench/app/workbench"
	"codecworkbench/codecs"
	"codecworkbench/views/kit"
)

// partList names the parts of a file with their bytes, which add up to the file's.
type partList struct {
	head    fyne.CanvasObject
	root    *container.Scroll
	keys    *partKeys
	rows    *fyne.Container
	sum     *kit.Text
	grounds []*kit.Ground
	in      workbench.Inside
	chosen  int
	// OnSelect is called when a part is chosen, OnHover with the one under the mouse (-1:
	// none).
	OnSelect func(part int)
	OnHover  func(part int)
}

// shownParts bounds the list; the strip shows all.
const shownParts = 200

func newPartList() *partList {
	l := &partList{rows: kit.Column(0), sum: kit.Digits("")}
	l.sum.Points, l.sum.Color = 12, kit.ColorMuted
	l.keys = newPartKeys(l)
	l.head, l.root = l.sum.Clipped(), container.NewVScroll(l.keys)
	return l
}

// show lists a file's parts.
func (l *partList) show(in workbench.Inside, chosen int) {
	same := in.Number == l.in.Number && len(in.Parts) == len(l.in.Parts)
	for i := range in.Parts {
		same = same && in.Parts[i] == l.in.Parts[i]
	}
	l.in = in
	if !same {
		l.grounds = nil
		var rows []fyne.CanvasObject
		for i, p := range in.Parts {
			if i == shownParts {
				rows = append(rows, kit.Muted(fmt.Sprintf("and %d more", len(in.Parts)-shownParts)))
				break
			}
			rows = append(rows, l.row(i, p))
		}
		l.rows.Objects = rows
		l.rows.Refresh()
	}
	sum := 0
	for _, p := range in.Parts {
		sum += p.Bytes
	}
	l.sum.Set(fmt.Sprintf("sum %s of the file's %s bytes", workbench.FormatCount(sum), workbench.FormatCount(in.Bytes)))
	if sum == 0 {
		l.sum.Set("")
	}
	l.choose(chosen)
}

// largest is the part that most of a file went into.
func largest(parts []codecs.Part) int {
	at := 0
	for i, p := range parts {
		if p.Bytes > parts[at].Bytes {
			at = i
		}
	}
	return at
}

func (l *partList) row(i int, p codecs.Part) fyne.CanvasObject {
	swatch := canvas.NewRectangle(partColor(i))
	swatch.CornerRadius = 3
	digits := func(text string, width float32) fyne.CanvasObject {
		t := kit.Digits(text)
		t.Points = 12
		return kit.Fixed(width, 0, t)
	}
	line := kit.Row(kit.Space, 1, kit.Fixed(10, 10, swatch), kit.NewText(p.Name).Clipped(), digits(workbench.FormatCount(p.Bytes), 70),
		digits(fmt.Sprintf("%.1f %%", 100*float64(p.Bytes)/float64(max(l.in.Bytes, 1))), 58))
	ground := kit.NewGround("", kit.Corner-2, kit.Wide, 3, line) // clear of the scroll bar
	l.grounds = append(l.grounds, ground)
	row := &hoverTap{enter: func() { l.OnHover(i) }, leave: func() { l.OnHover(-1) }}
	row.Init(ground, func() {
		l.keys.focus()
		l.OnSelect(i)
	})
	row.ExtendBaseWidget(row)
	return row
}

// hoverTap is tappable content that tells when the mouse is over it.
type hoverTap struct {
	kit.Tap
	enter, leave func()
}

// MouseIn implements desktop.Hoverable.
func (h *hoverTap) MouseIn(*desktop.MouseEvent) { h.enter() }

// MouseOut implements desktop.Hoverable.
func (h *hoverTap) MouseOut() { h.leave() }

// partKeys are the rows of a part list, for the keys to walk.
type partKeys struct{ board }

func newPartKeys(l *partList) *partKeys {
	k := &partKeys{}
	k.walk = func(_, dy int) {
		if to := min(max(l.chosen+dy, 0), len(l.grounds)-1); to >= 0 && to != l.chosen {
			l.OnSelect(to)
			l.reveal(to)
		}
	}
	k.leave = func() {}
	k.start(k, l.rows)
	return k
}

// reveal scrolls a row into view.
func (l *partList) reveal(part int) {
	row := l.rows.Objects[part]
	top, bottom := row.Position().Y, row.Position().Y+row.Size().Height
	switch y := l.root.Offset.Y; {
	case top < y:
		l.root.ScrollToOffset(fyne.NewPos(0, top))
	case bottom > y+l.root.Size().Height:
		l.root.ScrollToOffset(fyne.NewPos(0, bottom-l.root.Size().Height))
	}
}

// choose marks a part.
func (l *partList) choose(part int) {
	l.chosen = part
	for i, g := range l.grounds {
		fill := fyne.ThemeColorName("")
		if i == part {
			fill = kit.ColorAccentGround
		}
		g.SetFill(fill, "")
	}
}

// partColors are Okabe and Ito's, light enough in both themes to be written on.
var partColors = [...]color.NRGBA{{0xcc, 0x79, 0xa7, 255}, {0xd9, 0xcc, 0x3c, 255}, {0x56, 0xb4, 0xe9, 255}, {0xe6, 0x9f, 0x00, 255},
	{0x00, 0xae, 0x80, 255}, {0x8f, 0xa3, 0xff, 255}, {0xe5, 0x7a, 0x33, 255}}

// partColor gives neighbouring parts different colours.
func partColor(i int) color.NRGBA {
	if i == 0 {
		return color.NRGBA{0x90, 0x96, 0xa0, 255}
	}
	return partColors[(i-1)%len(partColors)]
}
