// Command bench measures the frame times of the window's picture view: it opens the
// program under Xvfb with software OpenGL, drags with xdotool, and reads the times that
// the program logs for every frame that it draws (compare.FramesVariable). A frame's time
// is from the beginning of its drawing to that of the next one, while the mouse moves
// faster than frames come; the toolkit draws at most 60 a second, so 16.7 ms is the least.
// The processor time for a frame tells what a busy machine hides: it counts all threads,
// software OpenGL's too.
//
// The memory is the most that the whole process took from when a mode was chosen on, so
// that making what the mode shows counts; of the first mode, from its start on.
//
// It needs Linux, Xvfb and xdotool, and says so where they are missing.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// size is a picture to measure with.
type size struct {
	name string
	w, h int
}

var sizes = []size{{"0.4 MP", 768, 512}, {"12 MP", 4272, 2848}, {"24 MP", 6000, 4000}}

// mode is a mode of the picture view, or the blind test, by the keys that lead to it.
type mode struct {
	name    string
	keys    []string
	log     string // as the program's log names it
	divided bool
}

// modes are measured one after the other in one process; the blind test comes last, since
// it takes all keys.
var modes = []mode{
	{"split", []string{"s", "0"}, "split", true},
	{"side by side", []string{"b", "0"}, "side", false},
	{"difference", []string{"d", "0"}, "diff", true},
	{"metric map", []string{"h", "0"}, "map", true},
	{"blind test", []string{"F5", "Return"}, "flicker", false},
}

func main() {
	program := flag.String("program", "out/codecworkbench", "the program to measure")
	sample := flag.String("sample", "", "a picture to make the large ones of; empty: the first of sample_images/scenes")
	seconds := flag.Float64("seconds", 3, "length of each drag")
	only := flag.String("only", "", "measure sizes whose name begins so")
	limit := flag.Int("limit", 1000, "the most memory in MB that the program may take; more is an error")
	flag.Parse()
	if err := run(*program, *sample, *only, *limit, time.Duration(*seconds*float64(time.Second))); err != nil {
		fmt.Fprintln(os.Stderr, "views/bench:", err)
		os.Exit(1)
	}
}

func run(program, sample, only string, limit int, length time.Duration) error {
	for _, tool := range []string{"Xvfb", "xdotool"} {
		if _, err := exec.LookPath(tool); err != nil {
			fmt.Println("Frame times are not measured:", tool, "is not installed.")
			return nil
		}
	}
	if _, err := os.Stat(program); err != nil {
		return fmt.Errorf("%s is missing; make build makes it", program)
	}
	if sample == "" {
		found, _ := filepath.Glob("sample_images/scenes/*.png") // a constant pattern has no errors
		if len(found) == 0 {
			return errors.New("there is no picture in sample_images/scenes; name one with -sample")
		}
		sample = found[0]
	}
	dir, err := os.MkdirTemp("", "views-bench")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	screen, err := openScreen()
	if err != nil {
		return err
	}
	defer screen.close()
	out := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(out, "picture\tmode\tdrag\tframes/s\tp50 ms\tp95 ms\tdrawing p50\tdrawing p95\tCPU ms\tpeak MB\t")
	for _, s := range sizes {
		if !strings.HasPrefix(s.name, only) {
			continue
		}
		path := filepath.Join(dir, fmt.Sprintf("%dx%d.png", s.w, s.h))
		if err := enlarge(sample, path, s.w, s.h); err != nil {
			return err
		}
		rows, err := measure(screen, s, program, path, dir, length)
		for _, r := range rows {
			_, _ = fmt.Fprintf(out, "%s\t%s\t%s\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\t%d\t\n", s.name, r.mode, r.drag,
				r.rate, r.p50, r.p95, r.draw50, r.draw95, r.cpu, r.peak)
		}
		if err != nil {
			_ = out.Flush()
			return fmt.Errorf("%s: %w", s.name, err)
		}
		if i := slices.IndexFunc(rows, func(r row) bool { return r.peak > limit }); i >= 0 {
			_ = out.Flush()
			return fmt.Errorf("%s: %s took %d MB, more than %d", s.name, rows[i].mode, rows[i].peak, limit)
		}
		if err := out.Flush(); err != nil {
			return err
		}
	}
	return nil
}
