package cli

import (
	"fmt"

	"github.com/spf13/cobra"
)

func (a *app) completionCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "completion bash|zsh|fish|powershell",
		Short: "Print a script that completes this program's commands in a shell",
		Long: `Print a completion script. To load it in the running shell:

  bash         source <(codecworkbench completion bash)
  zsh          source <(codecworkbench completion zsh)
  fish         codecworkbench completion fish | source
  powershell   codecworkbench completion powershell | Out-String | Invoke-Expression`,
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
			return fmt.Errorf("no completion for %q; there is: bash, zsh, fish, powershell", args[0])
		},
	}
}

// completeCodecs completes a flag with codec ids.
func (a *app) completeCodecs(cmd *cobra.Command, flag string) {
	err := cmd.RegisterFlagCompletionFunc(flag, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		var ids []string
		tools, _ := a.Tools(a.modelDirs)
		for _, c := range tools.Codecs.All() {
			ids = append(ids, c.Info().ID+"\t"+c.Info().Summary)
		}
		return ids, cobra.ShellCompDirectiveNoFileComp
	})
	if err != nil {
		panic(err) // only a flag that does not exist
	}
}
