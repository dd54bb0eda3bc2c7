package views

import (
	"fmt"
	"slices"

	"fyne.io/fyne/v2"

	"codecworkbench/app/workbench"
	"codecworkbench/views/kit"
	"codecworkbench/views/viewport"
)

// ctrl is the platform's modifier for commands: Control, on macOS Command.
const ctrl = fyne.KeyModifierShortcutDefault

// The menus, in order.
var menuNames = [...]string{"File", "Edit", "View", "Help"}

// The submenus of View.
const (
	subCompare = "In Compare"
	subMaps    = "Metric maps"
	subCurves  = "In Curves"
)

// The lines of the list of shortcuts that stand for several actions.
const (
	helpRight  = "Show a candidate at the right"
	helpLeft   = "Show a candidate at the left"
	helpArrows = "Move the picture"

	helpDivider = "Move the divider"

	helpStrength = "Colour on a metric's map"
	helpReach    = "Range of a map's colours"
)

// listActions makes the window's one list of actions.
func (w *Window) listActions() []*Action {
	var all []*Action
	for _, part := range [][]*Action{w.fileActions(), w.presetFiles(), w.sessionActions(), w.curveExports(), w.quitAction(), w.editActions(), w.viewActions(), w.slotActions(), w.helpActions()} {
		all = append(all, part...)
	}
	return all
}

func (w *Window) fileActions() []*Action {
	saved := func(kind workbench.SaveKind) func() bool {
		return func() bool {
			_, err := w.wb.SaveName(w.wb.Setup().Active, kind)
			return err == nil
		}
	}
	return []*Action{
		{ID: "file.open", Menu: "File", Name: "Open …", Key: fyne.KeyO, Mod: ctrl, Run: w.openFile},
		{ID: "file.folder", Menu: "File", Name: "Open folder …", Key: fyne.KeyO, Mod: ctrl | fyne.KeyModifierShift, Run: w.openFolder},
		{ID: "file.compressed", Menu: "File", Name: "Add compressed file …", Key: fyne.KeyI, Mod: ctrl, Run: w.openCompressed,
			Enabled: func() bool { return w.wb.Picture() != nil }},
		{ID: "file.results", Menu: "File", Name: "Open results …", Key: fyne.KeyR, Mod: ctrl, Run: w.openResults},
		{ID: "file.next", Menu: "File", Name: "Next picture", Key: fyne.KeyPageDown, Run: func() { w.wb.Next(1) }, Enabled: w.several, Break: true},
		{ID: "file.previous", Menu: "File", Name: "Previous picture", Key: fyne.KeyPageUp, Run: func() { w.wb.Next(-1) }, Enabled: w.several},
		{ID: "file.save", Menu: "File", Name: "Save as .cwb …", Key: fyne.KeyS, Mod: ctrl, Break: true,
			Run: func() { w.save(workbench.SaveContainer) }, Enabled: saved(workbench.SaveContainer)},
		{ID: "file.native", Menu: "File", Name: "Save as native file …", Key: fyne.KeyS, Mod: ctrl | fyne.KeyModifierShift,
			Run: func() { w.save(workbench.SaveNative) }, Enabled: saved(workbench.SaveNative)},
		{ID: "file.decoded", Menu: "File", Name: "Save decoded PNG …", Key: fyne.KeyS, Mod: ctrl | fyne.KeyModifierAlt,
			Run: func() { w.save(workbench.SaveDecoded) }, Enabled: saved(workbench.SaveDecoded)},
		{ID: "file.map", Menu: "File", Name: "Save metric map …", Key: fyne.KeyM, Mod: ctrl,
			Run: func() { w.save(workbench.SaveMap) }, Enabled: saved(workbench.SaveMap)},
	}
}

func (w *Window) quitAction() []*Action {
	return []*Action{{ID: "file.quit", Menu: "File", Name: "Quit", Key: fyne.KeyQ, Mod: ctrl, Run: w.close, Break: true}}
}

func (w *Window) several() bool {
	entries, _ := w.wb.Entries()
	return len(entries) > 1
}

