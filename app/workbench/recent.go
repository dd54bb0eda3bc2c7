package workbench

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"codecworkbench/codecs/picture"
)

const (
	recentName = "recent.json"
	// maxRecent bounds the list of what was opened last.
	maxRecent = 12
)

// Recent lists the files, folders and sessions that were opened last, the newest first.
func (w *Workbench) Recent() []string {
	if w.recent == nil && w.config.Folder != "" {
		w.recent = []string{}
		if data, err := os.ReadFile(filepath.Join(w.config.Folder, recentName)); err == nil {
			var list []string
			if json.Unmarshal(data, &list) == nil { // else it begins anew
				w.recent = list[:min(len(list), maxRecent)]
			}
		}
	}
	return slices.Clone(w.recent)
}

// remember puts a path at the front of the list.
func (w *Workbench) remember(paths ...string) {
	if w.config.Folder == "" || w.saver.loading {
		return
	}
	list := w.Recent()
	for _, path := range slices.Backward(paths) {
		path = absolute(path)
		list = slices.DeleteFunc(list, func(s string) bool { return s == path })
		list = slices.Insert(list, 0, path)
	}
	w.keepRecent(list[:min(len(list), maxRecent)])
}

// keepRecent writes the list; where that fails, it ends with the window.
func (w *Workbench) keepRecent(list []string) {
	w.recent = list
	path := filepath.Join(w.config.Folder, recentName)
	data, err := json.MarshalIndent(list, "", " ")
	if err != nil {
		return
	}
	if os.MkdirAll(filepath.Dir(path), 0o755) == nil {
		_ = picture.WriteFile(path, data)
	}
}

// OpenRecent opens one of the list again; what is gone leaves the list.
func (w *Workbench) OpenRecent(path string) {
	if _, err := os.Stat(path); err != nil {
		w.keepRecent(slices.DeleteFunc(w.Recent(), func(s string) bool { return s == path }))
		w.Fail(fmt.Errorf("%s is gone from %s", filepath.Base(path), filepath.Dir(path)))
		return
	}
	w.OpenPaths([]string{path})
}
