package compare

import (
	"fmt"

	"fyne.io/fyne/v2"

	"codecworkbench/app/workbench"
	"codecworkbench/views/kit"
)

// modeBars are the controls of the modes: the switch, how many pictures there are, and
// in a row of their own what difference and flicker can be told.
type modeBars struct {
	wb      *workbench.Workbench
	modes   *kit.Segmented
	panes   [2]*kit.Segmented // two or three; two to four
	kinds   *kit.Segmented    // of differences
	against *kit.Segmented
	gains   *kit.Segmented
	times   *kit.Segmented // of flicker
	grey    *kit.Switch
	brushes *kit.Segmented // of painting a mask
	size    *kit.Slider
	soft    *kit.Slider
	clear   *kit.Button
	done    *kit.Button

	modeBox, diffBox, flickerBox *kit.Ground
	paintBox                     *kit.Ground
	paneBoxes                    [2]*kit.Ground
}

func newModeBars(wb *workbench.Workbench, tips *kit.Tips) *modeBars {
	b := &modeBars{wb: wb}
	b.modes = kit.NewSegmented([]kit.Option{
		{ID: string(workbench.Split), Name: "Split"}, {ID: string(workbench.Side), Name: "Side"},
		{ID: string(workbench.Flicker), Name: "Flicker"}, {ID: string(workbench.Diff), Name: "Diff"},
		{ID: string(workbench.Mapped), Name: "Map"},
	}, func(id string) { wb.SetMode(workbench.Mode(id)) }).Bare()
	b.modeBox = veil(b.modes)
	for i := range b.panes {
		b.panes[i] = kit.NewSegmented(numbers(2, 3+i), number(wb.SetPanes)).Bare()
		b.panes[i].SetTip(tips, "How many pictures are shown at once   W")
		b.paneBoxes[i] = veil(b.panes[i])
	}
	b.kinds = kit.NewSegmented([]kit.Option{{ID: string(workbench.DiffAbsolute), Name: "Absolute"},
		{ID: string(workbench.DiffSigned), Name: "Signed"}, {ID: string(workbench.DiffColor), Name: "Colour"}}, func(id string) {
		d := wb.ViewSettings().Diff
		d.Kind = workbench.DiffKind(id)
		wb.SetDiff(d)
	})
	b.kinds.SetTip(tips, "Channel by channel without or with its sign, or the largest channel's in false colours   E")
	b.against = kit.NewSegmented([]kit.Option{{ID: "original", Name: "To original"}, {ID: "pair", Name: "Left to right"}}, func(id string) {
		d := wb.ViewSettings().Diff
		d.Pair = id == "pair"
		wb.SetDiff(d)
	})
	b.against.SetTip(tips, "Each candidate's error, or what the two differ in   R")
	b.gains = kit.NewSegmented(gainOptions(), number(wb.SetGain))
	b.gains.SetTip(tips, "Differences are multiplied by this to be seen")
	b.diffBox = veil(kit.Row(kit.Space, -1, b.kinds, b.against, b.gains))
	b.times = kit.NewSegmented(timeOptions(), number(func(every int) { wb.SetFlicker(every, wb.ViewSettings().Flicker.Grey > 0) }))
	b.times.SetTip(tips, "How long each picture is seen; by hand: hold the space bar for the left one")
	b.grey = kit.NewSwitch("Grey between", func(on bool) { wb.SetFlicker(wb.ViewSettings().Flicker.Every, on) })
	b.grey.SetTip(tips, "A moment of grey hides the jump that draws the eye")
	b.flickerBox = veil(kit.Row(kit.Wide, -1, b.times, b.grey))
	b.paintBox = b.newPaintBox(tips)
	return b
}

// newPaintBox builds the controls of painting a mask.
func (b *modeBars) newPaintBox(tips *kit.Tips) *kit.Ground {
	change := func(f func(p *workbench.Brush)) {
		p := b.wb.Brush()
		f(&p)
		b.wb.SetBrush(p)
	}
	b.brushes = kit.NewSegmented([]kit.Option{{ID: "paint", Name: "Paint"}, {ID: "erase", Name: "Erase"}},
		func(id string) { change(func(p *workbench.Brush) { p.Erase = id == "erase" }) })
	b.brushes.SetTip(tips, "What is painted matters more; each stroke can be undone. The wheel zooms, the middle button moves the picture")
	b.size = kit.NewSlider(workbench.LeastBrush, workbench.MostBrush, 1, func(v float64) { change(func(p *workbench.Brush) { p.Size = int(v) }) })
	b.size.SetTip(tips, "The brush's width, in percent of the picture's longer side")
	b.soft = kit.NewSlider(0, 100, 5, func(v float64) { change(func(p *workbench.Brush) { p.Soft = int(v) }) })
	b.soft.SetTip(tips, "How softly the brush's edge fades out")
	b.clear = kit.NewButton("Clear", b.wb.ClearMask)
	b.done = kit.NewButton("Done", func() { b.wb.StopPainting() })
	b.done.SetTip(tips, "Escape")
	return veil(kit.Row(kit.Space, -1, b.brushes, kit.Muted("Size"), kit.Fixed(84, 0, b.size), kit.Muted("Soft"), kit.Fixed(84, 0, b.soft), b.clear, b.done))
}