func (w *Window) editActions() []*Action {
	coded := func() bool {
		s, ok := w.wb.Slot(w.wb.Setup().Active)
		return ok && s.Codec != ""
	}
	quality := func(steps int) func() {
		return func() { w.wb.StepQuality(w.wb.Setup().Active, steps) }
	}
	return []*Action{
		{ID: "edit.undo", Menu: "Edit", Name: "Undo", Key: fyne.KeyZ, Mod: ctrl, Run: w.wb.Undo, Enabled: w.wb.CanUndo},
		{ID: "edit.redo", Menu: "Edit", Name: "Redo", Key: fyne.KeyY, Mod: ctrl, Run: w.wb.Redo, Enabled: w.wb.CanRedo},
		{ID: "edit.duplicate", Menu: "Edit", Name: "Duplicate candidate", Key: fyne.KeyD, Mod: ctrl, Break: true,
			Run: func() { w.wb.Duplicate(w.wb.Setup().Active) }, Enabled: coded},
		{ID: "edit.copy", Menu: "Edit", Name: "Copy settings to the other side", Key: fyne.KeyC, Mod: ctrl | fyne.KeyModifierShift,
			Run: func() { w.wb.CopySettings(w.wb.Setup().Active, w.wb.Other(w.wb.Setup().Active)) }, Enabled: w.wb.CanCopy},
		{ID: "edit.delete", Menu: "Edit", Name: "Delete candidate", Key: fyne.KeyDelete,
			Run: func() { w.wb.Delete(w.wb.Setup().Active) }, Enabled: coded},
		{ID: "edit.better", Menu: "Edit", Name: "Quality up", Key: fyne.KeyUp, Mod: ctrl, Run: quality(1), Enabled: coded, Break: true},
		{ID: "edit.worse", Menu: "Edit", Name: "Quality down", Key: fyne.KeyDown, Mod: ctrl, Run: quality(-1), Enabled: coded},
		{ID: "edit.match", Menu: "Edit", Name: "Lock equal terms", Rune: 'm', Run: func() {
			m := w.wb.Setup().Match
			m.On = !m.On
			w.wb.SetMatch(m)
		}, Enabled: func() bool { return w.wb.CanMatch() == nil }, Checked: func() bool { return w.wb.Setup().Match.On }},
		{ID: "edit.match.once", Menu: "Edit", Name: "Match once", Key: fyne.KeyM, Mod: ctrl | fyne.KeyModifierShift, Run: w.wb.MatchOnce,
			Enabled: func() bool { return w.wb.CanMatch() == nil }},
		{ID: "edit.match.all", Name: "Equal terms for all candidates", Run: func() {
			m := w.wb.Setup().Match
			m.All = !m.All
			w.wb.SetMatch(m)
		}, Checked: func() bool { return w.wb.Setup().Match.All }},
		{ID: "edit.mask", Menu: "Edit", Name: "Paint the mask", Rune: 'p', Run: func() {
			w.ShowScreen("compare")
			if !w.wb.StopPainting() {
				w.wb.PaintMask(w.wb.Setup().Active)
			}
		}, Enabled: func() bool { _, ok := w.wb.MaskParam(w.wb.Setup().Active); return ok },
			Checked: func() bool { return w.wb.Painting() != nil }},
		{ID: "edit.sweep", Menu: "Edit", Name: "Start or stop the sweep", Key: fyne.KeyReturn, Mod: ctrl, Run: func() {
			w.ShowScreen("sweep")
			if w.wb.Sweep().Running {
				w.wb.StopSweep()
			} else {
				w.wb.StartSweep()
			}
		}},
		{ID: "edit.sweep.pause", Menu: "Edit", Name: "Pause or resume the sweep", Key: fyne.KeyP, Mod: ctrl,
			Run:     func() { w.wb.PauseSweep(!w.wb.Sweep().Paused) },
			Enabled: func() bool { return w.wb.Sweep().Running }, Checked: func() bool { return w.wb.Sweep().Paused }},
		{ID: "edit.inside.damage", Menu: "Edit", Name: "Damage the chosen part of the file", Break: true, Run: w.inside.Damage,
			Enabled: func() bool { return w.current == "inside" && w.wb.Inside().Number != 0 }},
		{ID: "edit.inside.next", Menu: "Edit", Name: "Next panel inside the file", Rune: 'v', Run: func() { w.inside.TurnPanel(1) },
			Enabled: func() bool { return w.current == "inside" && len(w.wb.Inside().Panels) > 1 }},
		{ID: "edit.inside.previous", Menu: "Edit", Name: "Previous panel inside the file", Run: func() { w.inside.TurnPanel(-1) },
			Enabled: func() bool { return w.current == "inside" && len(w.wb.Inside().Panels) > 1 }},
		{ID: "edit.inside.reset", Menu: "Edit", Name: "Decode the file as it is", Run: w.wb.ResetChanges,
			Enabled: func() bool { return w.wb.Changes().Any() }},
		{ID: "edit.curves", Menu: "Edit", Name: "Stop or go on filling curves", Break: true,
			Run: func() { w.wb.StopCurves(!w.wb.CurveProgress().Stopped) }},
		{ID: "curves.paste", Menu: "Edit", Name: "Paste results", Key: fyne.KeyV, Mod: ctrl, Run: w.pasteResults},
	}
}

