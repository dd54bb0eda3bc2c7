package workbench

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"codecworkbench/app/report"
	"codecworkbench/metrics/rd"
)

// Extra is a curve that was not measured here and now: from a results file, or one
// of the published ones.
type Extra struct {
	ID, Name  string
	From      string // the file, or the data set that it was measured on
	Kind      string // of a published one: "classical", "learned", ...
	Notes     string // settings and source; may be empty
	Caveats   string // what makes it differ from what is measured here; may be empty
	Published bool
	Shown     bool
	Curve     rd.Curve
}

// library is what is drawn on the screen Curves beside the candidates' curves.
type library struct {
	extras    []*Extra
	loading   bool           // of the published curves; also true when they are there
	colors    map[string]int // slots of extras by id
	intervals intervals
	pasted    int // how many texts were pasted
	texts     []pastedText
}

// Extras lists the opened and the published curves.
func (w *Workbench) Extras() []Extra {
	out := make([]Extra, len(w.library.extras))
	for i, e := range w.library.extras {
		out[i] = *e
		out[i].Shown = w.extraShown(e)
	}
	return out
}

// LoadPublished reads the published curves, once.
func (w *Workbench) LoadPublished() {
	if w.library.loading || w.config.Published == nil {
		return
	}
	w.library.loading = true
	go func() {
		list, err := w.config.Published()
		w.config.Post(func() {
			if err != nil {
				w.Fail(err)
			}
			for _, c := range list {
				w.library.extras = append(w.library.extras, &Extra{ID: "published/" + c.ID, Name: c.Name, From: c.Dataset,
					Kind: c.Kind, Notes: joinLines(c.Settings, c.Source), Caveats: c.Caveats, Published: true, Curve: c.Curve})
			}
			w.notify(Curves)
		})
	}()
}

func joinLines(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "\n")
}

// maxResults bounds what is read as a file of results.
const maxResults = 256 << 20

// OpenResults opens files of results and shows their curves.
func (w *Workbench) OpenResults(paths []string) {
	for _, path := range paths {
		if abs, err := filepath.Abs(path); err == nil {
			path = abs // by which sessions know it
		}
		w.busy(1)
		go func() {
			list, err := readResults(path)
			w.config.Post(func() {
				w.busy(-1)
				if err != nil {
					w.Fail(fmt.Errorf("%s can't be opened: %w", filepath.Base(path), err))
					return
				}
				w.addResults(path, list)
				w.remember(path)
				w.keepSession()
			})
		}()
	}
}

// pastedText is a text of results that a session keeps.
type pastedText struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// maxPasted bounds a pasted text that sessions keep.
const maxPasted = 1 << 20

// PasteResults reads results from text, in any of the forms that files have, and shows
// their curves. It reports whether there were any; if not, it has told why.
func (w *Workbench) PasteResults(text string) bool {
	if strings.TrimSpace(text) == "" {
		w.Fail(errors.New("there is no text on the clipboard: copy a table or a list of numbers with bpp and a metric"))
		return false
	}
	name := "pasted"
	if w.library.pasted > 0 {
		name = fmt.Sprintf("pasted %d", w.library.pasted+1)
	}
	n, err := w.addText(pastedText{name, text})
	if err != nil {
		w.Fail(fmt.Errorf("what was pasted holds no curve: %w", err))
		return false
	}
	w.Tell(fmt.Sprintf("Pasted %s.", Plural(n, "curve")))
	w.keepSession()
	return true
}

func (w *Workbench) addText(t pastedText) (curves int, err error) {
	list, err := report.ReadResults([]byte(t.Text))
	if err != nil {
		return 0, err
	}
	for i := range list {
		if list[i].Name == "" {
			list[i].Name = t.Name
			if len(list) > 1 {
				list[i].Name = fmt.Sprintf("%s, curve %d", t.Name, i+1)
			}
		}
	}
	w.library.pasted++
	if len(t.Text) <= maxPasted {
		w.library.texts = append(w.library.texts, t)
	}
	w.addResults(t.Name, list)
	return len(list), nil
}

// CloseResults takes an opened curve out of the library, with all that came from the
// same file or text; published ones stay.
func (w *Workbench) CloseResults(id string) {
	from, _, _ := strings.Cut(id, "\x00")
	w.library.extras = slices.DeleteFunc(w.library.extras, func(e *Extra) bool {
		return !e.Published && strings.HasPrefix(e.ID, from+"\x00")
	})
	w.touched(Curves)
}

