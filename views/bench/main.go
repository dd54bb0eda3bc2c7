// Command bench measures the frame times of the window's picture view: it opens the
// program under Xvfb with software OpenGL, drags with xdotool, and reads the times that
// the program logs for every frame that it draws (compare.FramesVariable). A frame's time
// is from the beginning of its drawing to that of the next one, while the mouse moves
// faster than frames come; the toolkit draws at most 60 a second, so 16.7 ms is the least. The processor time for a
// frame tells what a busy machine hides: it counts all threads, software OpenGL's too.
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

// mode is a mode of the picture view, by its key.
type mode struct {
	name, key string
	divided   bool
}

var modes = []mode{{"split", "s", true}, {"side by side", "b", false}, {"difference", "d", true}}

func main() {
	program := flag.String("program", "out/codecworkbench", "the program to measure")
	sample := flag.String("sample", "", "a picture to make the large ones of; empty: the first of sample_images/scenes")
	seconds := flag.Float64("seconds", 3, "length of each drag")
	only := flag.String("only", "", "measure sizes whose name begins so")
	flag.Parse()
	if err := run(*program, *sample, *only, time.Duration(*seconds*float64(time.Second))); err != nil {
		fmt.Fprintln(os.Stderr, "views/bench:", err)
		os.Exit(1)
	}
}

func run(program, sample, only string, length time.Duration) error {
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
		if err := out.Flush(); err != nil {
			return err
		}
	}
	return nil
}
