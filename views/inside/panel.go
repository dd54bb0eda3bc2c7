package inside

import (
	"cmp"
	"fmt"
	"image"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"codecworkbench/app/report/heatmap"
	"codecworkbench/app/workbench"
	"codecworkbench/codecs"
	"codecworkbench/views/kit"
)

// panelView shows one panel of a Trace, chosen by title.
type panelView struct {
	root   *kit.Ground
	pick   *kit.Picker
	legend *kit.Text
	help   *widget.Label
	body   *fyne.Container

	panels []codecs.Panel
	id     string // of the shown panel
	tips   *kit.Tips

	loading bool
	// OnPlace is called with the place in the picture of the value under the mouse (empty:
	// none), OnPick with a pixel of the one that was tapped.
	OnPlace func(cell image.Rectangle)
	OnPick  func(x, y int)
}

func newPanelView(tips *kit.Tips) *panelView {
	v := &panelView{tips: tips, legend: kit.Muted("").Clipped(), help: widget.NewLabel(""), body: container.NewStack()}
	v.help.Wrapping = fyne.TextWrapWord
	v.help.Importance = widget.LowImportance
	v.pick = kit.NewPicker(v.options, func(id string) {
		v.id = id
		v.show()
	}).Strong()
	v.pick.SetTip(tips, "Choose what this panel shows")
	v.root = kit.Card(container.NewBorder(kit.Column(kit.Gap, v.pick, v.help), v.legend, nil, nil, v.body))
	return v
}

func (v *panelView) options() []kit.Option {
	var out []kit.Option
	for _, p := range v.panels {
		out = append(out, kit.Option{ID: p.ID, Name: p.Title})
	}
	return out
}

// set takes a file's panels; where the chosen one is not among them, the first that
// first accepts is shown, else the first of all.
func (v *panelView) set(panels []codecs.Panel, loading bool, first func(codecs.Panel) bool) {
	v.panels, v.loading = panels, loading
	if v.find(v.id) < 0 {
		v.id = ""
		for _, p := range panels {
			if v.id == "" && first(p) {
				v.id = p.ID
			}
		}
		if v.id == "" && len(panels) > 0 {
			v.id = panels[0].ID
		}
	}
	v.show()
}

func (v *panelView) find(id string) int {
	for i, p := range v.panels {
		if p.ID == id {
			return i
		}
	}
	return -1
}

func (v *panelView) show() {
	i := v.find(v.id)
	if i < 0 {
		v.pick.Put("Nothing to show", "")
		v.pick.SetDisabled(true)
		v.help.SetText("This codec shows nothing of its inside but the parts of its file.")
		if v.loading {
			v.pick.Put("Looking inside …", "")
			v.help.SetText("")
		}
		v.legend.Set("")
		v.body.Objects = nil
		v.body.Refresh()
		return
	}
	p := v.panels[i]
	v.pick.SetDisabled(false)
	v.pick.Put(p.Title, "")
	v.help.SetText(p.Help)
	o, legend := v.content(p)
	v.legend.Set(legend)
	v.body.Objects = []fyne.CanvasObject{o}
	v.root.Refresh()
}

// content makes the objects that show a panel, and a line about its scale.
func (v *panelView) content(p codecs.Panel) (o fyne.CanvasObject, legend string) {
	switch d := p.Data.(type) {
	case codecs.Plane:
		return v.planeOf(d)
	case codecs.Codebook:
		g := newTileGrid(v.tips)
		g.set(d, -1)
		return g, fmt.Sprintf("%s of %d × %d pixels; faint: not used", workbench.Plural(len(d.Tiles), "entry"), d.Tile, d.Tile)
	case codecs.Table:
		return table(d), ""
	case codecs.Histogram:
		return newPlot(func() (lines, error) { return histogram(d) }), histogramLegend(d)
	case codecs.Series:
		return newPlot(func() (lines, error) { return series(d) }), ""
	}
	return kit.Muted(fmt.Sprintf("a panel of an unknown kind, %T", p.Data)), ""
}

