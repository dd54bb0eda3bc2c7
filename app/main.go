// Command codecworkbench explores image codecs: a window for comparing pictures,
// and subcommands for everything that needs none.
//
// This package is wiring only: the one list of codecs and metrics (tools.go), the
// window (window.go) or its absence (nogui.go), and the command line.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"codecworkbench/app/cli"
	"codecworkbench/app/report"
	"codecworkbench/app/sweep"
	"codecworkbench/assets"
)

// Version of the program; FyneApp.toml says the same.
const Version = "0.1.0"

// program is how results name this program.
const program = "codecworkbench " + Version

func main() {
	// The first interrupt cancels, so that temporary files go and a sweep says how
	// to resume; the second kills.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	code := cli.Run(ctx, environment(), os.Args[1:])
	stop()
	os.Exit(code)
}

// environment wires the program for the command line.
func environment() cli.Env {
	return cli.Env{
		Program:   program,
		Tools:     newTools,
		Published: func() ([]report.PublishedCurve, error) { return report.Published(assets.Published()) },
		Trainers:  trainers(),
		Window:    openWindow,
		CacheDir:  sweep.DefaultCacheDir(),
		Stdin:     os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
	}
}