func (w *Window) viewActions() []*Action {
	pane := w.compare.Pane()
	var out []*Action
	for _, s := range w.screens {
		out = append(out, &Action{ID: "view." + s.id, Menu: "View", Name: s.name, Key: s.key, Run: func() { w.ShowScreen(s.id) },
			Checked: func() bool { return w.current == s.id }})
	}
	for i, m := range workbench.Modes() {
		names := map[workbench.Mode]string{workbench.Split: "Split with a divider", workbench.Side: "Side by side",
			workbench.Flicker: "Flicker", workbench.Diff: "Difference", workbench.Mapped: "Metric map"}
		runes := map[workbench.Mode]rune{workbench.Split: 's', workbench.Side: 'b', workbench.Flicker: 'f', workbench.Diff: 'd', workbench.Mapped: 'h'}
		out = append(out, &Action{ID: "view.mode." + string(m), Menu: "View", Sub: subCompare, Name: names[m], Rune: runes[m], Break: i == 0,
			Run: func() { w.wb.SetMode(m) }, Checked: func() bool { return w.wb.ViewSettings().Mode == m }})
	}
	out = append(out, w.lookActions()...)
	out = append(out, w.mapActions()...)
	out = append(out, w.curveLooks()...)
	return append(out,
		&Action{ID: "view.fit", Menu: "View", Name: "Fit", Rune: '0', Break: true, Run: w.onCurves(w.curves.ZoomReset, w.onInside(w.inside.Fit, pane.Fit))},
		&Action{ID: "view.one", Menu: "View", Name: "100 %", Rune: 'z',
			Run: w.onInside(w.zoomInside(func(float64) float64 { return 1 }), func() { pane.ZoomTo(1) })},
		&Action{ID: "view.in", Menu: "View", Name: "Larger", Rune: '+', Run: w.onCurves(func() { w.curves.Zoom(0.8) },
			w.onInside(w.zoomInside(viewport.StepIn), func() { pane.ZoomTo(viewport.StepIn(pane.View().Scale)) }))},
		&Action{ID: "view.out", Menu: "View", Name: "Smaller", Rune: '-', Run: w.onCurves(func() { w.curves.Zoom(1.25) },
			w.onInside(w.zoomInside(viewport.StepOut), func() { pane.ZoomTo(viewport.StepOut(pane.View().Scale)) }))},
		&Action{ID: "view.divider.left", HelpAs: helpDivider, Name: "Divider to the left", Rune: '[', Run: func() { pane.SetSplit(pane.SplitFraction() - 0.02) }},
		&Action{ID: "view.divider.right", HelpAs: helpDivider, Name: "Divider to the right", Rune: ']', Run: func() { pane.SetSplit(pane.SplitFraction() + 0.02) }},
		&Action{ID: "view.theme", Menu: "View", Name: "Dark or light theme", Key: fyne.KeyL, Mod: ctrl, Run: w.toggleTheme, Break: true},
		&Action{ID: "view.left", HelpAs: helpArrows, Name: "Move the picture right", Key: fyne.KeyLeft, Run: func() { pane.Pan(0.1, 0) }},
		&Action{ID: "view.right", HelpAs: helpArrows, Name: "Move the picture left", Key: fyne.KeyRight, Run: func() { pane.Pan(-0.1, 0) }},
		&Action{ID: "view.up", HelpAs: helpArrows, Name: "Move the picture down", Key: fyne.KeyUp, Run: func() { pane.Pan(0, 0.1) }},
		&Action{ID: "view.down", HelpAs: helpArrows, Name: "Move the picture up", Key: fyne.KeyDown, Run: func() { pane.Pan(0, -0.1) }},
	)
}

