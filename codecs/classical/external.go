package classical

import (
	"context"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"time"

	"codecworkbench/codecs"
	"codecworkbench/codecs/command"
	"codecworkbench/codecs/command/userfile"
	"codecworkbench/codecs/picture"
)

// External is a codec that runs two command-line programs, described by a TOML file.
// Make one with Predefined or LoadExternals.
type External struct {
	definition definition

	// The programs are looked for once: Info must not change while the program runs.
	once        sync.Once
	encoder     string // path; empty if not found
	decoder     string
	unavailable string

	versionOnce sync.Once
	version     string
}

// versionTime bounds how long a program may take to print its version.
const versionTime = 3 * time.Second

// versionPattern finds the line with the version in what a program prints.
var versionPattern = regexp.MustCompile(`(?m)^.*\d+\.\d+.*$`)

// Info describes the codec; its first call looks for the programs.
func (x *External) Info() codecs.Info {
	x.once.Do(x.find)
	d := &x.definition
	info := codecs.Info{
		ID:          d.ID,
		Name:        d.Name,
		Family:      "external",
		Summary:     d.Summary,
		Paper:       d.Paper,
		Version:     1,
		Lossless:    d.Lossless,
		Quality:     d.Quality.describe(d.Encoder.Programs[0]),
		Accepts:     codecs.Accepts{MinSide: d.MinSide, MaxSide: d.MaxSide, Alpha: d.Alpha},
		Sections:    nativeSections(d.Name + " file"),
		Native:      d.Native,
		Unavailable: x.unavailable,
		Depends:     x.fingerprint,
	}
	for _, p := range d.Params {
		info.Params = append(info.Params, p.param())
	}
	return info
}

// shown converts between the program's number and q, either way. Where higher is
// better they are the same; else q runs the other way over the same range.
func (q *nativeQuality) shown(v float64) float64 {
	if q.Worst < q.Best {
		return v
	}
	return q.Worst + q.Best - v
}

// native returns the number that the program is given for a q.
func (q *nativeQuality) native(v float64) float64 {
	if q.Divide > 0 {
		return q.Divide / v
	}
	return q.shown(v)
}

func (q *nativeQuality) describe(program string) *codecs.Quality {
	if q == nil {
		return nil
	}
	help := q.Help
	if q.Worst > q.Best {
		help = strings.TrimSpace(fmt.Sprintf("%s The number given to %s is %s - q.", help, program, codecs.FormatNumber(q.Worst+q.Best)))
	}
	out := &codecs.Quality{Min: min(q.Worst, q.Best), Max: max(q.Worst, q.Best), Step: q.Step, Default: q.shown(q.Default), Help: help}
	for _, v := range q.Ladder {
		out.Ladder = append(out.Ladder, q.shown(v))
	}
	return out
}

// find looks for the programs.
func (x *External) find() {
	d := &x.definition
	var missing string
	if x.encoder = command.Find(d.Encoder.Programs); x.encoder == "" {
		missing = d.Encoder.Programs[0]
	} else if x.decoder = command.Find(d.Decoder.Programs); x.decoder == "" {
		missing = d.Decoder.Programs[0]
	}
	if missing != "" {
		x.unavailable = userfile.Missing(missing, d.Install[runtime.GOOS])
	}
}

// fingerprint names the encoder's version, which it is asked for once, and the commands.
func (x *External) fingerprint() string {
	x.versionOnce.Do(func() { x.version = x.askVersion() })
	d := &x.definition
	return strings.Join([]string{x.version, strings.Join(d.Encoder.Args, " "), strings.Join(d.Decoder.Args, " ")}, " | ")
}

// askVersion returns the line in which the encoder names its version. Some programs end
// with a failure after it, so the exit status is not looked at.
func (x *External) askVersion() string {
	if x.once.Do(x.find); x.unavailable != "" || len(x.definition.Encoder.Version) == 0 {
		return ""
	}
	printed, _ := command.Command{Path: x.encoder, Args: x.definition.Encoder.Version, Limit: versionTime}.Run(context.Background())
	return strings.TrimSpace(versionPattern.FindString(printed.Text()))
}

// Encode writes the picture to a file and runs the encoder on it.
func (x *External) Encode(ctx context.Context, p *picture.Picture, o codecs.EncodeOptions) (*codecs.Stream, error) {
	info := x.Info()
	params, err := info.Resolve(o.Params)
	if err != nil {
		return nil, err
	}
	if err := info.Check(p); err != nil {
		return nil, err
	}
	d := &x.definition
	values := map[string]string{}
	for _, param := range d.Params {
		values[param.Name] = params[param.Name]
	}
	if d.Quality != nil {
		values["q"] = codecs.FormatNumber(round9(d.Quality.native(params.Q())))
	}
	file, err := codecs.Detach(ctx, func() ([]byte, error) {
		data, err := command.PictureFile(p, d.Encoder.Picture, p.Gray())
		if err != nil {
			return nil, err
		}
		return x.convert(ctx, x.encoder, d.Encoder, "."+d.Encoder.Picture, data, d.Native, values)
	})
	if err != nil {
		return nil, err
	}
	codecs.Report(o.On, 1, 1)
	return codecs.NativeStream(d.ID, p.Width(), p.Height(), file), nil
}

// round9 takes the noise of decimal fractions out of a sum.
func round9(v float64) float64 { return math.Round(v*1e9) / 1e9 }

// Decode runs the decoder on the file inside and reads what it wrote.
func (x *External) Decode(ctx context.Context, s *codecs.Stream, o codecs.DecodeOptions) (*codecs.Result, error) {
	x.once.Do(x.find)
	d := &x.definition
	if x.unavailable != "" {
		return nil, fmt.Errorf("%s is %w: %s", d.ID, codecs.ErrUnavailable, x.unavailable)
	}
	file, err := s.Native()
	if err != nil {
		return nil, err
	}
	p, err := codecs.Detach(ctx, func() (*picture.Picture, error) {
		data, err := x.convert(ctx, x.decoder, d.Decoder, d.Native, file, "."+d.Decoder.Picture, nil)
		if err != nil {
			return nil, err
		}
		return picture.Decode(data, picture.Source{Name: filepath.Base(x.decoder) + "'s picture"})
	})
	if err != nil {
		return nil, err
	}
	return result(s, p, o)
}

// convert runs one program on a file in a folder of its own and returns the file that
// it wrote.
func (x *External) convert(ctx context.Context, path string, t tool, inExt string, data []byte, outExt string, values map[string]string) ([]byte, error) {
	return command.InFolder(x.definition.ID, func(dir string) ([]byte, error) {
		in, out := filepath.Join(dir, "in"+inExt), filepath.Join(dir, "out"+outExt)
		if err := os.WriteFile(in, data, 0o600); err != nil {
			return nil, err
		}
		all := map[string]string{"in": in, "out": out}
		maps.Copy(all, values)
		printed, err := command.Command{Path: path, Args: command.Expand(t.Args, all), Dir: dir,
			Limit: time.Duration(x.definition.Seconds) * time.Second, MaxBytes: picture.MaxFileBytes + int64(len(data))}.Run(ctx)
		if err != nil {
			return nil, err
		}
		info, err := os.Stat(out)
		switch {
		case err != nil || info.Size() == 0:
			return nil, fmt.Errorf("%s wrote no file%s", filepath.Base(path), printed.LastLine())
		case info.Size() > picture.MaxFileBytes:
			return nil, fmt.Errorf("%s wrote %d MiB, at most %d are read", filepath.Base(path), info.Size()>>20, picture.MaxFileBytes>>20)
		}
		return os.ReadFile(out)
	})
}
