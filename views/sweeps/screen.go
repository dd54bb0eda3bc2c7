// Package sweeps is the screen that plans and runs an experiment: codecs over
// pictures at many rates, as a grid that fills, with the curves so far beside it.
package sweeps

import (
	"fmt"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"codecworkbench/app/report/figure"
	"codecworkbench/app/workbench"
	"codecworkbench/views/curves"
	"codecworkbench/views/kit"
)

// Screen is the screen Sweep.
type Screen struct {
	Root fyne.CanvasObject
	wb   *workbench.Workbench
	tips *kit.Tips

	codecs, pictures, metrics *fyne.Container
	field                     *kit.Field
	headline, facts           *kit.Text
	start, copy, save         *kit.Button
	bar                       *kit.Bar
	grid                      *grid
	failures                  *widget.Label
	chart                     *curves.Chart
	fig                       *figure.Figure
	main                      *fyne.Container

	// PickFolder asks for a folder of pictures, SaveResults where to write, Copy puts a
	// text on the clipboard.
	PickFolder  func()
	SaveResults func()
	Copy        func(text string)
}

// New builds the screen; call Changed after every change of the workbench.
func New(wb *workbench.Workbench, tips *kit.Tips) *Screen {
	s := &Screen{wb: wb, tips: tips, codecs: kit.Row(kit.Space, -1), pictures: kit.Row(kit.Space, -1), metrics: kit.Row(kit.Space, -1),
		headline: kit.Strong(""), facts: kit.Muted("").Clipped(), bar: kit.NewBar(), grid: newGrid()}
	s.headline.Points = kit.HeadingSize
	s.start = kit.NewButton("Start", s.toggle)
	s.start.Rank = kit.Primary
	s.copy = kit.NewButton("Copy as command", func() { s.Copy(wb.SweepCommand()) })
	s.copy.SetTip(tips, "The same plan for a terminal")
	s.save = kit.NewButton("Save results …", func() { s.SaveResults() })
	s.failures = widget.NewLabel("")
	s.failures.Wrapping = fyne.TextWrapWord
	s.field = kit.NewField(190, true, func(text string) {
		if text != "" {
			wb.AddSweepSpec(text)
			s.field.Put("")
		}
	})
	s.field.SetPlaceHolder("add: jpeg:10-90/9")

	plan := kit.Card(kit.Column(kit.Space, labelled("Codecs", container.NewHScroll(s.codecs)),
		labelled("Pictures", container.NewHScroll(s.pictures)), labelled("Metrics", container.NewHScroll(s.metrics))))
	state := kit.Row(kit.Space, 1, s.headline, s.facts, s.start, s.copy, s.save)
	table := kit.Card(container.NewVScroll(kit.Column(kit.Space, s.grid, s.failures)))
	s.main = container.New(mainLayout{}, plan, state, s.bar, table)

	s.chart = curves.NewChart(kit.ColorPanel, true)
	s.chart.Describe = func(series, _ int) string { return s.fig.Series[series].Name }
	side := kit.Column(kit.Space, kit.Caption("SO FAR"), kit.Fixed(0, 480, s.chart))
	s.Root = container.New(screenLayout{}, s.main, kit.NewGround(kit.ColorLine, 0, 0, 0, nil),
		kit.NewGround(kit.ColorPanel, 0, kit.PanelPadding, kit.Wide, side))
	return s
}

func labelled(name string, o fyne.CanvasObject) fyne.CanvasObject {
	return kit.Row(0, 1, kit.Fixed(74, 0, kit.Muted(name)), o)
}

func (s *Screen) toggle() {
	if s.wb.Sweep().Running {
		s.wb.StopSweep()
	} else {
		s.wb.StartSweep()
	}
}

// Changed follows the model.
func (s *Screen) Changed(c workbench.Change) {
	if c&(workbench.Sweeps|workbench.Pictures) == 0 {
		return
	}
	sw := s.wb.Sweep()
	if c&workbench.Sweeps != 0 {
		s.plan(sw)
	} else {
		s.planPictures(sw)
	}
	s.state(sw)
	s.grid.show(sw)
	s.showFailures(sw)
	s.draw(sw)
}

func (s *Screen) plan(sw workbench.Sweep) {
	var chips []fyne.CanvasObject
	for i, spec := range sw.Plan.Specs {
		b := kit.NewButton(spec+"  ×", func() { s.wb.RemoveSweepSpec(i) })
		b.SetTip(s.tips, "Take this codec out of the plan")
		b.SetDisabled(sw.Running)
		chips = append(chips, b)
	}
	add := kit.NewButton("+ codec", nil)
	add.OnTapped = func() { s.codecMenu(add) }
	s.set(s.codecs, append(chips, add, s.field))

	chips = nil
	for _, m := range s.wb.Tools().Metrics.All() {
		id := m.Info().ID
		b := kit.NewGhost(m.Info().Name, func() { s.wb.ToggleSweepMetric(id) })
		b.SetTip(s.tips, m.Info().Summary)
		for _, have := range sw.Plan.Metrics {
			b.Selected = b.Selected || have == id
		}
		chips = append(chips, b)
	}
	s.set(s.metrics, chips)
	s.planPictures(sw)
}

