package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// flagError words a mistake in the flags. A flag that the program itself does not
// know mostly follows a misspelt subcommand.
func (a *app) flagError(cmd *cobra.Command, err error) error {
	hint := ""
	var missing *pflag.NotExistError
	if errors.As(err, &missing) {
		name := strings.TrimLeft(missing.GetSpecifiedName(), "-")
		var flags []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { flags = append(flags, f.Name) })
		if near := nearest(name, flags); near != "" {
			hint = fmt.Sprintf(" (did you mean --%s?)", near)
		}
		if !cmd.HasParent() && len(a.args) > 0 && !strings.HasPrefix(a.args[0], "-") {
			if near := nearest(a.args[0], commandNames(cmd)); near != "" {
				return fmt.Errorf("no subcommand %q (did you mean %s?); see %s --help", a.args[0], near, cmd.CommandPath())
			}
		}
	}
	return fmt.Errorf("%w%s; see %s --help", err, hint, cmd.CommandPath())
}

// required marks flags that must be given; it cannot fail for flags that exist.
// The check comes before cobra's own, to say what to do.
func required(cmd *cobra.Command, names ...string) {
	for _, n := range names {
		if err := cmd.MarkFlagRequired(n); err != nil {
			panic(err)
		}
	}
	before(cmd, func() error {
		var missing []string
		for _, n := range names {
			if !cmd.Flags().Changed(n) {
				missing = append(missing, "--"+n)
			}
		}
		if len(missing) > 0 {
			return fmt.Errorf("%s must be given; see %s --help", strings.Join(missing, " and "), cmd.CommandPath())
		}
		return nil
	})
}

// exclusive lets at most one of some flags be given.
func exclusive(cmd *cobra.Command, names ...string) {
	before(cmd, func() error {
		var given []string
		for _, n := range names {
			if cmd.Flags().Changed(n) {
				given = append(given, "--"+n)
			}
		}
		if len(given) > 1 {
			return fmt.Errorf("%s exclude each other: give one", strings.Join(given, " and "))
		}
		return nil
	})
}

// before adds a check that runs before the command.
func before(cmd *cobra.Command, check func() error) {
	earlier := cmd.PreRunE
	cmd.PreRunE = func(c *cobra.Command, args []string) error {
		if earlier != nil {
			if err := earlier(c, args); err != nil {
				return err
			}
		}
		return check()
	}
}

// exactArgs is cobra.ExactArgs with an error that shows the usage line.
func exactArgs(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != n {
			return argsError(cmd, fmt.Sprintf("%d needed", n), len(args))
		}
		return nil
	}
}

// minArgs is cobra.MinimumNArgs with an error that shows the usage line.
func minArgs(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < n {
			return argsError(cmd, fmt.Sprintf("at least %d needed", n), len(args))
		}
		return nil
	}
}

func argsError(cmd *cobra.Command, needed string, given int) error {
	return fmt.Errorf("%s given, %s: %s", plural(given, "argument"), needed, strings.TrimSuffix(cmd.UseLine(), " [flags]"))
}

// plural counts things whose plural takes an s: "1 curve", "2 curves".
func plural(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
