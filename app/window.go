//go:build !nogui

package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"

	_ "codecworkbench/app/locale" // before the toolkit, which reads the locale while it is initialised
	"codecworkbench/app/sweep"
	"codecworkbench/app/workbench"
	"codecworkbench/assets"
	"codecworkbench/codecs/picture"
	samples "codecworkbench/sample_images"
	"codecworkbench/views"
)

// appID and appName are those of FyneApp.toml, which the program can't read where it
// is installed; a test compares them.
const (
	appID   = "io.codecworkbench.app"
	appName = "Codec Workbench"
	build   = 1
)

// openWindow opens the window on the pictures named, or on a sample.
func openWindow(tools sweep.Tools, paths []string) error {
	if err := checkDisplay(); err != nil {
		return err
	}
	fyneapp.SetMetadata(fyne.AppMetadata{ID: appID, Name: appName, Version: Version, Build: build,
		Icon: fyne.NewStaticResource("icon.png", assets.Icon())})
	a := fyneapp.NewWithID(appID)
	env := environment()
	wb, err := workbench.New(workbench.Config{Tools: tools, Samples: sampleList(), Post: views.Post,
		Folder: sessionDir(), Program: program, Published: env.Published, CacheDir: env.CacheDir,
		Presets: assets.Presets(), PresetDir: configSub("presets")})
	if err != nil {
		return err
	}
	go func() { // external programs tell their versions before a click has to wait for that
		for _, c := range tools.Codecs.All() {
			c.Info().Fingerprint()
		}
	}()
	window := views.New(a, wb)
	// Fyne 2.7.1 closes the queue of its thread while its own last event, and whatever work
	// has just ended, may still be on their way into it, and then panics or waits for ever.
	// So the program ends with its window, before that. What a preference changed is on the
	// disk a tenth of a second later, and nothing else waits for the toolkit's own end.
	window.Fyne().SetOnClosed(func() {
		wb.Close()
		os.Exit(0)
	})
	wb.Start(paths)
	window.ShowAndRun()
	wb.Close() // where a signal ended the window, nothing else has
	return nil
}

// checkDisplay says in a sentence what the toolkit would say in a stack trace.
func checkDisplay() error {
	switch runtime.GOOS {
	case "windows", "darwin":
		return nil
	}
	if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return errors.New("there is no display here (DISPLAY and WAYLAND_DISPLAY are not set), so no window can open; see codecworkbench --help for what works without one")
	}
	return nil
}

// sessionDir keeps the session between starts; empty where there is no place for it.
func sessionDir() string { return configSub("session") }

// configSub is a folder in the user's folder; empty where there is no place for it.
func configSub(name string) string {
	if dir := configDir(); dir != "" {
		return filepath.Join(dir, name)
	}
	return ""
}

// sampleList hands the embedded pictures to the workbench.
func sampleList() []workbench.Sample {
	var list []workbench.Sample
	for _, s := range samples.All() {
		list = append(list, workbench.Sample{Name: s.Title, Note: s.About, Open: func() (*picture.Picture, error) {
			data, err := s.PNG()
			if err != nil {
				return nil, err
			}
			return picture.Decode(bytes.Clone(data), picture.Source{Name: s.Name + ".png"})
		}})
	}
	return list
}
