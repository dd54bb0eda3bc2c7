package views

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"

	"codecworkbench/app/preset"
	"codecworkbench/app/report"
	"codecworkbench/app/workbench"
	"codecworkbench/codecs/picture"
	"codecworkbench/metrics/rd"
	"codecworkbench/views/kit"
)

// dialogSize is the size of the file dialogs in the standard window.
func (w *Window) dialogSize() fyne.Size {
	s := w.win.Canvas().Size()
	return fyne.NewSize(min(s.Width-80, 900), min(s.Height-80, 620))
}

// folder is where file dialogs start: where the last one ended.
func (w *Window) folder() string {
	if dir := w.app.Preferences().String(prefFolder); dir != "" {
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			return dir
		}
	}
	if home, err := os.UserHomeDir(); err == nil {
		return home
	}
	return "."
}

func (w *Window) remember(path string) {
	w.app.Preferences().SetString(prefFolder, filepath.Dir(path))
}

func (w *Window) location() fyne.ListableURI {
	l, err := storage.ListerForURI(storage.NewFileURI(w.folder()))
	if err != nil {
		return nil
	}
	return l
}

// pickFile asks for an existing file.
func (w *Window) pickFile(done func(path string)) { w.pickFileOf(nil, done) }

// pickFileOf asks for an existing file with one of the endings; none: for any.
func (w *Window) pickFileOf(endings []string, done func(path string)) {
	d := dialog.NewFileOpen(func(f fyne.URIReadCloser, err error) {
		if err != nil {
			w.wb.Fail(err)
			return
		}
		if f == nil {
			return
		}
		path := f.URI().Path()
		if err := f.Close(); err != nil {
			w.wb.Fail(err)
			return
		}
		w.remember(path)
		done(path)
	}, w.win)
	if len(endings) > 0 {
		d.SetFilter(storage.NewExtensionFileFilter(endings))
	}
	d.SetLocation(w.location())
	d.Resize(w.dialogSize())
	d.Show()
}

func (w *Window) openFile() {
	w.pickFileOf(slices.Concat(picture.Extensions(), []string{".cwb", preset.Ending}, workbench.ResultEndings()), func(path string) { w.wb.OpenPaths([]string{path}) })
}

func (w *Window) openCompressed() {
	w.pickFile(func(path string) { w.wb.OpenCompressed(path) })
}

// openResults shows the curves of a file of results.
func (w *Window) openResults() {
	w.pickFileOf(workbench.ResultEndings(), func(path string) {
		w.wb.OpenResults([]string{path})
		w.ShowScreen("curves")
	})
}

func (w *Window) pickFolder(done func(path string)) {
	d := dialog.NewFolderOpen(func(l fyne.ListableURI, err error) {
		if err != nil {
			w.wb.Fail(err)
			return
		}
		if l != nil {
			done(l.Path())
		}
	}, w.win)
	d.SetLocation(w.location())
	d.Resize(w.dialogSize())
	d.Show()
}

func (w *Window) openFolder() {
	w.pickFolder(func(path string) {
		w.app.Preferences().SetString(prefFolder, path)
		w.wb.OpenPaths([]string{path})
	})
}

// save asks for a name and saves the active candidate.
func (w *Window) save(kind workbench.SaveKind) {
	number := w.wb.Setup().Active
	name, err := w.wb.SaveName(number, kind)
	if err != nil {
		w.wb.Fail(err)
		return
	}
	titles := map[workbench.SaveKind]string{workbench.SaveContainer: "Save the compressed file", workbench.SaveNative: "Save the compressed file in its own format",
		workbench.SaveDecoded: "Save the decoded picture", workbench.SaveMap: "Save the metric's map: a picture with its legend, or its values"}
	var formats []string
	if kind == workbench.SaveMap {
		formats = []string{".png", ".npy"}
	}
	w.askPath(titles[kind], name, formats, func(path string) { w.wb.Save(number, kind, path) })
}

