package workbench

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// absent is what a session names and is not there: it stays in the session, so that
// nothing is lost while a disk is not mounted.
type absent struct {
	pictures []sessionPicture
	slots    []sessionSlot
	results  []string
}

func (a absent) names() []string {
	var out []string
	for _, p := range a.pictures {
		out = append(out, filepath.Base(p.Path))
	}
	for _, s := range a.slots {
		out = append(out, filepath.Base(s.File))
	}
	for _, path := range a.results {
		out = append(out, filepath.Base(path))
	}
	return out
}

// restoreLast opens the program's own session. A session with which starts failed again
// and again is set aside.
func (w *Workbench) restoreLast(crashes int) (bool, error) {
	if w.saver.name == "" {
		return false, nil
	}
	path := w.ownPath()
	data, err := readSession(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	when := "the last change"
	if info, err := os.Stat(path); err == nil {
		when = info.ModTime().Format("15:04:05")
		if time.Since(info.ModTime()) > 12*time.Hour {
			when = info.ModTime().Format("2 January, 15:04")
		}
	}
	s, err := w.decode(data, w.config.Folder)
	if err != nil {
		aside := strings.TrimSuffix(path, filepath.Ext(path)) + "-damaged.json"
		if os.Rename(path, aside) == nil {
			path = aside
		}
		return false, fmt.Errorf("%s: %w", path, err)
	}
	if crashes >= maxStarts {
		w.setAsideLast()
		w.Tell("The last session ended the program while it was being opened, so it was set aside: File, Previous session opens it.")
		return false, nil
	}
	w.apply(s)
	w.keepOn(s.Kept)
	if crashes > 0 {
		w.Tell("The program ended without being closed. Everything is back as it was at " + when + ".")
	}
	return true, nil
}

// keepOn keeps a named session up to date again, if it is as this program left it.
func (w *Workbench) keepOn(k keptFile) {
	if k.Path == "" {
		return
	}
	name := filepath.Base(k.Path)
	data, err := readSession(k.Path)
	switch hash := hashBytes(data); {
	case err != nil:
		w.Fail(fmt.Errorf("%s can't be read any more, so this session is kept by the program alone: save it again to have a file (%w)", name, err))
	case hash == k.Hash || hash == k.Before:
		k.Hash = hash
		w.saver.kept = k
	default:
		w.Tell(name + " was changed by something else since: open it to see that. What is shown is as this window left it.")
	}
}

// apply takes a session's state. What it names and is gone is told, and kept for the time
// when it is there again.
func (w *Workbench) apply(s session) {
	w.absent = absent{}
	w.saver.worked = s.Worked
	w.window, w.painting.brush = s.Window, s.Brush
	wanted := w.restorePictures(s)
	slices.SortStableFunc(s.Slots, func(a, b sessionSlot) int { return cmp.Compare(a.Number, b.Number) })
	for _, in := range s.Slots {
		w.restoreSlot(in)
	}
	if len(w.setup.Slots) == 1 {
		w.firstCandidates()
	} else {
		w.restoreShown(s)
	}
	w.restoreView(s)
	if s.Active > 0 && w.Seen(s.Active) {
		w.setup.Active = s.Active
	}
	w.sweeping.kept = s.Sweep
	w.restoreBlind(s.Blind)
	w.restoreWatched(s)
	if wanted != nil {
		w.choose(wanted)
	} else {
		w.OpenSample(0)
	}
	w.tellAbsent()
}

// tellAbsent says what is missing and what to do about it.
func (w *Workbench) tellAbsent() {
	names := w.absent.names()
	if len(names) == 0 {
		return
	}
	const most = 3
	list := strings.Join(names[:min(len(names), most)], ", ")
	if len(names) > most {
		list += fmt.Sprintf(" and %d more", len(names)-most)
	}
	verb := "are"
	if len(names) == 1 {
		verb = "is"
	}
	w.Fail(fmt.Errorf("%s of this session %s not where %s used to be: %s. The rest is open; File, Find missing files looks for %s in a folder",
		Plural(len(names), "file"), verb, map[bool]string{true: "it", false: "they"}[len(names) == 1], list, map[bool]string{true: "it", false: "them"}[len(names) == 1]))
}

// restoreSlot brings a candidate back.
func (w *Workbench) restoreSlot(in sessionSlot) {
	if in.File != "" {
		w.restoreFile(in)
		return
	}
	if in.Number <= Original || in.Number > MaxSlots || w.setup.index(in.Number) >= 0 {
		return
	}
	c, err := w.config.Tools.Codecs.Codec(in.Codec)
	if err != nil {
		w.Fail(fmt.Errorf("candidate %d is left out: %w", in.Number, err))
		return
	}
	params, err := c.Info().Resolve(in.Params)
	if err != nil {
		w.Tell(fmt.Sprintf("Candidate %d has its codec's usual settings: %v.", in.Number, err))
		params, err = c.Info().Resolve(nil)
	}
	if err == nil {
		w.insertSlot(Slot{Number: in.Number, Codec: in.Codec, Params: params, Changes: in.Changes.changes()})
	}
}

// restoreFile brings a candidate from a file back, under its number where that is free.
func (w *Workbench) restoreFile(in sessionSlot) {
	f, codec, err := w.readCompressed(in.File)
	if errors.Is(err, fs.ErrNotExist) {
		w.absent.slots = append(w.absent.slots, in)
		return
	}
	if err != nil {
		w.Fail(fmt.Errorf("%s can't be opened: %w", filepath.Base(in.File), err))
		return
	}
	if in.Number <= Original || in.Number > MaxSlots || w.setup.index(in.Number) >= 0 {
		in.Number = w.freeNumber()
	}
	if in.Number != 0 {
		w.insertSlot(Slot{Number: in.Number, Codec: codec.Info().ID, File: f, Changes: in.Changes.changes()})
	}
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

// restorePictures fills the list and returns the entry to choose; nil: none is there.
func (w *Workbench) restorePictures(s session) (wanted *Entry) {
	for i, p := range s.Pictures {
		var e *Entry
		switch {
		case p.Path != "":
			if _, err := os.Stat(p.Path); err != nil {
				w.absent.pictures = append(w.absent.pictures, p)
				continue
			}
			e = w.entry(w.fileEntry(p.Path, 0))
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
