package compare

import (
	"math"

	"fyne.io/fyne/v2"

	"codecworkbench/app/workbench"
	"codecworkbench/views/kit"
	"codecworkbench/views/metricmenu"
)

// mapBar chooses which map is shown, and how.
type mapBar struct {
	wb       *workbench.Workbench
	root     *kit.Ground
	row      *fyne.Container
	metric   *kit.Picker
	kind     *kit.Picker
	kindBox  *fyne.Container
	arrange  *kit.Segmented
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
	b.strength = kit.NewSlider(10, 100, 5, func(v float64) { wb.SetMapStrength(int(math.Round(v))) })
	b.strength.SetTip(tips, "How much the colours cover the grey picture; at the right end the map stands alone")
	b.metric.SetTip(tips, "The metric whose map is shown; N goes to the next")
	b.row = kit.Row(kit.Space, -1, kit.Fixed(150, 0, b.metric), b.kindBox, b.arrange, kit.Muted("Colour"), kit.Fixed(96, 0, b.strength))
	b.root = kit.NewGround(kit.ColorVeil, kit.Corner, 4, 4, b.row)
	return b
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

// update follows the model. Out of its mode nothing of the bar takes the focus.
func (b *mapBar) update(on bool) {
	v := b.wb.ViewSettings().Map
	info, kind, ok := b.wb.MapChosen()
	b.metric.Put(metricmenu.Name(info), "")
	b.kind.Put(kind.Name, "")
	several := len(b.kinds()) > 1
	if several != b.kindBox.Visible() {
		show(b.kindBox, several)
		b.row.Refresh()
	}
	b.arrange.Select(map[bool]string{false: "split", true: "side"}[v.Side])
	b.strength.Set(float64(v.Strength))
	for _, c := range []interface{ SetDisabled(bool) }{b.metric, b.kind, b.arrange, b.strength} {
		c.SetDisabled(!on || !ok)
	}
}
