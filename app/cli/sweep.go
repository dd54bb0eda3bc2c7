package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/spf13/cobra"

	"codecworkbench/app/report"
	"codecworkbench/app/sweep"
	"codecworkbench/codecs/picture"
	"codecworkbench/metrics/rd"
)

type sweepFlags struct {
	specs, out, csv, keep, cacheDir string
	images, metrics                 []string
	jobs                            int
	timing, noCache                 bool
}

func (a *app) sweepCmd() *cobra.Command {
	var f sweepFlags
	cmd := &cobra.Command{
		Use:   "sweep --codecs SPEC,SPEC... --images DIR|FILE... -o results.json",
		Short: "Run codecs over pictures at many rates, and keep the results",
		Long: `Run each codec at each quality on each picture, on all cores, and write the results
in CompressAI's shape. A sweep that was stopped goes on where it was: every result is
kept in a cache, by content.

A SPEC is a codec's ID, then @k=v for each parameter, +FILTER for each filter, then a
range: :LO-HI, :LO-HI/N or :a+b+c. All but the ID may be left away; without a range the
codec's own ladder runs. Values with one of , : + @ in them stand in double quotes.

Where -o names a folder (ending in /), one file a codec is written into it.`,
		Example: `  codecworkbench sweep --codecs jpeg,webp,klt --images photos/ -o rd.json
  codecworkbench sweep --codecs 'jpeg@subsampling="4:4:4":10-90/9,webp:50+75' --images a.png b.png -o rd.json`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			f.images = append(f.images, args...)
			return a.sweep(cmd.Context(), f)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.specs, "codecs", "", "what to run: `SPECs`, separated by commas")
	flags.StringArrayVar(&f.images, "images", nil, "a picture or a `folder` of pictures; more may follow")
	flags.StringSliceVar(&f.metrics, "metrics", []string{"psnr-rgb", "ms-ssim-rgb"}, "metric `IDs`, or all")
	flags.StringVarP(&f.out, "output", "o", "", "the results `FILE`, or a folder with a / at its end")
	flags.IntVar(&f.jobs, "jobs", runtime.GOMAXPROCS(0), "how many jobs run at once")
	flags.StringVar(&f.csv, "csv", "", "write a table of all values to this `FILE` too")
	flags.BoolVar(&f.timing, "timing", false, "run each job alone in a process of its own, least of three, with peak memory")
	flags.StringVar(&f.keep, "keep", "", "keep coded and decoded files in this `DIR`")
	flags.BoolVar(&f.noCache, "no-cache", false, "run everything anew")
	flags.StringVar(&f.cacheDir, "cache", "", "keep results in this `DIR` instead of the user's cache folder")
	required(cmd, "codecs", "output")
	return cmd
}

func (a *app) sweep(ctx context.Context, f sweepFlags) error {
	specs, err := sweep.ParseSpecs(f.specs)
	if err != nil {
		return err
	}
	tools := a.tools()
	list, err := tools.Metrics.Select(f.metrics)
	if err != nil {
		return err
	}
	plan := sweep.Plan{Specs: specs}
	for _, m := range list {
		plan.Metrics = append(plan.Metrics, m.Info().ID)
	}
	if len(f.images) == 0 {
		return errors.New("no picture to sweep: name files or folders with --images")
	}
	if err := tools.Check(specs); err != nil {
		return err
	}
	if err := f.check(); err != nil {
		return err
	}
	paths, err := picture.List(f.images...)
	if err != nil {
		return err
	}
	m := a.meter()
	images, unreadable, err := sweep.LoadImages(ctx, paths, func(done, total int) { m.show(done, total, " pictures read") })
	m.end()
	if err != nil {
		return err
	}
	if len(images) == 0 && len(unreadable) > 0 {
		return fmt.Errorf("none of the %d pictures can be read; the first: %s", len(paths), unreadable[0].Message)
	}
	plan.Images = images
	result, err := tools.Prepare(plan)
	if err != nil {
		return err
	}
	result.Failures = unreadable
	ex, err := a.executor(f, tools, images)
	if err != nil {
		return err
	}
	var last sweep.Event
	workers := f.jobs
	if f.timing {
		workers = 1
	}
	runErr := result.Run(ctx, ex, workers, func(e sweep.Event) {
		last = e
		text := ""
		if e.Cached > 0 {
			text += fmt.Sprintf(", %d from the cache", e.Cached)
		}
		if e.Failed > 0 {
			text += fmt.Sprintf(", %d failed", e.Failed)
		}
		m.show(e.Done, e.Total, text+remaining(e.Remaining))
	})
	m.end()
	cached := false
	if local, ok := ex.(*sweep.Local); ok {
		cached = local.Cache != nil && !f.noCache && local.CacheError() == nil
		if err := local.CacheError(); err != nil {
			fmt.Fprintf(a.Stderr, "codecworkbench: not all results are kept between runs: %v\n", err)
		}
	}
	if runErr != nil {
		after := fmt.Sprintf("after %d of %d jobs", last.Done, last.Total)
		if cached {
			after += "; the same command goes on from there"
		}
		return stopped{after}
	}
	return a.writeSweep(f, result)
}

