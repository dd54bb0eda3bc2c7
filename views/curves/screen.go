package curves

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"codecworkbench/app/report/figure"
	"codecworkbench/app/workbench"
	"codecworkbench/metrics"
	"codecworkbench/metrics/rd"
	"codecworkbench/views/kit"
	"codecworkbench/views/metricmenu"
)

// Screen is the screen Curves: the current picture's curves at full size, together
// with opened and published ones, and what separates them in numbers.
type Screen struct {
	Root fyne.CanvasObject
	wb   *workbench.Workbench

	chart   *Chart
	fig     *figure.Figure
	plotted []workbench.Plotted
	note    *kit.Text
	panels  [2]*kit.Picker
	log     *kit.Switch
	rates   *kit.Segmented
	list    *curveList
	main    *fyne.Container
	deltas  *deltaTable
	// OpenResults asks for a file of results; Export for where to write the plot or
	// the data.
	OpenResults, ExportPlot, ExportData func()
}

// NewScreen builds the screen; call Changed after every change of the workbench.
func NewScreen(wb *workbench.Workbench, tips *kit.Tips) *Screen {
	s := &Screen{wb: wb, chart: NewChart("background", false), note: kit.Muted("").Clipped()}
	s.chart.Describe = func(series, point int) string { return describe(s.fig, series, point) }
	s.chart.OnPick = s.pick
	s.list = newCurveList(wb, tips)
	s.deltas = newDeltaTable(wb, tips)
	s.main = container.New(mainLayout{}, s.tools(tips), s.chart, s.note, s.deltas.root)
	s.Root = container.New(screenLayout{}, s.list.root, kit.NewGround(kit.ColorLine, 0, 0, 0, nil), s.main)
	return s
}

// tools is the row of controls over the figure.
func (s *Screen) tools(tips *kit.Tips) fyne.CanvasObject {
	row := []fyne.CanvasObject{}
	for i := range s.panels {
		s.panels[i] = kit.NewPicker(func() []kit.Option { return metricmenu.Options(s.wb) }, func(id string) { s.setMetric(i, id) })
		s.panels[i].SetTip(tips, "What the panel shows over the rate")
		row = append(row, kit.Fixed(162, 0, s.panels[i]))
	}
	s.log = kit.NewSwitch("log rate", s.wb.SetLogRate)
	s.log.SetTip(tips, "A logarithmic rate axis shows low rates wider")
	s.rates = kit.NewSegmented([]kit.Option{{ID: "1", Name: "1 bpp"}, {ID: "2", Name: "2"}, {ID: "0", Name: "All"}}, func(id string) {
		if most, err := strconv.ParseFloat(id, 64); err == nil {
			s.wb.SetRateLimit(most)
		}
	})
	s.rates.SetTip(tips, "Where the rate axis ends; what is exported ends there too")
	open := kit.NewButton("Open results …", func() { s.OpenResults() })
	open.SetTip(tips, "Curves from a results file: this program's, CompressAI's or codec-compare's JSON")
	export := kit.NewButton("Export ▾", nil)
	export.OnTapped = func() {
		kit.OpenMenu(export, []kit.Item{
			{Name: "Plot …", Note: "PDF, SVG, PNG, LaTeX", Key: "Ctrl+E", Do: s.ExportPlot},
			{Name: "Data …", Note: "JSON, CSV", Key: "Ctrl+Shift+E", Do: s.ExportData}})
	}
	export.Rank = kit.Primary
	row = append(row, s.rates, s.log, kit.NewText("").Clipped(), open, export)
	return kit.Row(kit.Space, 4, row...)
}

func (s *Screen) setMetric(panel int, id string) {
	ids := s.wb.CurveMetrics()
	if panel < len(ids) {
		other := 1 - panel
		if other < len(ids) && ids[other] == id {
			ids[other] = ids[panel] // the two change places
		}
		ids[panel] = id
		s.wb.SetCurveMetrics(ids...)
	}
}

// Changed follows the model.
func (s *Screen) Changed(c workbench.Change) {
	if c == workbench.Everything {
		s.wb.LoadPublished()
	}
	if c&(workbench.Curves|workbench.Pictures|workbench.Slots) != 0 {
		s.figure()
		s.list.changed()
		height := s.deltas.root.MinSize().Height
		s.deltas.changed()
		if s.deltas.root.MinSize().Height != height {
			s.main.Refresh()
		}
	}
	if c&(workbench.Curves|workbench.Pictures|workbench.Slots|workbench.Results) != 0 {
		s.chart.SetSpots(s.spots())
	}
	s.log.Set(s.wb.LogRate())
	s.rates.Select(strconv.FormatFloat(s.wb.RateLimit(), 'g', -1, 64))
	for i, id := range s.wb.CurveMetrics() {
		if m, err := s.wb.Tools().Metrics.Metric(id); err == nil && i < len(s.panels) {
			s.panels[i].Put(metricmenu.Name(m.Info()), "")
		}
	}
}

