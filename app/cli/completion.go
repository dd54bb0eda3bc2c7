package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

func (a *app) completionCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "completion bash|zsh|fish|powershell",
		Short: "Print a script that completes this program's commands in a shell",
		Long: `Print a completion script: it completes subcommands, flags, files and the ids of codecs,
metrics and published curves. To load it in the running shell:

  bash         source <(codecworkbench completion bash)
  zsh          source <(codecworkbench completion zsh)
  fish         codecworkbench completion fish | source
  powershell   codecworkbench completion powershell | Out-String | Invoke-Expression

In bash it takes the package bash-completion. To have it in every shell, put that line
into the shell's start file, such as ~/.bashrc.`,
		Args:      exactArgs(1),
		ValidArgs: []string{"bash", "zsh", "fish", "powershell"},
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(a.Stdout, true)
			case "zsh":
				return root.GenZshCompletion(a.Stdout)
			case "fish":
				return root.GenFishCompletion(a.Stdout, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(a.Stdout)
			}
			return unknown("completion for", args[0], cmd.ValidArgs)
		},
	}
}

// complete completes a flag's value. With list it is a list between commas, of which
// the last element is completed.
func complete(cmd *cobra.Command, flag string, list bool, values func(cmd *cobra.Command, args []string) []string) {
	err := cmd.RegisterFlagCompletionFunc(flag, func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		have := values(cmd, args)
		if i := strings.LastIndex(typed, ","); list && i >= 0 {
			for k := range have {
				// Bash does not match what has both a comma and a description.
				word, _, _ := strings.Cut(have[k], "\t")
				have[k] = typed[:i+1] + word
			}
		}
		if list || slices.ContainsFunc(have, func(v string) bool { return strings.HasSuffix(v, "=") }) {
			return have, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
		}
		return have, cobra.ShellCompDirectiveNoFileComp
	})
	if err != nil {
		panic(err) // only a flag that does not exist
	}
}

// fixed completes with words known beforehand.
func fixed(words ...string) func(*cobra.Command, []string) []string {
	return func(*cobra.Command, []string) []string { return slices.Clone(words) }
}

// codecWords are the codecs' ids, each with what a shell shows beside it.
func (a *app) codecWords(*cobra.Command, []string) []string {
	tools, _ := a.Tools(a.modelDirs)
	var words []string
	for _, c := range tools.Codecs.All() {
		words = append(words, c.Info().ID+"\t"+c.Info().Summary)
	}
	return words
}

// metricWords are the metrics' ids.
func (a *app) metricWords(*cobra.Command, []string) []string {
	tools, _ := a.Tools(a.modelDirs)
	var words []string
	for _, m := range tools.Metrics.All() {
		words = append(words, m.Info().ID+"\t"+m.Info().Summary)
	}
	return words
}

// targetWords are the beginnings of --target's values.
func (a *app) targetWords(*cobra.Command, []string) []string {
	tools, _ := a.Tools(a.modelDirs)
	words := metricIDs(tools)
	for i := range words {
		words[i] += "="
	}
	return words
}

// curveWords are the published curves' ids.
func (a *app) curveWords(*cobra.Command, []string) []string {
	library, err := a.Published()
	if err != nil {
		return nil
	}
	var words []string
	for _, c := range library {
		words = append(words, c.ID+"\t"+c.Name)
	}
	return words
}

// settingWords are the beginnings of --set's values for the codec named so far.
func (a *app) settingWords(cmd *cobra.Command, _ []string) []string {
	tools, _ := a.Tools(a.modelDirs)
	c, err := tools.Codecs.Codec(cmd.Flag("codec").Value.String())
	if err != nil {
		return nil
	}
	var words []string
	for _, p := range c.Info().Params {
		words = append(words, p.Name+"=")
	}
	return words
}
