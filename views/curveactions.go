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

// curveActions are those of the screen Curves.
func (w *Window) curveActions() []*Action {
	view := func(change func(*workbench.CurveView)) func() {
		return func() {
			w.ShowScreen("curves")
			w.wb.ChangeCurveView(change)
		}
	}
	some := func() bool { return w.hasCurves() }
	out := []*Action{
		{ID: "curves.paste", Menu: "Edit", Name: "Paste results", Key: fyne.KeyV, Mod: ctrl, Run: w.pasteResults, Break: true},
		{ID: "file.table", Menu: "File", Name: "Export BD-rate table …", Run: w.exportTable, Enabled: some},
		{ID: "file.report", Menu: "File", Name: "Export report …", Key: fyne.KeyH, Mod: ctrl, Run: w.exportReport, Enabled: some},
		{ID: "curves.log", Name: "Curves: logarithmic axis", Run: view(func(v *workbench.CurveView) { v.Log = !v.Log })},
		{ID: "curves.front", Name: "Curves: Pareto front", Run: view(func(v *workbench.CurveView) { v.Front = !v.Front })},
		{ID: "curves.mse", Name: "Curves: PSNR of the mean MSE, or mean of PSNR", Run: view(func(v *workbench.CurveView) { v.MeanMSE = !v.MeanMSE })},
		{ID: "curves.payload", Name: "Curves: rates of the payload, or of the file", Run: view(func(v *workbench.CurveView) { v.Payload = !v.Payload })},
		{ID: "curves.usual", Name: "Curves: the usual conventions", Run: view(func(v *workbench.CurveView) { v.MeanMSE, v.Payload, v.Method = false, false, "" })},
	}
	for _, s := range []struct {
		scope workbench.Scope
		name  string
	}{{workbench.OnePicture, "Curves: of this picture"}, {workbench.MeanOfSet, "Curves: mean over the open pictures"},
		{workbench.EachOfSet, "Curves: every open picture"}} {
		out = append(out, &Action{ID: "curves.scope." + string(s.scope), Name: s.name, Run: view(func(v *workbench.CurveView) { v.Scope = s.scope })})
	}
	for _, s := range []struct {
		spread rd.Spread
		name   string
	}{{rd.NoSpread, "Curves: no band"}, {rd.Bootstrap, "Curves: bootstrap band"}, {rd.Quartiles, "Curves: quartile band"}} {
		out = append(out, &Action{ID: "curves.band." + string(s.spread), Name: s.name, Run: view(func(v *workbench.CurveView) { v.Spread = s.spread })})
	}
	for _, m := range []rd.Method{rd.PCHIP, rd.Cubic, rd.Akima} {
		out = append(out, &Action{ID: "curves.method." + string(m), Name: "Curves: BD-rate by " + string(m), Run: view(func(v *workbench.CurveView) {
			if v.Method = m; m == rd.PCHIP {
				v.Method = ""
			}
		})})
	}
	for _, a := range workbench.CurveAxes() {
		out = append(out, &Action{ID: "curves.x." + a.ID, Name: "Curves over the " + strings.ToLower(a.Name), Run: view(func(v *workbench.CurveView) {
			if v.X = a.ID; a.ID == rd.KeyBPP {
				v.X = ""
			}
		})})
	}
	return out
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