// lookActions choose how many pictures are seen and what is seen of them.
func (w *Window) lookActions() []*Action {
	mode := func(m workbench.Mode) func() bool {
		return func() bool { return w.wb.ViewSettings().Mode == m }
	}
	diff := func(f func(d *workbench.DiffView)) func() {
		return func() {
			d := w.wb.ViewSettings().Diff
			f(&d)
			w.wb.SetDiff(d)
		}
	}
	view := w.wb.ViewSettings
	out := []*Action{
		{ID: "view.panes", Menu: "View", Sub: subCompare, Name: "Two, three or four at once", Rune: 'w', Break: true, Enabled: func() bool { return w.wb.PanesMost() > 2 },
			Run: func() { w.wb.SetPanes((min(view().Panes, w.wb.PanesMost())-1)%(w.wb.PanesMost()-1) + 2) }},
		{ID: "view.diff.kind", Menu: "View", Sub: subCompare, Name: "Next kind of difference", Rune: 'e', Enabled: mode(workbench.Diff), Run: diff(func(d *workbench.DiffView) {
			kinds := workbench.DiffKinds()
			d.Kind = kinds[(slices.Index(kinds, d.Kind)+1)%len(kinds)]
		})},
		{ID: "view.diff.pair", Menu: "View", Sub: subCompare, Name: "Difference between left and right", Rune: 'r', Enabled: mode(workbench.Diff),
			Run: diff(func(d *workbench.DiffView) { d.Pair = !d.Pair }), Checked: func() bool { return view().Diff.Pair }},
		{ID: "view.swap", Menu: "View", Sub: subCompare, Name: "Swap left and right", Rune: 'x', Run: w.wb.Swap},
		{ID: "view.loupe", Menu: "View", Sub: subCompare, Break: true, Name: "Loupe", Rune: 'l', Run: func() { w.wb.SetLoupe(!view().Loupe) }, Checked: func() bool { return view().Loupe }},
		{ID: "view.smooth", Menu: "View", Sub: subCompare, Name: "Smooth when enlarged", Rune: 'i', Run: func() { w.wb.SetSmooth(!view().Smooth) }, Checked: func() bool { return view().Smooth }},
		{ID: "view.grid", Menu: "View", Sub: subCompare, Name: "Pixel grid and values", Rune: 'g', Run: func() { w.wb.SetGrid(view().NoGrid) }, Checked: func() bool { return !view().NoGrid }},
		{ID: "view.flicker.grey", Name: "Flicker with grey between", Run: func() { w.wb.SetFlicker(view().Flicker.Every, view().Flicker.Grey == 0) },
			Checked: func() bool { return view().Flicker.Grey > 0 }},
	}
	for _, ms := range workbench.FlickerTimes() {
		name := fmt.Sprintf("Flicker every %g s", float64(ms)/1000)
		if ms == 0 {
			name = "Flicker by hand, with the space bar"
		}
		out = append(out, &Action{ID: fmt.Sprintf("view.flicker.%d", ms), Name: name, Run: func() {
			w.wb.SetFlicker(ms, view().Flicker.Grey > 0)
			w.wb.SetMode(workbench.Flicker)
		}})
	}
	return out
}

