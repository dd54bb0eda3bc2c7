package workbench

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"codecworkbench/codecs/picture"
)

// watching follows files that change while they are open, and folders that pictures come
// to. It looks at times and sizes now and then, which works on every file system, those
// of other machines among them.
type watching struct {
	folders []string
	files   []string
	seen    map[string]*sighting
	ticking bool // a look is due or runs
	reading bool // a changed file is being read
}

// sighting is what is known of a followed file.
type sighting struct {
	now   stamp     // as it was seen last
	used  stamp     // as it was when it was read last
	since time.Time // when it was first seen so
}

// stamp tells two states of a file apart.
type stamp struct {
	size int64
	mod  time.Time
}

func stampOf(path string) stamp {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return stamp{}
	}
	return stamp{info.Size(), info.ModTime()}
}

const (
	// lookEvery is the time between two looks. A file that is the same in two of them is
	// taken for written to its end.
	lookEvery = 400 * time.Millisecond
	// lookShare bounds the time that looking takes, as a part of all.
	lookShare = 20
	// patience is how long a file that can't be read may still be incomplete.
	patience = 10 * time.Second
	// maxWatched bounds the pictures of a watched folder, maxFolders their number.
	maxWatched = 2000
	maxFolders = 16
)

// Watched lists the folders that pictures join the list from.
func (w *Workbench) Watched() []string { return slices.Clone(w.watching.folders) }

// WatchFolder opens the pictures of a folder; those that come to it later join the list,
// and those that change are read again.
func (w *Workbench) WatchFolder(dir string) {
	dir = absolute(dir)
	if slices.Contains(w.watching.folders, dir) {
		return
	}
	if len(w.watching.folders) == maxFolders {
		w.Fail(fmt.Errorf("%d folders are watched already: stop watching one first", maxFolders))
		return
	}
	w.busy(1)
	go func() {
		paths, cut, err := picturesIn(dir)
		stamps := map[string]stamp{}
		for _, path := range paths {
			stamps[path] = stampOf(path)
		}
		w.config.Post(func() {
			w.busy(-1)
			if err != nil {
				w.Fail(fmt.Errorf("%s can't be watched: %w", filepath.Base(dir), err))
				return
			}
			w.changeWatched(append(slices.Clone(w.watching.folders), dir))
			for path, s := range stamps {
				w.sighted(path).now, w.sighted(path).used = s, s
			}
			w.remember(dir)
			w.openFiles(paths)
			text := fmt.Sprintf("Watching %s, %s: new pictures join the list, changed ones are read again.", filepath.Base(dir), Plural(len(paths), "picture"))
			if cut {
				text = fmt.Sprintf("Watching the first %s pictures of %s: the others are too many.", FormatCount(maxWatched), filepath.Base(dir))
			}
			w.Tell(text)
		})
	}()
}

// StopWatching leaves the folders that are named, or all watched ones where none is; their
// pictures stay open.
func (w *Workbench) StopWatching(dirs ...string) {
	left := slices.DeleteFunc(slices.Clone(w.watching.folders), func(dir string) bool {
		return len(dirs) == 0 || slices.Contains(dirs, dir)
	})
	if len(left) < len(w.watching.folders) {
		w.changeWatched(left)
	}
}

// changeWatched changes which folders are watched, as one step of undo.
func (w *Workbench) changeWatched(folders []string) {
	before := w.watching.folders
	w.setup.watched = &before // where nobody changed it yet, the setup knows none
	w.record("")
	w.setup.watched = &folders
	w.watching.folders = folders
	w.watch()
	w.touched(Pictures)
}

// watchedRestored watches what undo brought back.
func (w *Workbench) watchedRestored() {
	if folders := w.setup.watched; folders != nil && !slices.Equal(*folders, w.watching.folders) {
		w.watching.folders = *folders
		w.watch()
		w.notify(Pictures)
	}
}

// picturesIn lists the pictures of a folder, at most maxWatched of them.
func picturesIn(dir string) (paths []string, cut bool, err error) {
	paths, err = picture.List(dir)
	if len(paths) > maxWatched {
		return paths[:maxWatched], true, err
	}
	return paths, false, err
}

// FilePath returns the file that a candidate, or the current picture for Original, was
// read from; empty where there is none.
func (w *Workbench) FilePath(number int) string {
	if number == Original {
		if i := w.pictures.current; w.pictures.pic != nil && i >= 0 && i < len(w.pictures.entries) {
			return absolute(w.pictures.entries[i].Path)
		}
		return ""
	}
	if s, _ := w.Slot(number); s.File != nil {
		return absolute(s.File.Path)
	}
	return ""
}

// Follows reports whether a candidate's file, or the current picture's for Original, is
// read again when it changes.
func (w *Workbench) Follows(number int) bool {
	path := w.FilePath(number)
	return path != "" && (slices.Contains(w.watching.files, path) || slices.Contains(w.watching.folders, filepath.Dir(path)))
}

// Follow chooses whether a candidate's file, or the current picture's for Original, is
// read again when it changes.
func (w *Workbench) Follow(number int, on bool) {
	path := w.FilePath(number)
	if path == "" {
		return
	}
	w.watching.files = slices.DeleteFunc(slices.Clone(w.watching.files), func(s string) bool { return s == path })
	if on {
		w.watching.files = append(w.watching.files, path)
		s := stampOf(path)
		w.sighted(path).now, w.sighted(path).used = s, s
		w.watch()
	}
	w.touched(Pictures)
}

