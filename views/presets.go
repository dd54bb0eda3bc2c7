package views

import (
	"os"
	"path/filepath"
	"strings"

	"codecworkbench/app/preset"
	"codecworkbench/views/kit"
)

// presetPrefix stands before the names of presets, where commands are found.
const presetPrefix = "Preset: "

// presetActions apply the presets that there are now.
func (w *Window) presetActions() []*Action {
	var out []*Action
	for _, p := range w.wb.Presets() {
		out = append(out, &Action{Name: presetPrefix + p.Name, note: p.Note, Run: func() {
			w.wb.ApplyPreset(p)
			w.ShowScreen("compare")
		}})
	}
	w.quiet(out)
	return out
}

// presetFiles are the actions on presets' files.
func (w *Window) presetFiles() []*Action {
	save := func(all bool) (func(), func() bool) {
		return func() { w.savePreset(all) }, func() bool { return w.wb.CanSavePreset(all) == nil }
	}
	one, canOne := save(false)
	all, canAll := save(true)
	return []*Action{
		{ID: "file.preset.all", Menu: "File", Sub: subPresets, Name: "Save all candidates as a preset …", Run: all, Enabled: canAll},
		{ID: "file.preset.one", Menu: "File", Sub: subPresets, Name: "Save this candidate as a preset …", Run: one, Enabled: canOne},
		{ID: "file.preset.open", Menu: "File", Sub: subPresets, Name: "Open preset …", Run: w.openPreset},
	}
}

// subPresets is the submenu of presets.
const subPresets = "Presets"

// withPresets puts the presets themselves before what is done with their files.
func (t *topBar) withPresets(items []kit.Item) []kit.Item {
	for i := range items {
		if items[i].Name != subPresets {
			continue
		}
		var sub []kit.Item
		for _, a := range t.w.presetActions() {
			sub = append(sub, kit.Item{Name: strings.TrimPrefix(a.Name, presetPrefix), Note: a.note, Do: a.Run})
		}
		if len(items[i].Sub) > 0 {
			items[i].Sub[0].Rule = true
		}
		items[i].Sub = append(sub, items[i].Sub...)
	}
	return items
}

func (w *Window) openPreset() {
	w.pickFileOf([]string{preset.Ending}, func(path string) { w.wb.OpenPreset(path) })
}

// savePreset asks for a preset's name: in the user's folder of presets, where lists find
// it, or wherever it is to be passed on from.
func (w *Window) savePreset(all bool) {
	title, name := "Save this candidate's settings as a preset", "preset"
	setup := w.wb.Setup()
	var names []string
	for _, s := range setup.Slots {
		if s.Codec != "" && s.File == nil && (all || s.Number == setup.Active) {
			names = append(names, w.wb.Title(s))
		}
	}
	if len(names) > 0 {
		name = strings.Join(names[:min(len(names), 4)], " ")
	}
	if all {
		title = "Save all candidates' settings as a preset"
	}
	path := name + preset.Ending
	if dir := w.wb.PresetDir(); dir != "" && os.MkdirAll(dir, 0o755) == nil {
		path = filepath.Join(dir, path)
	}
	before := w.folder()
	w.askPath(title, path, []string{preset.Ending}, func(path string) {
		w.remember(filepath.Join(before, "x")) // presets have a folder of their own
		if !strings.EqualFold(filepath.Ext(path), preset.Ending) {
			path += preset.Ending
		}
		w.wb.SavePreset(all, path)
	})
}
