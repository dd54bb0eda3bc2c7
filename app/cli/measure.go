package cli

import (
	"context"
	"fmt"
	"math"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"codecworkbench/codecs/picture"
	"codecworkbench/metrics"
)

func (a *app) measureCmd() *cobra.Command {
	var ids []string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "measure REF DIST",
		Short: "Measure how far a picture is from its original",
		Long: `Measure the distorted picture DIST against its reference REF, with every metric or with
those named. Both may be pictures or .cwb files, of one size. PSNR is in dB; SSIM and
MS-SSIM are numbers up to 1, shown as -10 log10(1 - value) in dB too. Pictures with
alpha are measured on white. "codecworkbench list metrics" says what each one measures.`,
		Example: `  codecworkbench measure original.png photo.cwb
  codecworkbench measure original.png decoded.png --metrics psnr-rgb,ms-ssim-rgb --json`,
		Args: exactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.measure(cmd.Context(), args[0], args[1], ids, asJSON)
		},
	}
	cmd.Flags().StringSliceVar(&ids, "metrics", []string{"all"}, "metric `IDs`, or all")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	complete(cmd, "metrics", true, a.metricWords)
	return cmd
}

func (a *app) measure(ctx context.Context, refPath, distPath string, ids []string, asJSON bool) error {
	if err := knownMetrics(a.tools(), ids); err != nil {
		return err
	}
	list, err := a.tools().Metrics.Select(ids)
	if err != nil {
		return err
	}
	pair, err := a.pair(ctx, refPath, distPath)
	if err != nil {
		return err
	}
	all := slices.Contains(ids, "all")
	values := map[string]*float64{}
	notes := map[string]string{}
	w := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, m := range list {
		info := m.Info()
		v, err := metrics.Measure(ctx, m, pair)
		if err != nil {
			return err
		}
		if math.IsNaN(v.Number) && !all {
			return fmt.Errorf("%s: %s", info.ID, v.Note)
		}
		values[info.ID] = nil
		if v.Finite() {
			values[info.ID] = &v.Number
		}
		if v.Note != "" {
			notes[info.ID] = v.Note
		}
		fmt.Fprintf(w, "%s\t%s\t  %s\n", info.ID, number(v), remark(info, v))
	}
	if asJSON {
		return a.printJSON(map[string]any{"metrics": values, "notes": notes})
	}
	return w.Flush()
}

// pair loads two pictures of one size, telling what was done to them on the way.
func (a *app) pair(ctx context.Context, refPath, distPath string) (*metrics.Pair, error) {
	var both [2]*picture.Picture
	for i, path := range []string{refPath, distPath} {
		p, notes, err := a.load(ctx, path)
		if err != nil {
			return nil, err
		}
		both[i] = p
		for _, n := range notes {
			fmt.Fprintf(a.Stderr, "note: %s: %s\n", path, n)
		}
	}
	ref, dist := both[0], both[1]
	if ref.Width() != dist.Width() || ref.Height() != dist.Height() {
		return nil, fmt.Errorf("only pictures of one size can be compared: %s has %d x %d pixels, %s has %d x %d",
			refPath, ref.Width(), ref.Height(), distPath, dist.Width(), dist.Height())
	}
	return metrics.NewPair(ref, dist)
}

func number(v metrics.Value) string {
	switch {
	case math.IsNaN(v.Number):
		return "-"
	case math.IsInf(v.Number, 0):
		return "infinite"
	}
	return fmt.Sprintf("%.6f", v.Number)
}

// remark stands beside a value: its unit, or the value in dB for metrics that plots
// show so, then the note.
func remark(info metrics.Info, v metrics.Value) string {
	unit := info.Unit
	if info.DB && v.Number < 1 {
		unit = fmt.Sprintf("(%.3f dB)", info.Display(v.Number))
	}
	if !v.Finite() {
		unit = ""
	}
	if unit != "" && v.Note != "" {
		unit += "  "
	}
	return unit + v.Note
}