func (s *Screen) set(c *fyne.Container, objects []fyne.CanvasObject) {
	c.Objects = objects
	c.Refresh()
}

func (s *Screen) planPictures(sw workbench.Sweep) {
	text := fmt.Sprintf("%d opened here", len(sw.Plan.Pictures))
	if !sw.FromWindow {
		text = fmt.Sprintf("%s · %d", common(sw.Plan.Pictures), len(sw.Plan.Pictures))
	}
	objects := []fyne.CanvasObject{kit.NewText(text)}
	if !sw.FromWindow {
		objects = append(objects, kit.NewButton("Use the opened ones", func() { s.wb.SetSweepPictures(nil) }))
	}
	s.set(s.pictures, append(objects, kit.NewButton("Choose a folder …", func() { s.PickFolder() }), kit.Muted("or drop files or a folder on this screen")))
}

// common is the folder that files lie in.
func common(paths []string) string {
	if len(paths) == 0 {
		return ""
	}
	return filepath.Base(filepath.Dir(paths[0])) + "/"
}

func (s *Screen) codecMenu(at fyne.CanvasObject) {
	var items []kit.Item
	for _, codec := range s.wb.Tools().Codecs.All() {
		info := codec.Info()
		items = append(items, kit.Item{Name: info.ID, Note: info.Name, Why: info.Unavailable, Do: func() { s.wb.AddSweepSpec(info.ID) }})
	}
	kit.OpenMenu(at, items)
}

func (s *Screen) state(sw workbench.Sweep) {
	head, facts := "", sw.Ended
	if sw.Total > 0 {
		head = fmt.Sprintf("%s of %s", workbench.FormatCount(sw.Done), workbench.FormatCount(sw.Total))
		s.bar.Set(float64(sw.Done) / float64(sw.Total))
	}
	switch {
	case sw.Running && sw.Total == 0:
		head, facts = "Reading pictures …", ""
	case sw.Running:
		parts := []string{"encodes", fmt.Sprintf("%d new, %d from the cache", sw.Done-sw.Cached, sw.Cached)}
		if left := workbench.FormatLeft(sw.Left); left != "" {
			parts = append(parts, left)
		}
		facts = strings.Join(parts, " · ")
	case sw.Total == 0 && sw.Ended == "":
		head, facts = "Ready", "Every codec at every rate on every picture; results are kept, a stopped sweep goes on."
	}
	s.headline.Set(head)
	s.facts.Set(facts)
	s.start.Set("Start", "")
	if sw.Running {
		s.start.Set("Stop", "")
	}
	s.start.SetDisabled(len(sw.Plan.Specs) == 0 || len(sw.Plan.Pictures) == 0)
	s.save.SetDisabled(len(sw.Curves) == 0)
	s.main.Refresh()
}

// shownFailures bounds the sentences on the screen; the results hold all.
const shownFailures = 30

func (s *Screen) showFailures(sw workbench.Sweep) {
	list := sw.Failures
	if len(list) > shownFailures {
		list = append(list[:shownFailures:shownFailures], fmt.Sprintf("and %d more, in the results", len(sw.Failures)-shownFailures))
	}
	if text := strings.Join(list, "\n"); s.failures.Text != text {
		s.failures.SetText(text)
	}
}

func (s *Screen) draw(sw workbench.Sweep) {
	f := &figure.Figure{Legend: figure.LegendEnds, KeepOrder: true}
	for _, id := range sw.Plan.Metrics {
		if m, err := s.wb.Tools().Metrics.Metric(id); err == nil && len(f.Metrics) < 2 {
			f.Metrics = append(f.Metrics, m.Info())
		}
	}
	for i, c := range sw.Curves {
		f.Series = append(f.Series, figure.Series{Curve: c, Slot: i + 1})
	}
	if len(f.Series) == 0 || len(f.Metrics) == 0 {
		f = nil
	}
	s.fig = f
	s.chart.SetFigure(f)
}

// screenLayout: plan and grid at the left, curves in the side panel.
type screenLayout struct{}

func (screenLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(kit.SidePanel+420, 400)
}

func (screenLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	left := s.Width - kit.SidePanel
	o[0].Move(fyne.NewPos(kit.PanelPadding, kit.PanelPadding))
	o[0].Resize(fyne.NewSize(left-2*kit.PanelPadding, s.Height-2*kit.PanelPadding))
	o[1].Move(fyne.NewPos(left, 0))
	o[1].Resize(fyne.NewSize(1, s.Height))
	o[2].Move(fyne.NewPos(left+1, 0))
	o[2].Resize(fyne.NewSize(kit.SidePanel-1, s.Height))
}

// mainLayout: the plan, the state, the bar, and the grid in what is left.
type mainLayout struct{}

func (mainLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(400, 300) }

func (mainLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	y := float32(0)
	for i, obj := range o {
		h := obj.MinSize().Height
		if i == len(o)-1 {
			h = s.Height - y
		}
		obj.Move(fyne.NewPos(0, y))
		obj.Resize(fyne.NewSize(s.Width, h))
		y += h + kit.Wide
	}
}
