package inside

import (
	"cmp"
	"fmt"
	"image"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"codecworkbench/app/report/heatmap"
	"codecworkbench/app/workbench"
	"codecworkbench/codecs"
	"codecworkbench/views/kit"
)

// mapCard is the picture with one of the file's maps over it, the scale of its colours,
// and what the decode leaves out.
type mapCard struct {
	wb       *workbench.Workbench
	root     *kit.Ground
	pick     *kit.Picker
	show     *kit.Segmented
	pane     *pane
	lo, hi   *kit.Text
	band     *canvas.Image
	scale    *fyne.Container
	reading  *kit.Text
	controls *controls

	in    workbench.Inside
	id    string        // of the panel whose map is shown
	drawn *codecs.Plane // the map

	changed bool   // the decode has changes
	before  string // what was shown without
	// OnHover is called with the picture's pixel under the mouse; ok is false outside.
	OnHover func(x, y int, ok bool)
}

func newMapCard(wb *workbench.Workbench, tips *kit.Tips) *mapCard {
	m := &mapCard{wb: wb, lo: kit.Muted("").Small(), hi: kit.Muted("").Small(), reading: kit.NewText("").Small().Clipped(), controls: newControls(wb, tips)}
	m.reading.Align = fyne.TextAlignTrailing
	m.pick = kit.NewPicker(m.options, func(id string) {
		m.id = id
		m.draw()
	}).Strong()
	m.pick.SetTip(tips, "Choose what lies over the picture")
	m.show = kit.NewSegmented([]kit.Option{{ID: showPicture, Name: "Picture"}, {ID: showMap, Name: "Map"}, {ID: showBoth, Name: "Both"}},
		func(id string) { m.pane.setShow(id) })
	m.pane = newPane(wb.Post)
	m.show.Select(showBoth)
	m.pane.setShow(showBoth)
	m.pane.OnHover = m.hover
	m.band = canvas.NewImageFromImage(image.NewRGBA(image.Rect(0, 0, 1, 1)))
	m.band.FillMode, m.band.ScaleMode = canvas.ImageFillStretch, canvas.ImageScaleFastest
	m.scale = kit.Row(6, -1, m.lo, kit.Fixed(80, 7, m.band), m.hi)
	foot := kit.Column(kit.Space, kit.Row(kit.Space, 1, m.scale, m.reading), m.controls.root)
	m.root = kit.Card(container.NewBorder(kit.Row(kit.Space, 0, m.pick, m.show), nil, nil, nil,
		container.New(gapLayout{}, m.pane, foot)))
	return m
}

// maps are a file's planes that lie over the picture.
func maps(in workbench.Inside) []codecs.Panel {
	var out []codecs.Panel
	for _, p := range in.Panels {
		if d, ok := p.Data.(codecs.Plane); ok && d.Scale > 0 && d.Width > 0 && d.Height > 0 && len(d.Values) == d.Width*d.Height {
			out = append(out, p)
		}
	}
	return out
}

func (m *mapCard) options() []kit.Option {
	var out []kit.Option
	for _, p := range maps(m.in) {
		out = append(out, kit.Option{ID: p.ID, Name: p.Title})
	}
	return out
}

// set takes a file, and what its decode with changes gave.
func (m *mapCard) set(in workbench.Inside) {
	m.in = in
	pic := in.Picture
	if a := in.Altered; a.Picture != nil && m.wb.Changes().Any() {
		pic = a.Picture
	}
	m.pane.setPicture(pic)
	// What a change does to the picture is not to be hidden by a map.
	if changed := m.wb.Changes().Any(); changed != m.changed {
		m.changed = changed
		show := m.before
		if changed {
			m.before, show = m.show.Selected(), showPicture
		} else if m.show.Selected() != showPicture {
			show = m.show.Selected() // the user chose it meanwhile
		}
		m.show.Select(show)
		m.pane.setShow(show)
	}
	m.draw()
	m.controls.show(in)
}

// draw shows the chosen map; where the file lacks it, its map of bits.
func (m *mapCard) draw() {
	var chosen *codecs.Panel
	all := maps(m.in)
	for i, p := range all {
		if p.ID == m.id || chosen == nil && p.ID == "bits" {
			chosen = &all[i]
		}
	}
	if chosen == nil && len(all) > 0 {
		chosen = &all[0]
	}
	m.pick.SetDisabled(chosen == nil)
	m.show.SetDisabled(chosen == nil)
	setVisible(m.scale, chosen != nil)
	if chosen == nil {
		m.pick.Put("The decoded picture", "")
		m.drawn = nil
		m.pane.setPlane(nil, nil)
		return
	}
	m.pick.Put(chosen.Title, "")
	plane, _ := chosen.Data.(codecs.Plane)
	if m.drawn != nil && len(m.drawn.Values) > 0 && &m.drawn.Values[0] == &plane.Values[0] {
		return // the same as before
	}
	m.drawn = &plane
	s := heatmap.NewValues(plane)
	lo, hi := s.Ends()
	m.lo.Set(lo)
	m.hi.Set(hi)
	m.band.Image = s.Band()
	m.band.Refresh()
	m.pane.setPlane(&plane, s)
	m.root.Refresh()
}

// hover reads the map at the mouse.
func (m *mapCard) hover(x, y int, ok bool) {
	if m.OnHover != nil {
		m.OnHover(x, y, ok)
	}
	if !ok {
		m.reading.Set("")
		return
	}
	text := fmt.Sprintf("x %d y %d", x, y)
	if d := m.drawn; d != nil {
		bx, by := min(x/d.Scale, d.Width-1), min(y/d.Scale, d.Height-1)
		if v := float64(d.Values[by*d.Width+bx]); !math.IsNaN(v) {
			text = fmt.Sprintf("%s %s · %s %d, %d · %s", heatmap.Number(v), d.Unit, cmp.Or(d.Cell, "value"), bx, by, text)
		}
	}
	m.reading.Set(text)
}

// gapLayout gives the last object its height and the first what is left.
type gapLayout struct{}

// MinSize implements fyne.Layout.
func (gapLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	a, b := o[0].MinSize(), o[1].MinSize()
	return fyne.NewSize(max(a.Width, b.Width), a.Height+b.Height+2*kit.Space)
}

// Layout implements fyne.Layout.
func (gapLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	foot := o[1].MinSize().Height
	o[0].Move(fyne.NewPos(0, kit.Space))
	o[0].Resize(fyne.NewSize(s.Width, max(s.Height-foot-2*kit.Space, 0)))
	o[1].Move(fyne.NewPos(0, s.Height-foot))
	o[1].Resize(fyne.NewSize(s.Width, foot))
}
