package cli

import (
	"context"
	"fmt"
	"math"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"codecworkbench/metrics"
)

func (a *app) measureCmd() *cobra.Command {
	var ids []string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "measure REF DIST",
		Short: "Measure how far a picture is from its original",
		Long: `Measure DIST against REF with every metric, or those named with --metrics.
Both may be pictures or .cwb files.`,
		Example: "  codecworkbench measure original.png decoded.png --metrics psnr-rgb,ms-ssim-rgb --json",
		Args:    exactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.measure(cmd.Context(), args[0], args[1], ids, asJSON)
		},
	}
	cmd.Flags().StringSliceVar(&ids, "metrics", []string{"all"}, "metric `IDs`, or all")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func (a *app) measure(ctx context.Context, refPath, distPath string, ids []string, asJSON bool) error {
	list, err := a.tools().Metrics.Select(ids)
	if err != nil {
		return err
	}
	ref, refNotes, err := a.load(ctx, refPath)
	if err != nil {
		return err
	}
	dist, distNotes, err := a.load(ctx, distPath)
	if err != nil {
		return err
	}
	for path, notes := range map[string][]string{refPath: refNotes, distPath: distNotes} {
		for _, n := range notes {
			fmt.Fprintf(a.Stderr, "note: %s: %s\n", path, n)
		}
	}
	all := len(ids) == 1 && ids[0] == "all"
	values := map[string]*float64{}
	notes := map[string]string{}
	w := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, m := range list {
		info := m.Info()
		v, err := metrics.Measure(ctx, m, ref, dist)
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
		fmt.Fprintf(w, "%s\t%s\t  %s\n", info.ID, number(v), v.Note+unitNote(info, v))
	}
	if asJSON {
		return a.printJSON(map[string]any{"metrics": values, "notes": notes})
	}
	return w.Flush()
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

// unitNote is the unit, or the value in dB for metrics that plots show so.
func unitNote(info metrics.Info, v metrics.Value) string {
	if !v.Finite() {
		return ""
	}
	if info.DB && v.Number < 1 {
		return fmt.Sprintf("(%.3f dB)", info.Display(v.Number))
	}
	return strings.TrimSpace(info.Unit)
}