// mapActions choose what the mode of metric maps shows; each goes to that mode.
func (w *Window) mapActions() []*Action {
	there := func() bool { return len(w.wb.MapMetrics()) > 0 }
	step := func(by int) func() {
		return func() {
			if w.wb.ViewSettings().Mode == workbench.Mapped {
				w.wb.NextMap(by)
			}
			w.showMap()
		}
	}
	strength := func(by int) func() {
		return func() { w.wb.SetMapStrength(w.wb.ViewSettings().Map.Strength + by) }
	}
	mapping := func() bool { return w.wb.ViewSettings().Mode == workbench.Mapped }
	out := []*Action{
		{ID: "view.map.next", Menu: "View", Sub: subMaps, Name: "Next metric map", Rune: 'n', Run: step(1), Enabled: there},
		{ID: "view.map.side", Menu: "View", Sub: subMaps, Name: "Maps side by side", Rune: 'j',
			Run:     func() { w.wb.SetMapSide(!w.wb.ViewSettings().Map.Side) },
			Enabled: mapping, Checked: func() bool { return w.wb.ViewSettings().Map.Side }},
		{ID: "view.map.stronger", HelpAs: helpStrength, Name: "More colour on the map", Rune: '.', Run: strength(10), Enabled: mapping},
		{ID: "view.map.weaker", HelpAs: helpStrength, Name: "Less colour on the map", Rune: ',', Run: strength(-10), Enabled: mapping},
		{ID: "view.map.poor", HelpAs: helpReach, Name: "Map's colours for poorer pictures", Rune: '>', Run: func() { w.wb.StepMapReach(1) }, Enabled: mapping},
		{ID: "view.map.good", HelpAs: helpReach, Name: "Map's colours for better pictures", Rune: '<', Run: func() { w.wb.StepMapReach(-1) }, Enabled: mapping},
		{ID: "view.metrics", Menu: "View", Sub: subMaps, Name: "Choose metrics …", Rune: 't', Run: func() {
			w.ShowScreen("compare")
			w.compare.ChooseMetrics()
		}, Break: true},
	}
	for _, m := range w.wb.MapMetrics() {
		for _, k := range m.Kinds {
			out = append(out, &Action{ID: "view.map." + m.Info.ID + "." + k.ID, Name: "Metric map: " + m.Info.Name + ", " + k.Name, Run: func() {
				w.wb.SetMap(m.Info.ID, k.ID)
				w.showMap()
			}})
		}
	}
	return out
}

func (w *Window) showMap() {
	w.ShowScreen("compare")
	w.wb.SetMode(workbench.Mapped)
}

// slotActions show candidates by their numbers.
func (w *Window) slotActions() []*Action {
	var out []*Action
	for n := workbench.Original; n <= workbench.MaxSlots; n++ {
		there := func() bool { _, ok := w.wb.Slot(n); return ok }
		name := func(side string) string { return fmt.Sprintf("Show %d at the %s", n, side) }
		key := fyne.KeyName(fmt.Sprint(n))
		out = append(out,
			&Action{ID: fmt.Sprintf("show.right.%d", n), HelpAs: helpRight, Name: name("right"), Rune: rune('0' + n), Run: func() { w.wb.Show(n) }, Enabled: there},
			&Action{ID: fmt.Sprintf("show.left.%d", n), HelpAs: helpLeft, Name: name("left"), Key: key, Mod: fyne.KeyModifierAlt, Run: func() { w.wb.ShowLeft(n) }, Enabled: there})
	}
	for _, c := range w.wb.Tools().Codecs.All() {
		info := c.Info()
		out = append(out, &Action{ID: "add." + info.ID, Name: "Add candidate: " + info.ID + ", " + info.Name,
			Run: func() { w.wb.Add(info.ID) }, Enabled: func() bool { return info.Unavailable == "" }})
	}
	for i, s := range w.wb.Samples() {
		out = append(out, &Action{ID: fmt.Sprintf("sample.%d", i), Name: "Open sample: " + s.Name, Run: func() { w.wb.OpenSample(i) }})
	}
	return out
}

func (w *Window) helpActions() []*Action {
	return []*Action{
		{ID: "help.palette", Menu: "Help", Name: "Find a command", Key: fyne.KeyK, Mod: ctrl, Run: w.palette},
		{ID: "help.keys", Menu: "Help", Name: "Shortcuts", Rune: '?', Run: w.shortcuts},
		{ID: "help.hints", Menu: "Help", Name: "Show the hints again", Run: func() {
			w.ShowScreen("compare")
			w.hints.show(0)
		}},
		{ID: "help.about", Menu: "Help", Name: "About", Run: w.about},
		{ID: "help.theme.system", Name: "Colours as the desktop says", Run: func() { w.setTheme(kit.System) }},
	}
}
