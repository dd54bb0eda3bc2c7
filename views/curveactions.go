package views

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"

	"codecworkbench/app/workbench"
	"codecworkbench/metrics/rd"
)

// curveExports write curves.
func (w *Window) curveExports() []*Action {
	some := func() bool { return w.hasCurves() }
	return []*Action{
		{ID: "file.plot", Menu: "File", Name: "Export plot …", Key: fyne.KeyE, Mod: ctrl, Run: w.exportPlot, Enabled: some, Break: true},
		{ID: "file.data", Menu: "File", Name: "Export data …", Key: fyne.KeyE, Mod: ctrl | fyne.KeyModifierShift, Run: w.exportData, Enabled: some},
		{ID: "file.table", Menu: "File", Name: "Export BD-rate table …", Run: w.exportTable, Enabled: some},
		{ID: "file.report", Menu: "File", Name: "Export report …", Key: fyne.KeyH, Mod: ctrl, Run: w.exportReport, Enabled: some},
		{ID: "file.votes", Menu: "File", Name: "Export blind test …", Run: w.exportVotes, Enabled: w.hasVotes},
	}
}

// curveLooks choose what the screen Curves shows and how; each goes to that screen.
func (w *Window) curveLooks() []*Action {
	look := func(id, name, line string, is func(workbench.CurveView) bool, change func(*workbench.CurveView)) *Action {
		return &Action{ID: "curves." + id, Menu: "View", Sub: subCurves, Name: "Curves: " + name, Line: line,
			Run: func() {
				w.ShowScreen("curves")
				w.wb.ChangeCurveView(change)
			},
			Checked: func() bool { return is(w.wb.CurveView()) }}
	}
	type view = workbench.CurveView
	var out []*Action
	group := func(list ...*Action) {
		list[0].Break = len(out) > 0
		out = append(out, list...)
	}
	scope := func(s workbench.Scope, name, line string) *Action {
		return look("scope."+string(s), name, line, func(v view) bool { return v.Scope == s }, func(v *view) { v.Scope = s })
	}
	group(scope(workbench.OnePicture, "of this picture", "This picture"),
		scope(workbench.MeanOfSet, "mean over the open pictures", "Mean over the open pictures"),
		scope(workbench.EachOfSet, "every open picture", "Every open picture"))
	var axes []*Action
	for _, a := range workbench.CurveAxes() {
		id := a.ID
		if id == rd.KeyBPP {
			id = "" // as the view has it
		}
		axes = append(axes, look("x."+a.ID, "over the "+strings.ToLower(a.Name), "Over the "+strings.ToLower(a.Name),
			func(v view) bool { return v.X == id }, func(v *view) { v.X = id }))
	}
	group(append(axes, look("log", "logarithmic axis", "Logarithmic axis", func(v view) bool { return v.Log }, func(v *view) { v.Log = !v.Log }))...)
	band := func(s rd.Spread, name, line string) *Action {
		return look("band."+string(s), name, line, func(v view) bool { return v.Spread == s }, func(v *view) { v.Spread = s })
	}
	group(band(rd.NoSpread, "no band", "No band"), band(rd.Bootstrap, "bootstrap band", "Bootstrap band"), band(rd.Quartiles, "quartile band", "Quartile band"),
		look("front", "Pareto front", "Pareto front", func(v view) bool { return v.Front }, func(v *view) { v.Front = !v.Front }))
	group(look("mse", "PSNR of the mean MSE, or mean of PSNR", "PSNR of the mean MSE", func(v view) bool { return v.MeanMSE }, func(v *view) { v.MeanMSE = !v.MeanMSE }),
		look("payload", "rates of the payload, or of the file", "Rates of the payload", func(v view) bool { return v.Payload }, func(v *view) { v.Payload = !v.Payload }))
	var methods []*Action
	for _, m := range []struct {
		id, kept rd.Method // kept is as the view has it
		name     string
	}{{rd.PCHIP, "", "PCHIP"}, {rd.Cubic, rd.Cubic, "cubic polynomials"}, {rd.Akima, rd.Akima, "Akima"}} {
		methods = append(methods, look("method."+string(m.id), "BD-rate by "+m.name, "BD-rate by "+m.name,
			func(v view) bool { return v.Method == m.kept }, func(v *view) { v.Method = m.kept }))
	}
	group(methods...)
	return append(out, look("usual", "the usual conventions", "The usual conventions",
		func(v view) bool { return v.Convention() == rd.Convention{} }, func(v *view) { v.MeanMSE, v.Payload, v.Method = false, false, "" }))
}

// onCurves is an action that means one thing on the screen Curves and another elsewhere.
func (w *Window) onCurves(there, elsewhere func()) func() {
	return func() {
		if w.current == "curves" {
			there()
		} else {
			elsewhere()
		}
	}
}

// pasteResults shows the curves of the text on the clipboard.
func (w *Window) pasteResults() {
	if w.wb.PasteResults(w.app.Clipboard().Content()) {
		w.ShowScreen("curves")
	}
}

// exportTable asks where to write the table of BD-rates.
func (w *Window) exportTable() {
	w.askPath("Export BD-rate table", w.baseName()+"-bd.tex", workbench.TableEndings(), w.writeTable)
}

func (w *Window) writeTable(path string) {
	w.wb.Write(path, w.wb.BDTable(strings.ToLower(filepath.Ext(path))))
}

// exportReport asks where to write the report.
func (w *Window) exportReport() {
	w.askPath("Export report", w.baseName()+"-report.html", []string{".html"}, w.writeReport)
}

// writeReport writes what the screen Curves shows as a page with pictures.
func (w *Window) writeReport(path string) {
	if ext := strings.ToLower(filepath.Ext(path)); ext != ".html" && ext != ".htm" {
		w.wb.Fail(fmt.Errorf("reports are written as .html"))
		return
	}
	f := w.curves.ShownFigure()
	if f == nil {
		w.wb.Fail(errors.New("there is no curve to report yet"))
		return
	}
	w.wb.Write(path, w.wb.Report(f))
}
