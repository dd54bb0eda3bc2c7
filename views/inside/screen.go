// Package inside is the screen that opens one candidate's file: every byte by part and
// where in the picture it went, what its codec shows of its inside, the numbers that are
// coded at a place, and what the picture becomes without some of it.
package inside

import (
	"fmt"
	"image"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"codecworkbench/app/workbench"
	"codecworkbench/codecs"
	"codecworkbench/views/kit"
)

// Screen is the screen Inside.
type Screen struct {
	Root fyne.CanvasObject
	wb   *workbench.Workbench
	tips *kit.Tips

	candidates *fyne.Container
	offered    string // what candidates was built for
	facts      *kit.Text
	strip      *strip
	picture    *mapCard
	panel      *panelView
	lower      *lower
	empty      *emptyState
	body       *fyne.Container

	part     int // the chosen one
	number   int // of the candidate that it was chosen for
	parts    int // how many there were
	lit      bool
	lastCell image.Rectangle
}

// New builds the screen; call Changed after every change of the workbench.
func New(wb *workbench.Workbench, tips *kit.Tips) *Screen {
	s := &Screen{wb: wb, tips: tips, candidates: container.New(tabsLayout{}), facts: kit.Muted("").Clipped(), part: -1,
		strip: newStrip(tips), picture: newMapCard(wb, tips), panel: newPanelView(tips), lower: newLower(wb, tips), empty: newEmptyState(wb)}
	s.facts.Align = fyne.TextAlignTrailing
	s.candidates.Objects = []fyne.CanvasObject{s.facts}
	head := kit.Card(kit.Column(kit.Space, s.candidates, s.strip))
	s.strip.OnSelect, s.lower.parts.OnSelect = s.selectPart, s.selectPart
	s.strip.OnHover, s.lower.parts.OnHover = s.hoverPart, s.hoverPart
	s.picture.pane.OnPick = s.pick
	s.panel.OnPick = s.pick
	s.panel.OnPlace = func(cell image.Rectangle) {
		if cell.Empty() {
			cell = s.lastCell
		}
		s.picture.pane.choose(cell)
	}
	s.panel.OnPlaces = func(places []image.Rectangle) {
		if len(places) == 0 {
			s.hoverPart(-1)
			return
		}
		s.picture.pane.light(places)
	}
	s.picture.OnHover = s.panel.point
	s.picture.pane.OnWalk = s.walk
	s.lower.here.OnCell = func(cell image.Rectangle) {
		s.lastCell = cell
		s.picture.pane.choose(cell)
	}
	s.body = container.New(screenLayout{}, head, s.picture.root, s.panel.root, s.lower.root, s.empty.root)
	s.Root = s.body
	return s
}

// Changed follows the model.
func (s *Screen) Changed(c workbench.Change) {
	if c&(workbench.Pictures|workbench.Slots|workbench.Results|workbench.Insides) == 0 {
		return
	}
	s.wb.LoadInside()
	in := s.wb.Inside()
	if in.Number != s.number || len(in.Parts) != s.parts {
		s.part, s.number, s.parts, s.lit = largest(in.Parts), in.Number, len(in.Parts), false
		s.light(-1)
	}
	s.offer(in.Number)
	if facts := describe(in); facts != s.facts.Value() {
		s.facts.Set(facts)
		s.candidates.Refresh() // the tabs get what is left
	}
	s.strip.show(in, s.part)
	s.picture.set(in)
	s.lower.show(in, s.part)
	s.choosePanels(in)
}

// selectPart chooses a part and lights its place; once more, and all is lit again.
func (s *Screen) selectPart(part int) {
	again := s.part == part && s.lit
	s.part = part
	s.strip.mark(part)
	s.lower.choose(part)
	s.lit = !again
	s.hoverPart(-1)
}

// hoverPart lights the place of the part under the mouse, else that of the chosen one.
func (s *Screen) hoverPart(part int) {
	if part < 0 && s.lit {
		part = s.part
	}
	s.light(part)
}

func (s *Screen) light(part int) {
	in := s.wb.Inside()
	var places []image.Rectangle
	if part >= 0 && part < len(in.Places) {
		places = in.Places[part]
	}
	s.picture.pane.light(places)
	text := ""
	if part >= 0 && part < len(in.Parts) && len(in.Places) > 0 {
		text = "outlined: " + in.Parts[part].Name
		if len(places) == 0 {
			text = "no place in the picture: " + in.Parts[part].Name
		}
	}
	s.picture.reading.Set(text)
}

// Damage flips the bits of a byte of the chosen part.
func (s *Screen) Damage() { s.wb.DamagePart(s.part) }

// Fit shows the whole picture.
func (s *Screen) Fit() { s.picture.pane.setView(s.picture.pane.view.Fitted()) }

// ZoomTo changes the scale (device pixels a picture pixel) around the pane's centre.
func (s *Screen) ZoomTo(scale func(now float64) float64) {
	v := s.picture.pane.view
	s.picture.pane.setView(v.ZoomAt(float64(v.PaneW)/2, float64(v.PaneH)/2, scale(v.Scale)))
}

// pick shows the numbers that are coded at a pixel of the picture.
func (s *Screen) pick(x, y int) {
	s.lower.lookAt(x, y)
}

// walk chooses the place beside the chosen one.
func (s *Screen) walk(dx, dy int) { s.lower.walk(dx, dy) }

// TurnPanel shows the next panel (1), or the one before (-1).
func (s *Screen) TurnPanel(by int) { s.panel.Turn(by) }

