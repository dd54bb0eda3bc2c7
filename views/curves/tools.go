package curves

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"codecworkbench/app/report"
	"codecworkbench/app/report/figure"
	"codecworkbench/app/workbench"
	"codecworkbench/metrics/rd"
	"codecworkbench/views/kit"
	"codecworkbench/views/metricmenu"
)

// toolBar is the controls over the figure, and those over its panels.
type toolBar struct {
	s     *Screen
	wb    *workbench.Workbench
	root  *fyne.Container
	left  []fyne.CanvasObject // flow into rows
	right fyne.CanvasObject   // ends the first row
	heads [2]*kit.Picker      // of the panels: which metric
	scope *kit.Segmented
	axis  *kit.Picker
	log   *kit.Switch
	band  *kit.Picker
	front *kit.Switch
}

// noMetric is the choice to show one panel alone.
const noMetric = "-"

func newToolBar(s *Screen, tips *kit.Tips) *toolBar {
	t := &toolBar{s: s, wb: s.wb}
	for i := range t.heads {
		t.heads[i] = kit.NewPicker(func() []kit.Option { return t.metrics(i) }, func(id string) { t.setMetric(i, id) }).Strong()
		t.heads[i].SetTip(tips, "The metric of this panel")
	}
	t.scope = kit.NewSegmented([]kit.Option{{ID: "", Name: "This picture"}, {ID: string(workbench.MeanOfSet), Name: "Mean"},
		{ID: string(workbench.EachOfSet), Name: "Each"}}, func(id string) {
		t.wb.ChangeCurveView(func(v *workbench.CurveView) { v.Scope = workbench.Scope(id) })
	})
	t.scope.SetTip(tips, "Curves of this picture, their mean over all that are open, or the mean with every picture's curve behind it")
	t.axis = kit.NewPicker(t.axes, t.setAxis)
	t.axis.SetTip(tips, "The horizontal axis, and where it ends")
	t.log = kit.NewSwitch("log", func(on bool) { t.wb.ChangeCurveView(func(v *workbench.CurveView) { v.Log = on }) })
	t.log.SetTip(tips, "A logarithmic axis shows low rates wider")
	t.band = kit.NewPicker(bands, func(id string) {
		t.wb.ChangeCurveView(func(v *workbench.CurveView) { v.Spread = rd.Spread(id) })
	})
	t.band.SetTip(tips, "What a band round a mean shows; it needs several pictures")
	t.front = kit.NewSwitch("Pareto", func(on bool) { t.wb.ChangeCurveView(func(v *workbench.CurveView) { v.Front = on }) })
	t.front.SetTip(tips, "The Pareto front: marks the points that no other beats, over all curves together")
	t.left = []fyne.CanvasObject{t.scope, kit.Fixed(132, 0, t.axis), t.log, kit.Fixed(108, 0, t.band), t.front}
	t.right = kit.Row(kit.Space, -1, t.open(tips), t.export())
	t.root = container.New(flow{t}, append(slices.Clone(t.left), t.right)...)
	return t
}

func (t *toolBar) open(tips *kit.Tips) fyne.CanvasObject {
	b := kit.NewButton("Open ▾", nil)
	b.SetTip(tips, "Curves of others: results of this program, CompressAI, codec-compare, tables, lists of numbers")
	b.OnTapped = func() {
		kit.OpenMenu(b, []kit.Item{
			{Name: "Open results …", Note: "JSON, CSV, TSV, text", Key: "Ctrl+R", Do: t.s.Actions.OpenResults},
			{Name: "Paste results", Note: "a table, or bpp = [...]", Key: "Ctrl+V", Do: t.s.Actions.PasteResults}})
	}
	return b
}

func (t *toolBar) export() fyne.CanvasObject {
	b := kit.NewButton("Export ▾", nil)
	b.Rank = kit.Primary
	b.OnTapped = func() {
		kit.OpenMenu(b, []kit.Item{
			{Name: "Plot …", Note: "PDF, SVG, PNG, LaTeX", Key: "Ctrl+E", Do: t.s.Actions.ExportPlot},
			{Name: "BD-rate table …", Note: "LaTeX, CSV", Do: t.s.Actions.ExportTable},
			{Name: "Data …", Note: "JSON, CSV", Key: "Ctrl+Shift+E", Do: t.s.Actions.ExportData},
			{Name: "Report …", Note: "HTML with pictures, for offline", Do: t.s.Actions.ExportHTML, Rule: true}})
	}
	return b
}

// metrics offers what a panel can show: the program's metrics, what only the shown files
// have, and for the second one nothing.
func (t *toolBar) metrics(panel int) []kit.Option {
	out := metricmenu.Options(t.wb)
	registry := t.wb.Tools().Metrics
	var more []string
	for _, p := range t.s.plotted {
		for _, at := range p.Curve.Points {
			for key := range at.Values {
				_, err := registry.Metric(key)
				if err != nil && !slices.Contains(more, key) && !slices.Contains(notMetrics, key) {
					more = append(more, key)
				}
			}
		}
	}
	slices.Sort(more)
	for i, key := range more {
		out = append(out, kit.Option{ID: key, Name: metricmenu.Name(report.Describe(registry, key)), Note: "only in opened or published curves", Key: key, Rule: i == 0})
	}
	if panel == 1 {
		out = append(out, kit.Option{ID: noMetric, Name: "One panel alone", Note: "the first gets all the room", Rule: true})
	} else if len(t.wb.CurveMetrics()) == 1 {
		out = append(out, kit.Option{ID: "+", Name: "A second panel", Note: "beside this one", Rule: true})
	}
	return out
}

