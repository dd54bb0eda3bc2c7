package workbench

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"codecworkbench/app/report/heatmap"
	"codecworkbench/app/sweep"
	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
)

// SaveKind is what is written of a candidate.
type SaveKind int

// What can be saved of a candidate.
const (
	SaveContainer SaveKind = iota // .cwb
	SaveNative                    // the codec's own format
	SaveDecoded                   // the decoded picture as PNG
	SaveMap                       // the metric's map that is shown: PNG with its legend, or NumPy file
)

// SaveName proposes a file name for what is saved, or says why it can't be.
func (w *Workbench) SaveName(number int, kind SaveKind) (string, error) {
	s, ok := w.Slot(number)
	if !ok || w.pictures.pic == nil {
		return "", errors.New("there is nothing to save")
	}
	if number == Original && kind == SaveDecoded {
		return w.stem() + ".png", nil
	}
	info, ok := w.Info(s)
	if !ok {
		return "", errors.New("the original is saved as it is; choose a candidate")
	}
	r := w.Run(number)
	if !r.Fresh {
		return "", fmt.Errorf("%s is not encoded yet", w.Title(s))
	}
	stem := w.stem() + "-" + info.ID
	if set := w.Setting(s); strings.HasPrefix(set, "q ") {
		stem += "-q" + s.Params["q"]
	}
	switch kind {
	case SaveDecoded:
		return stem + ".png", nil
	case SaveMap:
		if m, ok := w.Map(number); !ok || !m.Fresh || w.view.Mode != Mapped {
			return "", fmt.Errorf("%s shows no metric's map", w.Title(s))
		}
		return stem + "-" + w.view.Map.Metric + "-" + w.view.Map.Kind + ".png", nil
	case SaveNative:
		if info.Native == "" {
			return "", fmt.Errorf("%s has no format of its own; save a .cwb file", info.ID)
		}
		return stem + info.Native, nil
	}
	return stem + ".cwb", nil
}

// stem is the current picture's name without its extension.
func (w *Workbench) stem() string {
	name := w.pictures.pic.Source().Name
	if name == "" {
		name = "picture"
	}
	return strings.TrimSuffix(name, filepath.Ext(name))
}

// Save writes a candidate to a file, and tells when it is done.
func (w *Workbench) Save(number int, kind SaveKind, path string) {
	if _, err := w.SaveName(number, kind); err != nil {
		w.Fail(err)
		return
	}
	if number == Original {
		w.Write(path, w.pictures.pic.EncodePNG)
		return
	}
	if kind == SaveMap {
		m, _ := w.Map(number)
		strength := float64(w.view.Map.Strength) / 100
		w.Write(path, func() ([]byte, error) { return mapBytes(m, strength, filepath.Ext(path)) })
		return
	}
	s, _ := w.Slot(number)
	info, _ := w.Info(s)
	result := w.Run(number).Result
	w.Write(path, func() ([]byte, error) { return fileBytes(info, result, kind) })
}

// mapBytes is a map as a file of its ending.
func mapBytes(m Map, strength float64, ext string) ([]byte, error) {
	switch strings.ToLower(ext) {
	case ".npy":
		return heatmap.NPY(m.Map), nil
	case ".png":
		return heatmap.PNG(m.Under.RGB8(), m.Map, m.Info, m.Kind, strength)
	}
	return nil, errors.New("maps are written as .png or .npy")
}

func fileBytes(info codecs.Info, r *Result, kind SaveKind) ([]byte, error) {
	switch kind {
	case SaveDecoded:
		return r.Decoded.EncodePNG()
	case SaveNative:
		data, _, err := sweep.FileOf(info, r.Stream)
		return data, err
	}
	return codecs.Marshal(r.Stream)
}

// Write makes a file's content and writes it on another goroutine, and tells when
// it is done. An existing file is replaced only once the new one is complete.
func (w *Workbench) Write(path string, content func() ([]byte, error)) {
	w.busy(1)
	go func() {
		data, err := content()
		if err == nil {
			err = picture.WriteFile(path, data)
		}
		w.config.Post(func() {
			w.busy(-1)
			if err != nil {
				w.Fail(fmt.Errorf("%s was not saved: %w", filepath.Base(path), err))
				return
			}
			w.Tell(fmt.Sprintf("Saved %s, %s bytes.", path, FormatCount(len(data))))
		})
	}()
}
