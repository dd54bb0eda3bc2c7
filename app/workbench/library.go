package workbench

import (
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
	Notes     string // settings and source; may be empty
	Caveats   string // what makes it differ from what is measured here; may be empty
	Published bool
	Shown     bool
	Curve     rd.Curve
}

// library is what is drawn on the screen Curves beside the candidates' curves.
type library struct {
	extras  []*Extra
	loading bool // of the published curves; also true when they are there
	hidden  map[int]bool
	log     bool
	most    float64 // bpp at which the rate axis ends; 0: it shows all
	anchor  string  // name of the curve that others are compared with; empty: the first
}

// Extras lists the opened and the published curves.
func (w *Workbench) Extras() []Extra {
	out := make([]Extra, len(w.library.extras))
	for i, e := range w.library.extras {
		out[i] = *e
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
					Notes: joinLines(c.Settings, c.Source), Caveats: c.Caveats, Published: true, Curve: c.Curve})
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
			})
		}()
	}
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
		e := &Extra{ID: path + "\x00" + c.Name, Name: c.Name, From: filepath.Base(path), Notes: c.Description, Shown: !w.duplicate(c), Curve: c}
		if i := slices.IndexFunc(w.library.extras, func(o *Extra) bool { return o.ID == e.ID }); i >= 0 {
			w.library.extras[i] = e
			continue
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

// duplicate reports whether a candidate's curve says the same: a sweep over the
// current picture alone.
func (w *Workbench) duplicate(c rd.Curve) bool {
	if w.measuredOn(c) != thisPicture {
		return false
	}
	sets, _ := w.CurveSet()
	return slices.ContainsFunc(sets, func(own rd.Curve) bool { return own.Name == c.Name })
}

// ShowExtra shows or hides a curve of the library.
func (w *Workbench) ShowExtra(id string, show bool) {
	for _, e := range w.library.extras {
		if e.ID == id && e.Shown != show {
			e.Shown = show
			w.notify(Curves)
		}
	}
}

// ShowCurve shows or hides a candidate's curve on the screen Curves.
func (w *Workbench) ShowCurve(number int, show bool) {
	if w.library.hidden == nil {
		w.library.hidden = map[int]bool{}
	}
	if w.library.hidden[number] == show {
		w.library.hidden[number] = !show
		w.notify(Curves)
	}
}

// CurveShown reports whether a candidate's curve is shown on the screen Curves.
func (w *Workbench) CurveShown(number int) bool { return !w.library.hidden[number] }

// LogRate reports whether the figures' rate axis is logarithmic.
func (w *Workbench) LogRate() bool { return w.library.log }

// SetLogRate makes the figures' rate axis logarithmic or not.
func (w *Workbench) SetLogRate(log bool) {
	if w.library.log != log {
		w.library.log = log
		w.notify(Curves)
	}
}

// RateLimit is where the figures' rate axis ends, in bpp; 0: it shows all.
func (w *Workbench) RateLimit() float64 { return w.library.most }

// SetRateLimit ends the figures' rate axis at a rate in bpp; 0 shows all.
func (w *Workbench) SetRateLimit(bpp float64) {
	if w.library.most != bpp {
		w.library.most = bpp
		w.notify(Curves)
	}
}
