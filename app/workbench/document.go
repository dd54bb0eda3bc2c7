package workbench

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"codecworkbench/codecs/picture"
)

// SessionPath is the file that the user named for this session; empty: there is none, and
// the program keeps it by itself.
func (w *Workbench) SessionPath() string { return w.saver.kept.Path }

// SaveSession writes the session to a file, which is kept up to date from then on.
func (w *Workbench) SaveSession(path string) {
	if !isSession(path) {
		path += SessionEnding
	}
	path = absolute(path)
	data, err := w.encode(w.session(), filepath.Dir(path), true)
	w.busy(1)
	go func() {
		if err == nil {
			err = picture.WriteFile(path, data)
		}
		w.config.Post(func() {
			w.busy(-1)
			if err != nil {
				w.Fail(fmt.Errorf("%s was not saved: %w", filepath.Base(path), err))
				return
			}
			w.saver.kept = keptFile{Path: path, Hash: hashBytes(data)}
			w.remember(path)
			w.Tell("Saved " + path + ". From now on it follows what you do here.")
			w.touched(Pictures)
		})
	}()
}

// OpenSession opens a session's file in place of what is open now, which stays as the
// previous session.
func (w *Workbench) OpenSession(path string) {
	path = absolute(path)
	if w.sweepStands() {
		return
	}
	w.busy(1)
	go func() {
		data, err := readSession(path)
		w.config.Post(func() {
			w.busy(-1)
			var s session
			if err == nil {
				s, err = w.decode(data, filepath.Dir(path))
			}
			if err != nil {
				w.Fail(fmt.Errorf("%s can't be opened: %w", filepath.Base(path), err))
				return
			}
			w.setAside()
			w.replaceBy(s)
			w.saver.kept = keptFile{Path: path, Hash: hashBytes(data)}
			w.remember(path)
			w.touched(Everything)
		})
	}()
}

// NewSession begins anew, as at the first start; what is open now stays as the previous
// session.
func (w *Workbench) NewSession() {
	if w.sweepStands() {
		return
	}
	w.setAside()
	w.clear()
	w.firstCandidates()
	w.OpenSample(0)
	w.touched(Everything)
}

// CanGoBack reports whether there is a previous session.
func (w *Workbench) CanGoBack() bool { return w.saver.previous && w.saver.name != "" }

// PreviousSession opens what was open before another session was; that becomes the
// previous one.
func (w *Workbench) PreviousSession() {
	if !w.CanGoBack() || w.sweepStands() {
		return
	}
	data, err := readSession(filepath.Join(w.config.Folder, previousName))
	var s session
	if err == nil {
		s, err = w.decode(data, w.config.Folder)
	}
	if err != nil {
		w.saver.previous = false
		w.Fail(fmt.Errorf("the previous session can't be opened: %w", err))
		return
	}
	w.saver.worked = true // also what is not worth keeping must be found again
	w.setAside()
	w.replaceBy(s)
	w.keepOn(s.Kept)
	w.touched(Everything)
}

// sweepStands reports whether a sweep runs, and tells that it stands in the way.
func (w *Workbench) sweepStands() bool {
	if w.sweeping.state.Running {
		w.Fail(fmt.Errorf("a sweep is running: stop it before another session is opened"))
	}
	return w.sweeping.state.Running
}

// setAside keeps the present session as the previous one, where it has anything to lose.
func (w *Workbench) setAside() {
	w.saveWaiting()
	if w.saver.name == "" || !w.saver.worked {
		return
	}
	s := w.session()
	s.Kept = w.saver.kept
	data, err := w.encode(s, w.config.Folder, false)
	if err == nil {
		err = picture.WriteFile(filepath.Join(w.config.Folder, previousName), data)
	}
	if err != nil {
		w.Fail(fmt.Errorf("the previous session can't be kept: %w", err))
		return
	}
	w.saver.previous = true
}

// setAsideLast keeps the last start's session as the previous one.
func (w *Workbench) setAsideLast() {
	if w.saver.name == "" {
		return
	}
	data, err := readSession(w.ownPath())
	if err != nil {
		return // there is none
	}
	if s, err := w.decode(data, w.config.Folder); err != nil || !s.Worked {
		return
	}
	if err := os.Rename(w.ownPath(), filepath.Join(w.config.Folder, previousName)); err != nil {
		w.Fail(fmt.Errorf("the previous session can't be kept: %w", err))
		return
	}
	w.saver.previous = true
}

