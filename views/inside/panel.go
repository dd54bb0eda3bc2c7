package inside

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"codecworkbench/app/report"
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
	drawn  any    // the data that body shows
}

func newPanelView(tips *kit.Tips) *panelView {
	v := &panelView{legend: kit.Muted("").Clipped(), help: widget.NewLabel(""), body: container.NewStack()}
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
func (v *panelView) set(panels []codecs.Panel, first func(codecs.Panel) bool) {
	v.panels = panels
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
		v.legend.Set("")
		v.body.Objects, v.drawn = nil, nil
		v.body.Refresh()
		return
	}
	p := v.panels[i]
	v.pick.SetDisabled(false)
	v.pick.Put(p.Title, "")
	v.help.SetText(p.Help)
	o, legend := content(p)
	v.legend.Set(legend)
	v.body.Objects = []fyne.CanvasObject{o}
	v.root.Refresh()
}

// content makes the objects that show a panel, and a line about its scale.
func content(p codecs.Panel) (o fyne.CanvasObject, legend string) {
	switch d := p.Data.(type) {
	case codecs.Plane:
		return pictureOf(p), planeLegend(d)
	case codecs.Codebook:
		return pictureOf(p), fmt.Sprintf("%d entries of %d × %d pixels", len(d.Tiles), d.Tile, d.Tile)
	case codecs.Table:
		return table(d), ""
	case codecs.Histogram:
		legend = "bars: what was coded, logarithmic"
		if d.Prior != nil {
			legend += "; line: what the prior expected"
		}
		return newPlot(func() (lines, error) { return histogram(d) }), legend
	case codecs.Series:
		return newPlot(func() (lines, error) { return series(d) }), ""
	}
	return kit.Muted(fmt.Sprintf("a panel of an unknown kind, %T", p.Data)), ""
}

// pictureOf draws maps and codebooks as the command line exports them.
func pictureOf(p codecs.Panel) fyne.CanvasObject {
	files, err := report.PanelFiles(p)
	if err != nil {
		return kit.NewText(err.Error()).Clipped()
	}
	for _, f := range files {
		if f.Ext != ".png" {
			continue
		}
		img, err := png.Decode(bytes.NewReader(f.Data))
		if err != nil {
			return kit.NewText(err.Error()).Clipped()
		}
		out := canvas.NewImageFromImage(packed(img))
		out.FillMode, out.ScaleMode = canvas.ImageFillContain, canvas.ImageScalePixels
		return out
	}
	return kit.Muted("no picture")
}

// packed copies a picture to the one form that the toolkit draws without mistakes.
func packed(src image.Image) *image.RGBA {
	b := src.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	for y := range b.Dy() {
		for x := range b.Dx() {
			out.Set(x, y, src.At(b.Min.X+x, b.Min.Y+y))
		}
	}
	return out
}

func planeLegend(d codecs.Plane) string {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range d.Values {
		lo, hi = math.Min(lo, float64(v)), math.Max(hi, float64(v))
	}
	if lo > hi {
		return ""
	}
	if math.Abs(lo) < 1e-3*math.Abs(hi) {
		lo = 0
	}
	text := fmt.Sprintf("dark %.3g … bright %.3g %s", lo, hi, d.Unit)
	if d.Signed {
		m := math.Max(math.Abs(lo), math.Abs(hi))
		text = fmt.Sprintf("blue %.3g … white 0 … vermilion %.3g %s", -m, m, d.Unit)
	}
	if d.Scale > 1 {
		text += fmt.Sprintf(", one value for %d × %d pixels", d.Scale, d.Scale)
	}
	return text
}

// shownRows bounds the rows of a table on the screen.
const shownRows = 200

func table(d codecs.Table) fyne.CanvasObject {
	columns := max(len(d.Head), 1)
	var cells []fyne.CanvasObject
	add := func(row []string, head bool) {
		for i := range columns {
			text := ""
			if i < len(row) {
				text = row[i]
			}
			t := kit.NewText(text).Clipped()
			t.Mono, t.Points = !head, 12
			if head {
				t.Color, t.Mono = kit.ColorMuted, false
			}
			if i > 0 {
				t.Align = fyne.TextAlignTrailing
			}
			cells = append(cells, t)
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
	return container.NewVScroll(container.NewGridWithColumns(columns, cells...))
}
