package workbench

import (
	"errors"
	"fmt"
	"image"
	"math"
	"slices"
	"strings"
	"time"

	"codecworkbench/app/report"
	"codecworkbench/app/report/figure"
	"codecworkbench/app/sweep"
	"codecworkbench/codecs/picture"
	"codecworkbench/metrics"
	"codecworkbench/metrics/rd"
)

// curveInfos are the metrics that curves are drawn over.
func (w *Workbench) curveInfos() []metrics.Info {
	var out []metrics.Info
	for _, id := range w.curve.metrics {
		out = append(out, report.Describe(w.config.Tools.Metrics, id))
	}
	return out
}

// TableEndings lists the endings of files that hold a table of BD-rates.
func TableEndings() []string { return []string{".tex", ".csv"} }

// BDTable returns what makes a file of an ending of the BD-rates that the screen Curves
// shows.
func (w *Workbench) BDTable(ending string) func() ([]byte, error) {
	infos, lists, lines := w.curveInfos(), w.Compare(w.Plotted(), w.curveInfos()...), w.conventionLines()
	return func() ([]byte, error) { return bdFile(tablesOf(infos, lists), lines, ending) }
}

// tablesOf finishes comparisons, which takes its time.
func tablesOf(infos []metrics.Info, lists [][]Comparison) (tables []report.PageTable) {
	for i, list := range lists {
		if len(list) > 0 {
			tables = append(tables, report.PageTable{Metric: infos[i].Name, Deltas: finished(list)})
		}
	}
	return tables
}

func bdFile(tables []report.PageTable, lines []string, ending string) ([]byte, error) {
	if len(tables) == 0 {
		return nil, errors.New("there is no second curve to compare with")
	}
	switch ending {
	case ".tex":
		var out []byte
		for _, t := range tables {
			data, err := report.BDTable(t.Deltas, t.Metric)
			if err != nil {
				return nil, err
			}
			out = append(out, data...)
		}
		return append([]byte("% "+strings.Join(lines, " ")+"\n"), out...), nil
	case ".csv":
		return report.BDCSV(tables), nil
	}
	return nil, fmt.Errorf("tables are written as %s", strings.Join(TableEndings(), " or "))
}

// conventionLines says in sentences what the numbers follow.
func (w *Workbench) conventionLines() []string {
	v := w.setup.Plot
	lines := []string{"Rates are of whole files."}
	if v.Payload {
		lines[0] = "Rates are of the payload, without container, headers and tables."
	}
	mean := "Means over pictures are of PSNR in dB and of linear MS-SSIM."
	if v.MeanMSE {
		mean = "PSNR over pictures is that of their mean squared error."
	}
	method := "BD-rates join the points by PCHIP."
	switch v.Method {
	case rd.Cubic:
		method = "BD-rates fit one cubic to the points (VCEG-M33)."
	case rd.Akima:
		method = "BD-rates join the points by Akima's method."
	}
	return append(lines, mean, method, "Below 20 % overlap of the quality ranges no BD-rate is given.")
}

// Report returns what writes the screen Curves as a page with pictures; f is the figure
// as it is shown.
func (w *Workbench) Report(f *figure.Figure) func() ([]byte, error) {
	list := w.Plotted()
	page := &report.Page{Title: w.reportTitle(list), About: w.conventionLines(),
		Made: fmt.Sprintf("Made by %s on %s; %s.", w.config.Program, time.Now().Format("2 January 2006"), sweep.Machine())}
	drawn := *f
	drawn.Theme, drawn.Legend, drawn.KeepOrder = figure.Theme{}, figure.LegendAuto, false
	page.Figure = &drawn
	infos := w.curveInfos()
	lists := w.Compare(list, infos...)
	if len(lists) > 0 {
		for _, s := range w.CurveSentence(infos[0], lists[0]) {
			page.Sentence = append(page.Sentence, report.PageText{Text: s.Text, Bold: s.Bold})
		}
	}
	for _, e := range w.Extras() {
		if e.Shown {
			page.Sources = append(page.Sources, report.PageSource{Name: e.Name, From: e.From, Notes: e.Notes, Caveats: e.Caveats})
		}
	}
	if slices.ContainsFunc(list, func(p Plotted) bool { return p.Number != 0 }) {
		page.Command = w.curvesCommand(list)
	}
	original, others := w.pictures.pic, w.reported(infos)
	return func() ([]byte, error) {
		page.Tables = tablesOf(infos, lists)
		if original != nil && len(others) > 0 {
			if err := addPictures(page, original, others); err != nil {
				return nil, err
			}
		}
		return page.HTML()
	}
}

