package compare

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"codecworkbench/app/workbench"
	"codecworkbench/views/curves"
	"codecworkbench/views/kit"
)

// curvePanel shows the current picture's curves, how far they are, and what they
// say in a sentence.
type curvePanel struct {
	wb       *workbench.Workbench
	root     *fyne.Container
	chart    *curves.Chart
	follow   func(workbench.Change)
	bar      *kit.Bar
	left     *kit.Text
	stop     *kit.Button
	progress *fyne.Container
	sentence *widget.RichText
	shown    string
}

const chartHeight = 162

func newCurvePanel(wb *workbench.Workbench, tips *kit.Tips) *curvePanel {
	p := &curvePanel{wb: wb, chart: curves.NewChart(kit.ColorPanel, true), bar: kit.NewBar(), left: kit.Muted("").Small()}
	p.follow = curves.Bind(wb, p.chart)
	p.stop = kit.NewGhost("Cancel", func() { wb.StopCurves(!wb.CurveProgress().Stopped) })
	p.stop.Points = kit.SmallSize
	p.stop.SetTip(tips, "Stop or go on filling the curves")
	p.progress = kit.Fixed(0, 22, kit.Row(kit.Space, 0, p.bar, p.left, p.stop))
	p.sentence = widget.NewRichText()
	p.sentence.Wrapping = fyne.TextWrapWord
	p.root = kit.Column(kit.Gap, kit.Caption("THIS PICTURE"), kit.Fixed(0, chartHeight, p.chart), p.progress, p.sentence)
	return p
}

func (p *curvePanel) changed(c workbench.Change) {
	p.follow(c)
	p.showProgress()
	if c&(workbench.Curves|workbench.Pictures|workbench.Slots|workbench.Results) != 0 {
		p.say(p.wb.Sentence())
	}
}

func (p *curvePanel) showProgress() {
	s := p.wb.CurveProgress()
	open := s.Done < s.Total
	if open != p.progress.Visible() {
		show(p.progress, open)
		p.root.Refresh()
	}
	if !open {
		return
	}
	p.bar.Set(float64(s.Done) / float64(max(s.Total, 1)))
	text, action := fmt.Sprintf("%d of %d", s.Done, s.Total), "Cancel"
	if s.Stopped {
		text, action = text+", stopped", "Go on"
	} else if left := workbench.FormatLeft(s.Left); left != "" {
		text = left
	}
	p.left.Set(text)
	p.stop.Set(action, "")
}

// say shows a sentence whose pieces may be bold.
func (p *curvePanel) say(spans []workbench.Span) {
	if text := workbench.Plain(spans); text == p.shown {
		return
	} else {
		p.shown = text
	}
	var segments []widget.RichTextSegment
	for _, s := range spans {
		style := widget.RichTextStyleInline
		style.TextStyle.Bold = s.Bold
		segments = append(segments, &widget.TextSegment{Text: s.Text, Style: style})
	}
	p.sentence.Segments = segments
	p.sentence.Refresh()
	p.root.Refresh()
}
