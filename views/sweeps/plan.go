package sweeps

import (
	"path/filepath"

	"fyne.io/fyne/v2"

	"codecworkbench/app/workbench"
	"codecworkbench/views/kit"
	"codecworkbench/views/metricmenu"
)

// plan shows what the sweep runs: a chip a codec, the pictures, the metrics.
func (s *Screen) plan(sw workbench.Sweep) {
	var chips []fyne.CanvasObject
	for i, spec := range sw.Plan.Specs {
		b := kit.NewButton(spec, nil)
		if _, values, ok := s.wb.SweepRange(i); ok {
			b.Set(spec, workbench.Plural(len(values), "point"))
		}
		b.OnTapped = func() { s.editRange(i, b) }
		b.SetTip(s.tips, "Its range of qualities, its parameters, or take it out")
		b.SetDisabled(sw.Running)
		chips = append(chips, b)
	}
	add := kit.NewButton("+ codec", nil)
	add.OnTapped = func() { s.codecMenu(add) }
	add.SetDisabled(sw.Running)
	s.set(s.codecs, append(chips, add, s.field))

	s.planMetrics(sw)
	s.planPictures(sw)
}

// planMetrics shows a chip a chosen metric; the others are in the menu.
func (s *Screen) planMetrics(sw workbench.Sweep) {
	var chips []fyne.CanvasObject
	for _, id := range sw.Plan.Metrics {
		m, err := s.wb.Tools().Metrics.Metric(id)
		if err != nil {
			continue
		}
		b := kit.NewButton(metricmenu.Name(m.Info())+"  ×", func() { s.wb.ToggleSweepMetric(id) })
		b.SetTip(s.tips, metricmenu.Help(m.Info())+" Click: take it out of the plan.")
		b.SetDisabled(sw.Running)
		chips = append(chips, b)
	}
	s.moreMetrics.SetDisabled(sw.Running)
	s.set(s.metrics, append(chips, s.moreMetrics))
}

// metricMenu offers all metrics, to be ticked.
func (s *Screen) metricMenu() {
	kit.OpenMenu(s.moreMetrics, metricmenu.Items(s.wb, s.wb.Sweep().Plan.Metrics, s.wb.ToggleSweepMetric))
}

func (s *Screen) set(c *fyne.Container, objects []fyne.CanvasObject) {
	c.Objects = objects
	c.Refresh()
}

func (s *Screen) planPictures(sw workbench.Sweep) {
	count := workbench.Plural(len(sw.Plan.Pictures), "picture")
	text := count + ", the opened one"
	if len(sw.Plan.Pictures) != 1 {
		text = count + ", the opened ones"
	}
	if !sw.FromWindow {
		text = common(sw.Plan.Pictures) + " · " + count
	}
	objects := []fyne.CanvasObject{kit.NewText(text)}
	button := func(name string, do func()) {
		b := kit.NewButton(name, do)
		b.SetDisabled(sw.Running)
		objects = append(objects, b)
	}
	if !sw.FromWindow {
		button("Use the opened ones", func() { s.wb.SetSweepPictures(nil) })
	}
	button("Choose a folder …", func() { s.PickFolder() })
	s.set(s.pictures, append(objects, kit.Muted("or drop some here")))
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
