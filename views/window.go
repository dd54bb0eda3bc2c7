// Package views is the window: it draws a workbench.Workbench and sends it what the
// user does. It knows no codec and keeps no state beside what is on the screen;
// only it and the packages below it import Fyne, and none imports fyne/v2/app, so
// that everything here is tested without a display.
package views

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"

	"codecworkbench/app/workbench"
	"codecworkbench/views/blind"
	"codecworkbench/views/compare"
	"codecworkbench/views/curves"
	"codecworkbench/views/inside"
	"codecworkbench/views/kit"
	"codecworkbench/views/sweeps"
)

// Post runs f later on the interface's thread: the one place that calls fyne.Do.
// It is what workbench.Config.Post should be.
func Post(f func()) { fyne.Do(f) }

// Window is the program's window.
type Window struct {
	app     fyne.App
	win     fyne.Window
	opened  *workbench.WindowState // of a session whose picture is still being read
	wb      *workbench.Workbench
	tips    *kit.Tips
	actions []*Action
	screens []screen
	current string // id of the screen that is shown

	compare *compare.Screen
	curves  *curves.Screen
	sweeps  *sweeps.Screen
	inside  *inside.Screen
	blind   *blind.Screen
	top     *topBar
	message *messageBar
	hints   *hints
	body    *fyne.Container // of the current screen
	root    *fyne.Container
}

// screen is one of the window's screens.
type screen struct {
	id, name string
	key      fyne.KeyName
	root     fyne.CanvasObject
	changed  func(workbench.Change)
}

// Size of the window at the first start.
const (
	startWidth  = 1280
	startHeight = 800
	leastWidth  = 900
	leastHeight = 600
)

// windowTitle stands behind the picture's name in the title.
const windowTitle = "Codec Workbench"

// Keys of the preferences.
const (
	prefTheme  = "theme"
	prefFolder = "folder"
)

// New builds the window for a workbench; it is shown by ShowAndRun.
func New(a fyne.App, wb *workbench.Workbench) *Window {
	w := &Window{app: a, wb: wb}
	a.Settings().SetTheme(kit.NewTheme(kit.Variant(a.Preferences().StringWithFallback(prefTheme, string(kit.System)))))
	w.win = a.NewWindow(windowTitle)
	w.win.SetPadded(false)
	w.tips = kit.NewTips(func(f func()) { time.AfterFunc(tipDelay, func() { wb.Post(f) }) })
	w.compare = compare.New(wb, w.tips)
	w.compare.OnOpenCompressed(w.openCompressed)
	w.compare.OnBlind(func() { w.ShowScreen(blindScreen) })
	w.compare.OnPickFile(w.pickFile)
	w.compare.OnMoved(func() {
		w.keepState()
		w.hints.place()
	})
	w.curves = curves.NewScreen(wb, w.tips)
	w.curves.Actions = curves.Actions{OpenResults: w.openResults, PasteResults: w.pasteResults, ExportPlot: w.exportPlot,
		ExportTable: w.exportTable, ExportData: w.exportData, ExportHTML: w.exportReport, Compare: func() { w.ShowScreen("compare") }}
	w.sweeps = sweeps.New(wb, w.tips)
	w.sweeps.PickFolder = func() { w.pickFolder(func(dir string) { wb.SetSweepPictures([]string{dir}) }) }
	w.sweeps.SaveResults = w.saveSweep
	w.sweeps.Compare = func() { w.ShowScreen("compare") }
	w.sweeps.Copy = func(text string) {
		a.Clipboard().SetContent(text)
		wb.Tell("The command is on the clipboard.")
	}
	w.inside = inside.New(wb, w.tips)
	w.blind = w.newBlind()
	w.screens = []screen{
		{"compare", "Compare", fyne.KeyF1, w.compare.Root, w.compare.Changed},
		{"curves", "Curves", fyne.KeyF2, w.curves.Root, w.curves.Changed},
		{"inside", "Inside", fyne.KeyF3, w.inside.Root, w.inside.Changed},
		{"sweep", "Sweep", fyne.KeyF4, w.sweeps.Root, w.sweeps.Changed},
		{blindScreen, "Blind test", fyne.KeyF5, w.blind.Root, w.blind.Changed},
	}
	w.actions = w.listActions()
	w.quiet(w.actions)
	w.top = newTopBar(w)
	w.message = newMessageBar(wb)
	w.body = container.NewStack()
	w.hints = newHints(w)
	w.root = container.New(shell{w}, w.top.root, w.body, w.message.root)
	w.win.SetContent(container.NewStack(w.root, w.hints.layer, w.tips.Layer))
	w.ShowScreen("compare")
	bindKeys(w.win.Canvas(), w.actions, w.otherKey)
	w.bindHold()
	w.bindTrial()
	w.win.SetOnDropped(func(_ fyne.Position, uris []fyne.URI) { w.Drop(uris) })
	w.win.SetCloseIntercept(w.close)
	w.win.Resize(fyne.NewSize(startWidth, startHeight))
	w.win.CenterOnScreen()
	wb.Observe(w.changed)
	w.changed(workbench.Everything)
	return w
}

// tipDelay is how long the mouse rests before a tooltip.
const tipDelay = 500 * time.Millisecond

// ShowAndRun shows the window and returns when it is closed.
//
// Codecs take as many threads as there are processors. One thread more lets the
// window draw while they work, instead of waiting for its turn among them.
func (w *Window) ShowAndRun() {
	runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + 1)
	w.win.ShowAndRun()
}

