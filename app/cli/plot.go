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
	x, title, out, legend   string
	log, embedFonts, better bool
}

func (a *app) plotCmd() *cobra.Command {
	var f plotFlags
	cmd := &cobra.Command{
		Use:   "plot results.json... -o rd.svg|.pdf|.png|.tex",
		Short: "Draw rate-distortion curves for a paper, a slide or a page",
		Long: `Draw the curves of results files, and published ones, as a figure. The output's extension
says how: .svg, .pdf, .png (300 dpi), or .tex (pgfplots source). Several metrics become
panels side by side. MS-SSIM is drawn in dB, as -10 log10(1 - mean).`,
		Example: "  codecworkbench plot rd.json --published bpg-444-x265-ycbcr,vtm --y psnr-rgb,ms-ssim-rgb -o rd.pdf",
		Args:    cobra.ArbitraryArgs,
		RunE:    func(cmd *cobra.Command, args []string) error { return a.plot(args, f) },
	}
	flags := cmd.Flags()
	flags.StringSliceVar(&f.published, "published", nil, "published curves to add, by `ID` (see: list curves)")
	flags.StringVar(&f.x, "x", rd.KeyBPP, "horizontal axis: bpp, ratio, or any `KEY` of the results")
	flags.StringSliceVar(&f.y, "y", []string{"psnr-rgb"}, "vertical axes, a panel each: metric `IDs`")
	flags.StringVar(&f.title, "title", "", "a `TEXT` above the figure")
	flags.StringVar(&f.legend, "legend", "auto", "where the names stand: auto, outside, ends or none")
	flags.BoolVar(&f.log, "log", false, "logarithmic horizontal axis")
	flags.BoolVar(&f.better, "better", false, "mark the corner towards which curves are better")
	flags.BoolVar(&f.embedFonts, "embed-fonts", false, "put the font into SVG files")
	flags.StringVarP(&f.out, "output", "o", "", "the `FILE` to write")
	required(cmd, "output")
	return cmd
}

func (a *app) plot(paths []string, f plotFlags) error {
	fig := &figure.Figure{Title: f.title, Log: f.log, EmbedFonts: f.embedFonts, Better: f.better}
	var err error
	if fig.Legend, err = figure.ParseLegend(f.legend); err != nil {
		return err
	}
	own, err := a.readResults(paths, nil)
	if err != nil {
		return err
	}
	published, err := a.readResults(nil, f.published)
	if err != nil {
		return err
	}
	if len(own)+len(published) == 0 {
		return errors.New("nothing to plot: name results files, or published curves with --published")
	}
	for _, c := range own {
		fig.Series = append(fig.Series, figure.Series{Curve: c})
	}
	for _, c := range published {
		fig.Series = append(fig.Series, figure.Series{Curve: c, Published: true})
	}
	all := slices.Concat(own, published)
	registry := a.tools().Metrics
	for _, id := range f.y {
		info, err := metricIn(registry, all, id)
		if err != nil {
			return err
		}
		fig.Metrics = append(fig.Metrics, info)
	}
	switch f.x {
	case rd.KeyBPP:
	case figure.RatioID:
		fig.X = metrics.Info{ID: figure.RatioID}
	default:
		if fig.X, err = metricIn(registry, all, f.x); err != nil {
			return err
		}
	}
	data, err := fig.Encode(strings.ToLower(filepath.Ext(f.out)))
	if err != nil {
		return fmt.Errorf("%s: %w", f.out, err)
	}
	if err := picture.WriteFile(f.out, data); err != nil {
		return err
	}
	fmt.Fprintf(a.Stdout, "%s: %d curves\n", f.out, len(all))
	return nil
}

// metricIn describes a value that at least one of the curves has.
func metricIn(registry *metrics.Registry, curves []rd.Curve, id string) (metrics.Info, error) {
	have := map[string]bool{}
	for _, c := range curves {
		for _, p := range c.Points {
			for key := range p.Values {
				have[key] = true
			}
		}
	}
	if !have[id] {
		return metrics.Info{}, fmt.Errorf("the curves have no %q; they have: %s", id,
			strings.Join(slices.Sorted(maps.Keys(have)), ", "))
	}
	return report.Describe(registry, id), nil
}
