package cli

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"codecworkbench/codecs"
)

func (a *app) listCmd() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:       "list codecs|metrics|curves",
		Short:     "List the codecs, the metrics or the published curves",
		Args:      exactArgs(1),
		ValidArgs: []string{"codecs", "metrics", "curves"},
		RunE: func(cmd *cobra.Command, args []string) error {
			switch args[0] {
			case "codecs":
				return a.listCodecs(asJSON)
			case "metrics":
				return a.listMetrics(asJSON)
			case "curves":
				return a.listCurves(asJSON)
			}
			return fmt.Errorf("there is no list of %q; there are: codecs, metrics, curves", args[0])
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

func (a *app) listCodecs(asJSON bool) error {
	var infos []codecs.Info
	for _, c := range a.tools().Codecs.All() {
		infos = append(infos, c.Info())
	}
	if asJSON {
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
		return a.printJSON(list)
	}
	w := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tNAME\tFAMILY\tQ\tPARAMETERS\t")
	for _, i := range infos {
		q := "-"
		if i.Quality != nil {
			q = codecs.FormatNumber(i.Quality.Min) + " to " + codecs.FormatNumber(i.Quality.Max)
		} else if i.Lossless {
			q = "lossless"
		}
		var params []string
		for _, p := range i.Params {
			params = append(params, p.Name+"="+p.Default)
		}
		note := strings.Join(params, " ")
		if i.Unavailable != "" {
			note = "unavailable: " + i.Unavailable
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t\n", i.ID, i.Name, i.Family, q, note)
	}
	return w.Flush()
}

func (a *app) listMetrics(asJSON bool) error {
	type metricJSON struct {
		ID      string `json:"id"`
		Name    string `json:"name"`
		Unit    string `json:"unit"`
		Better  string `json:"better"`
		MinSide int    `json:"min_side"`
		Paper   string `json:"paper"`
		Summary string `json:"summary"`
	}
	list := []metricJSON{}
	for _, m := range a.tools().Metrics.All() {
		i := m.Info()
		better := "higher"
		if i.Lower {
			better = "lower"
		}
		list = append(list, metricJSON{i.ID, i.Name, i.Unit, better, i.MinSide, i.Paper, i.Summary})
	}
	if asJSON {
		return a.printJSON(list)
	}
	w := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tNAME\tBETTER\tWHAT IT MEASURES\t")
	for _, m := range list {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t\n", m.ID, m.Name, m.Better, m.Summary)
	}
	return w.Flush()
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