// notMetrics are values of points that are no metric.
var notMetrics = []string{rd.KeyBPP, rd.KeyPayload, rd.KeyEncode, rd.KeyDecode, "encode_ms", "decode_ms"}

func (t *toolBar) setMetric(panel int, id string) {
	ids := t.wb.CurveMetrics()
	switch {
	case id == noMetric:
		ids = ids[:1]
	case id == "+":
		for _, o := range metricmenu.Options(t.wb) {
			if o.ID != ids[0] && o.Why == "" {
				ids = append(ids, o.ID)
				break
			}
		}
	case panel < len(ids):
		other := 1 - panel
		if other < len(ids) && ids[other] == id {
			ids[other] = ids[panel] // the two change places
		}
		ids[panel] = id
	}
	t.wb.SetCurveMetrics(ids...)
}

// axisNames are how the picker calls the axes.
var axisNames = map[string]string{rd.KeyBPP: "bits per pixel", figure.RatioID: "compression ratio", "encode_ms": "encoding time", "decode_ms": "decoding time"}

// axes offers the axes, the rate also up to a bound: what is exported ends there too.
func (t *toolBar) axes() []kit.Option {
	var out []kit.Option
	for _, a := range workbench.CurveAxes() {
		out = append(out, kit.Option{ID: a.ID, Name: axisNames[a.ID]})
		if a.ID == rd.KeyBPP {
			for _, most := range []string{"0.5", "1", "2"} {
				out = append(out, kit.Option{ID: "<" + most, Name: upToName(most)})
			}
		}
	}
	return out
}

func upToName(most string) string { return "up to " + most + " bpp" }

func (t *toolBar) setAxis(id string) {
	t.wb.ChangeCurveView(func(v *workbench.CurveView) {
		v.X, v.Most = id, 0
		if id[0] == '<' {
			v.X, v.Most = rd.KeyBPP, map[string]float64{"<0.5": 0.5, "<1": 1, "<2": 2}[id]
		}
		if v.X == rd.KeyBPP {
			v.X = ""
		}
	})
}

func bands() []kit.Option {
	return []kit.Option{{ID: "", Name: "no band"},
		{ID: string(rd.Bootstrap), Name: "bootstrap", Note: "95 % interval of the mean, pictures drawn with replacement"},
		{ID: string(rd.Quartiles), Name: "quartiles", Note: "the middle half of the pictures at each setting"}}
}

func (t *toolBar) changed() {
	v := t.wb.CurveView()
	t.scope.Select(string(v.Scope))
	t.log.Set(v.Log)
	t.front.Set(v.Front)
	name := axisNames[t.wb.CurveAxis().ID]
	if v.Most > 0 && t.wb.CurveAxis().ID == rd.KeyBPP {
		name = upToName(trim(v.Most))
	}
	t.axis.Put(name, "")
	for _, o := range bands() {
		if o.ID == string(v.Spread) {
			t.band.Put(o.Name, "")
		}
	}
	if mean := v.Scope != workbench.OnePicture; mean == t.band.Disabled() {
		t.band.SetDisabled(!mean)
	}
	for i, id := range t.wb.CurveMetrics() {
		if i < len(t.heads) {
			m := report.Describe(t.wb.Tools().Metrics, id)
			t.heads[i].Put(metricmenu.Name(m), m.DisplayUnit())
		}
	}
}

// flow puts the controls side by side, in a second row where the first is full.
type flow struct{ t *toolBar }

const flowGap = 8

// MinSize implements fyne.Layout.
func (f flow) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(300, kit.ControlSize) }

// Layout implements fyne.Layout.
func (f flow) Layout(_ []fyne.CanvasObject, s fyne.Size) { f.t.arrange(s.Width, true) }

func (t *toolBar) height(width float32) float32 { return t.arrange(width, false) }

// arrange returns how high the controls are at a width, and moves them there.
func (t *toolBar) arrange(width float32, move bool) float32 {
	right := t.right.MinSize()
	x, y := float32(0), float32(0)
	most := width - right.Width - flowGap
	for _, o := range t.left {
		m := o.MinSize()
		if x > 0 && x+m.Width > most {
			x, y, most = 0, y+kit.ControlSize+6, width
		}
		if move {
			o.Move(fyne.NewPos(x, y))
			o.Resize(m)
		}
		x += m.Width + flowGap
	}
	if move {
		t.right.Move(fyne.NewPos(width-right.Width, 0))
		t.right.Resize(right)
	}
	return y + kit.ControlSize
}
