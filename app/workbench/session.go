package workbench

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
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
}

const (
	sessionVersion = 1
	sessionFile    = "session.json"
	// saveAfter is how long the state must rest before it is saved.
	saveAfter = time.Second
	// maxSession bounds what is read as a session.
	maxSession = 4 << 20
)

// autosave knows whether a save is due and whether one runs.
type autosave struct{ due, loading bool }

// Start opens what the command line names, else the last session, else the first
// sample with two codecs beside each other.
func (w *Workbench) Start(paths []string) {
	w.saver.loading = true
	restored := false
	if len(paths) == 0 {
		var err error
		if restored, err = w.restoreSession(); err != nil {
			w.Fail(fmt.Errorf("the last session can't be restored: %w", err))
		}
	}
	if !restored {
		w.firstCandidates()
		if len(paths) > 0 {
			w.OpenPaths(paths)
		} else {
			w.OpenSample(0)
		}
	}
	w.saver.loading = false
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

// keepSession saves the state once it rests.
func (w *Workbench) keepSession() {
	if w.config.Folder == "" || w.saver.due || w.saver.loading {
		return
	}
	w.saver.due = true
	w.later(saveAfter, w.saveSessionNow)
}

func (w *Workbench) saveSessionNow() {
	if w.config.Folder == "" || !w.saver.due {
		return
	}
	w.saver.due = false
	data, err := json.MarshalIndent(w.session(), "", " ")
	if err == nil {
		err = os.MkdirAll(w.config.Folder, 0o755)
	}
	if err == nil {
		err = picture.WriteFile(filepath.Join(w.config.Folder, sessionFile), data)
	}
	if err != nil {
		w.Fail(fmt.Errorf("the session can't be saved: %w", err))
	}
}

func (w *Workbench) session() session {
	s := session{Version: sessionVersion, Left: w.setup.Left, Right: w.setup.Right, Match: w.setup.Match,
		Mode: w.view.Mode, Gain: w.view.Gain, Map: w.view.Map, Current: w.pictures.current,
		More: w.setup.More, Panes: w.view.Panes, Diff: w.view.Diff, Flicker: w.view.Flicker,
		Smooth: w.view.Smooth, NoGrid: w.view.NoGrid, Loupe: w.view.Loupe}
	if !slices.Equal(w.table, w.defaultTableMetrics()) {
		s.Table = w.table
	}
	if !slices.Equal(w.curve.metrics, w.defaultCurveMetrics()) {
		s.Curves = w.curve.metrics
	}
	s.Library = w.saveLibrary()
	s.Sweep = w.sessionPlan()
	s.Blind = w.saveBlind()
	for _, e := range w.pictures.entries {
		p := sessionPicture{Path: e.Path}
		if e.sample >= 0 {
			p.Sample = e.Name
		} else if abs, err := filepath.Abs(e.Path); err == nil {
			p.Path = abs
		}
		s.Pictures = append(s.Pictures, p)
	}
	for _, slot := range w.setup.Slots {
		out := sessionSlot{Number: slot.Number, Codec: slot.Codec, Params: slot.Params}
		if slot.File != nil {
			out = sessionSlot{Number: slot.Number, File: slot.File.Path}
		}
		s.Slots = append(s.Slots, out)
	}
	return s
}

// restoreSession reads the last session; what it names and is gone is left out.
func (w *Workbench) restoreSession() (bool, error) {
	if w.config.Folder == "" {
		return false, nil
	}
	path := filepath.Join(w.config.Folder, sessionFile)
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if info.Size() > maxSession {
		return false, fmt.Errorf("%s has %d bytes", path, info.Size())
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return false, err
	}
	var s session
	if err := json.Unmarshal(data, &s); err != nil {
		return false, fmt.Errorf("%s: %w", path, err)
	}
	if s.Version != sessionVersion {
		return false, fmt.Errorf("%s has version %d, this program reads %d", path, s.Version, sessionVersion)
	}
	return w.apply(s), nil
}

// apply takes a session's state; it reports whether a picture could be opened.
func (w *Workbench) apply(s session) bool {
	wanted := w.restorePictures(s)
	if wanted == nil {
		return false
	}
	slices.SortFunc(s.Slots, func(a, b sessionSlot) int { return a.Number - b.Number })
	for _, in := range s.Slots {
		if in.File != "" {
			w.pictures.compressed = append(w.pictures.compressed, in.File)
			continue
		}
		if in.Number <= Original || in.Number > MaxSlots || w.setup.index(in.Number) >= 0 {
			continue
		}
		c, err := w.config.Tools.Codecs.Codec(in.Codec)
		if err != nil {
			continue
		}
		params, err := c.Info().Resolve(in.Params)
		if err != nil {
			params, err = c.Info().Resolve(nil)
		}
		if err != nil {
			continue
		}
		w.setup.Slots = append(w.setup.Slots, Slot{Number: in.Number, Codec: in.Codec, Params: params})
		w.runs[in.Number] = &Run{}
	}
	if len(w.setup.Slots) == 1 {
		w.firstCandidates()
	} else {
		w.restoreShown(s)
	}
	w.restoreView(s)
	w.sweeping.kept = s.Sweep
	w.restoreBlind(s.Blind)
	w.choose(wanted)
	return true
}

// restoreView takes how pictures were shown and what was measured; metrics that the
// program no longer has are left out.
func (w *Workbench) restoreView(s session) {
	if slices.Contains(Modes(), s.Mode) {
		w.view.Mode = s.Mode
	}
	w.view.Gain = min(max(s.Gain, 1), 64)
	if s.Panes > 0 { // else it is of a program that showed two
		w.view.Panes = min(max(s.Panes, 2), MaxPanes)
		w.view.Flicker = FlickerView{min(max(s.Flicker.Every, 0), 10000), min(max(s.Flicker.Grey, 0), 1000)}
	}
	if slices.Contains(DiffKinds(), s.Diff.Kind) {
		w.view.Diff = s.Diff
	}
	w.view.Smooth, w.view.NoGrid, w.view.Loupe = s.Smooth, s.NoGrid, s.Loupe
	w.restoreMap(s.Map)
	if ids := w.inOrder(s.Table); len(ids) > 0 {
		w.table = ids
	}
	if _, all := w.known(s.Curves); all && len(s.Curves) > 0 && len(s.Curves) <= 2 {
		w.curve.metrics = s.Curves
	}
	w.restoreLibrary(s.Library)
}

// restorePictures fills the list and returns the entry to choose.
func (w *Workbench) restorePictures(s session) (wanted *Entry) {
	for i, p := range s.Pictures {
		var e *Entry
		switch {
		case p.Path != "":
			if _, err := os.Stat(p.Path); err != nil {
				continue
			}
			e = w.entry(&Entry{Name: filepath.Base(p.Path), Path: p.Path, sample: -1})
		default:
			for j, sample := range w.config.Samples {
				if sample.Name == p.Sample {
					e = w.entry(&Entry{Name: sample.Name, sample: j})
				}
			}
		}
		if e != nil && (wanted == nil || i <= s.Current) {
			wanted = e
		}
	}
	return wanted
}

func (w *Workbench) restoreShown(s session) {
	last := w.setup.Slots[len(w.setup.Slots)-1].Number
	w.setup.Left, w.setup.Right = Original, last
	if w.setup.index(s.Left) >= 0 {
		w.setup.Left = s.Left
	}
	if w.setup.index(s.Right) >= 0 {
		w.setup.Right = s.Right
	}
	w.setup.Active, w.setup.More = w.setup.Right, s.More
	w.setup.Match = s.Match
}
