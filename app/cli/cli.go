// Package cli is the command line: one file a subcommand over the same packages as
// the window.
//
// Results go to standard output, progress and errors to standard error; failure is
// a non-zero exit. Messages start in lower case, name the file and say what to do.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"codecworkbench/app/report"
	"codecworkbench/app/sweep"
	"codecworkbench/codecs"
)

// Env is what package main wires into the command line.
type Env struct {
	Program string // "codecworkbench 0.1.0", for results
	// Tools builds the codecs, metrics and models, with more folders of models to
	// search. Problems (a bad file in the user's folder) leave the rest usable.
	Tools     func(modelDirs []string) (sweep.Tools, []error)
	Published func() ([]report.PublishedCurve, error)
	Trainers  map[string]Trainer // by codec id
	Window    func(tools sweep.Tools, paths []string) error
	CacheDir  string
	Stdin     io.Reader
	Stdout    io.Writer
	Stderr    io.Writer
}

// Trainer makes a model file from the pictures in folders and tar files.
type Trainer func(ctx context.Context, paths []string, on func(codecs.Progress)) ([]byte, error)

// app is one invocation.
type app struct {
	Env
	args      []string
	modelDirs []string
	built     *sweep.Tools // by the first call of tools
}

// Run executes one command line (without the program's name) and returns its exit
// code.
func Run(ctx context.Context, env Env, args []string) int {
	a := &app{Env: env, args: args}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(env.Stdin)
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, context.Canceled):
		text := "stopped"
		if s := (stopped{}); errors.As(err, &s) {
			text += " " + s.after
		}
		fmt.Fprintln(env.Stderr, "codecworkbench: "+text)
		return 130
	}
	fmt.Fprintln(env.Stderr, "codecworkbench: "+strings.TrimPrefix(err.Error(), "codecworkbench: "))
	return 1
}

// stopped is the end of an interrupted command that can say how far it came.
type stopped struct{ after string }

func (s stopped) Error() string { return "stopped " + s.after }
func (s stopped) Unwrap() error { return context.Canceled }

// tools builds codecs and metrics once, telling of problems on standard error.
func (a *app) tools() sweep.Tools {
	if a.built == nil {
		tools, problems := a.Tools(a.modelDirs)
		for _, p := range problems {
			fmt.Fprintln(a.Stderr, "codecworkbench: "+p.Error())
		}
		a.built = &tools
	}
	return *a.built
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "codecworkbench [IMAGE...]",
		Short: "Explore image codecs: compare pictures, plot rate-distortion curves, look inside",
		Long: `Codec Workbench compares image codecs: classical, learned and vector-quantized.

Without a subcommand it opens the window, on the pictures named or on a sample.
The subcommands do the same work without a window:

  measure one picture     codecworkbench measure original.png decoded.png
  compress one picture    codecworkbench encode --codec klt --q 5 photo.png -o photo.cwb
                          codecworkbench decode photo.cwb -o decoded.png
  look inside a file      codecworkbench inspect photo.cwb --panels inside/
  compare codecs          codecworkbench sweep --codecs jpeg,webp,klt --images photos/ -o rd.json
                          codecworkbench plot rd.json -o rd.svg
                          codecworkbench bdrate rd.json --anchor jpeg

A rate is always the length of a file that decodes, in bits per pixel (bpp) of the
picture. "codecworkbench list codecs" shows what there is.`,
		Args:          cobra.ArbitraryArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       strings.TrimPrefix(a.Program, "codecworkbench "),
		RunE: func(cmd *cobra.Command, args []string) error {
			if a.Window == nil {
				if len(args) > 0 {
					if _, err := os.Stat(args[0]); err != nil {
						return fmt.Errorf("%q is neither a subcommand nor a file%s; see codecworkbench --help",
							args[0], didYouMean(args[0], commandNames(cmd)))
					}
				}
				return errors.New("this build has no window; see codecworkbench --help for what it can do")
			}
			return a.Window(a.tools(), args)
		},
	}
	root.PersistentFlags().StringArrayVar(&a.modelDirs, "models", nil, "search this `DIR` too for model files (repeatable)")
	root.SetFlagErrorFunc(a.flagError)
	root.SetHelpCommand(helpCmd())
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(a.listCmd(), a.encodeCmd(), a.decodeCmd(), a.inspectCmd(), a.measureCmd(), a.sweepCmd(),
		a.plotCmd(), a.bdrateCmd(), a.trainCmd(), a.completionCmd(), a.childCmd())
	return root
}

// helpCmd is cobra's help command, but with an error for a topic that is none.
func helpCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Help about a command",
		RunE: func(cmd *cobra.Command, args []string) error {
			topic, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return unknown("subcommand", strings.Join(args, " "), commandNames(cmd.Root()))
			}
			return topic.Help()
		},
	}
}
