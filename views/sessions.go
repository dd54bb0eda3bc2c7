package views

import (
	"path/filepath"
	"slices"

	"fyne.io/fyne/v2"

	"codecworkbench/app/workbench"
	"codecworkbench/views/kit"
)

// The submenus of File that are about sessions and files that change.
const (
	subSession = "Session"
	subFollow  = "Follow changes"
)

// sessionActions open, keep and leave sessions, and follow files.
func (w *Window) sessionActions() []*Action {
	wb := w.wb
	follow := func(number func() int) (run func(), enabled, on func() bool) {
		return func() { wb.Follow(number(), !wb.Follows(number())) }, func() bool { return wb.FilePath(number()) != "" },
			func() bool { return wb.Follows(number()) }
	}
	original := func() int { return workbench.Original }
	active := func() int { return wb.Setup().Active }
	pictureRun, pictureCan, pictureOn := follow(original)
	fileRun, fileCan, fileOn := follow(active)
	return []*Action{
		{ID: "session.new", Menu: "File", Sub: subSession, Name: "New session", Key: fyne.KeyN, Mod: ctrl, Break: true, Run: wb.NewSession},
		{ID: "session.open", Menu: "File", Sub: subSession, Name: "Open session …",
			Run: func() { w.pickFileOf([]string{workbench.SessionEnding}, wb.OpenSession) }},
		{ID: "session.save", Menu: "File", Sub: subSession, Name: "Save session as …", Run: w.saveSession},
		{ID: "session.previous", Menu: "File", Sub: subSession, Name: "Previous session", Run: wb.PreviousSession, Enabled: wb.CanGoBack},
		{ID: "session.find", Menu: "File", Sub: subSession, Name: "Find missing files …", Run: func() { w.pickFolder(wb.FindMissing) },
			Enabled: func() bool { return len(wb.MissingFiles()) > 0 }, Break: true},
		{ID: "follow.folder", Menu: "File", Sub: subFollow, Name: "Watch a folder …", Run: func() { w.pickFolder(wb.WatchFolder) }},
		{ID: "follow.stop", Menu: "File", Sub: subFollow, Name: "Stop watching all folders", Run: func() { wb.StopWatching() },
			Enabled: func() bool { return len(wb.Watched()) > 0 }},
		{ID: "follow.picture", Menu: "File", Sub: subFollow, Name: "Follow changes of the picture", Run: pictureRun, Checked: pictureOn, Break: true,
			Enabled: func() bool {
				return pictureCan() && !slices.Contains(wb.Watched(), filepath.Dir(wb.FilePath(workbench.Original)))
			}},
		{ID: "follow.candidate", Menu: "File", Sub: subFollow, Name: "Follow changes of the candidate's file", Run: fileRun, Checked: fileOn,
			Enabled: func() bool { return active() != workbench.Original && fileCan() }},
	}
}

// watchPrefix stands before the names of watched folders.
const watchPrefix = "Stop watching "

// watchedActions leave the watched folders, one each.
func (w *Window) watchedActions() []*Action {
	var out []*Action
	for _, dir := range w.wb.Watched() {
		out = append(out, &Action{Name: watchPrefix + filepath.Base(dir), note: filepath.Dir(dir), Run: func() { w.wb.StopWatching(dir) }})
	}
	w.quiet(out)
	return out
}

// withWatched shows the watched folders behind the line that adds one.
func (t *topBar) withWatched(items []kit.Item) []kit.Item {
	at := slices.IndexFunc(items, func(i kit.Item) bool { return i.Name == subFollow })
	if at < 0 {
		return items
	}
	var watched []kit.Item
	for _, a := range t.w.watchedActions() {
		watched = append(watched, kit.Item{Name: a.Name, Note: a.note, Do: a.Run})
	}
	items[at].Sub = slices.Insert(items[at].Sub, 1, watched...)
	return items
}

// saveSession asks where to keep the session.
func (w *Window) saveSession() {
	name := w.baseName() + workbench.SessionEnding
	if path := w.wb.SessionPath(); path != "" {
		name = filepath.Base(path)
	}
	w.askPath("Keep this session in a file", name, nil, w.wb.SaveSession)
}

// recentPrefix stands before the names of what was opened last, where commands are found.
const recentPrefix = "Open recent: "

// recentActions open again what was opened last.
func (w *Window) recentActions() []*Action {
	var out []*Action
	for _, path := range w.wb.Recent() {
		out = append(out, &Action{Name: recentPrefix + filepath.Base(path), note: filepath.Dir(path), Run: func() { w.wb.OpenRecent(path) }})
	}
	return out
}

// keepState lets the session know what the window shows.
func (w *Window) keepState() {
	if w.opened != nil {
		return // it is still to be shown
	}
	s := w.compare.Pane().State()
	s.Screen = w.current
	w.wb.SetWindow(s)
}

// restoreState shows what a session that was opened showed, once its picture is there.
func (w *Window) restoreState(c workbench.Change) {
	if c&workbench.Placed != 0 {
		s := w.wb.Window()
		w.opened = &s
		if s.Screen != blindScreen { // where a test is asked for each time
			w.ShowScreen(s.Screen)
		}
	}
	if w.opened != nil && c&workbench.Pictures != 0 && w.wb.Picture() != nil {
		s := *w.opened
		w.opened = nil
		w.compare.Pane().SetPicture(w.wb.Picture().Width(), w.wb.Picture().Height())
		w.compare.Pane().SetState(s)
	}
}
