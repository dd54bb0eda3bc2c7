package workbench

import (
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"codecworkbench/codecs"
)

// session is what is kept between two starts.
type session struct {
	Version  int              `json:"version"`
	Pictures []sessionPicture `json:"pictures"`
	Current  int              `json:"current"`
	Slots    []sessionSlot    `json:"slots"`
	Left     int              `json:"left"`
	Right    int              `json:"right"`
	Match    Match            `json:"match"`
	Mode     Mode             `json:"mode"`
	Gain     int              `json:"gain"`
	Map      MapView          `json:"map,omitzero"`
	More     []int            `json:"more,omitempty"`
	Panes    int              `json:"panes,omitempty"`
	Diff     DiffView         `json:"diff,omitzero"`
	Flicker  FlickerView      `json:"flicker,omitzero"`
	Smooth   bool             `json:"smooth,omitempty"`
	NoGrid   bool             `json:"no_grid,omitempty"`
	Loupe    bool             `json:"loupe,omitempty"`
	// What was chosen; absent: the program's own choice.
	Table  []string `json:"table_metrics,omitempty"`
	Curves []string `json:"curve_metrics,omitempty"`
	// What the screen Curves shows.
	Library librarySession `json:"library,omitzero"`
	Sweep   *sessionSweep  `json:"sweep,omitempty"`
	Blind   *sessionBlind  `json:"blind,omitempty"`
	Active  int            `json:"active,omitempty"`
	Brush   Brush          `json:"brush,omitzero"`
	Window  WindowState    `json:"window,omitzero"`
	Watched []string       `json:"watched,omitempty"` // folders
	// Followed are the files that are read again when they change.
	Followed []string `json:"followed,omitempty"`
	// Masks are the painted ones by their names: in a session that the user named.
	Masks map[string][]byte `json:"masks,omitempty"`
	// Worked says that there is something to lose: the user changed a candidate.
	Worked bool `json:"worked,omitempty"`
	// Kept is the file that the user named; only the program's own session has it.
	Kept keptFile `json:"kept,omitzero"`
}

type sessionPicture struct {
	Path   string `json:"path,omitempty"`
	Sample string `json:"sample,omitempty"`
}

type sessionSlot struct {
	Number int           `json:"number"`
	Codec  string        `json:"codec,omitempty"`
	Params codecs.Params `json:"params,omitempty"`
	File   string        `json:"file,omitempty"`
	// Changes are what the screen Inside decodes it with.
	Changes *sessionChanges `json:"changes,omitempty"`
}

// WindowState is what the window shows of the picture and of itself; the window keeps it.
type WindowState struct {
	Screen   string       `json:"screen,omitempty"`
	Scale    float64      `json:"scale,omitempty"` // device pixels a picture pixel; 0: fitted
	X        float64      `json:"x,omitempty"`     // the picture's point in the middle, in its pixels
	Y        float64      `json:"y,omitempty"`
	Dividers [2][]float64 `json:"dividers,omitzero"` // where one stands, and where two stand, 0 to 1
}

const (
	sessionVersion = 1
	// saveAfter is how soon a change is saved.
	saveAfter = time.Second
	// maxSession bounds what is read as a session.
	maxSession = 32 << 20
)

// SessionEnding is the ending of the files of sessions.
const SessionEnding = ".cwsession"

// Start opens what the command line names, else the last session, else the first
// sample with two codecs beside each other. Presets alone are applied to what would be
// there without them.
func (w *Workbench) Start(paths []string) {
	w.saver.loading = true
	crashes := w.takeFolder()
	restored := false
	onlyPresets := !slices.ContainsFunc(paths, func(path string) bool { return !isPreset(path) })
	if onlyPresets {
		var err error
		if restored, err = w.restoreLast(crashes); err != nil {
			w.Fail(fmt.Errorf("the last session can't be restored: %w", err))
		}
	} else {
		w.setAsideLast()
	}
	if !restored {
		w.firstCandidates()
		if !onlyPresets {
			w.OpenPaths(paths)
		} else {
			w.OpenSample(0)
		}
	}
	w.saver.loading = false
	if onlyPresets {
		w.OpenPaths(paths)
	}
	w.forgetMasks()
	w.touched(Everything)
}

// firstCandidates sets up two lossy codecs, the second matched to the first one's
// rate: what a newcomer sees first is a fair comparison.
func (w *Workbench) firstCandidates() {
	n := 0
	for _, c := range w.config.Tools.Codecs.All() {
		info := c.Info()
		if info.Unavailable != "" || info.Lossless || info.Quality == nil || n == 2 {
			continue
		}
		params, err := info.Resolve(nil)
		if err != nil {
			continue
		}
		n++
		// Low on the ladder, where codecs differ visibly.
		ladder := info.Quality.Values()
		params = params.WithQ(ladder[min(1, len(ladder)-1)])
		w.setup.Slots = append(w.setup.Slots, Slot{Number: n + 1, Codec: info.ID, Params: params})
		w.runs[n+1] = &Run{}
		w.setup.Right, w.setup.Active = n+1, n+1
		if n == 1 {
			w.setup.Left = n + 1
		}
	}
	if n == 1 {
		w.setup.Left = Original
	}
	w.setup.Match.On = n == 2
}

// session is the present state.
func (w *Workbench) session() session {
	s := session{Version: sessionVersion, Left: w.setup.Left, Right: w.setup.Right, Match: w.setup.Match,
		Mode: w.view.Mode, Gain: w.view.Gain, Map: w.view.Map, Current: w.pictures.current,
		More: w.setup.More, Panes: w.view.Panes, Diff: w.view.Diff, Flicker: w.view.Flicker,
		Smooth: w.view.Smooth, NoGrid: w.view.NoGrid, Loupe: w.view.Loupe, Active: w.setup.Active,
		Brush: w.painting.brush, Window: w.window, Watched: w.watching.folders, Followed: w.watching.files, Worked: w.saver.worked}
	if !slices.Equal(w.table, w.defaultTableMetrics()) {
		s.Table = w.table
	}
	if !slices.Equal(w.curve.metrics, w.defaultCurveMetrics()) {
		s.Curves = w.curve.metrics
	}
	s.Library = w.saveLibrary()
	s.Sweep = w.sessionPlan()
	s.Blind = w.saveBlind()
	for i, e := range w.pictures.entries {
		p := sessionPicture{Path: absolute(e.Path)}
		if e.sample >= 0 {
			p = sessionPicture{Sample: e.Name}
		}
		if e == w.pictures.wanted {
			s.Current = i // it is being read
		}
		s.Pictures = append(s.Pictures, p)
	}
	for _, slot := range w.setup.Slots {
		out := sessionSlot{Number: slot.Number, Codec: slot.Codec, Params: slot.Params}
		if slot.File != nil {
			out = sessionSlot{Number: slot.Number, File: absolute(slot.File.Path)}
		}
		out.Changes = slot.Changes.sessionOf()
		s.Slots = append(s.Slots, out)
	}
	for _, path := range w.pictures.compressed { // they wait for their picture
		s.Slots = append(s.Slots, sessionSlot{File: absolute(path)})
	}
	s.Pictures = append(s.Pictures, w.absent.pictures...)
	s.Slots = append(s.Slots, w.absent.slots...)
	s.Library.Files = append(s.Library.Files, w.absent.results...)
	return s
}

// absolute is a path from the root, by which sessions know a file; empty for none.
func absolute(path string) string {
	if path == "" {
		return ""
	}
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}