func (w *Workbench) replaceBy(s session) {
	w.clear()
	w.saver.loading = true
	w.apply(s)
	w.saver.loading = false
}

// clear forgets all that a session holds. Results stay in the caches.
func (w *Workbench) clear() {
	if t := w.lane.task; t != nil {
		t.cancel()
	}
	for _, stop := range []func(){w.inspecting.cancel, w.inspecting.stop} {
		if stop != nil {
			stop()
		}
	}
	fresh, err := New(w.config)
	if err != nil {
		return // the same configuration made this one
	}
	fresh.observers, fresh.cache, fresh.maps.cache, fresh.curves = w.observers, w.cache, w.maps.cache, w.curves
	fresh.maps.pace, fresh.messages, fresh.lane, fresh.opening = w.maps.pace, w.messages, w.lane, w.opening
	fresh.saver, fresh.recent = w.saver, w.recent
	fresh.saver.kept, fresh.saver.worked = keptFile{}, false
	fresh.watching.ticking = w.watching.ticking
	for _, e := range w.library.extras {
		if e.Published {
			fresh.library.extras = append(fresh.library.extras, e)
		}
	}
	fresh.library.loading, fresh.library.intervals = w.library.loading, w.library.intervals
	w.state = fresh.state
}

// Window returns what the session knows of the window.
func (w *Workbench) Window() WindowState { return w.window }

// SetWindow keeps what the window shows in the session.
func (w *Workbench) SetWindow(s WindowState) {
	if !reflect.DeepEqual(s, w.window) {
		w.window = s
		w.keepSession()
	}
}

// isSession reports whether a file is a session, by its name.
func isSession(path string) bool {
	return strings.EqualFold(filepath.Ext(path), SessionEnding)
}

// maxSearched bounds the files that FindMissing looks at.
const maxSearched = 100_000

// MissingFiles lists the names of the files that the session knows and did not find.
func (w *Workbench) MissingFiles() []string { return w.absent.names() }

// FindMissing looks for the session's missing files in a folder and those below it, by
// their names, and opens what it finds.
func (w *Workbench) FindMissing(folder string) {
	wanted := map[string]bool{}
	for _, name := range w.absent.names() {
		wanted[name] = true
	}
	w.busy(1)
	go func() {
		found := map[string]string{}
		seen := 0
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if seen++; err != nil && path != folder {
				return nil // a folder that can't be read holds nothing that can
			}
			if err != nil || seen > maxSearched || len(found) == len(wanted) {
				return cmpErr(err, fs.SkipAll)
			}
			if name := d.Name(); wanted[name] && found[name] == "" && d.Type().IsRegular() {
				found[name] = path
			}
			return nil
		})
		w.config.Post(func() {
			w.busy(-1)
			if err != nil {
				w.Fail(err)
				return
			}
			w.takeFound(folder, found)
		})
	}()
}

func cmpErr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// takeFound opens files that were missing, by their names.
func (w *Workbench) takeFound(folder string, found map[string]string) {
	if len(found) == 0 {
		w.Fail(fmt.Errorf("none of the missing files is in %s", folder))
		return
	}
	was := w.absent
	w.absent = absent{}
	for _, p := range was.pictures {
		if path := found[filepath.Base(p.Path)]; path != "" {
			w.entry(w.fileEntry(path, 0))
		} else {
			w.absent.pictures = append(w.absent.pictures, p)
		}
	}
	for _, s := range was.slots {
		if path := found[filepath.Base(s.File)]; path != "" {
			s.File = path
			w.restoreFile(s)
		} else {
			w.absent.slots = append(w.absent.slots, s)
		}
	}
	for _, path := range was.results {
		if to := found[filepath.Base(path)]; to != "" {
			w.OpenResults([]string{to})
		} else {
			w.absent.results = append(w.absent.results, path)
		}
	}
	w.Tell("Found " + Plural(len(found), "file") + ".")
	w.tellAbsent()
	w.touched(Pictures | Slots | Results)
}
