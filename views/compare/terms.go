package compare

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"codecworkbench/app/workbench"
	"codecworkbench/views/kit"
	"codecworkbench/views/metricmenu"
)

// equalTerms holds candidates to one rate or to one value of a metric.
type equalTerms struct {
	wb     *workbench.Workbench
	root   *fyne.Container
	state  *kit.Text
	stop   *kit.Button
	lock   *kit.Switch
	by     *kit.Picker
	scope  *kit.Segmented
	target *kit.Field
	unit   *kit.Text
	lead   *kit.Chip
	as     *kit.Text
	free   *kit.Button // follows the leader again
	once   *kit.Button
	head   *fyne.Container
	row    *fyne.Container
	why    *widget.Label
}

// byRate is what a match by bytes is called.
const byRate = "Rate"

func newEqualTerms(wb *workbench.Workbench, tips *kit.Tips) *equalTerms {
	t := &equalTerms{wb: wb, state: kit.Muted("").Small(), unit: kit.Muted(""), lead: kit.NewChip(2), as: kit.Muted("as")}
	change := func(f func(m *workbench.Match)) {
		m := wb.Setup().Match
		f(&m)
		wb.SetMatch(m)
	}
	t.stop = kit.NewGhost("stop", wb.StopMatch)
	t.stop.Points = kit.SmallSize
	t.lock = kit.NewSwitch("Lock", func(on bool) { change(func(m *workbench.Match) { m.On = on }) })
	t.lock.SetTip(tips, "Keeps the candidates equal while anything changes: the others follow the one that you move   M")
	options := func() []kit.Option {
		return append([]kit.Option{{ID: "", Name: byRate, Note: "as many bytes"}}, metricmenu.Options(wb)...)
	}
	t.by = kit.NewPicker(options, func(id string) {
		change(func(m *workbench.Match) { m.Metric, m.Fixed, m.Target = id, false, 0 })
	})
	t.by.SetTip(tips, "What the candidates have in common; the rest is then a fair comparison")
	t.scope = kit.NewSegmented([]kit.Option{{ID: "shown", Name: "Shown"}, {ID: "all", Name: "All"}}, func(id string) {
		change(func(m *workbench.Match) { m.All = id == "all" })
	})
	t.scope.SetTip(tips, "The candidates that are shown, or every one")
	t.target = kit.NewField(70, true, func(text string) {
		if err := wb.SetMatchTarget(text); err != nil {
			wb.Fail(err)
		}
	})
	t.free = kit.NewGhost("follow", func() { _ = wb.SetMatchTarget("") }) // an empty text has no errors
	t.free.Points = kit.SmallSize
	t.free.SetTip(tips, "Follow a candidate again instead of the number")
	t.once = kit.NewButton("Match", wb.MatchOnce)
	t.once.SetTip(tips, "Search the qualities once, without locking them   Ctrl+Shift+M")
	t.why = widget.NewLabel("")
	t.why.Wrapping, t.why.Importance = fyne.TextWrapWord, widget.LowImportance
	t.head = kit.Fixed(0, 20, kit.Row(kit.Space, 1, kit.Caption("EQUAL TERMS"), kit.NewText("").Clipped(), t.state, t.stop))
	t.row = kit.Fixed(0, 30, kit.Row(kit.Space, 6, kit.Muted("at"), t.target, t.unit, t.as, t.lead, t.free, kit.NewText("").Clipped(), t.once))
	t.root = kit.Column(0, t.head, kit.Fixed(0, 30, kit.Row(kit.Space, 1, t.lock, t.by, t.scope)), t.row, t.why)
	return t
}

func (t *equalTerms) update() {
	m := t.wb.Setup().Match
	err := t.wb.CanMatch()
	for _, c := range []interface{ SetDisabled(bool) }{t.lock, t.once} {
		c.SetDisabled(err != nil)
	}
	t.lock.Set(m.On && err == nil)
	t.once.SetDisabled(err != nil || m.On)
	by := byRate
	if metric, err := t.wb.Tools().Metrics.Metric(m.Metric); err == nil {
		by = metricmenu.Name(metric.Info())
	}
	t.by.Put(by, "")
	t.scope.Select(map[bool]string{false: "shown", true: "all"}[m.All])
	value, unit := t.wb.MatchTarget()
	t.target.Put(value)
	t.unit.Set(unit)
	lead := t.wb.MatchLead()
	t.lead.SetNumber(max(lead, workbench.Original))
	follows := !m.Fixed && lead != 0
	moved := reveal(t.as, follows) || reveal(t.lead, follows) || reveal(t.free, m.Fixed)
	moved = t.progress(err) || moved
	if moved {
		t.head.Refresh()
		t.row.Refresh()
	}
	why := t.wb.MatchProblem()
	if err != nil && m.On {
		why = t.wb.Plainly(err)
	}
	show(t.why, why != "")
	if t.why.Text != why {
		t.why.SetText(why)
	}
}

// progress says how far the searches are, and reports whether the row changed its shape.
func (t *equalTerms) progress(err error) bool {
	done, total, running := t.wb.MatchProgress()
	_, phase := t.wb.Working()
	searching := running && phase == workbench.Matching && (total > 1 || t.wb.Slow())
	text, ink := "", kit.ColorMuted
	switch {
	case searching && total > 1:
		text = fmt.Sprintf("searching, %d of %d", done, total)
	case searching:
		text = "searching …"
	case !running && total > 0 && t.wb.MatchProblem() == "":
		text = "matched"
		if total > 1 {
			text = fmt.Sprintf("all %d matched", total+1)
		}
		if t.wb.Setup().Match.Fixed {
			text = "matched"
		}
	case running && err == nil:
		text = "…"
	}
	t.state.Set(text)
	t.state.SetStyle(ink, false)
	return reveal(t.stop, searching)
}

// reveal shows or hides an object and reports whether that changed anything.
func reveal(o fyne.CanvasObject, visible bool) bool {
	if o.Visible() == visible {
		return false
	}
	show(o, visible)
	return true
}
