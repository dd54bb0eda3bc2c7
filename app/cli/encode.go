package cli

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
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
	search                bool // bpp or target was given
}

func (a *app) encodeCmd() *cobra.Command {
	var f encodeFlags
	cmd := &cobra.Command{
		Use:   "encode --codec ID [--q Q | --bpp B | --target METRIC=V] [--set k=v]... IN -o OUT",
		Short: "Compress a picture to a .cwb file, or to the codec's own format",
		Long: `Compress a picture. OUT ends in .cwb, or in the codec's own extension (.jpg, .webp, ...).

--bpp B finds the largest file of at most B bits per pixel; --target METRIC=V the
smallest file that reaches a metric's value (MS-SSIM linear: ms-ssim-rgb=0.97).`,
		Example: `  codecworkbench encode --codec klt --bpp 0.5 photo.png -o photo.cwb
  codecworkbench encode --codec jpeg --q 90 --set subsampling=4:4:4 photo.png -o photo.jpg
  codecworkbench encode --codec webp --target psnr-rgb=35 photo.png -o photo.webp`,
		Args: exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			f.search = cmd.Flags().Changed("bpp") || cmd.Flags().Changed("target")
			return a.encode(cmd.Context(), f, args[0])
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.codec, "codec", "", "the codec's `ID` (see: list codecs)")
	flags.StringVar(&f.q, "q", "", "quality, on the codec's scale; higher is better")
	flags.Float64Var(&f.bpp, "bpp", 0, "largest file of at most `B` bits per pixel")
	flags.StringVar(&f.target, "target", "", "smallest file that reaches `METRIC=V`")
	flags.StringArrayVar(&f.set, "set", nil, "set a parameter, `k=v` (repeatable)")
	flags.StringVarP(&f.out, "output", "o", "", "the `FILE` to write")
	required(cmd, "codec", "output")
	cmd.MarkFlagsMutuallyExclusive("q", "bpp", "target")
	a.completeCodecs(cmd, "codec")
	return cmd
}

// required marks flags that must be given; it cannot fail for flags that exist.
func required(cmd *cobra.Command, names ...string) {
	for _, n := range names {
		if err := cmd.MarkFlagRequired(n); err != nil {
			panic(err)
		}
	}
}

func (a *app) encode(ctx context.Context, f encodeFlags, in string) error {
	tools := a.tools()
	c, err := tools.Codecs.Codec(f.codec)
	if err != nil {
		return err
	}
	info := c.Info()
	ext := strings.ToLower(filepath.Ext(f.out))
	if err := checkExtension(info, ext); err != nil {
		return err
	}
	if err := writable(f.out); err != nil {
		return err
	}
	if sameFile(in, f.out) {
		return fmt.Errorf("%s is both input and output; name another file to write", in)
	}
	params, err := parseSet(f.set)
	if err != nil {
		return err
	}
	if f.q != "" {
		params["q"] = f.q
	}
	if params, err = info.Resolve(params); err != nil {
		return err
	}
	p, err := picture.Open(in)
	if err != nil {
		return err
	}
	notes := p.Source().Notes
	m := a.meter()
	on := func(pr codecs.Progress) { m.show(pr.Done, pr.Total, "") }
	var run *sweep.Run
	if f.search {
		var goal sweep.Target
		if goal, err = parseTarget(tools, f); err != nil {
			return err
		}
		run, params, err = sweep.Search(ctx, c, p, params, goal, on)
	} else {
		run, err = sweep.EncodePicture(ctx, c, p, codecs.EncodeOptions{Params: params, On: on})
	}
	m.end()
	if err != nil {
		return fmt.Errorf("%s: %w", in, err)
	}
	data, native, err := sweep.FileOf(info, run.Stream)
	if err == nil && ext == ".cwb" && native != ".cwb" {
		data, err = codecs.Marshal(run.Stream)
	}
	if err != nil {
		return err
	}
	if err := picture.WriteFile(f.out, data); err != nil {
		return err
	}
	for _, n := range append(notes, run.Notes...) {
		fmt.Fprintln(a.Stderr, "note: "+n)
	}
	q := ""
	if info.Quality != nil {
		q = " q " + params["q"]
	}
	fmt.Fprintf(a.Stdout, "%s: %s%s, %d bytes, %.4f bpp, %.1f ms\n", f.out, info.ID, q, run.Bytes, run.BPP,
		float64(run.Encode.Microseconds())/1000)
	return nil
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
	id, text, ok := strings.Cut(f.target, "=")
	v, err := strconv.ParseFloat(text, 64)
	if !ok || err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return sweep.Target{}, fmt.Errorf("--target %s is not of the form METRIC=number", f.target)
	}
	m, err := tools.Metrics.Metric(id)
	return sweep.Target{Metric: m, Value: v}, err
}
