package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"codecworkbench/app/report"
	"codecworkbench/app/sweep"
	"codecworkbench/codecs/picture"
	"codecworkbench/metrics/rd"
)

type sweepFlags struct {
	specs, out, csv, compare, keep, cacheDir string
	images, metrics                          []string
	jobs                                     int
	timing, noCache                          bool
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
range of qualities: :LO-HI for the codec's own ladder between the two, :LO-HI/N for N
values, :a+b+c for these. All but the ID may be left away; without a range the whole
ladder runs. Values with one of , : + @ in them stand in double quotes.

Where -o names a folder (ending in /), one file a codec is written into it. Then:
plot, bdrate. The times in the results are those of jobs that ran beside others; for
times to compare, run with --timing on a quiet machine.`,
		Example: `  codecworkbench sweep --codecs jpeg,webp,klt --images photos/ -o rd.json
  codecworkbench sweep --codecs 'jpeg@subsampling="4:4:4":10-90/9,webp:50+75' --images a.png b.png -o rd.json
  codecworkbench sweep --codecs klt@model=mine.safetensors,klt --images photos/ -o rd/ --csv rd.csv`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			f.images = append(f.images, args...)
			return a.sweep(cmd.Context(), f)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.specs, "codecs", "", "what to run: `SPECs`, separated by commas")
	flags.StringArrayVar(&f.images, "images", nil, "a picture, or a `DIR` of pictures; more may follow")
	flags.StringSliceVar(&f.metrics, "metrics", []string{"psnr-rgb", "ms-ssim-rgb"}, "metric `IDs`, with settings as in flip@ppd=60, or all")
	flags.StringVarP(&f.out, "output", "o", "", "the results `FILE`, or a folder with a / at its end")
	flags.IntVar(&f.jobs, "jobs", runtime.GOMAXPROCS(0), "run `N` jobs at once")
	flags.StringVar(&f.csv, "csv", "", "write a table of all values to this `FILE` too")
	flags.StringVar(&f.compare, "codec-compare", "", "write a file a codec for codec-compare into this `DIR` too")
	flags.BoolVar(&f.timing, "timing", false, "run each job alone in a process of its own, least of three, with peak memory")
	flags.StringVar(&f.keep, "keep", "", "keep coded and decoded files in this `DIR`")
	flags.BoolVar(&f.noCache, "no-cache", false, "run everything anew, and keep that")
	flags.StringVar(&f.cacheDir, "cache", "", "keep results in this `DIR` instead of the user's cache folder")
	required(cmd, "codecs", "output")
	complete(cmd, "codecs", true, a.codecWords)
	complete(cmd, "metrics", true, a.metricWords)
	return cmd
}

func (a *app) sweep(ctx context.Context, f sweepFlags) error {
	tools := a.tools()
	plan, err := f.plan(tools)
	if err != nil {
		return err
	}
	if err := f.check(); err != nil {
		return err
	}
	paths, err := picture.List(f.images...)
	if err != nil {
		return err
	}
	for _, path := range paths {
		if err := errors.Join(differ(path, f.out), differ(path, f.csv)); err != nil {
			return err
		}
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
	if err := a.runSweep(ctx, f, tools, result); err != nil {
		return err
	}
	return a.writeSweep(f, result)
}

// plan reads what the flags say is to be run; the pictures come later.
func (f sweepFlags) plan(tools sweep.Tools) (sweep.Plan, error) {
	specs, err := sweep.ParseSpecs(f.specs)
	if err != nil {
		return sweep.Plan{}, err
	}
	if len(f.images) == 0 {
		return sweep.Plan{}, errors.New("no picture to sweep: name files or folders with --images")
	}
	if err := errors.Join(knownSpecs(tools, specs), knownMetrics(tools, f.metrics)); err != nil {
		return sweep.Plan{}, err
	}
	list, err := tools.Metrics.Select(f.metrics)
	if err != nil {
		return sweep.Plan{}, err
	}
	plan := sweep.Plan{Specs: specs}
	for _, m := range list {
		plan.Metrics = append(plan.Metrics, m.Info().ID)
	}
	return plan, tools.Check(specs)
}

// runSweep runs all jobs, showing how far they are.
func (a *app) runSweep(ctx context.Context, f sweepFlags, tools sweep.Tools, result *sweep.Result) error {
	cache := a.cache(f)
	ex, err := a.executor(f, tools, result.Plan.Images, cache)
	if err != nil {
		return err
	}
	workers := f.jobs
	if f.timing {
		workers = 1
	}
	m := a.meter()
	var last sweep.Event
	err = result.Run(ctx, ex, workers, func(e sweep.Event) {
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
	if cacheErr := cache.Err(); cacheErr != nil {
		fmt.Fprintf(a.Stderr, "codecworkbench: not all results are kept between runs: %v\n", cacheErr)
	}
	if err == nil {
		return nil
	}
	after := fmt.Sprintf("after %d of %d jobs", last.Done, max(last.Total, result.Jobs()))
	if cache != nil && !f.noCache && cache.Err() == nil {
		after += "; the same command goes on from there"
	}
	return stopped{after}
}

// cache opens the cache; a sweep runs without where that fails.
func (a *app) cache(f sweepFlags) *sweep.Cache {
	dir := f.cacheDir
	if dir == "" {
		dir = a.CacheDir
	}
	cache, err := sweep.OpenCache(dir)
	if err != nil {
		fmt.Fprintf(a.Stderr, "codecworkbench: results are not kept between runs: %v\n", err)
		return nil
	}
	return cache
}

// executor runs jobs in this process, or each alone in a child.
func (a *app) executor(f sweepFlags, tools sweep.Tools, images []sweep.Image, cache *sweep.Cache) (sweep.Executor, error) {
	local := &sweep.Local{Tools: tools, Images: images, Cache: cache, Keep: f.keep, Fresh: f.noCache}
	if !f.timing {
		return local, nil
	}
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	var args []string
	for _, dir := range a.modelDirs {
		args = append(args, "--models", dir)
	}
	return sweep.NewChild(program, args, local)
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
		if filepath.Clean(f.csv) == filepath.Clean(f.out) {
			return fmt.Errorf("%s is both --output and --csv; name two files", f.out)
		}
		if err := writable(f.csv); err != nil {
			return err
		}
	}
	for _, dir := range []string{f.compare, f.keep} {
		if dir == "" {
			continue
		}
		if err := writableFolder(dir); err != nil {
			return err
		}
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
	if f.compare != "" {
		if err := writeCodecCompare(f.compare, curves); err != nil {
			return err
		}
	}
	failed, notApplicable := 0, 0
	for _, fail := range append(result.Failures, result.Undefined()...) {
		if fail.NotApplicable {
			notApplicable++
		} else {
			failed++
		}
		fmt.Fprintln(a.Stderr, fail.String())
	}
	if notApplicable > 0 {
		fmt.Fprintf(a.Stderr, "%d not applicable (listed above)\n", notApplicable)
	}
	files := []string{f.out}
	if f.csv != "" {
		files = append(files, f.csv)
	}
	if f.compare != "" {
		files = append(files, f.compare)
	}
	fmt.Fprintf(a.Stdout, "%s: %s of %s\n", strings.Join(files, ", "), plural(len(curves), "curve"),
		plural(len(result.Plan.Images), "picture"))
	if failed > 0 {
		return fmt.Errorf("%d failed (listed above); everything else is in %s", failed, f.out)
	}
	return nil
}

// writeCodecCompare writes each curve as codec-compare's page reads it.
func writeCodecCompare(dir string, curves []rd.Curve) error {
	for _, c := range curves {
		data, err := report.WriteCodecCompare(c)
		if err != nil {
			return err
		}
		if err := picture.WriteFile(filepath.Join(dir, sweep.SafeName(c.Name)+".json"), data); err != nil {
			return err
		}
	}
	return nil
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
