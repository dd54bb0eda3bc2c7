package compare

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
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

// The chart's height: as much of the panel as is left, within these.
const (
	leastChart = 116
	mostChart  = 240
	headHeight = 22
	twoLines   = 44 // of the sentence, whose place is kept while there is none yet
)

func newCurvePanel(wb *workbench.Workbench, tips *kit.Tips) *curvePanel {
	p := &curvePanel{wb: wb, chart: curves.NewChart(kit.ColorPanel, true), bar: kit.NewBar(), left: kit.Muted("").Small()}
	p.follow = curves.Bind(wb, p.chart)
	p.stop = kit.NewGhost("Cancel", func() { wb.StopCurves(!wb.CurveProgress().Stopped) })
	p.stop.Points = kit.SmallSize
	p.stop.SetTip(tips, "Stop or go on filling the curves")
	p.progress = kit.Row(kit.Space, 0, p.bar, p.left, p.stop)
	p.sentence = widget.NewRichText()
	p.sentence.Wrapping = fyne.TextWrapWord
	head := kit.Row(kit.Wide, 1, kit.Caption("THIS PICTURE"), p.progress)
	p.root = container.New(curveLayout{}, head, p.chart, p.sentence)
	return p
}

// curveLayout: the caption, the chart as high as there is room, and the sentence below it,
// in line with the caption.
type curveLayout struct{}

// MinSize implements fyne.Layout.
func (curveLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(o[1].MinSize().Width, headHeight+leastChart+max(o[2].MinSize().Height, twoLines))
}

// Layout implements fyne.Layout.
func (curveLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	indent := theme.InnerPadding()
	o[2].Resize(fyne.NewSize(s.Width+2*indent, o[2].MinSize().Height)) // it breaks its lines to a width
	sentence := max(o[2].MinSize().Height, twoLines)
	chart := min(max(s.Height-headHeight-sentence, leastChart), mostChart)
	o[0].Move(fyne.Position{})
	o[0].Resize(fyne.NewSize(s.Width, headHeight))
	o[1].Move(fyne.NewPos(0, headHeight))
	o[1].Resize(fyne.NewSize(s.Width, chart))
	o[2].Move(fyne.NewPos(-indent, headHeight+chart))
	o[2].Resize(fyne.NewSize(s.Width+2*indent, sentence))
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
