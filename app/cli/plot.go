package cli

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"codecworkbench/app/report"
	"codecworkbench/app/report/figure"
	"codecworkbench/codecs/picture"
	"codecworkbench/metrics"
	"codecworkbench/metrics/rd"
)

type plotFlags struct {
	published, y            []string
	x, title, out           string
	legend, size            string
	dpi                     int
	log, embedFonts, better bool
}

func (a *app) plotCmd() *cobra.Command {
	var f plotFlags
	cmd := &cobra.Command{
		Use:   "plot results.json... -o rd.svg|.pdf|.png|.tex",
		Short: "Draw rate-distortion curves for a paper, a slide or a page",
		Long: `Draw the curves of results files, and published ones, as a figure. The output's extension
says how: .svg, .pdf, .png, or .tex (pgfplots source). Several metrics become
panels. MS-SSIM is drawn in dB, as -10 log10(1 - mean). Results files are
those of "sweep", CompressAI's or codec-compare's JSON, and tables (CSV, TSV) with the
columns bpp and psnr-rgb or another metric.`,
		Example: `  codecworkbench plot rd.json -o rd.svg
  codecworkbench plot rd.json --published bpg-444-x265-ycbcr,vtm --y psnr-rgb,ms-ssim-rgb -o rd.pdf
  codecworkbench plot rd.json other.csv --x ratio --title "24 photographs" -o rd.png`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return a.plot(args, f) },
	}
	flags := cmd.Flags()
	flags.StringSliceVar(&f.published, "published", nil, "published curves to add, by `ID` (see: list curves)")
	flags.StringVar(&f.x, "x", rd.KeyBPP, "horizontal axis: bpp, ratio (24/bpp), or any `KEY` of the results")
	flags.StringSliceVar(&f.y, "y", []string{"psnr-rgb"}, "vertical axes, a panel each: metric `IDs`")
	flags.StringVar(&f.title, "title", "", "a `TEXT` above the figure")
	flags.StringVar(&f.legend, "legend", "auto", "`WHERE` the names stand: auto, outside, ends (of the lines) or none")
	flags.StringVar(&f.size, "size", "auto", "`WHAT` it is for, with letters to fit: column (88 mm), double (180 mm), slide (16:9) or auto")
	flags.IntVar(&f.dpi, "dpi", 0, "make PNG files of `N` dots per inch; 0: what is usual for the size")
	flags.BoolVar(&f.log, "log", false, "logarithmic horizontal axis")
	flags.BoolVar(&f.better, "better", false, "mark the corner towards which curves are better")
	flags.BoolVar(&f.embedFonts, "embed-fonts", false, "put the font into SVG files")
	flags.StringVarP(&f.out, "output", "o", "", "the `FILE` to write")
	required(cmd, "output")
	complete(cmd, "published", true, a.curveWords)
	complete(cmd, "y", true, a.metricWords)
	complete(cmd, "size", false, fixed("auto", "column", "double", "slide"))
	complete(cmd, "legend", false, fixed("auto", "outside", "ends", "none"))
	return cmd
}

func (a *app) plot(paths []string, f plotFlags) error {
	fig := &figure.Figure{Title: f.title, Log: f.log, EmbedFonts: f.embedFonts, Better: f.better}
	var err error
	if fig.Legend, err = figure.ParseLegend(f.legend); err != nil {
		return err
	}
	size, err := figure.FindSize(f.size)
	if err != nil {
		return err
	}
	fig.For(size)
	if f.dpi == 0 {
		f.dpi = size.DPI
	}
	if err := writable(f.out); err != nil {
		return err
	}
	curves, err := a.readCurves(paths, f.published)
	if err != nil {
		return err
	}
	for _, c := range curves {
		fig.Series = append(fig.Series, figure.Series{Curve: c.Curve, Published: c.id != ""})
	}
	if err := a.axes(fig, curves, f); err != nil {
		return err
	}
	var data []byte
	if format := strings.ToLower(filepath.Ext(f.out)); format == ".png" {
		data, err = fig.PNG(f.dpi)
	} else {
		data, err = fig.Encode(format)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", f.out, err)
	}
	if err := picture.WriteFile(f.out, data); err != nil {
		return err
	}
	drawn := len(curves)
	for _, c := range curves {
		if !slices.ContainsFunc(fig.Metrics, func(m metrics.Info) bool { return hasFinite(c.Curve, m) }) {
			drawn--
			fmt.Fprintf(a.Stderr, "note: %s is not drawn: it has no finite %s\n", c.Name, strings.Join(f.y, " or "))
		}
	}
	fmt.Fprintf(a.Stdout, "%s: %s\n", f.out, plural(drawn, "curve"))
	return nil
}

// axes describes the values that the figure shows.
func (a *app) axes(fig *figure.Figure, curves []named, f plotFlags) error {
	registry := a.tools().Metrics
	for _, id := range f.y {
		info, err := metricIn(registry, curves, id)
		if err != nil {
			return err
		}
		fig.Metrics = append(fig.Metrics, info)
	}
	var err error
	switch f.x {
	case rd.KeyBPP:
	case figure.RatioID:
		fig.X = metrics.Info{ID: figure.RatioID}
	default:
		fig.X, err = metricIn(registry, curves, f.x)
	}
	return err
}

// hasFinite says whether a curve has a value of a metric that can be drawn: a
// lossless codec has no finite PSNR.
func hasFinite(c rd.Curve, m metrics.Info) bool {
	return slices.ContainsFunc(c.Points, func(p rd.Point) bool {
		v, ok := p.Values[m.ID]
		return ok && metrics.Value{Number: m.Display(v)}.Finite()
	})
}

// metricIn describes a value that at least one of the curves has.
func metricIn(registry *metrics.Registry, curves []named, id string) (metrics.Info, error) {
	have := map[string]bool{}
	for _, c := range curves {
		for _, p := range c.Points {
			for key := range p.Values {
				have[key] = true
			}
		}
	}
	if m, err := registry.Metric(id); err == nil {
		id = m.Info().ID // settings in their one spelling
	}
	switch {
	case len(have) == 0:
		return metrics.Info{}, errors.New("the curves hold no values")
	case !have[id]:
		return metrics.Info{}, unknown("value", id, slices.Sorted(maps.Keys(have)))
	}
	return report.Describe(registry, id), nil
}