func readResults(path string) ([]rd.Curve, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxResults {
		return nil, fmt.Errorf("%s is too large for a file of results", FormatBytes(info.Size()))
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return report.ReadResults(data)
}

func (w *Workbench) addResults(path string, list []rd.Curve) {
	for _, c := range list {
		e := &Extra{ID: path + "\x00" + c.Name, Name: c.Name, From: filepath.Base(path), Notes: c.Description, Curve: c}
		if e.Name == "" {
			e.Name = strings.TrimSuffix(e.From, filepath.Ext(e.From))
			e.Curve.Name = e.Name
		}
		if i := slices.IndexFunc(w.library.extras, func(o *Extra) bool { return o.ID == e.ID }); i >= 0 {
			w.library.extras[i] = e
			if w.duplicate(c) {
				w.setup.Plot.Shown = with(w.setup.Plot.Shown, e.ID, false)
			}
			continue
		}
		if !w.duplicate(c) {
			w.showOpened(e.ID)
		}
		// What was opened stands before what was always there.
		at := slices.IndexFunc(w.library.extras, func(o *Extra) bool { return o.Published })
		if at < 0 {
			at = len(w.library.extras)
		}
		w.library.extras = slices.Insert(w.library.extras, at, e)
	}
	w.notify(Curves)
}

// showOpened shows a curve that was opened, also in the setups that undo and redo go to:
// opening is no step of theirs.
func (w *Workbench) showOpened(id string) {
	w.setup.Plot.Shown = with(w.setup.Plot.Shown, id, true)
	for _, list := range [][]Setup{w.history.past, w.history.future} {
		for i := range list {
			list[i].Plot.Shown = with(list[i].Plot.Shown, id, true)
		}
	}
}

// duplicate reports whether a candidate's curve says the same: a sweep over the
// current picture alone.
func (w *Workbench) duplicate(c rd.Curve) bool {
	if w.measuredOn(c) != ThisPicture {
		return false
	}
	sets, _ := w.CurveSet()
	return slices.ContainsFunc(sets, func(own rd.Curve) bool { return own.Name == c.Name })
}

// librarySession is what a session keeps of the screen Curves.
type librarySession struct {
	View   *CurveView   `json:"view,omitempty"`
	Files  []string     `json:"files,omitempty"`
	Pasted []pastedText `json:"pasted,omitempty"`
}

// saveLibrary returns what the session keeps of opened results and of what is shown.
func (w *Workbench) saveLibrary() librarySession {
	s := librarySession{View: &w.setup.Plot}
	for _, t := range w.library.texts {
		if slices.ContainsFunc(w.library.extras, func(e *Extra) bool { return strings.HasPrefix(e.ID, t.Name+"\x00") }) {
			s.Pasted = append(s.Pasted, t)
		}
	}
	for _, e := range w.library.extras {
		path, _, _ := strings.Cut(e.ID, "\x00")
		if !e.Published && filepath.IsAbs(path) && fileExists(path) && !slices.Contains(s.Files, path) {
			s.Files = append(s.Files, path)
		}
	}
	return s
}

func fileExists(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// restoreLibrary takes a session's opened results and what was shown; files that are
// gone are left out.
func (w *Workbench) restoreLibrary(s librarySession) {
	if s.View != nil {
		w.setup.Plot = *s.View
	}
	shown := w.setup.Plot.Shown
	for _, t := range s.Pasted {
		if _, err := w.addText(t); err != nil {
			w.Fail(fmt.Errorf("%s can't be restored: %w", t.Name, err))
		}
	}
	w.setup.Plot.Shown = shown
	for _, path := range s.Files {
		if !fileExists(path) {
			w.absent.results = append(w.absent.results, path)
			continue
		}
		w.busy(1)
		go func() {
			list, err := readResults(path)
			w.config.Post(func() {
				w.busy(-1)
				if err != nil {
					w.Fail(fmt.Errorf("%s can't be opened again: %w", filepath.Base(path), err))
					return
				}
				now := w.setup.Plot.Shown // which knows whether they were shown
				w.addResults(path, list)
				w.setup.Plot.Shown = now
				w.notify(Curves)
			})
		}()
	}
	if slices.ContainsFunc(shown, func(id string) bool { return strings.HasPrefix(id, "published/") }) {
		w.LoadPublished()
	}
}

// isResults reports whether a file is one of results, by its name.
func isResults(path string) bool {
	return slices.Contains(ResultEndings(), strings.ToLower(filepath.Ext(path)))
}

// ResultEndings lists the endings of files of results.
func ResultEndings() []string { return []string{".json", ".csv", ".tsv", ".txt"} }
