package compare

import (
	"math"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"codecworkbench/app/workbench"
	"codecworkbench/views/kit"
	"codecworkbench/views/metricmenu"
)

// mapBar chooses which map is shown, and how.
type mapBar struct {
	wb       *workbench.Workbench
	root     *kit.Ground
	body     *fyne.Container // what is shown, and how
	narrow   bool            // the two stand below each other
	metric   *kit.Picker
	kind     *kit.Picker
	kindBox  *fyne.Container
	arrange  *kit.Segmented
	reach    *kit.Picker
	strength *kit.Slider
}

func newMapBar(wb *workbench.Workbench, tips *kit.Tips) *mapBar {
	b := &mapBar{wb: wb}
	b.metric = kit.NewPicker(func() []kit.Option { return metricmenu.MapOptions(wb) }, func(id string) { wb.SetMap(id, "") }).Strong()
	b.kind = kit.NewPicker(b.kinds, func(id string) { wb.SetMap(wb.ViewSettings().Map.Metric, id) })
	b.kindBox = kit.Fixed(132, 0, b.kind)
	b.arrange = kit.NewSegmented([]kit.Option{{ID: "split", Name: "Split"}, {ID: "side", Name: "Side"}},
		func(id string) { wb.SetMapSide(id == "side") })
	b.arrange.SetTip(tips, "The two candidates' maps under one divider, or next to each other")
	b.reach = kit.NewPicker(reachOptions, func(id string) {
		if f, err := strconv.ParseFloat(id, 64); err == nil {
			wb.SetMapReach(f)
		}
	})
	b.reach.SetTip(tips, "Where the colours end: higher for poor pictures, lower for good ones   < >")
	b.strength = kit.NewSlider(10, 100, 5, func(v float64) { wb.SetMapStrength(int(math.Round(v))) })
	b.strength.SetTip(tips, "How much the colours cover the grey picture; at the right end the map stands alone")
	b.metric.SetTip(tips, "The metric whose map is shown; N goes to the next")
	what := kit.Row(kit.Space, -1, kit.Fixed(178, 0, b.metric), b.kindBox, kit.Fixed(64, 0, b.reach))
	how := kit.Row(kit.Space, -1, b.arrange, kit.Muted("Colour"), kit.Fixed(96, 0, b.strength))
	b.body = container.New(mapBarLayout{b}, what, how)
	b.root = kit.NewGround(kit.ColorVeil, kit.Corner, 4, 4, b.body)
	return b
}

// fit puts the controls into one line, or two where there is no room for one.
func (b *mapBar) fit(width float32) {
	what, how := b.body.Objects[0].MinSize(), b.body.Objects[1].MinSize()
	if narrow := what.Width+how.Width+2*kit.Space+kit.Gap > width; narrow != b.narrow {
		b.narrow = narrow
		b.body.Refresh()
	}
	b.root.Resize(b.root.MinSize())
}

// mapBarLayout: what is shown, and beside or below it how.
type mapBarLayout struct{ b *mapBar }

// MinSize implements fyne.Layout.
func (l mapBarLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	what, how := o[0].MinSize(), o[1].MinSize()
	if l.b.narrow {
		return fyne.NewSize(max(what.Width, how.Width), what.Height+how.Height+kit.Gap)
	}
	return fyne.NewSize(what.Width+kit.Space+how.Width, max(what.Height, how.Height))
}

// Layout implements fyne.Layout.
func (l mapBarLayout) Layout(o []fyne.CanvasObject, _ fyne.Size) {
	what, how := o[0].MinSize(), o[1].MinSize()
	o[0].Resize(what)
	o[1].Resize(how)
	at := fyne.NewPos(what.Width+kit.Space, 0)
	if l.b.narrow {
		at = fyne.NewPos(0, what.Height+kit.Gap)
	}
	o[1].Move(at)
}

func (b *mapBar) kinds() []kit.Option {
	var out []kit.Option
	for _, m := range b.wb.MapMetrics() {
		if m.Info.ID != b.wb.ViewSettings().Map.Metric {
			continue
		}
		for _, k := range m.Kinds {
			out = append(out, kit.Option{ID: k.ID, Name: k.Name, Note: k.Summary})
		}
	}
	return out
}

func reachOptions() []kit.Option {
	var out []kit.Option
	for _, f := range workbench.MapReaches() {
		note := ""
		switch {
		case f == 1:
			note = "the metric's own range"
		case f > 1:
			note = "for poor pictures"
		case f <= 0.25:
			note = "for very good pictures"
		default:
			note = "for good pictures"
		}
		out = append(out, kit.Option{ID: strconv.FormatFloat(f, 'g', -1, 64), Name: reachName(f), Note: note})
	}
	return out
}

func reachName(f float64) string {
	for _, fraction := range []struct {
		f    float64
		name string
	}{{0.125, "×⅛"}, {0.25, "×¼"}, {0.5, "×½"}} {
		if f == fraction.f {
			return fraction.name
		}
	}
	return "×" + strconv.FormatFloat(f, 'g', -1, 64)
}

// update follows the model. Out of its mode nothing of the bar takes the focus.
func (b *mapBar) update(on bool) {
	v := b.wb.ViewSettings().Map
	info, kind, ok := b.wb.MapChosen()
	b.metric.Put(metricmenu.Name(info), "")
	b.kind.Put(kind.Name, "")
	several := len(b.kinds()) > 1
	if several != b.kindBox.Visible() {
		show(b.kindBox, several)
		b.body.Refresh()
	}
	b.arrange.Select(map[bool]string{false: "split", true: "side"}[v.Side])
	b.reach.Put(reachName(v.Reach), "")
	b.strength.Set(float64(v.Strength))
	for _, c := range []interface{ SetDisabled(bool) }{b.metric, b.kind, b.reach, b.arrange, b.strength} {
		c.SetDisabled(!on || !ok)
	}
}
