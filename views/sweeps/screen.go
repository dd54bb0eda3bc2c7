// Package sweeps is the screen that plans and runs an experiment: codecs over
// pictures at many rates, as a grid that fills, with the curves so far beside it.
package sweeps

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"codecworkbench/app/workbench"
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
	start, pause, copy, save  *kit.Button
	order                     *kit.Segmented
	moreMetrics               *kit.Button
	bar                       *kit.Bar
	grid                      *grid
	failures                  *fyne.Container
	failed                    string // what failures were built for
	hint                      *kit.Text
	side                      *side
	main                      *fyne.Container

	// PickFolder asks for a folder of pictures, SaveResults where to write, Copy puts a
	// text on the clipboard.
	PickFolder  func()
	SaveResults func()
	Copy        func(text string)
	// Compare shows the screen Compare.
	Compare func()
}

// New builds the screen; call Changed after every change of the workbench.
func New(wb *workbench.Workbench, tips *kit.Tips) *Screen {
	s := &Screen{wb: wb, tips: tips, codecs: kit.Flow(kit.Space), pictures: kit.Row(kit.Space, -1), metrics: kit.Flow(kit.Space),
		headline: kit.Strong(""), facts: kit.Muted("").Clipped(), hint: kit.Muted("").Clipped(), bar: kit.NewBar(), grid: newGrid(tips), failures: kit.Column(kit.Gap)}
	s.grid.OnRow = s.rowMenu
	s.grid.OnCell = func(row, cell int) {
		if wb.OpenSweepCell(row, cell) && s.Compare != nil {
			s.Compare()
		}
	}
	s.headline.Points = kit.HeadingSize
	s.start = kit.NewButton("Start", s.toggle)
	s.start.Rank = kit.Primary
	s.pause = kit.NewButton("Pause", func() { wb.PauseSweep(!wb.Sweep().Paused) })
	s.pause.SetTip(tips, "Lets what runs end, and begins nothing more")
	s.order = kit.NewSegmented([]kit.Option{{ID: byPicture, Name: "By picture"}, {ID: byCodec, Name: "By codec"}}, func(id string) { wb.SetSweepByRow(id == byCodec) })
	s.order.SetTip(tips, "All curves of one picture after the other, or one codec after the other")
	s.copy = kit.NewButton("Copy as command", func() { s.Copy(wb.SweepCommand()) })
	s.copy.SetTip(tips, "The same plan for a terminal")
	s.save = kit.NewButton("Save results …", func() { s.SaveResults() })
	s.moreMetrics = kit.NewButton("+ metric", s.metricMenu)
	s.field = kit.NewField(190, false, func(text string) {
		if text != "" {
			s.field.Put("")
			s.field.SetText("") // or it would be handed over again as the focus leaves
			wb.AddSweepSpec(text)
		}
	})
	s.field.SetPlaceHolder("add: jpeg:10-90/9")

	plan := kit.Card(kit.Column(kit.Space, labelled("Codecs", s.codecs),
		labelled("Pictures", container.NewHScroll(s.pictures)), labelled("Metrics", s.metrics)))
	state := container.New(&stateLayout{}, s.headline, s.facts, kit.Row(kit.Space, -1, s.pause, s.start, s.copy, s.save))
	table := kit.Card(container.NewBorder(kit.Row(kit.Space, 0, s.hint, s.order), nil, nil, nil,
		container.NewVScroll(kit.Column(kit.Wide, kit.Spacer(0, 0), s.grid, s.failures))))
	s.main = container.New(mainLayout{}, plan, state, s.bar, table)
	s.side = newSide(wb)
	s.Root = container.New(screenLayout{}, s.main, kit.NewGround(kit.ColorLine, 0, 0, 0, nil), s.side.root)
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
	s.side.show(sw)
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
		facts = running(sw)
	case sw.Total == 0 && sw.Ended == "":
		head, facts = "Ready", planned(sw)
		s.bar.Set(0)
	}
	s.headline.Set(head)
	s.facts.Set(facts)
	s.start.Set("Start", "")
	s.pause.Set("Pause", "")
	if sw.Running {
		s.start.Set("Stop", "")
	}
	if sw.Paused {
		s.pause.Set("Resume", "")
	}
	show(s.pause, sw.Running)
	show(s.copy, !sw.Running)
	s.order.Select(byPicture)
	if sw.ByRow {
		s.order.Select(byCodec)
	}
	hint := missing(sw)
	s.start.SetDisabled(hint != "")
	s.copy.SetDisabled(hint != "")
	switch {
	case hint != "":
	case len(sw.Now) > 0:
		hint = "Now: " + strings.Join(sw.Now, ", ")
	default:
		hint = "A click on a finished cell opens it in Compare."
	}
	s.hint.Set(hint)
	s.save.SetDisabled(len(sw.Curves) == 0)
	s.main.Refresh()
}

