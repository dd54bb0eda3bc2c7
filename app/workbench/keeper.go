package workbench

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"codecworkbench/codecs/picture"
)

// keeper knows where the session is kept, and whether a save is due or runs.
//
// The program's own file in Config.Folder always has the present state, at most a moment
// old: what a crash leaves is what the next start opens. A file that the user named is
// kept up to date beside it, for as long as nobody else writes to it.
type keeper struct {
	due, loading bool
	writing      chan struct{} // closed when the save that runs has ended; nil: none runs
	name         string        // of the program's own file; empty: nothing is kept
	lock         *os.File      // held while the window is open
	worked       bool          // there is something to lose
	previous     bool          // there is a session to go back to
	kept         keptFile
}

// keptFile is a session that the user named, and what it holds: hashes of what was
// written last and before that, since a crash may come between the two files.
type keptFile struct {
	Path   string `json:"path,omitempty"`
	Hash   string `json:"hash,omitempty"`
	Before string `json:"before,omitempty"`
}

const (
	sessionName  = "session"
	previousName = "previous.json"
	// maxWindows bounds the windows that keep a session each.
	maxWindows = 8
	// maxStarts is how many starts with one session may fail before it is set aside.
	maxStarts = 2
)

// ownName is the name of the n-th window's own session, without its ending.
func ownName(n int) string {
	if n == 1 {
		return sessionName
	}
	return fmt.Sprintf("%s-%d", sessionName, n)
}

// takeFolder finds a session of the folder that no other window has, and reports how many
// starts with it have not ended as they should; 0: the last one did.
func (w *Workbench) takeFolder() (crashes int) {
	dir := w.config.Folder
	if dir == "" {
		return 0
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		w.Fail(fmt.Errorf("the session can't be kept: %w", err))
		return 0
	}
	w.saver.previous = fileExists(filepath.Join(dir, previousName))
	for n := 1; n <= maxWindows; n++ {
		lock, free := lockFile(filepath.Join(dir, ownName(n)+".open"))
		if !free {
			continue
		}
		w.saver.name, w.saver.lock = ownName(n)+".json", lock
		if lock != nil {
			crashes = readStarts(lock)
			w.markStarts(crashes + 1)
		}
		return crashes
	}
	w.Fail(fmt.Errorf("%d windows are open already: this one does not keep its session", maxWindows))
	return 0
}

// readStarts reads how many starts have not ended.
func readStarts(lock *os.File) int {
	text := make([]byte, 16)
	n, _ := lock.ReadAt(text, 0) // an empty file is one that was closed
	starts, err := strconv.Atoi(strings.TrimSpace(string(text[:n])))
	if err != nil {
		return 0
	}
	return max(starts, 0)
}

// markStarts writes how many starts have not ended; 0: the window was closed.
func (w *Workbench) markStarts(n int) {
	if w.saver.lock == nil {
		return
	}
	text := ""
	if n > 0 {
		text = strconv.Itoa(n)
	}
	// Without the mark a crash is not told; nothing else hangs on it.
	_ = w.saver.lock.Truncate(0)
	_, _ = w.saver.lock.WriteAt([]byte(text), 0)
}

// leaveFolder saves the last change and lets another window have the session.
func (w *Workbench) leaveFolder() {
	if w.saver.writing != nil {
		<-w.saver.writing
	}
	w.saveWaiting()
	w.markStarts(0)
	if w.saver.lock != nil {
		_ = w.saver.lock.Close() // nothing is buffered
	}
}

// ownPath is the program's own file.
func (w *Workbench) ownPath() string { return filepath.Join(w.config.Folder, w.saver.name) }

// keepSession saves the state in a moment.
func (w *Workbench) keepSession() {
	if w.saver.name == "" || w.saver.due || w.saver.loading {
		return
	}
	w.saver.due = true
	w.later(saveAfter, w.saveSessionNow)
}

// saveSessionNow saves what is due on another goroutine, since disks can be slow.
func (w *Workbench) saveSessionNow() {
	if w.saver.name == "" || !w.saver.due || w.saver.writing != nil {
		return
	}
	w.saver.due = false
	write := w.saving()
	done := make(chan struct{})
	w.saver.writing = done
	go func() {
		err := write()
		close(done)
		w.config.Post(func() {
			w.saver.writing = nil
			w.saved(err)
			w.saveSessionNow() // what changed meanwhile
		})
	}()
}

