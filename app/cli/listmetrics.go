package cli

import (
	"fmt"
	"strconv"
	"strings"

	"codecworkbench/metrics"
)

type metricJSON struct {
	ID       string        `json:"id"`
	Name     string        `json:"name"`
	Unit     string        `json:"unit"`
	Better   string        `json:"better"`
	Range    string        `json:"range"`
	DB       bool          `json:"db"` // plots and BD-rates take -10 log10(1 - value)
	MinSide  int           `json:"min_side"`
	Paper    string        `json:"paper"`
	Summary  string        `json:"summary"`
	Version  int           `json:"version"`
	WhyNot   string        `json:"why_not"` // why it can't be computed here; empty: it can
	Settings []settingJSON `json:"settings"`
	Maps     []kindJSON    `json:"maps"`
}

type settingJSON struct {
	Name    string   `json:"name"`
	Default string   `json:"default"`
	Choices []string `json:"choices,omitempty"`
	Min     *float64 `json:"min,omitempty"`
	Max     *float64 `json:"max,omitempty"`
	Summary string   `json:"summary"`
}

type kindJSON struct {
	ID      string  `json:"id"`
	Name    string  `json:"name"`
	Unit    string  `json:"unit"`
	Good    float64 `json:"good"`
	Bad     float64 `json:"bad"`
	Summary string  `json:"summary"`
}

// listMetrics lists the metrics, or describes those that are named.
func (a *app) listMetrics(named []string, asJSON bool) error {
	list := a.tools().Metrics.All()
	if len(named) > 0 {
		if err := knownMetrics(a.tools(), named); err != nil {
			return err
		}
		var err error
		if list, err = a.tools().Metrics.Select(named); err != nil {
			return err
		}
	}
	described := []metricJSON{}
	for _, m := range list {
		described = append(described, describeMetric(m))
	}
	switch {
	case asJSON:
		return a.printJSON(described)
	case len(named) > 0:
		return a.printMetrics(described)
	}
	var rows [][]string
	for _, m := range described {
		var settings []string
		for _, s := range m.Settings {
			settings = append(settings, s.Name+"="+s.short())
		}
		about := m.Range
		if m.WhyNot != "" {
			about = "unavailable: " + m.WhyNot
		}
		rows = append(rows, []string{m.ID, m.Name, m.Better, strings.Join(settings, " "), mapCount(len(m.Maps)), about})
	}
	return printTable(a.Stdout, []string{"ID", "NAME", "BETTER", "SETTINGS", "MAPS", "RANGE"}, rows)
}

func mapCount(n int) string {
	if n == 0 {
		return "-"
	}
	return strconv.Itoa(n)
}

func describeMetric(m metrics.Metric) metricJSON {
	i := m.Info()
	out := metricJSON{ID: i.ID, Name: i.Name, Unit: i.Unit, Better: better(i), Range: i.Range, DB: i.DB, MinSide: i.MinSide, Paper: i.Paper,
		Summary: i.Summary, Version: i.Version, WhyNot: i.Unavailable, Settings: []settingJSON{}, Maps: []kindJSON{}}
	if c, ok := m.(metrics.Configurable); ok {
		for _, o := range c.Settings().Options() {
			s := settingJSON{Name: o.Name, Choices: o.Choices, Summary: o.Summary}
			if o.Choices != nil {
				s.Default = o.Choices[0]
			} else {
				s.Default = strconv.FormatFloat(o.Default, 'g', -1, 64)
				s.Min, s.Max = &o.Min, &o.Max
			}
			out.Settings = append(out.Settings, s)
		}
	}
	if mapper, ok := m.(metrics.Mapper); ok {
		for _, k := range mapper.MapKinds() {
			out.Maps = append(out.Maps, kindJSON{k.ID, k.Name, k.Unit, k.Good, k.Bad, k.Summary})
		}
	}
	return out
}

// textWidth is how wide paragraphs are printed.
const textWidth = 88

// printMetrics prints all there is to know of metrics, for people.
func (a *app) printMetrics(list []metricJSON) error {
	for n, m := range list {
		if n > 0 {
			fmt.Fprintln(a.Stdout)
		}
		for _, line := range wrapped(fmt.Sprintf("%s: %s. %s", m.ID, m.Name, m.Summary), textWidth) {
			fmt.Fprintln(a.Stdout, line)
		}
		facts := []string{m.Better + " is better"}
		if m.Range != "" {
			facts = append(facts, m.Range)
		}
		if m.Unit != "" {
			facts = append(facts, "in "+m.Unit)
		}
		if m.DB {
			facts = append(facts, "in plots and BD-rates as -10 log10(1 - value) dB")
		}
		if m.MinSide > 1 {
			facts = append(facts, fmt.Sprintf("needs sides of at least %d pixels", m.MinSide))
		}
		for _, line := range wrapped("Values: "+strings.Join(facts, "; ")+".", textWidth) {
			fmt.Fprintln(a.Stdout, line)
		}
		if m.WhyNot != "" {
			fmt.Fprintln(a.Stdout, "Unavailable: "+m.WhyNot)
		}
		if m.Paper != "" {
			for _, line := range wrapped("After "+m.Paper, textWidth) {
				fmt.Fprintln(a.Stdout, line)
			}
		}
		if err := a.printSettings(m); err != nil {
			return err
		}
		if err := a.printKinds(m); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) printSettings(m metricJSON) error {
	if len(m.Settings) == 0 {
		return nil
	}
	base, _, _ := strings.Cut(m.ID, "@")
	fmt.Fprintf(a.Stdout, "Settings, as in %s@%s=%s:\n", base, m.Settings[0].Name, example(m.Settings[0]))
	var rows [][]string
	for _, s := range m.Settings {
		values := strings.Join(s.Choices, ", ")
		if s.Choices == nil {
			values = fmt.Sprintf("%v to %v", *s.Min, *s.Max)
		}
		rows = append(rows, []string{"  " + s.Name, s.short(), values, s.Summary})
	}
	return printTable(a.Stdout, []string{"  SETTING", "DEFAULT", "VALUES", "WHAT IT DOES"}, rows)
}

// example is a value of a setting that is not its default.
func example(s settingJSON) string {
	if len(s.Choices) > 1 {
		return s.Choices[1]
	}
	return s.short()
}

// short is a setting's default for people.
func (s settingJSON) short() string {
	if v, err := strconv.ParseFloat(s.Default, 64); err == nil && s.Choices == nil {
		return strconv.FormatFloat(v, 'g', 6, 64)
	}
	return s.Default
}

func (a *app) printKinds(m metricJSON) error {
	if len(m.Maps) == 0 {
		return nil
	}
	fmt.Fprintln(a.Stdout, "Maps of local error, for measure --maps and the window:")
	var rows [][]string
	for _, k := range m.Maps {
		scale := strings.TrimSpace(fmt.Sprintf("%v to %v %s", k.Good, k.Bad, k.Unit))
		rows = append(rows, []string{"  " + k.ID, scale, k.Summary})
	}
	return printTable(a.Stdout, []string{"  MAP", "GOOD TO BAD", "WHAT IT SHOWS"}, rows)
}