// Orders of a sweep.
const (
	byPicture = "picture"
	byCodec   = "codec"
)

func show(o fyne.CanvasObject, visible bool) {
	if visible {
		o.Show()
	} else {
		o.Hide()
	}
}

// running says how a sweep comes along, and how long it will take.
func running(sw workbench.Sweep) string {
	parts := []string{fmt.Sprintf("%s new, %s from the cache", workbench.FormatCount(sw.Done-sw.Cached), workbench.FormatCount(sw.Cached))}
	left := workbench.FormatLeft(sw.Left)
	switch {
	case sw.Paused && len(sw.Now) > 0:
		left = "pausing: what runs ends first"
	case sw.Paused:
		left = "paused"
	case left != "" && sw.AtLeast:
		left = "perhaps " + strings.TrimPrefix(left, "about ") + ": some codecs have not begun"
	}
	if left != "" {
		parts = append(parts, left)
	}
	return strings.Join(parts, " · ")
}

// rowMenu offers what can be done with a curve.
func (s *Screen) rowMenu(i int, at fyne.CanvasObject) {
	sw := s.wb.Sweep()
	n := len(sw.Rows)
	if i >= n {
		return
	}
	items := []kit.Item{
		{Name: "Run first", Disabled: i == 0, Do: func() { s.wb.MoveSweepRow(i, -i) }},
		{Name: "Earlier", Disabled: i == 0, Do: func() { s.wb.MoveSweepRow(i, -1) }},
		{Name: "Later", Disabled: i == n-1, Do: func() { s.wb.MoveSweepRow(i, 1) }},
		{Name: "Run last", Disabled: i == n-1, Do: func() { s.wb.MoveSweepRow(i, n-1-i) }},
		{Name: "Range and parameters …", Disabled: sw.Running, Rule: true, Do: func() { s.editRange(i, at) }},
	}
	if sw.Running {
		items = append(items, kit.Item{Name: "Leave the rest of it out", Disabled: sw.Rows[i].Out, Do: func() { s.wb.LeaveSweepRow(i) }})
	} else {
		items = append(items, kit.Item{Name: "Take it out", Do: func() { s.wb.LeaveSweepRow(i) }})
	}
	kit.OpenMenu(at, items)
}

// planned says what a start would do.
func planned(sw workbench.Sweep) string {
	jobs := 0
	for _, r := range sw.Rows {
		for _, c := range r.Cells {
			jobs += c.Total
		}
	}
	if jobs == 0 {
		return ""
	}
	return fmt.Sprintf("%s to run: %s at up to %s, on %s", workbench.Plural(jobs, "encode"), workbench.Plural(len(sw.Rows), "codec"),
		workbench.Plural(longest(sw.Rows), "quality"), workbench.Plural(len(sw.Plan.Pictures), "picture"))
}

func longest(rows []workbench.SweepRow) int {
	n := 0
	for _, r := range rows {
		n = max(n, len(r.Cells))
	}
	return n
}

// missing says what a plan lacks to be started; empty: nothing.
func missing(sw workbench.Sweep) string {
	switch {
	case len(sw.Plan.Specs) == 0:
		return "Add a codec to begin: choose one with “+ codec”, or type one with a range, as in klt:1-10/5."
	case len(sw.Plan.Pictures) == 0:
		return "Choose a folder of pictures to begin, or drop some here."
	case len(sw.Plan.Metrics) == 0:
		return "Choose at least one metric to begin."
	}
	return ""
}

// shownFailures bounds the sentences on the screen; the results hold all.
const shownFailures = 30

func (s *Screen) showFailures(sw workbench.Sweep) {
	key := fmt.Sprint(sw.Running, len(sw.Plan.Pictures) > 1, sw.Failures)
	if key == s.failed {
		return
	}
	s.failed = key
	s.failures.Objects = nil
	for i, f := range sw.Failures {
		if i == shownFailures {
			s.failures.Add(kit.Muted(fmt.Sprintf("and %d more, in the results", len(sw.Failures)-shownFailures)))
			break
		}
		s.failures.Add(s.failure(f, len(sw.Plan.Pictures) > 1))
	}
	s.failures.Refresh()
}

// failure is a sentence behind a mark, with a way to go on without its picture or curve.
func (s *Screen) failure(f workbench.SweepFailure, more bool) fyne.CanvasObject {
	text := widget.NewLabel(f.Text)
	text.Wrapping = fyne.TextWrapWord
	mark := kit.Fixed(3, 20, kit.NewGround(theme.ColorNameError, 1, 0, 0, nil))
	leave := kit.NewButton("Leave the picture out", func() { s.wb.LeaveSweepPicture(f.Picture) })
	if f.Curve != "" {
		leave = kit.NewButton("Leave it out", func() { s.wb.LeaveSweepCurve(f.Curve) })
	}
	show(leave, f.Picture != "" && more || f.Curve != "")
	return container.NewBorder(nil, nil, mark, leave, text)
}