// askPath asks where to write. Fyne's own dialog empties an existing file before
// anything is written; here the old one stays until the new one is complete.
func (w *Window) askPath(title, name string, formats []string, done func(path string)) {
	w.askPathWith(title, name, formats, nil, nil, done)
}

// askPathWith asks where to write, with more to choose from below; typed, if given,
// hears of every change of the path for what is chosen there.
func (w *Window) askPathWith(title, name string, formats []string, more fyne.CanvasObject, typed func(path string), done func(path string)) {
	field := kit.NewField(540, false, nil)
	if !filepath.IsAbs(name) {
		name = filepath.Join(w.folder(), name)
	}
	field.SetText(name)
	note := kit.Muted("")
	ext := filepath.Ext(name)
	check := func(path string) {
		note.Set(pathNote(fullPath(path, ext), formats))
		if typed != nil {
			typed(fullPath(path, ext))
		}
	}
	field.OnChanged = check
	check(field.Text)
	browse := kit.NewButton("Folder …", func() {
		w.pickFolder(func(dir string) { field.SetText(filepath.Join(dir, filepath.Base(field.Text))) })
	})
	body := kit.Column(kit.Space, kit.Row(kit.Space, 0, field, browse), note)
	if more != nil {
		body.Add(more)
	}
	finish := func() {
		if path := fullPath(field.Text, ext); path != "" {
			w.remember(path)
			done(path)
		}
	}
	q := w.ask(title, "Save", "Cancel", body, finish)
	field.OnSubmitted = func(string) {
		q.close()
		finish()
	}
	w.win.Canvas().Focus(field)
}

// fullPath is what a typed path means: ~ is the home folder, and a name without an
// ending gets the proposed one.
func fullPath(path, ext string) string {
	path = strings.TrimSpace(path)
	if rest, ok := strings.CutPrefix(path, "~"+string(filepath.Separator)); ok {
		if home, err := os.UserHomeDir(); err == nil {
			path = filepath.Join(home, rest)
		}
	}
	if path != "" && filepath.Ext(path) == "" && !strings.HasSuffix(path, string(filepath.Separator)) {
		path += ext
	}
	return path
}

// pathNote says what writing to a path would do, or why it would fail.
func pathNote(path string, formats []string) string {
	info, err := os.Stat(path)
	dir, dirErr := os.Stat(filepath.Dir(path))
	switch {
	case path == "":
		return "Type a name."
	case err == nil && info.IsDir():
		return "This is a folder: add a name."
	case err == nil:
		return "This file exists and will be replaced."
	case dirErr != nil || !dir.IsDir():
		return "There is no folder " + filepath.Dir(path) + "."
	case len(formats) > 0:
		return "The ending decides the format: " + strings.Join(formats, " ")
	}
	return "A new file."
}

// hasCurves reports whether there is a point to export.
func (w *Window) hasCurves() bool { return len(w.wb.Plotted()) > 0 }

// baseName is the current picture's name without its extension.
func (w *Window) baseName() string {
	name := "picture"
	if p := w.wb.Picture(); p != nil && p.Source().Name != "" {
		name = strings.TrimSuffix(p.Source().Name, filepath.Ext(p.Source().Name))
	}
	return name
}

// exportData asks where to write the curves' numbers.
func (w *Window) exportData() {
	w.askPath("Export data", w.baseName()+"-rd.json", []string{".json", ".csv"}, w.writeData)
}

// writeData writes the curves' numbers: as CompressAI's JSON, or CSV.
func (w *Window) writeData(path string) {
	var sets []rd.Curve
	for _, p := range w.wb.Plotted() {
		sets = append(sets, p.Measured())
	}
	w.wb.Write(path, func() ([]byte, error) {
		switch strings.ToLower(filepath.Ext(path)) {
		case ".csv":
			return report.CSV(sets), nil
		case ".json":
			return report.WriteJSON(sets)
		}
		return nil, fmt.Errorf("results are written as .json or .csv")
	})
}

// saveSweep asks where to write a sweep's results.
func (w *Window) saveSweep() {
	w.askPath("Save results", "results.json", []string{".json", ".csv"}, w.wb.SaveSweep)
}
