// Package external makes any command-line program that compares two pictures a
// metric, by a small TOML file. Programs run without a shell, in a folder of their
// own, and are stopped with their children on cancel and when their time is over.
package external

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"codecworkbench/codecs/command"
	"codecworkbench/codecs/command/userfile"
	"codecworkbench/codecs/picture"
	"codecworkbench/metrics"
)

// external is a metric that runs a program, as its file says. What it measures, its
// range and its direction are the program's; it has one value and no map.
//
// A comparison holds both pictures once more as files in memory and on disk.
type external struct {
	definition definition
	version    int // of the file's text: values kept from before a change of it are void

	// The program is looked for once: Info must not change while this one runs.
	once        sync.Once
	path        string
	unavailable string
}

// Info implements metrics.Metric; its first call looks for the program.
func (m *external) Info() metrics.Info {
	m.once.Do(m.find)
	d := &m.definition
	return metrics.Info{
		ID: d.ID, Name: d.Name, Unit: d.Unit, Summary: d.Summary, Range: d.Range, Paper: d.Paper,
		Version: m.version, Lower: d.Lower, MinSide: d.MinSide, DB: d.DB, Alpha: d.Alpha, Unavailable: m.unavailable,
	}
}

// find looks for the program.
func (m *external) find() {
	if m.path = command.Find(m.definition.Command.Programs); m.path == "" {
		m.unavailable = userfile.Missing(m.definition.Command.name(), m.definition.Install[runtime.GOOS])
	}
}

// Compare implements metrics.Metric: it writes both pictures to files, runs the
// program and reads the number in what it prints.
func (m *external) Compare(ctx context.Context, p *metrics.Pair) (float64, error) {
	m.once.Do(m.find)
	if m.unavailable != "" {
		return 0, &metrics.Undefined{Reason: m.unavailable}
	}
	printed, err := command.InFolder(m.definition.ID, func(dir string) (command.Printed, error) { return m.run(ctx, dir, p) })
	if err != nil {
		return 0, err
	}
	return m.definition.value(printed)
}

// run runs the program on a pair in a folder.
func (m *external) run(ctx context.Context, dir string, p *metrics.Pair) (command.Printed, error) {
	d := &m.definition
	files, bytes := map[string]string{}, 0
	for name, side := range map[string]*picture.Picture{"ref": p.Ref(), "dist": p.Dist()} {
		data, err := command.PictureFile(side, d.Command.Picture, p.Gray())
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return command.Printed{}, err
		}
		files[name] = filepath.Join(dir, name+"."+d.Command.Picture)
		if err := os.WriteFile(files[name], data, 0o600); err != nil {
			return command.Printed{}, err
		}
		bytes += len(data)
	}
	printed, err := command.Command{Path: m.path, Args: command.Expand(d.Command.Args, files), Dir: dir,
		Limit: time.Duration(d.Seconds) * time.Second, MaxBytes: int64(bytes) + picture.MaxFileBytes}.Run(ctx)
	status := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		status = exit.ExitCode()
	} else if err != nil {
		return printed, err
	}
	if !slices.Contains(d.Command.Success, status) {
		if err == nil {
			err = fmt.Errorf("%s ended with the exit status 0, which success does not name%s", filepath.Base(m.path), printed.LastLine())
		}
		return printed, err
	}
	return printed, nil
}

// value reads the number: the last one that the pattern finds in the program's
// output or, where it finds none there, among its errors.
func (d *definition) value(printed command.Printed) (float64, error) {
	var matches [][]string
	for _, text := range []string{printed.Stdout, printed.Stderr} {
		if matches == nil {
			matches = d.Command.pattern.FindAllStringSubmatch(text, -1)
		}
	}
	name := d.Command.name()
	if matches == nil {
		return 0, fmt.Errorf("%s printed no number that was looked for%s", name, printed.LastLine())
	}
	text := matches[len(matches)-1][1]
	v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%s printed %q where a number was looked for", name, text)
	case math.IsInf(v, 1) && !d.Lower:
		return v, nil // the best of all, as the PSNR of identical pictures
	case math.IsInf(v, 0) || math.IsNaN(v):
		return 0, &metrics.Undefined{Reason: fmt.Sprintf("%s says %s", name, text)}
	}
	return v, nil
}
