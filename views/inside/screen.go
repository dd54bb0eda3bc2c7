// Package inside is the screen that opens one candidate's file: every byte by part,
// and what its codec shows of its inside, two panels at a time.
package inside

import (
	"fmt"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"codecworkbench/app/workbench"
	"codecworkbench/codecs"
	"codecworkbench/views/kit"
)

// Screen is the screen Inside.
type Screen struct {
	Root fyne.CanvasObject
	wb   *workbench.Workbench

	chip         *kit.Chip
	title, facts *kit.Text
	strip        *strip
	parts        *fyne.Container
	views        [2]*panelView
	shown        workbench.Inside
}

// New builds the screen; call Changed after every change of the workbench.
func New(wb *workbench.Workbench, tips *kit.Tips) *Screen {
	s := &Screen{wb: wb, chip: kit.NewChip(1), title: kit.Strong(""), facts: kit.Muted("").Clipped(), strip: newStrip(tips), parts: kit.Column(0)}
	head := kit.Card(kit.Column(kit.Space, kit.Row(kit.Space, 2, s.chip, s.title, s.facts), s.strip))
	for i := range s.views {
		s.views[i] = newPanelView(tips)
	}
	list := kit.Card(container.NewBorder(kit.Caption("PARTS OF THE FILE"), nil, nil, nil, container.NewVScroll(s.parts)))
	s.Root = container.New(screenLayout{}, head, list, s.views[0].root, s.views[1].root)
	return s
}

// Changed follows the model.
func (s *Screen) Changed(c workbench.Change) {
	if c&(workbench.Pictures|workbench.Slots|workbench.Results|workbench.Insides) == 0 {
		return
	}
	s.wb.LoadInside()
	in := s.wb.Inside()
	s.describe(in)
	s.strip.show(in)
	s.list(in)
	s.choose(in)
	s.shown = in
}

func (s *Screen) describe(in workbench.Inside) {
	slot, ok := s.wb.Slot(in.Number)
	if !ok || in.Number == 0 {
		s.title.Set("No file to look into")
		s.facts.Set("show a candidate first")
		return
	}
	s.chip.SetNumber(in.Number)
	s.title.Set(s.wb.Title(slot) + " " + s.wb.Setting(slot))
	facts := workbench.FormatCount(in.Bytes) + " bytes, all accounted for"
	switch {
	case in.Err != nil:
		facts = in.Err.Error()
	case in.Loading:
		facts = workbench.FormatCount(in.Bytes) + " bytes, looking inside …"
	}
	s.facts.Set(facts)
}

func (s *Screen) list(in workbench.Inside) {
	var rows []fyne.CanvasObject
	for i, p := range in.Parts {
		swatch := canvas.NewRectangle(partColor(i))
		swatch.CornerRadius = 3
		share := kit.Digits(fmt.Sprintf("%.1f %%", 100*float64(p.Bytes)/float64(max(in.Bytes, 1))))
		share.Points = 12
		count := kit.Digits(workbench.FormatCount(p.Bytes))
		count.Points = 12
		rows = append(rows, kit.Fixed(0, 24, kit.Row(kit.Space, 1, kit.Fixed(10, 10, swatch), kit.NewText(p.Name).Clipped(),
			count, kit.Fixed(58, 0, share))))
		if len(rows) == shownParts && len(in.Parts) > shownParts {
			rows = append(rows, kit.Muted(fmt.Sprintf("and %d more", len(in.Parts)-shownParts)))
			break
		}
	}
	s.parts.Objects = rows
	s.parts.Refresh()
}

// shownParts bounds the list; the strip shows all.
const shownParts = 60

// choose hands the panels to the two views. A view keeps its panel by id while the
// setting moves; at first the left one shows a map and the right one a histogram.
func (s *Screen) choose(in workbench.Inside) {
	s.views[0].set(in.Panels, func(p codecs.Panel) bool { _, ok := p.Data.(codecs.Plane); return ok && p.ID == "bits" })
	s.views[1].set(in.Panels, func(p codecs.Panel) bool { _, ok := p.Data.(codecs.Histogram); return ok })
}

// partColor gives neighbouring parts different colours.
func partColor(i int) color.Color {
	if i == 0 {
		return color.NRGBA{0x80, 0x86, 0x90, 255}
	}
	return kit.Series(2 + (i+1)%7)
}

// screenLayout: the strip on top, the parts and two panels below.
type screenLayout struct{}

func (screenLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(760, 400) }

func (screenLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	const m = kit.PanelPadding
	put := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, h))
	}
	top := o[0].MinSize().Height
	put(o[0], m, m, s.Width-2*m, top)
	y := top + 2*m
	h := s.Height - y - m
	const list = 270
	each := (s.Width - list - 4*m) / 2
	put(o[1], m, y, list, h)
	put(o[2], list+2*m, y, each, h)
	put(o[3], list+3*m+each, y, each, h)
}