// saveWaiting saves what is due before it returns.
func (w *Workbench) saveWaiting() {
	if w.saver.name == "" || !w.saver.due {
		return
	}
	w.saver.due = false
	w.saved(w.saving()())
}

// errForeign says that someone else wrote to the session that is kept up to date.
var errForeign = errors.New("it was changed by something else")

func (w *Workbench) saved(err error) {
	switch {
	case errors.Is(err, errForeign):
		name := filepath.Base(w.saver.kept.Path)
		w.saver.kept = keptFile{}
		w.Fail(fmt.Errorf("%s was changed or removed by something else, so this window no longer writes to it: open it to see what it holds, or save this session under another name", name))
		w.keepSession()
		w.notify(Pictures)
	case err != nil:
		w.Fail(fmt.Errorf("the session can't be saved: %w", err))
	default:
		w.markStarts(1)
	}
}

// saving takes the present state and returns what writes it.
func (w *Workbench) saving() func() error {
	s := w.session()
	k := &w.saver.kept
	var named []byte
	var err error
	before := k.Hash
	if k.Path != "" {
		if named, err = w.encode(s, filepath.Dir(k.Path), true); err != nil {
			return func() error { return err }
		}
		if hash := hashBytes(named); hash != k.Hash {
			k.Hash, k.Before = hash, k.Hash
		}
	}
	s.Kept = *k
	own, err := w.encode(s, w.config.Folder, false)
	path, kept := w.ownPath(), *k
	return func() error {
		if err != nil {
			return err
		}
		if err := picture.WriteFile(path, own); err != nil || named == nil {
			return err
		}
		data, err := os.ReadFile(kept.Path)
		switch hash := hashBytes(data); {
		case err != nil || hash != before && hash != kept.Hash:
			return errForeign
		case hash == kept.Hash:
			return nil
		}
		return picture.WriteFile(kept.Path, named)
	}
}

// encode writes a session as it lies in a folder, with its painted masks in it or beside it.
func (w *Workbench) encode(s session, dir string, masks bool) ([]byte, error) {
	if masks {
		w.embedMasks(&s)
	}
	w.mapPaths(&s, relativeTo(absolute(dir)))
	data, err := json.MarshalIndent(s, "", " ")
	if err == nil && len(data) > maxSession {
		err = fmt.Errorf("it has %s; take pasted results or masks out of it", FormatBytes(int64(len(data))))
	}
	return data, err
}

// embedded stands before the name of a mask that is in the session itself.
const embedded = "mask:"

// embedMasks takes the painted masks into the session.
func (w *Workbench) embedMasks(s *session) {
	dir := absolute(w.maskDir())
	w.mapPaths(s, func(path string) string {
		if filepath.Dir(path) != dir {
			return path
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return path // its candidate says so
		}
		if s.Masks == nil {
			s.Masks = map[string][]byte{}
		}
		name := filepath.Base(path)
		s.Masks[name] = data
		return embedded + name
	})
}

// extractMasks puts the masks of a session where painted ones lie.
func (w *Workbench) extractMasks(s *session) error {
	dir := absolute(w.maskDir())
	for name, data := range s.Masks {
		if name != maskName(data) {
			return fmt.Errorf("the mask %q is damaged", name)
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		if err := picture.WriteFile(filepath.Join(dir, name), data); err != nil {
			return err
		}
	}
	w.mapPaths(s, func(path string) string {
		if name, ok := strings.CutPrefix(path, embedded); ok {
			return filepath.Join(dir, filepath.Base(name))
		}
		return path
	})
	s.Masks = nil
	return nil
}

// decode reads a session that lies in a folder.
func (w *Workbench) decode(data []byte, dir string) (session, error) {
	var s session
	if err := json.Unmarshal(data, &s); err != nil {
		return s, fmt.Errorf("it is no session: %w", err)
	}
	if s.Version != sessionVersion {
		return s, fmt.Errorf("it has version %d, this program reads %d", s.Version, sessionVersion)
	}
	w.mapPaths(&s, absoluteFrom(absolute(dir)))
	return s, w.extractMasks(&s)
}

// readSession reads a session's bytes.
func readSession(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxSession {
		return nil, fmt.Errorf("%s is too large for a session", FormatBytes(info.Size()))
	}
	return os.ReadFile(path)
}