// offer lists the candidates whose files can be looked into; the shown one is marked.
func (s *Screen) offer(shown int) {
	var key strings.Builder
	var objects []fyne.CanvasObject
	for _, slot := range s.wb.Setup().Slots {
		if slot.Codec == "" {
			continue
		}
		title, setting := s.wb.Title(slot), s.wb.Setting(slot)
		fmt.Fprintln(&key, slot.Number, title, setting, slot.Number == shown)
		t := newTab(slot.Number, title, setting, slot.Number == shown, func() { s.wb.LookInto(slot.Number) })
		t.SetTip(s.tips, func() string { return t.full })
		objects = append(objects, t)
	}
	if key.String() == s.offered && len(objects) > 0 {
		return
	}
	s.offered = key.String()
	s.candidates.Objects = append(objects, s.facts)
	s.body.Refresh()
}

// describe says how much of a file is known.
func describe(in workbench.Inside) string {
	bytes := workbench.FormatCount(in.Bytes) + " bytes"
	switch {
	case in.Number == 0:
		return ""
	case in.Err != nil:
		return in.Err.Error()
	case in.Loading:
		return bytes + ", looking inside …"
	}
	sum := 0
	for _, p := range in.Parts {
		sum += p.Bytes
	}
	if sum != in.Bytes {
		return fmt.Sprintf("%s, %s of them in no part", bytes, workbench.FormatCount(in.Bytes-sum))
	}
	return bytes + ", all accounted for"
}

// histogramOrCodebook reports whether a panel tells most beside a map.
func histogramOrCodebook(panels []codecs.Panel) func(codecs.Panel) bool {
	codebook := func(p codecs.Panel) bool { _, ok := p.Data.(codecs.Codebook); return ok }
	if slices.ContainsFunc(panels, codebook) {
		return codebook
	}
	return func(p codecs.Panel) bool { _, ok := p.Data.(codecs.Histogram); return ok }
}

// choosePanels hands the panels to the view, which keeps its panel by id while the setting
// moves.
func (s *Screen) choosePanels(in workbench.Inside) {
	s.panel.set(in, histogramOrCodebook(in.Panels))
	was := s.empty.root.Visible()
	s.empty.update(in)
	setVisible(s.panel.root, !s.empty.root.Visible())
	if was != s.empty.root.Visible() {
		s.body.Refresh()
	}
}

func setVisible(o fyne.CanvasObject, visible bool) {
	if visible {
		o.Show()
	} else {
		o.Hide()
	}
}

// emptyState stands in place of the panels of a codec that has none.
type emptyState struct {
	wb    *workbench.Workbench
	root  *kit.Ground
	title *kit.Text
	text  *kit.Text
	ways  *fyne.Container
}

func newEmptyState(wb *workbench.Workbench) *emptyState {
	e := &emptyState{wb: wb, title: kit.Strong(""), text: kit.Muted(""), ways: kit.Row(kit.Space, -1)}
	e.root = kit.Card(container.NewCenter(kit.Column(kit.Space, container.NewCenter(e.title), container.NewCenter(e.text), kit.Spacer(0, kit.Gap), container.NewCenter(e.ways))))
	e.root.Hide()
	return e
}

// update shows the state where a file has no panel, with the ways to one that has.
func (e *emptyState) update(in workbench.Inside) {
	if len(in.Panels) > 0 || in.Loading {
		e.root.Hide()
		return
	}
	e.root.Show()
	slot, _ := e.wb.Slot(in.Number)
	e.ways.Objects = nil
	switch {
	case in.Number != 0:
		e.title.Set(e.wb.Title(slot) + " keeps its inside to itself")
		e.text.Set("Only its file's parts and bytes can be shown. These tell more:")
	case e.coded():
		e.title.Set("The file comes once it is encoded")
		e.text.Set("")
		e.root.Refresh()
		return
	default:
		e.title.Set("There is no file to look into")
		e.text.Set("Choose a codec that shows its inside:")
	}
	for _, s := range e.wb.Setup().Slots {
		if s.Codec != "" && s.Number != in.Number && e.wb.Inspectable(s) && len(e.ways.Objects) < maxWays {
			e.ways.Add(kit.NewButton(fmt.Sprintf("Look into %d %s", s.Number, e.wb.Title(s)), func() { e.wb.LookInto(s.Number) }))
		}
	}
	for _, id := range e.addable() {
		if len(e.ways.Objects) < maxWays {
			e.ways.Add(kit.NewButton("Add "+id, func() { e.wb.Add(id) }))
		}
	}
	e.root.Refresh()
}

// maxWays bounds the candidates and codecs that are offered.
const maxWays = 3

// coded reports whether there is a candidate whose file will come.
func (e *emptyState) coded() bool {
	return slices.ContainsFunc(e.wb.Setup().Slots, func(s workbench.Slot) bool {
		return s.Codec != "" && e.wb.Run(s.Number).Phase < workbench.Failed
	})
}

// addable lists codecs with an inside that are no candidates yet.
func (e *emptyState) addable() []string {
	var ids []string
	slots := e.wb.Setup().Slots
	for _, c := range e.wb.Tools().Codecs.All() {
		info := c.Info()
		taken := slices.ContainsFunc(slots, func(s workbench.Slot) bool { return s.Codec == info.ID })
		if _, ok := c.(codecs.Inspector); ok && !taken && info.Unavailable == "" {
			ids = append(ids, info.ID)
		}
	}
	return ids
}

// screenLayout: the strip on top, below it the picture at the left, and a panel over the
// tables at the right.
type screenLayout struct{}

// MinSize implements fyne.Layout.
func (screenLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(760, 400) }

// Layout implements fyne.Layout.
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
	left := (s.Width - 3*m) * 0.48
	x := left + 2*m
	right := s.Width - x - m
	upper := (h - m) * 0.52
	put(o[1], m, y, left, h)
	put(o[2], x, y, right, upper)
	put(o[3], x, y+upper+m, right, h-upper-m)
	put(o[4], x, y, right, upper)
}
