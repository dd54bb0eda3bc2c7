package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"codecworkbench/metrics"
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

// words are what a value can begin with, given what is typed of it; a description may
// follow each behind a tab.
type words func(cmd *cobra.Command, typed string) []string

// complete completes a flag's value. With list it is a list between commas, of which
// the last element is completed.
func complete(cmd *cobra.Command, flag string, list bool, values words) {
	err := cmd.RegisterFlagCompletionFunc(flag, func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		i := -1
		if list {
			i = strings.LastIndex(typed, ",")
		}
		have := values(cmd, typed[i+1:])
		if i >= 0 {
			for k := range have {
				// Bash does not match what has both a comma and a description.
				word, _, _ := strings.Cut(have[k], "\t")
				have[k] = typed[:i+1] + word
			}
		}
		unfinished := func(v string) bool {
			word, _, _ := strings.Cut(v, "\t")
			return strings.HasSuffix(word, "=") || strings.HasSuffix(word, "@")
		}
		if list || slices.ContainsFunc(have, unfinished) {
			return have, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
		}
		return have, cobra.ShellCompDirectiveNoFileComp
	})
	if err != nil {
		panic(err) // only a flag that does not exist
	}
}

// fixed completes with words known beforehand.
func fixed(list ...string) words {
	return func(*cobra.Command, string) []string { return slices.Clone(list) }
}

// codecWords are the codecs' ids, each with what a shell shows beside it.
func (a *app) codecWords(*cobra.Command, string) []string {
	tools, _ := a.Tools(a.modelDirs)
	var words []string
	for _, c := range tools.Codecs.All() {
		words = append(words, c.Info().ID+"\t"+c.Info().Summary)
	}
	return words
}

// metricWords are the metrics' ids; behind an "@" their settings, behind "=" what
// those can be.
func (a *app) metricWords(_ *cobra.Command, typed string) []string {
	tools, _ := a.Tools(a.modelDirs)
	var list []string
	for _, m := range tools.Metrics.All() {
		info := m.Info()
		c, configurable := m.(metrics.Configurable)
		if configurable && strings.HasPrefix(typed, info.ID+"@") {
			return optionWords(c.Settings().Options(), typed)
		}
		list = append(list, info.ID+"\t"+info.Summary)
		if configurable && typed == info.ID {
			list = append(list, info.ID+"@\twith settings")
		}
	}
	return list
}

// optionWords complete the last setting of "ID@name=value@name=value".
func optionWords(options []metrics.Option, typed string) []string {
	at := strings.LastIndex(typed, "@") + 1
	before := typed[:at]
	name, _, chosen := strings.Cut(typed[at:], "=")
	var list []string
	for _, o := range options {
		if !chosen {
			list = append(list, before+o.Name+"=\t"+o.Summary)
			continue
		}
		for _, c := range o.Choices {
			if o.Name == name {
				list = append(list, before+name+"="+c)
			}
		}
	}
	return list
}

// targetWords are the beginnings of --target's values.
func (a *app) targetWords(cmd *cobra.Command, typed string) []string {
	if strings.Contains(typed, "@") {
		return a.metricWords(cmd, typed)
	}
	tools, _ := a.Tools(a.modelDirs)
	list := metricIDs(tools)
	for i := range list {
		list[i] += "="
	}
	return list
}

// curveWords are the published curves' ids.
func (a *app) curveWords(*cobra.Command, string) []string {
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
func (a *app) settingWords(cmd *cobra.Command, _ string) []string {
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