func veil(o fyne.CanvasObject) *kit.Ground { return kit.NewGround(kit.ColorVeil, kit.Corner, 4, 4, o) }

// number hands an option's id over as a number.
func number(set func(n int)) func(id string) {
	return func(id string) {
		var n int
		if _, err := fmt.Sscan(id, &n); err == nil {
			set(n)
		}
	}
}

// numbers are options from one number to another.
func numbers(from, to int) []kit.Option {
	var out []kit.Option
	for n := from; n <= to; n++ {
		out = append(out, kit.Option{ID: fmt.Sprint(n), Name: fmt.Sprint(n)})
	}
	return out
}

func gainOptions() []kit.Option {
	var out []kit.Option
	for _, g := range []int{1, 4, 8, 16, 32} {
		out = append(out, kit.Option{ID: fmt.Sprint(g), Name: fmt.Sprintf("×%d", g)})
	}
	return out
}

func timeOptions() []kit.Option {
	var out []kit.Option
	for _, ms := range workbench.FlickerTimes() {
		name := fmt.Sprintf("%g s", float64(ms)/1000)
		if ms == 0 {
			name = "By hand"
		}
		out = append(out, kit.Option{ID: fmt.Sprint(ms), Name: name})
	}
	return out
}

func (b *modeBars) objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{b.modeBox, b.paneBoxes[0], b.paneBoxes[1], b.diffBox, b.flickerBox, b.paintBox}
}

// update follows the model. What is not seen takes no focus.
func (b *modeBars) update() {
	v := b.wb.ViewSettings()
	b.modes.Select(string(v.Mode))
	most := b.wb.PanesMost()
	for i, s := range b.panes {
		s.Select(fmt.Sprint(min(v.Panes, most)))
		s.SetDisabled(most != 3+i)
	}
	b.kinds.Select(string(v.Diff.Kind))
	b.against.Select(map[bool]string{false: "original", true: "pair"}[v.Diff.Pair])
	b.gains.Select(fmt.Sprint(v.Gain))
	b.times.Select(fmt.Sprint(v.Flicker.Every))
	b.grey.Set(v.Flicker.Grey > 0)
	for _, c := range []interface{ SetDisabled(bool) }{b.kinds, b.against, b.gains} {
		c.SetDisabled(v.Mode != workbench.Diff)
	}
	brush, painting := b.wb.Brush(), b.wb.Painting() != nil
	b.brushes.Select(map[bool]string{false: "paint", true: "erase"}[brush.Erase])
	b.size.Set(float64(brush.Size))
	b.soft.Set(float64(brush.Soft))
	for _, c := range []interface{ SetDisabled(bool) }{b.brushes, b.size, b.soft, b.clear, b.done} {
		c.SetDisabled(!painting)
	}
	b.times.SetDisabled(v.Mode != workbench.Flicker)
	b.grey.SetDisabled(v.Mode != workbench.Flicker || v.Flicker.Every == 0)
}

// place puts the controls at the top: the switch in the middle with the number of
// pictures beside it, y below the pane's edge, and the mode's own row under it,
// where it has one. It returns where they end.
func (b *modeBars) place(width, y float32) (bottom float32) {
	v, most := b.wb.ViewSettings(), b.wb.PanesMost()
	mode := b.modeBox.MinSize()
	total, beside := mode.Width, (*kit.Ground)(nil)
	for i, box := range b.paneBoxes {
		if most == 3+i {
			beside = box
			total += kit.Gap + box.MinSize().Width
			continue
		}
		park(box)
	}
	x := (width - total) / 2
	put(b.modeBox, fyne.NewPos(x, y))
	if beside != nil {
		put(beside, fyne.NewPos(x+mode.Width+kit.Gap, y))
	}
	bottom = y + mode.Height
	for _, row := range []struct {
		box  *kit.Ground
		seen bool
	}{{b.diffBox, v.Mode == workbench.Diff}, {b.flickerBox, v.Mode == workbench.Flicker}, {b.paintBox, b.wb.Painting() != nil}} {
		if !row.seen {
			lift(row.box)
			continue
		}
		m := row.box.MinSize()
		put(row.box, fyne.NewPos(max((width-m.Width)/2, kit.Gap), bottom+6))
		bottom += 6 + m.Height
	}
	return bottom
}

// width is what the switch and the number of pictures take.
func (b *modeBars) width() float32 {
	w := b.modeBox.MinSize().Width
	for i, box := range b.paneBoxes {
		if b.wb.PanesMost() == 3+i {
			w += kit.Gap + box.MinSize().Width
		}
	}
	return w
}