// Fyne returns the Fyne window.
func (w *Window) Fyne() fyne.Window { return w.win }

// Do runs the action with an id, as its key would; it reports whether there is one
// that can be done now.
func (w *Window) Do(id string) bool {
	for _, a := range w.actions {
		if a.ID == id && a.enabled() {
			a.Run()
			return true
		}
	}
	return false
}

// changed follows the model. Screens that are not shown catch up when they are.
func (w *Window) changed(c workbench.Change) {
	for _, s := range w.screens {
		if s.id == w.current {
			s.changed(c)
		}
	}
	if c&workbench.Blinds != 0 && w.current == blindScreen && w.inBlind() {
		w.compare.Rest()
	}
	w.top.changed(c)
	w.restoreState(c)
	w.hints.place()
	if p := w.wb.Picture(); c&workbench.Pictures != 0 && p != nil {
		boundMemory(p.Pixels())
	}
	if c&workbench.Messages != 0 {
		if w.message.changed() {
			w.placeMessage(w.root.Size())
		}
	}
}

// boundMemory makes the garbage collector run more often while pictures are large: their
// pixels cost it nothing to look at, and what it leaves lying about is as large as they.
func boundMemory(pixels int) {
	const large, least = 3e6, 10
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(int(min(max(100*large/float64(pixels), least), 100)))
	}
}

// ShowScreen shows a screen by id.
func (w *Window) ShowScreen(id string) {
	for _, s := range w.screens {
		if s.id != id || w.current == id {
			continue
		}
		w.current = id
		w.body.Objects = []fyne.CanvasObject{s.root}
		s.changed(workbench.Everything)
		w.body.Refresh()
		w.top.tabs.Select(id)
		w.keepState()
		w.hints.place()
		w.placeMessage(w.root.Size())
		w.win.Canvas().Unfocus() // from what is not seen any more
		w.blind.Shown(id == blindScreen)
	}
}

// otherKey sees the keys that are no action's.
func (w *Window) otherKey(ev *fyne.KeyEvent) {
	if ev.Name == fyne.KeyEscape && !w.wb.StopPainting() {
		w.wb.Dismiss()
	}
}

// bindHold shows the original for as long as the space bar is held.
func (w *Window) bindHold() {
	c, ok := w.win.Canvas().(desktop.Canvas)
	if !ok {
		return // a canvas of tests, which has no keys to hold
	}
	hold := func(on bool) func(*fyne.KeyEvent) {
		return func(ev *fyne.KeyEvent) {
			if ev.Name == fyne.KeySpace && w.current == "compare" && (!on || w.win.Canvas().Overlays().Top() == nil) {
				w.compare.Hold(on)
			}
		}
	}
	c.SetOnKeyDown(hold(true))
	c.SetOnKeyUp(hold(false))
}

// close ends the program; where a sweep runs, only once the user agrees.
func (w *Window) close() {
	s := w.wb.Sweep()
	if !s.Running {
		w.win.Close()
		return
	}
	text := fmt.Sprintf("%s of %s encodes are done. They are kept: the same plan goes on from there.",
		workbench.FormatCount(s.Done), workbench.FormatCount(s.Total))
	w.ask("A sweep is running", "Stop and close", "Keep running", kit.NewText(text), w.win.Close)
}

// toggleTheme changes between dark and light.
func (w *Window) toggleTheme() {
	if w.light() {
		w.setTheme(kit.Dark)
	} else {
		w.setTheme(kit.Light)
	}
}

func (w *Window) setTheme(v kit.Variant) {
	w.app.Preferences().SetString(prefTheme, string(v))
	w.app.Settings().SetTheme(kit.NewTheme(v))
}

// Drop opens files and folders that were dropped on the window; on the screen Sweep
// they become the plan's pictures.
func (w *Window) Drop(uris []fyne.URI) {
	var paths []string
	for _, u := range uris {
		if u.Scheme() == "file" {
			paths = append(paths, u.Path())
		}
	}
	if w.inTrial() {
		return
	}
	if w.current == "sweep" {
		w.wb.SetSweepPictures(paths)
		return
	}
	w.wb.OpenPaths(paths)
}

// shell stacks the top bar and the screen; messages lie over the screen's foot.
type shell struct{ w *Window }

// MinSize implements fyne.Layout.
func (shell) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(leastWidth, leastHeight) }

// Layout implements fyne.Layout.
func (l shell) Layout(o []fyne.CanvasObject, s fyne.Size) {
	y := float32(0)
	if o[0].Visible() {
		y = kit.TopBar
		o[0].Resize(fyne.NewSize(s.Width, y))
	}
	o[1].Move(fyne.NewPos(0, y))
	o[1].Resize(fyne.NewSize(s.Width, s.Height-y))
	l.w.placeMessage(s)
}

// messageLift is how far above what lies at the foot of a screen messages are told.
const messageLift = 48

// placeMessage puts the message over the foot of the screen that is shown, in a window of
// a size.
func (w *Window) placeMessage(s fyne.Size) {
	width, foot := s.Width, float32(kit.PanelPadding)
	switch w.current {
	case "compare":
		width, foot = s.Width-kit.SidePanel, kit.SlotBar+messageLift
	case blindScreen:
		foot = kit.SlotBar + messageLift
	}
	w.message.place(width, s.Height-foot)
}