// spots leaves out marks of candidates whose curve is not shown.
func (s *Screen) spots() []Spot {
	var out []Spot
	for _, p := range Spots(s.wb) {
		if s.wb.CurveShown(p.Number) {
			out = append(out, p)
		}
	}
	return out
}

func (s *Screen) figure() {
	s.plotted = s.wb.Plotted()
	f := FullFigure(s.wb)
	s.fig = f
	s.chart.SetFigure(f)
	note := ""
	if mixed(s.plotted) {
		note = "Published curves are means over a data set; the others were measured on one picture."
	}
	s.note.Set(note)
}

func mixed(list []workbench.Plotted) bool {
	own, published := false, false
	for _, p := range list {
		own, published = own || !p.Extra, published || p.Published
	}
	return own && published
}

// FullFigure returns all curves of the screen Curves as a figure; nil while there is
// nothing to draw.
func FullFigure(wb *workbench.Workbench) *figure.Figure {
	f := &figure.Figure{Metrics: metricsOf(wb), Legend: figure.LegendEnds, Log: wb.LogRate(), KeepOrder: true}
	for _, p := range wb.Plotted() {
		f.Series = append(f.Series, figure.Series{Curve: p.Curve, Slot: max(p.Number-1, 0), Published: p.Published})
	}
	if len(f.Series) == 0 || len(f.Metrics) == 0 {
		return nil
	}
	f.XRange = upTo(wb.RateLimit(), f)
	return f
}

// upTo is the rate axis that ends at a rate; the zero range where all curves do, or
// where none begins before it.
func upTo(most float64, f *figure.Figure) figure.Range {
	lo, hi := math.Inf(1), 0.
	for _, s := range f.Series {
		for _, p := range s.Points {
			if r := p.Values[rd.KeyBPP]; r > 0 {
				lo, hi = math.Min(lo, r), math.Max(hi, r)
			}
		}
	}
	if most <= 0 || hi <= most || lo >= most {
		return figure.Range{}
	}
	if !f.Log {
		lo = 0
	}
	return figure.Range{Min: lo * 0.95, Max: most}
}

// pick takes the setting of a candidate's measured point.
func (s *Screen) pick(series, point int) {
	if p := s.plotted[series]; p.Number != 0 {
		Pick(s.wb, p.Number, p.Curve.Points[point])
	}
}

// screenLayout: the list of curves at the left, the figure beside it.
type screenLayout struct{}

const listWidth = 240

func (screenLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(listWidth+500, 400) }

func (screenLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	o[0].Resize(fyne.NewSize(listWidth, s.Height))
	o[1].Move(fyne.NewPos(listWidth-1, 0))
	o[1].Resize(fyne.NewSize(1, s.Height))
	o[2].Move(fyne.NewPos(listWidth+kit.Wide, kit.Wide))
	o[2].Resize(fyne.NewSize(s.Width-listWidth-2*kit.Wide, s.Height-2*kit.Wide))
}

// mainLayout: tools, figure, a note, and the table as high as it needs.
type mainLayout struct{}

func (mainLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(500, 400) }

func (mainLayout) Layout(o []fyne.CanvasObject, s fyne.Size) {
	put := func(o fyne.CanvasObject, y, h float32) {
		o.Move(fyne.NewPos(0, y))
		o.Resize(fyne.NewSize(s.Width, h))
	}
	tools, note := o[0].MinSize().Height, o[2].MinSize().Height
	table := min(o[3].MinSize().Height, s.Height*0.4)
	put(o[0], 0, tools)
	put(o[1], tools+kit.Space, s.Height-tools-note-table-3*kit.Space)
	put(o[2], s.Height-table-note-kit.Space, note)
	put(o[3], s.Height-table, table)
}

// deltaTable is the table of Bjontegaard deltas, with what the best one means in a
// sentence.
type deltaTable struct {
	wb       *workbench.Workbench
	root     *kit.Ground
	anchor   *kit.Picker
	about    *kit.Text
	sentence *kit.Text
	rows     *fyne.Container
	scroll   *container.Scroll
}