// restoreWatched takes a session's followed files and folders. What changed meanwhile is
// read now anyway.
func (w *Workbench) restoreWatched(s session) {
	w.watching.folders = slices.Clone(s.Watched[:min(len(s.Watched), maxFolders)])
	w.watching.files = slices.Clone(s.Followed)
	for _, path := range s.Followed {
		st := stampOf(path)
		w.sighted(path).now, w.sighted(path).used = st, st
	}
	w.watch()
}

func (w *Workbench) sighted(path string) *sighting {
	if w.watching.seen == nil {
		w.watching.seen = map[string]*sighting{}
	}
	s := w.watching.seen[path]
	if s == nil {
		s = &sighting{}
		w.watching.seen[path] = s
	}
	return s
}

// watch looks at what is followed, for as long as anything is.
func (w *Workbench) watch() {
	t := &w.watching
	if t.ticking || len(t.folders)+len(t.files) == 0 {
		return
	}
	t.ticking = true
	w.later(lookEvery, w.lookAround)
}

func (w *Workbench) lookAround() {
	folders, files := w.watching.folders, w.watching.files
	go func() {
		began := time.Now()
		found := map[string]stamp{}
		for _, dir := range folders {
			paths, _, err := picturesIn(dir)
			if err != nil {
				continue // it may come back
			}
			for _, path := range paths {
				found[path] = stampOf(path)
			}
		}
		for _, path := range files {
			found[path] = stampOf(path)
		}
		rest := max(lookShare*time.Since(began)-lookEvery, 0)
		w.config.Post(func() {
			if w.closed {
				return
			}
			w.looked(found)
			w.later(rest, func() {
				w.watching.ticking = false
				w.watch()
			})
		})
	}()
}

// looked compares what was found with what is known.
func (w *Workbench) looked(found map[string]stamp) {
	var joined []string
	for _, path := range sortedKeys(found) {
		now := found[path]
		if now.size == 0 {
			continue // gone, or just begun
		}
		known := w.watching.seen[path] != nil
		s := w.sighted(path)
		switch {
		case !known && w.opened(path):
			s.now, s.used = now, now
		case now != s.now:
			s.now, s.since = now, time.Now()
		case now == s.used:
		case w.opened(path):
			w.refresh(path, s)
		default:
			s.used = now
			w.entry(w.fileEntry(path, 0))
			joined = append(joined, filepath.Base(path))
		}
	}
	if len(joined) == 0 {
		return
	}
	const most = 3
	text := strings.Join(joined[:min(len(joined), most)], ", ")
	if len(joined) > most {
		text += fmt.Sprintf(" and %d more", len(joined)-most)
	}
	w.Tell("New in the list of pictures: " + text + ".")
	w.touched(Pictures | Curves)
}

// opened reports whether a file is a picture of the list or a candidate.
func (w *Workbench) opened(path string) bool {
	return w.listed(path) != nil || len(w.slotsOf(path)) > 0
}

func (w *Workbench) listed(path string) *Entry {
	for _, e := range w.pictures.entries {
		if e.Path != "" && absolute(e.Path) == path {
			return e
		}
	}
	return nil
}

// slotsOf lists the candidates that were read from a file.
func (w *Workbench) slotsOf(path string) (numbers []int) {
	for _, s := range w.setup.Slots {
		if s.File != nil && absolute(s.File.Path) == path {
			numbers = append(numbers, s.Number)
		}
	}
	return numbers
}

// refresh reads a file that has changed, one at a time.
func (w *Workbench) refresh(path string, s *sighting) {
	if w.watching.reading {
		return // the next look comes here again
	}
	e, numbers := w.listed(path), w.slotsOf(path)
	if e != nil && len(numbers) == 0 && e.pic != w.pictures.pic {
		e.pic, e.hashed, e.unread, s.used = nil, false, false, s.now // it is read when it is looked at
		w.touched(Curves)
		return
	}
	w.watching.reading = true
	samples, was := w.config.Samples, s.now
	go func() {
		var p *picture.Picture
		var f *File
		var err, fileErr error
		if e != nil {
			if p, err = e.read(samples); err == nil {
				p.Hash() // computed here, not on the interface's thread
			}
		}
		if len(numbers) > 0 {
			f, _, fileErr = w.readCompressed(path)
		}
		err = cmp.Or(err, fileErr)
		if err == nil && stampOf(path) != was {
			err = errWriting
		}
		w.config.Post(func() {
			w.watching.reading = false
			switch {
			case err == nil:
				s.used = was
				w.refreshed(e, p, numbers, f)
			case time.Since(s.since) > patience && !errors.Is(err, errWriting):
				s.used = was // until it changes again
				w.Fail(fmt.Errorf("%s has changed and can't be read: %w", filepath.Base(path), err))
			}
		})
	}()
}

var errWriting = errors.New("it is being written")

// refreshed shows what a changed file holds now.
func (w *Workbench) refreshed(e *Entry, p *picture.Picture, numbers []int, f *File) {
	if e != nil && p != nil && slices.Contains(w.pictures.entries, e) {
		shown := e.pic == w.pictures.pic && w.pictures.wanted == nil
		e.pic, e.hashed, e.unread = p, false, false
		if shown {
			w.arrive(e, p)
		}
	}
	for _, n := range numbers {
		if i := w.setup.index(n); i >= 0 && w.setup.Slots[i].File != nil && f != nil {
			s := w.setup.Slots[i]
			s.File, s.Codec = f, f.Stream.Codec
			w.replace(i, s)
		}
	}
	w.touched(Slots | Results)
}

func sortedKeys(m map[string]stamp) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
