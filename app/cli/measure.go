package cli

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/spf13/cobra"

	"codecworkbench/codecs/nn/kernel"
	"codecworkbench/codecs/picture"
	"codecworkbench/metrics"
)

// measureFlags are the flags of measure.
type measureFlags struct {
	metrics []string
	json    bool
	maps    string
	reach   float64
}

func (a *app) measureCmd() *cobra.Command {
	var f measureFlags
	cmd := &cobra.Command{
		Use:   "measure REF DIST",
		Short: "Measure how far a picture is from its original",
		Long: `Measure the distorted picture DIST against its reference REF, with every metric or with
those named. Both may be pictures or .cwb files, of one size. Settings follow a metric's
ID: butteraugli@nits=203. PSNR is in dB; MS-SSIM is a number up to 1, with what plots
show of it, -10 log10(1 - value), beside it. Pictures with alpha are measured on white,
except by metrics that know better. "codecworkbench list metrics" says what there is and
which end is better.

With --maps, each of these metrics' maps of local error is written into a folder: a PNG
in false colour with its legend beside it, and the values as a NumPy file of float32
(numpy.load); maps.json says which pixels each value belongs to.`,
		Example: `  codecworkbench measure original.png photo.cwb
  codecworkbench measure original.png decoded.png --metrics psnr-rgb,flip@ppd=60 --json
  codecworkbench measure original.png decoded.png --metrics butteraugli --maps maps/`,
		Args: exactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.measure(cmd.Context(), args[0], args[1], f)
		},
	}
	cmd.Flags().StringSliceVar(&f.metrics, "metrics", []string{"all"}, "metric `IDs`, with settings as in flip@ppd=60, or all")
	cmd.Flags().BoolVar(&f.json, "json", false, "print JSON")
	cmd.Flags().StringVar(&f.maps, "maps", "", "write maps of local error into `DIR`")
	cmd.Flags().Float64Var(&f.reach, "map-reach", 1, "end the maps' colours at `F` times the usual value; less than 1 for good pictures")
	complete(cmd, "metrics", true, a.metricWords)
	return cmd
}

// measured is one metric's value.
type measured struct {
	info  metrics.Info
	value metrics.Value
}

func (a *app) measure(ctx context.Context, refPath, distPath string, f measureFlags) error {
	if err := knownMetrics(a.tools(), f.metrics); err != nil {
		return err
	}
	list, err := a.tools().Metrics.Select(f.metrics)
	if err != nil {
		return err
	}
	all := slices.Contains(f.metrics, "all")
	if f.maps != "" {
		if !(f.reach > 0) || math.IsInf(f.reach, 1) {
			return fmt.Errorf("--map-reach %g: a factor above 0 is needed", f.reach)
		}
		if err := a.mappable(list, all); err != nil {
			return err
		}
		if err := writableFolder(f.maps); err != nil {
			return err
		}
	}
	pair, err := a.pair(ctx, refPath, distPath)
	if err != nil {
		return err
	}
	values, err := a.values(ctx, list, pair, all)
	if err != nil {
		return err
	}
	var maps []mapJSON
	if f.maps != "" {
		if maps, err = a.writeMaps(ctx, list, pair, f.maps, f.reach); err != nil {
			return err
		}
	}
	if f.json {
		return a.printJSON(measuredJSON(values, maps))
	}
	if err := printTable(a.Stdout, []string{"METRIC", ">VALUE", "UNIT", ">IN DB", "BETTER", "NOTE"}, measuredRows(values)); err != nil {
		return err
	}
	if f.maps != "" {
		fmt.Fprintf(a.Stdout, "\n%s in %s\n", plural(len(maps), "map"), f.maps)
	}
	return nil
}

// values measures a pair. With all, what is undefined is noted; else it is an error.
func (a *app) values(ctx context.Context, list []metrics.Metric, pair *metrics.Pair, all bool) ([]measured, error) {
	meter := a.meter()
	defer meter.end()
	var out []measured
	for i, m := range list {
		meter.show(i, len(list), " metrics")
		v, err := metrics.Measure(ctx, m, pair)
		if err != nil {
			return nil, err
		}
		if math.IsNaN(v.Number) && !all {
			return nil, fmt.Errorf("%s: %s", m.Info().ID, v.Note)
		}
		out = append(out, measured{m.Info(), v})
	}
	return out, nil
}

// pair loads two pictures of one size, telling what was done to them on the way.
func (a *app) pair(ctx context.Context, refPath, distPath string) (*metrics.Pair, error) {
	paths := [2]string{refPath, distPath}
	var both [2]*picture.Picture
	var notes [2][]string
	err := kernel.Each(ctx, len(paths), func(i int) (err error) {
		both[i], notes[i], err = a.load(ctx, paths[i])
		return err
	})
	if err != nil {
		return nil, err
	}
	for i, path := range paths {
		for _, n := range notes[i] {
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

// measuredRows are the lines of the table for people.
func measuredRows(values []measured) [][]string {
	var rows [][]string
	for _, m := range values {
		unit, db := m.info.Unit, ""
		if d := inDB(m); d != nil {
			db = fmt.Sprintf("%.3f", *d)
		}
		if !m.value.Finite() {
			unit = ""
		}
		rows = append(rows, []string{m.info.ID, number(m.value), unit, db, better(m.info), m.value.Note})
	}
	return rows
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

// inDB is a value as plots show it where they show it in dB; nil: they don't, or it
// is infinite.
func inDB(m measured) *float64 {
	if !m.info.DB || !m.value.Finite() {
		return nil
	}
	return finite(m.info.Display(m.value.Number))
}

// better says which end of a metric is better.
func better(i metrics.Info) string {
	if i.Lower {
		return "lower"
	}
	return "higher"
}

type detailJSON struct {
	Value  *float64 `json:"value"`
	Unit   string   `json:"unit"`
	DB     *float64 `json:"db"`
	Better string   `json:"better"`
	Note   string   `json:"note"`
}

// measuredJSON is what --json prints; maps are listed where they were asked for.
func measuredJSON(values []measured, maps []mapJSON) any {
	numbers, notes, details := map[string]*float64{}, map[string]string{}, map[string]detailJSON{}
	for _, m := range values {
		id := m.info.ID
		numbers[id] = finite(m.value.Number)
		if m.value.Note != "" {
			notes[id] = m.value.Note
		}
		details[id] = detailJSON{numbers[id], m.info.Unit, inDB(m), better(m.info), m.value.Note}
	}
	return struct {
		Metrics map[string]*float64   `json:"metrics"`
		Notes   map[string]string     `json:"notes"`
		Details map[string]detailJSON `json:"details"`
		Maps    []mapJSON             `json:"maps,omitempty"`
	}{numbers, notes, details, maps}
}