func newDeltaTable(wb *workbench.Workbench, tips *kit.Tips) *deltaTable {
	t := &deltaTable{wb: wb, about: kit.Muted(""), sentence: kit.NewText("").Clipped()}
	t.sentence.Align = fyne.TextAlignTrailing
	t.anchor = kit.NewPicker(t.names, wb.SetAnchor)
	t.anchor.SetTip(tips, "The curve that the others are compared with")
	t.rows = kit.Column(0)
	head := kit.Row(kit.Space, 4, kit.Strong("BD-rate"), kit.Muted("against"), kit.Fixed(130, 0, t.anchor), t.about, t.sentence)
	t.scroll = container.NewVScroll(t.rows)
	t.root = kit.Card(container.NewBorder(head, nil, nil, nil, t.scroll))
	return t
}

func (t *deltaTable) names() []kit.Option {
	var out []kit.Option
	for _, p := range t.wb.Plotted() {
		out = append(out, kit.Option{ID: p.Curve.Name, Name: p.Curve.Name})
	}
	return out
}

const (
	deltaHeight = 24
	deltaShown  = 5 // rows without scrolling

	nameColumn    = 170
	valueColumn   = 110
	overlapColumn = 54
)

func (t *deltaTable) changed() {
	infos := metricsOf(t.wb)
	t.anchor.Put(t.wb.Anchor(), "")
	if len(infos) == 0 {
		return
	}
	cell := func(width float32, text string) fyne.CanvasObject {
		return kit.Fixed(width, 0, kit.Digits(text).Clipped())
	}
	head := func(width float32, text string) fyne.CanvasObject {
		h := kit.Muted(text).Clipped()
		h.Align = fyne.TextAlignTrailing
		return kit.Fixed(width, 0, h)
	}
	first := []fyne.CanvasObject{kit.Fixed(nameColumn, 0, kit.Muted("Curve"))}
	for _, m := range infos {
		first = append(first, head(valueColumn, m.Name+" %"), head(overlapColumn, "overlap"))
	}
	note := kit.Muted("Note").Clipped()
	objects := []fyne.CanvasObject{kit.Fixed(0, deltaHeight, kit.Row(kit.Wide, len(first), append(first, note)...))}
	numbers := map[string]int{}
	for _, p := range t.wb.Plotted() {
		numbers[p.Curve.Name] = p.Number
	}
	deltas := t.wb.Deltas(infos[0])
	others := make([][]deltaCell, len(infos))
	for i, m := range infos {
		for _, d := range t.wb.Deltas(m) {
			others[i] = append(others[i], deltaCell{number(d.Percent, "%+.1f"), number(d.Overlap, "%.2f"), d.Note})
		}
	}
	for k, d := range deltas {
		row := []fyne.CanvasObject{kit.Fixed(nameColumn, 0, curveName(numbers[d.Test], d.Test))}
		var notes []string
		for i := range infos {
			c := others[i][k]
			row = append(row, cell(valueColumn, c.percent), cell(overlapColumn, c.overlap))
			if c.note != "" && (len(notes) == 0 || notes[0] != c.note) {
				notes = append(notes, c.note)
			}
		}
		row = append(row, kit.Muted(strings.Join(notes, "; ")).Clipped())
		objects = append(objects, kit.NewGround(kit.ColorLine, 0, 0, 0.5, nil), kit.Fixed(0, deltaHeight, kit.Row(kit.Wide, len(row)-1, row...)))
	}
	t.rows.Objects = objects
	t.rows.Refresh()
	t.scroll.SetMinSize(fyne.NewSize(0, min(t.rows.MinSize().Height, deltaHeight*(deltaShown+1))+kit.Gap))
	about := "PCHIP"
	if on := t.wb.AnchorOn(); on != "" {
		about = "on " + on + ", " + about
	}
	t.about.Set(about)
	t.sentence.Set(deltaSentence(t.wb, infos[0]))
}

type deltaCell struct{ percent, overlap, note string }

func number(v float64, format string) string {
	if math.IsNaN(v) {
		return "–"
	}
	return fmt.Sprintf(format, v)
}

// curveName is a curve's name with its candidate's chip.
func curveName(number int, name string) fyne.CanvasObject {
	if number == 0 {
		return kit.NewText(name).Clipped()
	}
	return kit.Row(kit.Space, 1, kit.NewChip(number), kit.NewText(name).Clipped())
}

// deltaSentence says what the best curve saves.
func deltaSentence(wb *workbench.Workbench, m metrics.Info) string {
	best, name := 0.0, ""
	for _, d := range wb.Deltas(m) {
		if !math.IsNaN(d.Percent) && d.Percent < best {
			best, name = d.Percent, d.Test
		}
	}
	if name == "" {
		return ""
	}
	return fmt.Sprintf("For equal %s %s needs %.1f %% fewer bits than %s.", m.Name, name, -best, wb.Anchor())
}