func (w *Workbench) reportTitle(list []Plotted) string {
	var names []string
	for _, p := range list {
		names = append(names, p.Curve.Name)
	}
	on := "several sets"
	if len(list) > 0 {
		on = w.on(list[0])
		for _, p := range list {
			if w.on(p) != on {
				on = "different pictures"
			}
		}
	}
	if on == ThisPicture && w.pictures.pic != nil {
		on = w.pictures.pic.Source().Name
	}
	title := strings.Join(names, ", ")
	if len(names) > 4 {
		title = Plural(len(names), "curve")
	}
	if on == "" {
		return title
	}
	return title + " on " + on
}

// curvesCommand repeats the candidates' curves on the command line.
func (w *Workbench) curvesCommand(list []Plotted) string {
	var specs, files []string
	for _, p := range list {
		if p.Number != 0 {
			specs = append(specs, p.Curve.Name)
		}
	}
	for _, e := range w.curveEntries() {
		if e.Path != "" {
			files = append(files, quoted(e.Path))
		}
	}
	if len(files) == 0 {
		files = []string{"PICTURES"}
	}
	return "codecworkbench sweep --codecs " + quoted(strings.Join(specs, ",")) + " --metrics " + strings.Join(w.curve.metrics, ",") +
		" --images " + strings.Join(files, " ") + " -o results.json"
}

// quoted protects a word from a shell.
func quoted(t string) string {
	if strings.ContainsAny(t, " \"'$&;()<>|*?@") {
		return "'" + strings.ReplaceAll(t, "'", `'\''`) + "'"
	}
	return t
}

// reportedPicture is a candidate's present result for a page.
type reportedPicture struct {
	name    string
	decoded *picture.Picture
	values  []report.PageValue
}

func (w *Workbench) reported(infos []metrics.Info) []reportedPicture {
	var out []reportedPicture
	for _, s := range w.setup.Slots {
		r := w.Run(s.Number)
		if s.Number == Original || !r.Fresh || r.Result == nil {
			continue
		}
		res := r.Result
		p := reportedPicture{name: strings.TrimSpace(w.Title(s) + " " + w.Setting(s)), decoded: res.Decoded}
		p.values = []report.PageValue{{Name: "bytes", Value: FormatCount(res.Bytes)}, {Name: "bpp", Value: fmt.Sprintf("%.3f", res.BPP)}}
		shown := append([]metrics.Info(nil), infos...)
		for _, id := range w.table {
			if !slices.ContainsFunc(shown, func(m metrics.Info) bool { return m.ID == id }) {
				shown = append(shown, report.Describe(w.config.Tools.Metrics, id))
			}
		}
		for _, m := range shown {
			text := "–"
			if v, ok := res.Values[m.ID]; ok && !math.IsNaN(v.Number) {
				text = FormatMetric(m, v)
			}
			name := m.Name
			if u := m.DisplayUnit(); u != "" {
				name += " " + u
			}
			p.values = append(p.values, report.PageValue{Name: name, Value: text})
		}
		p.values = append(p.values, report.PageValue{Name: "encode ms", Value: FormatMS(res.EncodeMS)}, report.PageValue{Name: "decode ms", Value: FormatMS(res.DecodeMS)})
		out = append(out, p)
	}
	return out
}

// Sides of a report's pictures: larger ones are cut to their middle, at their own size.
const (
	pageWidth  = 1032
	pageHeight = 774
)

// addPictures puts the pictures into a page.
func addPictures(page *report.Page, original *picture.Picture, others []reportedPicture) error {
	whole := image.Rect(0, 0, original.Width(), original.Height())
	part := whole
	if whole.Dx() > pageWidth || whole.Dy() > pageHeight {
		w, h := min(whole.Dx(), pageWidth), min(whole.Dy(), pageHeight)
		part = image.Rect(0, 0, w, h).Add(image.Pt((whole.Dx()-w)/2, (whole.Dy()-h)/2))
	}
	cut := func(p *picture.Picture) ([]byte, error) {
		if part != whole {
			c, err := p.Crop(part)
			if err != nil {
				return nil, err
			}
			p = c
		}
		return p.EncodePNG()
	}
	pics := report.PagePictures{Name: original.Source().Name, Width: part.Dx(), Height: part.Dy()}
	if part != whole {
		pics.Note = fmt.Sprintf("the middle %d × %d of %d × %d pixels", part.Dx(), part.Dy(), whole.Dx(), whole.Dy())
	}
	var err error
	if pics.Original, err = cut(original); err != nil {
		return err
	}
	for _, o := range others {
		data, err := cut(o.decoded)
		if err != nil {
			return err
		}
		pics.Others = append(pics.Others, report.PagePicture{Name: o.name, PNG: data, Values: o.values})
	}
	page.Pictures = pics
	return nil
}
