// Package metricmenu lists metrics to choose from, alike on all screens: name, what
// it measures in a sentence, id, and which ones are better when lower.
package metricmenu

import (
	"slices"
	"strings"

	"codecworkbench/app/workbench"
	"codecworkbench/metrics"
	"codecworkbench/views/kit"
)

// Name is how lists call a metric; an arrow marks that lower is better.
func Name(i metrics.Info) string {
	if i.Lower {
		return i.Name + " ↓"
	}
	return i.Name
}

// Help says in a tooltip what a metric measures.
func Help(i metrics.Info) string {
	text := i.Summary
	if i.Range != "" {
		text += " " + strings.ToUpper(i.Range[:1]) + i.Range[1:] + "."
	}
	if i.Lower {
		text += " Lower is better."
	}
	return text
}

// Options offers every metric, for pickers of one.
func Options(wb *workbench.Workbench) []kit.Option {
	var out []kit.Option
	for _, m := range wb.Metrics() {
		out = append(out, option(m.Info()))
	}
	return out
}

// MapOptions offers the metrics that have maps.
func MapOptions(wb *workbench.Workbench) []kit.Option {
	var out []kit.Option
	for _, m := range wb.MapMetrics() {
		out = append(out, option(m.Info))
	}
	return out
}

func option(i metrics.Info) kit.Option {
	return kit.Option{ID: i.ID, Name: Name(i), Note: i.Summary, Key: i.ID, Why: i.Unavailable}
}

// Items lists every metric to be ticked: chosen are ticked, toggle takes one in or
// out and returns which it is now.
func Items(wb *workbench.Workbench, chosen []string, toggle func(id string) bool) []kit.Item {
	var out []kit.Item
	for _, m := range wb.Metrics() {
		i := m.Info()
		out = append(out, kit.Item{Name: Name(i), Note: i.Summary, Key: i.ID, Why: i.Unavailable, Checked: slices.Contains(chosen, i.ID),
			Toggle: func() bool { return toggle(i.ID) }})
	}
	return append(out, kit.Item{Name: "↓", Note: "lower is better", Disabled: true, Rule: true})
}
