package cli

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"codecworkbench/app/sweep"
	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
)

type encodeFlags struct {
	codec, q, target, out string
	bpp                   float64
	set                   []string
	quality, search       bool // q was given; bpp or target was
}

func (a *app) encodeCmd() *cobra.Command {
	var f encodeFlags
	cmd := &cobra.Command{
		Use:   "encode --codec ID [--q Q | --bpp B | --target METRIC=V] [--set k=v]... IN -o OUT",
		Short: "Compress a picture to a .cwb file, or to the codec's own format",
		Long: `Compress a picture. OUT ends in .cwb, this program's own format for all codecs, or in
the codec's own extension (.jpg, .webp, ...).

--q is the codec's own quality; "codecworkbench list codecs" has its range, and with
the codec's ID all its parameters. In its place, --bpp B finds the largest file of at
most B bits per pixel, and --target METRIC=V the smallest file that reaches a metric's
value: dB for PSNR, a number up to 1 for SSIM and MS-SSIM (ms-ssim-rgb=0.97).

Then: decode OUT -o FILE.png, measure IN OUT, inspect OUT.`,
		Example: `  codecworkbench encode --codec klt --bpp 0.5 photo.png -o photo.cwb
  codecworkbench encode --codec jpeg --q 90 --set subsampling=4:4:4 photo.png -o photo.jpg
  codecworkbench encode --codec webp --target psnr-rgb=35 photo.png -o photo.webp`,
		Args: exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			f.quality = cmd.Flags().Changed("q")
			f.search = cmd.Flags().Changed("bpp") || cmd.Flags().Changed("target")
			return a.encode(cmd.Context(), f, args[0])
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.codec, "codec", "", "the codec's `ID` (see: list codecs)")
	flags.StringVar(&f.q, "q", "", "quality `Q` on the codec's scale; higher is better (default: the codec's)")
	flags.Float64Var(&f.bpp, "bpp", 0, "largest file of at most `B` bits per pixel")
	flags.StringVar(&f.target, "target", "", "smallest file that reaches `METRIC=V`")
	flags.StringArrayVar(&f.set, "set", nil, "set one of the codec's parameters, `k=v` (repeatable)")
	flags.StringVarP(&f.out, "output", "o", "", "the `FILE` to write")
	required(cmd, "codec", "output")
	exclusive(cmd, "q", "bpp", "target")
	complete(cmd, "codec", false, a.codecWords)
	complete(cmd, "target", false, a.targetWords)
	complete(cmd, "set", false, a.settingWords)
	return cmd
}

func (a *app) encode(ctx context.Context, f encodeFlags, in string) error {
	tools := a.tools()
	ids := codecIDs(tools)
	if !slices.Contains(ids, f.codec) {
		return unknown("codec", f.codec, ids)
	}
	c, err := tools.Codecs.Codec(f.codec)
	if err != nil {
		return err
	}
	info := c.Info()
	if err := f.checkOutput(info, in); err != nil {
		return err
	}
	params, note, err := f.params(info)
	if err != nil {
		return err
	}
	var goal sweep.Target
	if f.search {
		if goal, err = parseTarget(tools, f); err != nil {
			return err
		}
	}
	p, err := picture.Open(in)
	if err != nil {
		return err
	}
	m := a.meter()
	on := func(pr codecs.Progress) { m.show(pr.Done, pr.Total, "") }
	var run *sweep.Run
	if f.search {
		run, params, err = sweep.Search(ctx, c, p, params, goal, on)
	} else {
		run, err = sweep.EncodePicture(ctx, c, p, codecs.EncodeOptions{Params: params, On: on})
	}
	m.end()
	if err != nil {
		return fmt.Errorf("%s: %w", in, err)
	}
	more, err := f.write(info, run)
	if err != nil {
		return err
	}
	for _, n := range slices.Concat(p.Source().Notes, run.Notes, []string{note, more}) {
		if n != "" {
			fmt.Fprintln(a.Stderr, "note: "+n)
		}
	}
	q := ""
	if info.Quality != nil {
		q = " q " + params["q"]
	}
	fmt.Fprintf(a.Stdout, "%s: %s%s, %d bytes, %.4f bpp, encoded in %.1f ms\n", f.out, info.ID, q, run.Bytes, run.BPP,
		float64(run.Encode.Microseconds())/1000)
	return nil
}