// executor runs jobs in this process, or each alone in a child.
func (a *app) executor(f sweepFlags, tools sweep.Tools, images []sweep.Image) (sweep.Executor, error) {
	if f.timing {
		program, err := os.Executable()
		if err != nil {
			return nil, err
		}
		var args []string
		for _, dir := range a.modelDirs {
			args = append(args, "--models", dir)
		}
		return &sweep.Child{Program: program, Args: args, Images: images}, nil
	}
	dir := f.cacheDir
	if dir == "" {
		dir = a.CacheDir
	}
	cache, err := sweep.OpenCache(dir)
	if err != nil {
		fmt.Fprintf(a.Stderr, "codecworkbench: results are not kept between runs: %v\n", err)
		cache = nil
	}
	return &sweep.Local{Tools: tools, Images: images, Cache: cache, Keep: f.keep, Fresh: f.noCache}, nil
}

// check finds out before hours of work what would fail after them.
func (f sweepFlags) check() error {
	if f.jobs < 1 {
		return fmt.Errorf("--jobs %d: at least 1 job must run", f.jobs)
	}
	if f.timing && f.keep != "" {
		return errors.New("--keep and --timing exclude each other")
	}
	if isFolder(f.out) {
		if err := writableFolder(f.out); err != nil {
			return err
		}
	} else if err := writable(f.out); err != nil {
		return err
	}
	if f.csv != "" {
		if err := writable(f.csv); err != nil {
			return err
		}
	}
	if f.keep != "" {
		return writableFolder(f.keep)
	}
	return nil
}

// writeSweep writes results and table, then lists what failed.
func (a *app) writeSweep(f sweepFlags, result *sweep.Result) error {
	curves := result.Curves(a.Program)
	if err := writeResults(f.out, curves); err != nil {
		return err
	}
	if f.csv != "" {
		if err := picture.WriteFile(f.csv, report.CSV(curves)); err != nil {
			return err
		}
	}
	failed, notApplicable := 0, 0
	for _, fail := range result.Failures {
		if fail.NotApplicable {
			notApplicable++
		} else {
			failed++
		}
		fmt.Fprintln(a.Stderr, fail.String())
	}
	fmt.Fprintf(a.Stdout, "%s: %d curves of %d pictures\n", f.out, len(curves), len(result.Plan.Images))
	if failed > 0 {
		return fmt.Errorf("%d failed (listed above); everything else is in %s", failed, f.out)
	}
	if notApplicable > 0 {
		fmt.Fprintf(a.Stderr, "%d not applicable (listed above)\n", notApplicable)
	}
	return nil
}

// writeResults writes one file, or one a codec into a folder.
func writeResults(out string, curves []rd.Curve) error {
	if isFolder(out) {
		for _, c := range curves {
			if err := writeResults(filepath.Join(out, sweep.SafeName(c.Name)+".json"), []rd.Curve{c}); err != nil {
				return err
			}
		}
		return nil
	}
	data, err := report.WriteJSON(curves)
	if err != nil {
		return err
	}
	return picture.WriteFile(out, data)
}

// readResults reads results files and the published curves named.
func (a *app) readResults(paths, published []string) ([]rd.Curve, error) {
	var curves []rd.Curve
	for _, path := range paths {
		data, err := readFile(path)
		if err != nil {
			return nil, err
		}
		more, err := report.ReadResults(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		curves = append(curves, more...)
	}
	if len(published) == 0 {
		return curves, nil
	}
	library, err := a.Published()
	if err != nil {
		return nil, err
	}
	for _, id := range published {
		i := slices.IndexFunc(library, func(c report.PublishedCurve) bool { return c.ID == id })
		if i < 0 {
			return nil, fmt.Errorf("no published curve %q; see: codecworkbench list curves", id)
		}
		curves = append(curves, library[i].Curve)
		if library[i].Caveats != "" {
			fmt.Fprintf(a.Stderr, "note: %s: %s\n", id, library[i].Caveats)
		}
	}
	return curves, nil
}

// childCmd is how --timing runs one job in a process of its own.
func (a *app) childCmd() *cobra.Command {
	return &cobra.Command{
		Use:    sweep.ChildArgument,
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var job sweep.ChildJob
			if err := json.NewDecoder(a.Stdin).Decode(&job); err != nil {
				return fmt.Errorf("job: %w", err)
			}
			local := &sweep.Local{Tools: a.tools(), Images: []sweep.Image{{Path: job.Path, Hash: job.Image}}}
			out, err := local.Execute(cmd.Context(), job.Job)
			if err != nil && cmd.Context().Err() != nil {
				return err
			}
			return json.NewEncoder(a.Stdout).Encode(sweep.NewChildReply(out, err))
		},
	}
}
