package cli

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"codecworkbench/codecs"
)

func (a *app) listCmd() *cobra.Command {
	var asJSON bool
	kinds := []string{"codecs", "metrics", "curves"}
	cmd := &cobra.Command{
		Use:   "list codecs|metrics|curves [ID...]",
		Short: "List the codecs, the metrics or the published curves",
		Long: `List the codecs with the range of their quality q (higher is better), the metrics with
the range of their values and which end is better, or the published rate-distortion
curves that "plot" and "bdrate" can add. Codecs named by ID after "codecs" are described
in full: parameters for --set, ranges, defaults; metrics named after "metrics" with
their settings and maps.`,
		Example: `  codecworkbench list codecs
  codecworkbench list codecs jpeg
  codecworkbench list metrics butteraugli
  codecworkbench list curves --json`,
		Args: minArgs(1),
		ValidArgsFunction: func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
			switch {
			case len(args) == 0:
				return kinds, cobra.ShellCompDirectiveNoFileComp
			case args[0] == "codecs":
				return a.codecWords(cmd, typed), cobra.ShellCompDirectiveNoFileComp
			case args[0] == "metrics":
				return a.metricWords(cmd, typed), cobra.ShellCompDirectiveNoFileComp
			}
			return nil, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case args[0] == "codecs":
				return a.listCodecs(args[1:], asJSON)
			case args[0] == "metrics":
				return a.listMetrics(args[1:], asJSON)
			case len(args) > 1:
				return exactArgs(1)(cmd, args)
			case args[0] == "curves":
				return a.listCurves(asJSON)
			}
			return unknown("list of", args[0], kinds)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

type codecJSON struct {
	ID        string       `json:"id"`
	Name      string       `json:"name"`
	Family    string       `json:"family"`
	Paper     string       `json:"paper"`
	Lossless  bool         `json:"lossless"`
	Q         *qualityJSON `json:"q"`
	Available bool         `json:"available"`
	WhyNot    string       `json:"why_not"`
	Summary   string       `json:"summary"`
	Params    []paramJSON  `json:"params"`
}

type qualityJSON struct {
	Min     float64 `json:"min"`
	Max     float64 `json:"max"`
	Step    float64 `json:"step"`
	Default float64 `json:"default"`
}

type paramJSON struct {
	Name    string   `json:"name"`
	Kind    string   `json:"kind"`
	Default string   `json:"default"`
	Choices []string `json:"choices,omitempty"`
	Min     *float64 `json:"min,omitempty"`
	Max     *float64 `json:"max,omitempty"`
	Unit    string   `json:"unit,omitempty"`
	Help    string   `json:"help,omitempty"`
}

func (a *app) listCodecs(named []string, asJSON bool) error {
	var infos []codecs.Info
	for _, id := range named {
		if ids := codecIDs(a.tools()); !slices.Contains(ids, id) {
			return unknown("codec", id, ids)
		}
	}
	for _, c := range a.tools().Codecs.All() {
		if info := c.Info(); len(named) == 0 || slices.Contains(named, info.ID) {
			infos = append(infos, info)
		}
	}
	switch {
	case asJSON:
		return a.printJSON(codecsJSON(infos))
	case len(named) > 0:
		return a.describeCodecs(infos)
	}
	w := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tNAME\tFAMILY\tQ\tPARAMETERS\t")
	for _, i := range infos {
		var params []string
		for _, p := range i.Params {
			params = append(params, p.Name+"="+p.Default)
		}
		note := strings.Join(params, " ")
		if i.Unavailable != "" {
			note = "unavailable: " + i.Unavailable
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t\n", i.ID, i.Name, i.Family, qualityRange(i), note)
	}
	return w.Flush()
}

func codecsJSON(infos []codecs.Info) []codecJSON {
	list := []codecJSON{}
	for _, i := range infos {
		j := codecJSON{ID: i.ID, Name: i.Name, Family: i.Family, Paper: i.Paper, Lossless: i.Lossless,
			Available: i.Unavailable == "", WhyNot: i.Unavailable, Summary: i.Summary, Params: []paramJSON{}}
		if q := i.Quality; q != nil {
			j.Q = &qualityJSON{q.Min, q.Max, q.Step, q.Default}
		}
		for _, p := range i.Params {
			pj := paramJSON{Name: p.Name, Kind: string(p.Kind), Default: p.Default, Choices: p.Choices, Unit: p.Unit, Help: p.Help}
			if p.Max > p.Min {
				pj.Min, pj.Max = &p.Min, &p.Max
			}
			j.Params = append(j.Params, pj)
		}
		list = append(list, j)
	}
	return list
}

func qualityRange(i codecs.Info) string {
	switch {
	case i.Quality != nil:
		return codecs.FormatNumber(i.Quality.Min) + " to " + codecs.FormatNumber(i.Quality.Max)
	case i.Lossless:
		return "lossless"
	}
	return "-"
}

// describeCodecs prints all there is to know of codecs, for people.
func (a *app) describeCodecs(infos []codecs.Info) error {
	for n, i := range infos {
		if n > 0 {
			fmt.Fprintln(a.Stdout)
		}
		fmt.Fprintf(a.Stdout, "%s: %s (%s). %s\n", i.ID, i.Name, i.Family, i.Summary)
		if i.Paper != "" {
			fmt.Fprintln(a.Stdout, "After "+i.Paper)
		}
		if i.Unavailable != "" {
			fmt.Fprintln(a.Stdout, "Unavailable: "+i.Unavailable)
		}
		w := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "  PARAMETER\tDEFAULT\tVALUES\tWHAT IT DOES\t")
		for _, p := range i.Schema() {
			fmt.Fprintf(w, "  %s\t%s\t%s\t%s\t\n", p.Name, p.Default, valuesOf(p), p.Help)
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// valuesOf words what a parameter takes.
func valuesOf(p codecs.Param) string {
	text := string(p.Kind)
	switch {
	case len(p.Choices) > 0:
		text = strings.Join(p.Choices, ", ")
	case p.Kind == codecs.Bool:
		text = "true, false"
	case p.Kind == codecs.Model:
		text = "a shipped model's name or a model file"
	case p.Max > p.Min:
		text = codecs.FormatNumber(p.Min) + " to " + codecs.FormatNumber(p.Max)
		if p.Step > 0 {
			text += " in steps of " + codecs.FormatNumber(p.Step)
		}
	}
	return strings.TrimSpace(text + " " + p.Unit)
}

func (a *app) listCurves(asJSON bool) error {
	curves, err := a.Published()
	if err != nil {
		return err
	}
	if asJSON {
		type curveJSON struct {
			ID      string `json:"id"`
			Name    string `json:"name"`
			Dataset string `json:"dataset"`
			Kind    string `json:"kind"`
			Source  string `json:"source"`
			Caveats string `json:"caveats"`
		}
		list := []curveJSON{}
		for _, c := range curves {
			list = append(list, curveJSON{c.ID, c.Name, c.Dataset, c.Kind, c.Source, c.Caveats})
		}
		return a.printJSON(list)
	}
	w := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tNAME\tDATA SET\t")
	for _, c := range curves {
		name := c.Name
		if c.Caveats != "" {
			name += " (caveat)"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t\n", c.ID, name, c.Dataset)
	}
	return w.Flush()
}

func (a *app) printJSON(v any) error {
	enc := json.NewEncoder(a.Stdout)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
