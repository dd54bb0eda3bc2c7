package inside

import (
	"fmt"
	"image/color"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"codecworkbench/app/workbench"
	"codecworkbench/codecs"
	"codecworkbench/views/kit"
)

// partList names the parts of a file, with the bytes of the chosen one.
type partList struct {
	root     *kit.Ground
	parts    *fyne.Container
	caption  *kit.Text
	lines    [hexLines]*kit.Text
	more     *kit.Text
	grounds  []*kit.Ground
	in       workbench.Inside
	selected int
	// OnSelect is called when a part is chosen.
	OnSelect func(part int)
}

const (
	hexLines   = 12
	hexColumns = 8
	hexHeight  = 16
	// shownParts bounds the list; the strip shows all.
	shownParts = 60
)

func newPartList() *partList {
	l := &partList{parts: kit.Column(0), caption: kit.Caption(""), more: kit.Muted("").Small()}
	var rows []fyne.CanvasObject
	for i := range l.lines {
		t := kit.NewText("").Clipped()
		t.Mono, t.Points, t.Color = true, kit.SmallSize, kit.ColorMuted
		l.lines[i] = t
		rows = append(rows, kit.Fixed(0, hexHeight, t))
	}
	bytes := kit.Column(kit.Gap, append(append([]fyne.CanvasObject{kit.Spacer(0, kit.Space), l.caption}, rows...), l.more)...)
	l.root = kit.Card(container.NewBorder(kit.Column(kit.Gap, kit.Caption("PARTS OF THE FILE")), bytes, nil, nil, container.NewVScroll(l.parts)))
	return l
}

// show lists a file's parts.
func (l *partList) show(in workbench.Inside) {
	if in.Number != l.in.Number || len(in.Parts) != len(l.in.Parts) {
		l.selected = largest(in.Parts)
	}
	l.in = in
	var rows []fyne.CanvasObject
	l.grounds = nil
	for i, p := range in.Parts {
		if i == shownParts {
			rows = append(rows, kit.Muted(fmt.Sprintf("and %d more", len(in.Parts)-shownParts)))
			break
		}
		rows = append(rows, l.row(i, p))
	}
	l.parts.Objects = rows
	l.parts.Refresh()
	l.choose(l.selected)
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
	digits := func(text string) *kit.Text {
		t := kit.Digits(text)
		t.Points = 12
		return t
	}
	share := digits(fmt.Sprintf("%.1f %%", 100*float64(p.Bytes)/float64(max(l.in.Bytes, 1))))
	line := kit.Row(kit.Space, 1, kit.Fixed(10, 10, swatch), kit.NewText(p.Name).Clipped(), digits(workbench.FormatCount(p.Bytes)), kit.Fixed(54, 0, share))
	ground := kit.NewGround("", kit.Corner-2, 6, 3, line)
	l.grounds = append(l.grounds, ground)
	return kit.NewTap(ground, func() { l.OnSelect(i) })
}

// choose marks a part and shows its first bytes.
func (l *partList) choose(part int) {
	l.selected = part
	for i, g := range l.grounds {
		fill := fyne.ThemeColorName("")
		if i == part {
			fill = kit.ColorAccentGround
		}
		g.SetFill(fill, "")
	}
	from, n, name := span(l.in, part)
	l.caption.Set(name)
	for i, t := range l.lines {
		lo := min(i*hexColumns, n)
		t.Set(hexLine(from+lo, l.in.Data[from+lo:from+min(lo+hexColumns, n)]))
	}
	l.more.Set("")
	if rest := n - hexLines*hexColumns; rest > 0 {
		l.more.Set(fmt.Sprintf("and %s more", workbench.FormatCount(rest)))
	}
}

// span is where a part lies in the file; nothing where the file is not there.
func span(in workbench.Inside, part int) (from, n int, name string) {
	if part < 0 || part >= len(in.Parts) {
		return 0, 0, ""
	}
	for _, p := range in.Parts[:part] {
		from += p.Bytes
	}
	n = in.Parts[part].Bytes
	if from+n > len(in.Data) {
		return 0, 0, ""
	}
	return from, n, "BYTES OF " + in.Parts[part].Name
}

// hexLine writes a line's offset in the file and its bytes.
func hexLine(offset int, data []byte) string {
	if len(data) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%6d ", offset)
	for _, v := range data {
		fmt.Fprintf(&b, " %02x", v)
	}
	return b.String()
}

// partColor gives neighbouring parts different colours.
func partColor(i int) color.Color {
	if i == 0 {
		return color.NRGBA{0x80, 0x86, 0x90, 255}
	}
	return kit.Series(2 + (i+1)%7)
}
