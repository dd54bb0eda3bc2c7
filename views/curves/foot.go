package curves

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"

	"codecworkbench/app/workbench"
	"codecworkbench/views/kit"
)

// foot is the line below the figure: what the curves were measured on, where that
// differs, and how far those of a mean are.
type foot struct {
	wb       *workbench.Workbench
	root     *fyne.Container
	note     *kit.Text
	progress *fyne.Container
	bar      *kit.Bar
	left     *kit.Text
	stop     *kit.Button
}

func newFoot(wb *workbench.Workbench, tips *kit.Tips) *foot {
	f := &foot{wb: wb, note: kit.Muted("").Clipped(), bar: kit.NewBar(), left: kit.Muted("").Small()}
	f.stop = kit.NewGhost("Stop", func() { wb.StopCurves(!wb.CurveProgress().Stopped) })
	f.stop.Points = kit.SmallSize
	f.stop.SetTip(tips, "Stop or go on filling the curves")
	f.progress = kit.Row(kit.Space, -1, f.left, kit.Fixed(120, 0, f.bar), f.stop)
	f.root = kit.Fixed(0, footHeight, kit.Row(kit.Wide, 0, f.note, f.progress))
	return f
}

const footHeight = 24

// height is what the line takes: none while it has nothing to say.
func (f *foot) height() float32 {
	if f.note.Value() == "" && !f.progress.Visible() {
		return 0
	}
	return footHeight
}

// changed follows the model; it reports whether the line came or went.
func (f *foot) changed(list []workbench.Plotted) bool {
	was := f.height()
	f.note.Set(f.measured(list))
	p := f.wb.CurveProgress()
	open := p.Done < p.Total
	if open != f.progress.Visible() {
		if open {
			f.progress.Show()
		} else {
			f.progress.Hide()
		}
		f.root.Refresh()
	}
	if open {
		f.show(p)
	}
	return f.height() != was
}

func (f *foot) show(p workbench.CurveProgress) {
	f.bar.Set(float64(p.Done) / float64(max(p.Total, 1)))
	text := fmt.Sprintf("%d of %d points", p.Done, p.Total)
	if p.Set > 1 {
		text = fmt.Sprintf("%d of %s", p.Ready, workbench.Plural(p.Set, "picture"))
	}
	action := "Stop"
	if p.Stopped {
		text, action = text+", stopped", "Go on"
	} else if left := workbench.FormatLeft(p.Left); left != "" {
		text += ", " + left
	}
	f.left.Set(text)
	f.stop.Set(action, "")
	f.root.Refresh()
}

// measured says what the curves were measured on where they differ, and of means over
// what they are.
func (f *foot) measured(list []workbench.Plotted) string {
	var ons []string
	names := map[string][]string{}
	for _, p := range list {
		on := f.wb.MeasuredOn(p)
		if on == "" {
			on = "unknown pictures"
		}
		if !slices.Contains(ons, on) {
			ons = append(ons, on)
		}
		names[on] = append(names[on], p.Curve.Name)
	}
	switch {
	case len(ons) == 0:
		return ""
	case len(ons) == 1 && ons[0] == workbench.ThisPicture:
		if f.wb.CurveView().Scope != workbench.OnePicture && f.wb.SetSize() < 2 {
			return "A mean needs several pictures: open a folder (Ctrl+Shift+O)."
		}
		return ""
	case len(ons) == 1:
		return "" // the table says it
	}
	var parts []string
	for _, on := range ons {
		of := strings.Join(names[on], ", ")
		if n := len(names[on]); n > 3 {
			of = workbench.Plural(n, "curve")
		}
		parts = append(parts, of+" on "+on)
	}
	return "Measured on different pictures: " + strings.Join(parts, "; ") + "."
}