// write writes the coded picture; the note tells the container's bytes from those
// that are the rate.
func (f encodeFlags) write(info codecs.Info, run *sweep.Run) (note string, err error) {
	data, native, err := sweep.FileOf(info, run.Stream)
	if err == nil && native != ".cwb" && strings.EqualFold(filepath.Ext(f.out), ".cwb") {
		data, err = codecs.Marshal(run.Stream)
		note = fmt.Sprintf("the rate is that of the %s file inside; the .cwb around it has %d bytes", native, len(data))
	}
	if err != nil {
		return "", err
	}
	return note, picture.WriteFile(f.out, data)
}

// checkOutput finds out before the work what would fail after it.
func (f encodeFlags) checkOutput(info codecs.Info, in string) error {
	if err := writable(f.out); err != nil {
		return err
	}
	if err := checkExtension(info, strings.ToLower(filepath.Ext(f.out))); err != nil {
		return err
	}
	return differ(in, f.out)
}

// params are the codec's settings, q on one of its steps; the note tells of a q that
// was not.
func (f encodeFlags) params(info codecs.Info) (params codecs.Params, note string, err error) {
	given, err := parseSet(f.set)
	if err != nil {
		return nil, "", err
	}
	if f.quality {
		given["q"] = f.q
	}
	if params, err = info.Resolve(given); err != nil || info.Quality == nil {
		return params, "", err
	}
	if on := info.Quality.Snap(params.Q()); on != params.Q() {
		note = fmt.Sprintf("%s has steps of %s: q %s is taken as %s", info.ID, codecs.FormatNumber(info.Quality.Step),
			params["q"], codecs.FormatNumber(on))
		params = params.WithQ(on)
	}
	return params, note, nil
}

// checkExtension refuses an extension that would lie about the content.
func checkExtension(info codecs.Info, ext string) error {
	if ext == ".cwb" || info.Native != "" && (ext == info.Native || ext == ".jpeg" && info.Native == ".jpg") {
		return nil
	}
	if info.Native == "" {
		return fmt.Errorf("%s writes .cwb files; name the output with that extension", info.ID)
	}
	return fmt.Errorf("%s writes .cwb or %s files; name the output with one of these extensions", info.ID, info.Native)
}

func parseSet(set []string) (codecs.Params, error) {
	params := codecs.Params{}
	for _, s := range set {
		k, v, ok := strings.Cut(s, "=")
		if !ok || k == "" {
			return nil, fmt.Errorf("--set %s is not of the form name=value", s)
		}
		params[k] = v
	}
	return params, nil
}

func parseTarget(tools sweep.Tools, f encodeFlags) (sweep.Target, error) {
	if f.bpp != 0 || f.target == "" {
		if !(f.bpp > 0) || math.IsInf(f.bpp, 1) {
			return sweep.Target{}, fmt.Errorf("--bpp %g: a rate above 0 is needed", f.bpp)
		}
		return sweep.Target{BPP: f.bpp}, nil
	}
	at := max(strings.LastIndex(f.target, "="), 0) // settings have one of their own
	id, text := f.target[:at], strings.TrimPrefix(f.target[at:], "=")
	v, err := strconv.ParseFloat(text, 64)
	if id == "" || err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return sweep.Target{}, fmt.Errorf("--target %s is not of the form METRIC=number", f.target)
	}
	if err := knownMetrics(tools, []string{id}); err != nil {
		return sweep.Target{}, err
	}
	m, err := tools.Metrics.Metric(id)
	return sweep.Target{Metric: m, Value: v}, err
}