// planeOf shows a plane; the value under the mouse stands below it, and its place is lit
// in the picture.
func (v *panelView) planeOf(d codecs.Plane) (fyne.CanvasObject, string) {
	if d.Width < 1 || d.Height < 1 || len(d.Values) != d.Width*d.Height {
		return kit.Muted("nothing to draw"), ""
	}
	s := heatmap.NewValues(d)
	legend := planeLegend(d, s)
	out := newPlaneView(d, s)
	out.OnHover = func(x, y int, ok bool) {
		cell := image.Rectangle{}
		v.legend.Set(legend)
		if ok {
			v.legend.Set(fmt.Sprintf("%d, %d: %s %s", x, y, heatmap.Number(float64(d.Values[y*d.Width+x])), d.Unit))
			cell = image.Rect(x*d.Scale, y*d.Scale, (x+1)*d.Scale, (y+1)*d.Scale)
		}
		v.OnPlace(cell)
	}
	out.OnPick = func(x, y int) {
		if d.Scale > 0 {
			v.OnPick(x*d.Scale, y*d.Scale)
		}
	}
	return out, legend
}

func planeLegend(d codecs.Plane, s *heatmap.Values) string {
	lo, hi := s.Ends()
	text := fmt.Sprintf("dark %s … bright %s", lo, hi)
	if d.Signed {
		text = fmt.Sprintf("blue %s … dark 0 … orange %s", lo, hi)
	}
	if d.Scale > 1 {
		text += fmt.Sprintf(", one value for %d × %d pixels", d.Scale, d.Scale)
	}
	return text
}

// histogramLegend says how many bits a symbol the prior takes for what was coded, and how
// few a code made for it would.
func histogramLegend(d codecs.Histogram) string {
	if d.Prior == nil {
		return "bars: what was coded, on a logarithmic scale"
	}
	total, entropy, cross := 0, 0., 0.
	for _, n := range d.Counts {
		total += n
	}
	for i, n := range d.Counts {
		if n > 0 && i < len(d.Prior) {
			share := float64(n) / float64(total)
			entropy -= share * math.Log2(share)
			cross -= share * math.Log2(math.Max(d.Prior[i], 1e-12))
		}
	}
	if total == 0 {
		return "nothing was coded"
	}
	return fmt.Sprintf("bars: coded, entropy %.3f bits a symbol · line: %s, whose code takes %.3f (%+.1f %%)", entropy, cmp.Or(d.PriorName, "the prior"), cross, 100*(cross/math.Max(entropy, 1e-9)-1))
}

// shownRows bounds the rows of a table on the screen.
const shownRows = 200

// tableEnd keeps cells clear of the scroll bar.
const tableEnd = 14

func table(d codecs.Table) fyne.CanvasObject {
	columns := max(len(d.Head), 1)
	body := container.New(cellLayout{columns})
	add := func(row []string, head bool) {
		for i := range columns {
			text := ""
			if i < len(row) {
				text = row[i]
			}
			t := kit.NewText(text).Clipped()
			t.Mono, t.Points = !head && i > 0, 12
			if head {
				t.Color = kit.ColorMuted
			}
			if i > 0 {
				t.Align = fyne.TextAlignTrailing
			}
			body.Add(t)
		}
	}
	add(d.Head, true)
	for i, row := range d.Rows {
		if i == shownRows {
			add([]string{fmt.Sprintf("and %d more", len(d.Rows)-shownRows)}, true)
			break
		}
		add(row, false)
	}
	return container.NewVScroll(body)
}

// cellLayout lays cells out in rows; the first column gets what the others leave, which
// are all as wide as the widest of their texts, where there is room.
type cellLayout struct{ columns int }

const rowHeight = 20

// MinSize implements fyne.Layout.
func (l cellLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(40, float32((len(o)+l.columns-1)/l.columns)*rowHeight)
}

// Layout implements fyne.Layout.
func (l cellLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	widest := make([]float32, l.columns)
	for i, cell := range o {
		if t, ok := cell.(*kit.Text); ok {
			style := fyne.TextStyle{Monospace: t.Mono}
			widest[i%l.columns] = max(widest[i%l.columns], fyne.MeasureText(t.Value(), t.Points, style).Width+2*kit.Space)
		}
	}
	other := float32(0)
	for _, w := range widest[1:] {
		other = max(other, w)
	}
	width := s.Width - tableEnd
	if l.columns > 1 {
		// The first column keeps half at most, unless it is narrower anyway.
		other = min(other, (width-min(widest[0], width/2))/float32(l.columns-1))
	}
	first := width - other*float32(l.columns-1)
	for i, cell := range o {
		x, w := float32(0), first
		if k := i % l.columns; k > 0 {
			x, w = first+other*float32(k-1), other
		}
		cell.Move(fyne.NewPos(x, float32(i/l.columns)*rowHeight))
		cell.Resize(fyne.NewSize(w, rowHeight))
	}
}
