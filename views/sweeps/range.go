package sweeps

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"codecworkbench/codecs"
	"codecworkbench/views/kit"
)

// rangeEditor is a small window for one curve of the plan: its range of qualities, its
// spec as on the command line, and the way out of the plan.
type rangeEditor struct {
	s     *Screen
	index int
	popup *widget.PopUp

	lo, hi, n *kit.Field
	spec      *kit.Field
	help      *kit.Text
}

// editRange opens the editor of a curve below what was tapped.
func (s *Screen) editRange(index int, at fyne.CanvasObject) *rangeEditor {
	specs := s.wb.Sweep().Plan.Specs
	if index >= len(specs) {
		return nil
	}
	e := &rangeEditor{s: s, index: index, help: kit.Muted("").Small()}
	number := func() *kit.Field { return kit.NewField(58, true, func(string) { e.apply() }) }
	e.lo, e.hi, e.n = number(), number(), number()
	e.spec = kit.NewField(300, false, func(text string) {
		s.wb.ReplaceSweepSpec(e.index, strings.TrimSpace(text))
		e.show()
	})
	rows := []fyne.CanvasObject{kit.Caption("CURVE")}
	if q, _, ok := s.wb.SweepRange(index); ok {
		rows = append(rows, kit.Row(kit.Space, -1, kit.NewText("q from"), e.lo, kit.NewText("to"), e.hi, kit.NewText("in"), e.n, kit.NewText("points")))
		e.help.Set(fmt.Sprintf("%s to %s in steps of %s", codecs.FormatNumber(q.Min), codecs.FormatNumber(q.Max), codecs.FormatNumber(q.Step)))
		rows = append(rows, e.help)
	}
	done := kit.NewButton("Done", func() { e.close() })
	done.Rank = kit.Primary
	remove := kit.NewButton("Take out", func() {
		e.close()
		s.wb.ReplaceSweepSpec(e.index, "")
	})
	rows = append(rows, kit.Spacer(0, 2), kit.Muted("As on the command line, parameters too: jpeg@subsampling=4:4:4:10-90/9").Small(), e.spec,
		kit.Spacer(0, 2), kit.Row(kit.Space, 1, remove, kit.Spacer(0, 0), done))
	e.show()
	c := fyne.CurrentApp().Driver().CanvasForObject(at)
	if c == nil {
		return e
	}
	e.popup = widget.NewPopUp(kit.NewGround(kit.ColorPanel, kit.CardCorner, kit.Wide, kit.Space, kit.Column(6, rows...)), c)
	place := fyne.CurrentApp().Driver().AbsolutePositionForObject(at)
	x := min(place.X, c.Size().Width-e.popup.MinSize().Width-kit.Space)
	e.popup.ShowAtPosition(fyne.NewPos(max(x, kit.Space), place.Y+at.Size().Height+kit.Gap))
	return e
}

// show fills the fields from the plan.
func (e *rangeEditor) show() {
	specs := e.s.wb.Sweep().Plan.Specs
	if e.index >= len(specs) {
		e.close()
		return
	}
	e.spec.Put(specs[e.index])
	if _, values, ok := e.s.wb.SweepRange(e.index); ok && len(values) > 0 {
		e.lo.Put(codecs.FormatNumber(values[0]))
		e.hi.Put(codecs.FormatNumber(values[len(values)-1]))
		e.n.Put(strconv.Itoa(len(values)))
	}
}

// apply takes the three numbers over.
func (e *rangeEditor) apply() {
	q, _, ok := e.s.wb.SweepRange(e.index)
	lo, err1 := strconv.ParseFloat(e.lo.Text, 64)
	hi, err2 := strconv.ParseFloat(e.hi.Text, 64)
	n, err3 := strconv.Atoi(e.n.Text)
	if !ok || err1 != nil || err2 != nil || err3 != nil || math.IsNaN(lo+hi) {
		e.s.wb.Fail(fmt.Errorf("a range is two numbers and how many points: %q to %q in %q", e.lo.Text, e.hi.Text, e.n.Text))
		return
	}
	clamp := func(v float64) float64 { return q.Snap(min(max(v, q.Min), q.Max)) }
	e.s.wb.SetSweepRange(e.index, clamp(lo), clamp(hi), min(max(n, 1), 200))
	e.show()
}

func (e *rangeEditor) close() {
	if e.popup != nil {
		e.popup.Hide()
	}
}
