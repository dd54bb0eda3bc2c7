package compare

import (
	"errors"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"codecworkbench/app/workbench"
	"codecworkbench/codecs"
	"codecworkbench/views/kit"
	"codecworkbench/views/viewport"
)

// cornerLabel names what is seen at one side: number, codec, setting, rate, and
// what is going on there.
type cornerLabel struct {
	kit.Tap
	chip                 *kit.Chip
	title, setting, rate *kit.Text
	state                *kit.Text
	row                  *fyne.Container
}

func newCornerLabel() *cornerLabel {
	l := &cornerLabel{chip: kit.NewChip(1), title: kit.Strong(""), setting: kit.NewText(""), rate: kit.Muted(""), state: kit.NewText("")}
	l.row = kit.Row(6, -1, l.chip, l.title, l.setting, l.rate, l.state)
	l.Tap.Init(kit.Veil(l.row), nil)
	return l
}

func (l *cornerLabel) show(wb *workbench.Workbench, number int, active bool) {
	slot, _ := wb.Slot(number)
	run := wb.Run(number)
	l.chip.SetNumber(number)
	l.title.Set(wb.Title(slot))
	set(l.setting, wb.Setting(slot))
	rate := ""
	if run.Result != nil && run.Fresh {
		rate = fmt.Sprintf("%.3f bpp", run.Result.BPP)
	}
	set(l.rate, rate)
	state, ink := stateText(wb, number)
	if state == "" {
		state = mapState(wb, number)
	}
	if state != "" && awaited(wb, number) {
		state += " (the original meanwhile)"
	}
	set(l.state, state)
	l.state.SetStyle(ink, false)
	l.row.Refresh() // what was hidden has to be laid out again
}

// mapState says that a map is to come, where there is none yet or it takes so long
// that people wonder.
func mapState(wb *workbench.Workbench, number int) string {
	_, _, mapped := wb.MapChosen()
	if number == workbench.Original || wb.ViewSettings().Mode != workbench.Mapped || !mapped {
		return ""
	}
	running, left := wb.Mapping(number)
	_, has := wb.Map(number)
	switch text := workbench.FormatLeft(left); {
	case has && (!running || !wb.Slow()):
		return ""
	case !running:
		return "map waits …"
	case text != "" && wb.Slow():
		return "map, " + text
	}
	return "map …"
}

// set shows a text, or leaves no gap for an empty one.
func set(t *kit.Text, s string) {
	t.Set(s)
	if s == "" {
		t.Hide()
	} else {
		t.Show()
	}
}

// dim marks the picture that flicker does not show at the moment.
func (l *cornerLabel) dim(off bool) {
	ink := theme.ColorNameForeground
	if off {
		ink = kit.ColorMuted
	}
	l.title.SetStyle(ink, true)
	l.setting.SetStyle(ink, false)
}

// fit gives the label its size, at most a width.
func (l *cornerLabel) fit(width float32) {
	m := l.MinSize()
	l.Resize(fyne.NewSize(min(m.Width, max(width, 40)), m.Height))
}

// stateText says in a word or two what a candidate is doing.
func stateText(wb *workbench.Workbench, number int) (string, fyne.ThemeColorName) {
	if number == workbench.Original {
		return "", kit.ColorMuted
	}
	run := wb.Run(number)
	working, phase := wb.Working()
	switch {
	case run.Phase == workbench.Failed && errors.Is(run.Err, codecs.ErrNotApplicable):
		return "not for this picture", kit.ColorMuted
	case run.Phase == workbench.Failed:
		return "failed", theme.ColorNameError
	case run.Phase == workbench.Cancelled:
		return "stopped", kit.ColorMuted
	case working == number && phase == workbench.Matching:
		return "matching …", kit.ColorMuted
	case run.Fresh:
		return "", kit.ColorMuted
	case working == number && run.Total > 0 && run.Done >= run.Total:
		return "decoding …", kit.ColorMuted
	case working == number && run.Total > 0:
		return fmt.Sprintf("%d %%", 100*run.Done/run.Total), kit.ColorMuted
	}
	if working == number {
		return "encoding …", kit.ColorMuted
	}
	return "waiting …", kit.ColorMuted
}

// awaited reports whether a candidate has nothing to show yet but will have.
func awaited(wb *workbench.Workbench, number int) bool {
	run := wb.Run(number)
	return number != workbench.Original && run.Result == nil && run.Preview == nil &&
		run.Phase != workbench.Failed && run.Phase != workbench.Cancelled
}

// zoomBox shows and changes the scale.
type zoomBox struct {
	pane          *Pane
	root          *kit.Ground
	fit, one, now *kit.Button
}

func newZoomBox(pane *Pane, tips *kit.Tips) *zoomBox {
	z := &zoomBox{pane: pane}
	z.fit = kit.NewGhost("Fit", pane.Fit)
	z.one = kit.NewGhost("100 %", func() { pane.ZoomTo(1) })
	z.now = kit.NewGhost("", func() {})
	out := kit.NewGhost("−", func() { pane.ZoomTo(viewport.StepOut(pane.View().Scale)) })
	in := kit.NewGhost("+", func() { pane.ZoomTo(viewport.StepIn(pane.View().Scale)) })
	z.fit.SetTip(tips, "Show the whole picture   0")
	z.one.SetTip(tips, "One screen pixel for each picture pixel   Z")
	z.now.SetTip(tips, "Scale: screen pixels for each picture pixel")
	out.SetTip(tips, "Smaller   -")
	in.SetTip(tips, "Larger   +")
	z.root = kit.NewGround(kit.ColorVeil, kit.Corner, 2, 1, kit.Row(0, -1, z.fit, z.one, z.now, out, in))
	return z
}

func (z *zoomBox) update() {
	v := z.pane.View()
	z.fit.SetSelected(v.Fit)
	z.one.SetSelected(!v.Fit && v.Scale == 1)
	text := percent(v.Scale)
	if !v.Fit && v.Scale == 1 {
		text = ""
	}
	z.now.Bold = true
	if z.now.Text() != text {
		z.now.Set(text, "")
		if text == "" {
			z.now.Hide()
		} else {
			z.now.Show()
		}
	}
}

// percent writes a scale.
func percent(scale float64) string {
	if scale < 0.0995 {
		return fmt.Sprintf("%.1f %%", 100*scale)
	}
	return fmt.Sprintf("%.0f %%", 100*scale)
}
