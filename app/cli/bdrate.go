package cli

import (
	"context"
	"fmt"
	"math"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"codecworkbench/app/report"
	"codecworkbench/metrics/rd"
)

type bdrateFlags struct {
	anchor, metric, method string
	published              []string
	json, latex            bool
}

func (a *app) bdrateCmd() *cobra.Command {
	var f bdrateFlags
	cmd := &cobra.Command{
		Use:   "bdrate results.json... --anchor CURVE",
		Short: "Compare curves with one of them: Bjontegaard delta rates",
		Long: `Print how much more (or, negative, less) rate each curve needs than the anchor for the
same quality, on average over the qualities that both reach (Bjontegaard, VCEG-M33).
The overlap says how much of both curves' quality range that is; below 0.2 there is no
number. The interval is a 95 % bootstrap over the pictures. MS-SSIM enters in dB.

CURVE is a curve's name in the results files, or the ID of a published one.`,
		Example: `  codecworkbench bdrate rd.json --anchor jpeg
  codecworkbench bdrate rd.json --published vtm --anchor vtm --metric ms-ssim-rgb
  codecworkbench bdrate rd.json --anchor jpeg --latex > table.tex`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return a.bdrate(cmd.Context(), args, f) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.anchor, "anchor", "", "the `CURVE` to compare with, by name")
	flags.StringVar(&f.metric, "metric", "psnr-rgb", "metric `ID`")
	flags.StringVar(&f.method, "method", "pchip", "interpolation `METHOD`: pchip, cubic or akima")
	flags.StringSliceVar(&f.published, "published", nil, "published curves to add, by `ID` (see: list curves)")
	flags.BoolVar(&f.json, "json", false, "print JSON")
	flags.BoolVar(&f.latex, "latex", false, "print a LaTeX table (booktabs)")
	exclusive(cmd, "json", "latex")
	required(cmd, "anchor")
	complete(cmd, "published", true, a.curveWords)
	complete(cmd, "metric", false, a.metricWords)
	complete(cmd, "method", false, fixed(string(rd.PCHIP), string(rd.Cubic), string(rd.Akima)))
	return cmd
}

type deltaJSON struct {
	Codec   string   `json:"codec"`
	Anchor  string   `json:"anchor"`
	Metric  string   `json:"metric"`
	Method  string   `json:"method"`
	BDRate  *float64 `json:"bd_rate_percent"`
	Overlap float64  `json:"overlap"`
	CILow   *float64 `json:"ci_low"`
	CIHigh  *float64 `json:"ci_high"`
	Images  int      `json:"images"`
	Note    string   `json:"note"`
}

func (a *app) bdrate(ctx context.Context, paths []string, f bdrateFlags) error {
	method, err := rd.ParseMethod(f.method)
	if err != nil {
		return err
	}
	curves, err := a.readCurves(paths, f.published)
	if err != nil {
		return err
	}
	info, err := metricIn(a.tools().Metrics, curves, f.metric)
	if err != nil {
		return err
	}
	at, err := anchorOf(curves, f.anchor)
	if err != nil {
		return err
	}
	var deltas []rd.Delta
	for i, c := range curves {
		if i == at {
			continue
		}
		d, err := rd.Compare(ctx, curves[at].Curve, c.Curve, info, rd.Options{Method: method})
		if err != nil {
			return err
		}
		deltas = append(deltas, d)
	}
	if f.latex {
		table, err := report.BDTable(deltas, info.Name)
		if err == nil {
			_, err = a.Stdout.Write(table)
		}
		return err
	}
	list := []deltaJSON{}
	for _, d := range deltas {
		list = append(list, deltaJSON{d.Test, d.Anchor, d.Metric, string(d.Method), finite(d.Percent), d.Overlap,
			finite(d.Low), finite(d.High), d.Images, d.Note})
	}
	if f.json {
		return a.printJSON(list)
	}
	return a.printDeltas(list, fmt.Sprintf("BD-rate against %s, %s, %s", curves[at].Name, info.Name, method))
}

// printDeltas prints a table for people.
func (a *app) printDeltas(list []deltaJSON, title string) error {
	fmt.Fprintln(a.Stdout, title)
	w := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "curve\tBD-rate\t95 % interval\toverlap\tpictures\t")
	for _, d := range list {
		rate, interval := "-", "-"
		if d.BDRate != nil {
			rate = fmt.Sprintf("%+.2f %%", *d.BDRate)
		}
		if d.CILow != nil && d.CIHigh != nil {
			interval = fmt.Sprintf("%+.2f to %+.2f", *d.CILow, *d.CIHigh)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%.2f\t%d\t %s\n", d.Codec, rate, interval, d.Overlap, d.Images, d.Note)
	}
	return w.Flush()
}

// finite is a number for JSON: null where it is undefined.
func finite(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}
