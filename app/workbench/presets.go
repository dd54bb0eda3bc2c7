package workbench

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"codecworkbench/app/preset"
	"codecworkbench/codecs"
)

// NamedPreset is a preset that can be chosen, and the file that it came from; the
// program's own have no path.
type NamedPreset struct {
	preset.Preset
	Path string
}

// maxPresets bounds the user's presets that are listed.
const maxPresets = 50

// Presets lists the program's presets, then those in the user's folder, by name. Files that
// are none are passed over: opening one says what is wrong with it.
func (w *Workbench) Presets() []NamedPreset {
	var out []NamedPreset
	if w.config.Presets != nil {
		out = append(out, listPresets(w.config.Presets, "")...)
	}
	if w.config.PresetDir != "" {
		out = append(out, listPresets(os.DirFS(w.config.PresetDir), w.config.PresetDir)...)
	}
	return out
}

func listPresets(files fs.FS, dir string) []NamedPreset {
	names, _ := fs.Glob(files, "*"+preset.Ending) // a constant pattern has no errors
	var out []NamedPreset
	for _, name := range names[:min(len(names), maxPresets)] {
		info, err := fs.Stat(files, name)
		if err != nil || info.Size() > preset.MaxBytes {
			continue
		}
		data, err := fs.ReadFile(files, name)
		if err != nil {
			continue
		}
		p, err := preset.Parse(data)
		if err != nil {
			continue
		}
		n := NamedPreset{Preset: named(p, name)}
		if dir != "" {
			n.Path = filepath.Join(dir, name)
		}
		out = append(out, n)
	}
	slices.SortFunc(out, func(a, b NamedPreset) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// named gives a preset without a name that of its file.
func named(p preset.Preset, file string) preset.Preset {
	if p.Name == "" {
		p.Name = strings.TrimSuffix(filepath.Base(file), preset.Ending)
	}
	return p
}

// PresetDir is the folder of the user's presets; empty where there is no place for it.
func (w *Workbench) PresetDir() string { return w.config.PresetDir }

// isPreset reports whether a path names a preset.
func isPreset(path string) bool { return strings.EqualFold(filepath.Ext(path), preset.Ending) }

// OpenPreset reads a preset's file and applies it.
func (w *Workbench) OpenPreset(path string) {
	w.busy(1)
	go func() {
		p, err := readPreset(path)
		w.config.Post(func() {
			w.busy(-1)
			if err != nil {
				w.Fail(fmt.Errorf("%s can't be opened: %w", filepath.Base(path), err))
				return
			}
			w.ApplyPreset(NamedPreset{p, path})
		})
	}()
}

func readPreset(path string) (preset.Preset, error) {
	info, err := os.Stat(path)
	if err != nil {
		return preset.Preset{}, err
	}
	if info.Size() > preset.MaxBytes { // Parse would say the same, once it was read
		return preset.Preset{}, fmt.Errorf("a preset has %d bytes at most, this file has %d", preset.MaxBytes, info.Size())
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return preset.Preset{}, err
	}
	p, err := preset.Parse(data)
	return named(p, path), err
}

// ApplyPreset sets the candidates as a preset says, which undo takes back: one candidate
// takes the place of the active one, several that of all. What is not there is told, and
// the rest applied.
func (w *Workbench) ApplyPreset(p NamedPreset) {
	var slots []Slot
	var missing []string
	for _, c := range p.Candidates {
		s, err := w.presetSlot(c, filepath.Dir(p.Path))
		if err == nil {
			slots = append(slots, s)
		} else if !c.Optional || !errors.Is(err, codecs.ErrUnavailable) {
			missing = append(missing, w.Plainly(err))
		}
	}
	if len(slots) == 0 {
		w.Fail(fmt.Errorf("%s was not applied. %s", p.Name, strings.Join(missing, " ")))
		return
	}
	for _, m := range missing {
		w.Fail(errors.New(m))
	}
	if len(p.Candidates) == 1 {
		w.applyOne(slots[0])
	} else {
		w.applySet(slots, p.EqualRate)
	}
	w.Tell("Applied the preset " + p.Name + ".")
}

// presetSlot makes a candidate of what a preset says. Files beside the preset are meant
// where a parameter names one.
func (w *Workbench) presetSlot(c preset.Candidate, dir string) (Slot, error) {
	codec, err := w.config.Tools.Codecs.Codec(c.Codec)
	if err != nil {
		return Slot{}, fmt.Errorf("%w: %w", codecs.ErrUnavailable, err)
	}
	info := codec.Info()
	if info.Unavailable != "" {
		return Slot{}, fmt.Errorf("%s is %w: %s", info.ID, codecs.ErrUnavailable, info.Unavailable)
	}
	params := codecs.Params{}
	for k, v := range c.Params {
		params[k] = v
	}
	for _, k := range fileParams(info) {
		if v := params[k]; v != "" && !filepath.IsAbs(v) && dir != "" {
			if beside := filepath.Join(dir, filepath.FromSlash(v)); fileStamp(beside) != "" {
				params[k] = beside
			}
		}
	}
	resolved, err := info.Resolve(params)
	if err != nil {
		return Slot{}, fmt.Errorf("%s: %w", info.ID, err)
	}
	return Slot{Codec: info.ID, Params: resolved}, nil
}

// fileParams lists the parameters of a codec that may name files.
func fileParams(info codecs.Info) []string {
	var out []string
	for _, p := range info.Params {
		if p.Kind == codecs.File || p.Kind == codecs.Model {
			out = append(out, p.Name)
		}
	}
	return out
}

// applyOne gives the active candidate a setting; beside the original or a file it becomes
// one more.
func (w *Workbench) applyOne(s Slot) {
	active, ok := w.Slot(w.setup.Active)
	if !ok || active.Codec == "" || active.File != nil {
		w.addSlot(s)
		return
	}
	w.record("")
	s.Number = active.Number
	w.replace(w.setup.index(s.Number), s)
	w.touched(Slots)
}

// applySet replaces all candidates.
func (w *Workbench) applySet(slots []Slot, equal bool) {
	w.record("")
	next := w.setup.clone()
	next.Slots = []Slot{{Number: Original}}
	for i, s := range slots {
		s.Number = Original + 1 + i
		next.Slots = append(next.Slots, s)
	}
	next.Left, next.Right, next.More = Original, Original+1, nil
	if len(slots) > 1 {
		next.Left, next.Right = Original+1, Original+2
	}
	next.Active = next.Right
	if next.Match.Lead = 0; equal {
		next.Match = Match{On: true, All: len(slots) > 2}
	}
	w.restore(next)
}

// CanSavePreset says why there is nothing to save as a preset; nil if there is.
func (w *Workbench) CanSavePreset(all bool) error {
	_, _, err := w.presetOf(all, "")
	return err
}

// presetOf makes a preset of the active candidate or of all, for a file in dir. Dropped
// says that something stays behind.
func (w *Workbench) presetOf(all bool, dir string) (p preset.Preset, dropped bool, err error) {
	for _, s := range w.setup.Slots {
		if s.Codec == "" || s.File != nil || !all && s.Number != w.setup.Active {
			continue
		}
		info, _ := w.Info(s)
		c := preset.Candidate{Codec: s.Codec, Params: map[string]string{}}
		for k, v := range s.Params {
			c.Params[k] = v
		}
		for _, param := range info.Params {
			if param.Kind == codecs.PicFile && c.Params[param.Name] != "" { // it belongs to its picture
				delete(c.Params, param.Name)
				dropped = true
			}
		}
		for _, k := range fileParams(info) {
			if rel, err := filepath.Rel(dir, c.Params[k]); dir != "" && filepath.IsAbs(c.Params[k]) && err == nil && !strings.HasPrefix(rel, "..") {
				c.Params[k] = filepath.ToSlash(rel)
			}
		}
		p.Candidates = append(p.Candidates, c)
	}
	if len(p.Candidates) == 0 {
		return p, false, errors.New("there is no candidate whose settings could be saved: the original and files have none")
	}
	m := w.setup.Match
	p.EqualRate = all && m.On && m.Metric == "" && !m.Fixed
	return p, dropped, nil
}

// SavePreset writes the settings of the active candidate, or of all, to a file; the file's
// name is the preset's.
func (w *Workbench) SavePreset(all bool, path string) {
	p, dropped, err := w.presetOf(all, filepath.Dir(path))
	if err != nil {
		w.Fail(err)
		return
	}
	p = named(p, path)
	if dropped {
		w.Tell("Masks belong to their pictures and are not part of the preset.")
	}
	w.Write(path, p.Marshal)
}
