// Package inside is the screen that opens one candidate's file: every byte by part,
// and what its codec shows of its inside, two panels at a time.
package inside

import (
	"fmt"
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
	list       *partList
	views      [2]*panelView
	empty      *emptyState
	body       *fyne.Container
}

// New builds the screen; call Changed after every change of the workbench.
func New(wb *workbench.Workbench, tips *kit.Tips) *Screen {
	s := &Screen{wb: wb, tips: tips, candidates: kit.Row(kit.Gap, -1), facts: kit.Muted("").Clipped(),
		strip: newStrip(tips), list: newPartList(), empty: newEmptyState(wb)}
	s.facts.Align = fyne.TextAlignTrailing
	head := kit.Card(kit.Column(kit.Space, kit.Row(kit.Wide, 1, s.candidates, s.facts), s.strip))
	for i := range s.views {
		s.views[i] = newPanelView(tips)
	}
	s.list.OnSelect, s.strip.OnSelect = s.selectPart, s.selectPart
	s.body = container.New(screenLayout{}, head, s.list.root, s.views[0].root, s.views[1].root, s.empty.root)
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
	s.offer(in.Number)
	s.facts.Set(describe(in))
	s.list.show(in)
	s.strip.show(in, s.list.selected)
	s.choose(in)
}

func (s *Screen) selectPart(part int) {
	s.list.choose(part)
	s.strip.mark(part)
}

// offer lists the candidates whose files can be looked into; the shown one is marked.
func (s *Screen) offer(shown int) {
	var key strings.Builder
	var objects []fyne.CanvasObject
	for _, slot := range s.wb.Setup().Slots {
		if slot.Codec == "" {
			continue
		}
		title := strings.TrimSpace(s.wb.Title(slot) + " " + s.wb.Setting(slot))
		fmt.Fprintln(&key, slot.Number, title, slot.Number == shown)
		name := kit.NewText(title)
		fill := kit.ColorRaised
		if slot.Number == shown {
			name.Bold, fill = true, kit.ColorAccentGround
		}
		ground := kit.NewGround(fill, kit.Corner, kit.Space, 4, kit.Row(kit.Space, -1, kit.NewChip(slot.Number), name))
		objects = append(objects, kit.NewTap(ground, func() { s.wb.LookInto(slot.Number) }))
	}
	if key.String() == s.offered && len(objects) > 0 {
		return
	}
	s.offered = key.String()
	s.candidates.Objects = objects
	s.body.Refresh()
}

// describe says how much of a file is known.
func describe(in workbench.Inside) string {
	bytes := workbench.FormatCount(in.Bytes) + " bytes"
	switch {
	case in.Number == 0:
		return "No file to look into: show a candidate first."
	case in.Err != nil:
		return in.Err.Error()
	case in.Loading:
		return bytes + ", looking inside …"
	}
	return bytes + ", all accounted for"
}

// choose hands the panels to the two views. A view keeps its panel by id while the
// setting moves; at first the left one shows a map and the right one the codebook, else a histogram.
func (s *Screen) choose(in workbench.Inside) {
	plane := func(p codecs.Panel) bool { _, ok := p.Data.(codecs.Plane); return ok && p.ID == "bits" }
	right := func(p codecs.Panel) bool { _, ok := p.Data.(codecs.Histogram); return ok }
	codebook := func(p codecs.Panel) bool { _, ok := p.Data.(codecs.Codebook); return ok }
	if slices.ContainsFunc(in.Panels, codebook) {
		right = codebook
	}
	s.views[0].set(in.Panels, plane)
	s.views[1].set(in.Panels, right)
	was := s.empty.root.Visible()
	s.empty.update(in)
	for _, v := range s.views {
		setVisible(v.root, !s.empty.root.Visible())
	}
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
	e.title.Set("There is no file to look into")
	e.text.Set("Choose a codec that shows its inside:")
	if in.Number != 0 {
		e.title.Set(e.wb.Title(slot) + " keeps its inside to itself")
		e.text.Set("Only its file's parts and bytes can be shown. These tell more:")
	}
	e.ways.Objects = nil
	for _, s := range e.wb.Setup().Slots {
		if s.Codec != "" && s.Number != in.Number && e.wb.Inspectable(s) {
			e.ways.Add(kit.NewButton(fmt.Sprintf("Look into %d %s", s.Number, e.wb.Title(s)), func() { e.wb.LookInto(s.Number) }))
		}
	}
	for _, id := range e.addable() {
		e.ways.Add(kit.NewButton("Add "+id, func() { e.wb.Add(id) }))
	}
	e.root.Refresh()
}

// maxWays bounds the codecs that are offered.
const maxWays = 3

// addable lists codecs with an inside that are no candidates yet.
func (e *emptyState) addable() []string {
	var ids []string
	slots := e.wb.Setup().Slots
	for _, c := range e.wb.Tools().Codecs.All() {
		info := c.Info()
		taken := slices.ContainsFunc(slots, func(s workbench.Slot) bool { return s.Codec == info.ID })
		if _, ok := c.(codecs.Inspector); ok && !taken && info.Unavailable == "" && len(ids) < maxWays {
			ids = append(ids, info.ID)
		}
	}
	return ids
}

// screenLayout: the strip on top, the parts and two panels below.
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
	const list = 300
	each := (s.Width - list - 4*m) / 2
	put(o[1], m, y, list, h)
	put(o[2], list+2*m, y, each, h)
	put(o[3], list+3*m+each, y, each, h)
	put(o[4], list+2*m, y, s.Width-list-3*m, h)
}
