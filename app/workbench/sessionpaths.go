package workbench

import (
	"path/filepath"
	"slices"
	"strings"

	"codecworkbench/app/sweep"
	"codecworkbench/codecs"
)

// Sessions name files relative to the folder that they lie in, so that a folder moves
// with its session. Such names begin with ./ or ../ and have slashes; all others mean
// what they say, as in sessions of programs that wrote absolute paths.

// relativeTo returns what names files relative to a folder; a file on another drive
// keeps its path.
func relativeTo(dir string) func(path string) string {
	return func(path string) string {
		if !filepath.IsAbs(path) {
			return path
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return path
		}
		rel = filepath.ToSlash(rel)
		switch {
		case rel == "." || rel == "..":
			return rel + "/"
		case strings.HasPrefix(rel, "../"):
			return rel
		}
		return "./" + rel
	}
}

// absoluteFrom returns what undoes relativeTo.
func absoluteFrom(dir string) func(path string) string {
	return func(path string) string {
		if strings.HasPrefix(path, "./") || strings.HasPrefix(path, "../") {
			return filepath.Join(dir, filepath.FromSlash(path))
		}
		return path
	}
}

// mapPaths replaces every path in a session, leaving alone what the session shares with
// the workbench.
func (w *Workbench) mapPaths(s *session, f func(path string) string) {
	s.Pictures, s.Slots = slices.Clone(s.Pictures), slices.Clone(s.Slots)
	for i := range s.Pictures {
		s.Pictures[i].Path = f(s.Pictures[i].Path)
	}
	for i := range s.Slots {
		slot := &s.Slots[i]
		slot.File, slot.Params = f(slot.File), w.mapParams(slot.Codec, slot.Params, f)
	}
	s.Watched, s.Followed = mapAll(s.Watched, f), mapAll(s.Followed, f)
	s.Kept.Path = f(s.Kept.Path)
	s.Library.Files = mapAll(s.Library.Files, f)
	if s.Library.View != nil {
		view := *s.Library.View
		view.Shown = mapAll(view.Shown, func(id string) string {
			path, rest, ok := strings.Cut(id, "\x00")
			if !ok {
				return id
			}
			return f(path) + "\x00" + rest
		})
		s.Library.View = &view
	}
	if s.Sweep != nil {
		plan := *s.Sweep
		plan.Pictures = mapAll(plan.Pictures, f)
		plan.Specs = mapAll(plan.Specs, func(text string) string {
			spec, err := sweep.ParseSpec(text)
			if err != nil {
				return text
			}
			spec.Params = w.mapParams(spec.Codec, spec.Params, f)
			return spec.String()
		})
		s.Sweep = &plan
	}
}

// mapParams replaces the paths among a codec's settings.
func (w *Workbench) mapParams(codec string, params codecs.Params, f func(path string) string) codecs.Params {
	for _, name := range w.pathParams(codec) {
		if v, ok := params[name]; ok {
			if to := f(v); to != v {
				params = params.With(name, to)
			}
		}
	}
	return params
}

// pathParams lists the parameters of a codec that can be paths.
func (w *Workbench) pathParams(codec string) []string {
	c, err := w.config.Tools.Codecs.Codec(codec)
	if err != nil {
		return nil
	}
	var names []string
	for _, p := range c.Info().Params {
		if p.Kind == codecs.File || p.Kind == codecs.PicFile || p.Kind == codecs.Model {
			names = append(names, p.Name)
		}
	}
	return names
}

func mapAll(list []string, f func(string) string) []string {
	out := slices.Clone(list)
	for i := range out {
		out[i] = f(out[i])
	}
	return out
}
