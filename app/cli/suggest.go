package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"codecworkbench/app/sweep"
	"codecworkbench/metrics"
)

// unknown is the error for a name that is none of those there are: it offers the
// nearest, then lists all.
func unknown(kind, name string, have []string) error {
	return fmt.Errorf("no %s %q%s; there are: %s", kind, name, didYouMean(name, have), strings.Join(have, ", "))
}

// didYouMean offers the name nearest to a misspelt one; empty if none is near.
func didYouMean(name string, have []string) string {
	if s := nearest(name, have); s != "" {
		return fmt.Sprintf(" (did you mean %s?)", s)
	}
	return ""
}

// nearest finds the name that a misspelt one was meant to be: the one that it
// begins, or else the one with the fewest changed letters, at most a third of them.
func nearest(name string, have []string) string {
	name = strings.ToLower(name)
	if len(name) > 1 {
		for _, h := range have {
			if strings.HasPrefix(strings.ToLower(h), name) {
				return h
			}
		}
	}
	best, least := "", len(name)/3+1
	for _, h := range have {
		if d := distance(name, strings.ToLower(h)); d < least {
			best, least = h, d
		}
	}
	return best
}

// distance counts the letters to insert, delete, change or swap with their
// neighbour to turn a into b: the optimal string alignment distance (Damerau 1964).
func distance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range b {
		rows[0][j+1] = j + 1
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			d := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
	}
	return rows[len(a)][len(b)]
}

// knownSpecs checks the ids of specs' codecs and filters.
func knownSpecs(tools sweep.Tools, specs []sweep.Spec) error {
	ids := codecIDs(tools)
	var filters []string
	for _, f := range tools.Codecs.Filters() {
		filters = append(filters, f.Info().ID)
	}
	for _, s := range specs {
		if !slices.Contains(ids, s.Codec) {
			return unknown("codec", s.Codec, ids)
		}
		for _, f := range s.Filters {
			if len(filters) > 0 && !slices.Contains(filters, f.ID) {
				return unknown("filter", f.ID, filters)
			}
		}
	}
	return nil
}

// knownMetrics checks metric ids with their settings, all among them.
func knownMetrics(tools sweep.Tools, ids []string) error {
	have := metricIDs(tools)
	if len(ids) == 0 {
		return fmt.Errorf("no metric is named; there are: all, %s", strings.Join(have, ", "))
	}
	for _, id := range ids {
		if id == "all" {
			continue
		}
		base, settings, _ := strings.Cut(id, "@")
		if !slices.Contains(have, base) {
			return unknown("metric", base, have)
		}
		if err := knownSettings(tools, base, settings); err != nil {
			return err
		}
	}
	return nil
}

// knownSettings checks the names of a metric's settings, "name=value@name=value"; the
// metric itself checks their values.
func knownSettings(tools sweep.Tools, id, settings string) error {
	m, err := tools.Metrics.Metric(id)
	if err != nil {
		return err
	}
	c, ok := m.(metrics.Configurable)
	if !ok || settings == "" {
		return nil // the registry says what is wrong, if anything
	}
	var have []string
	for _, o := range c.Settings().Options() {
		have = append(have, o.Name)
	}
	for _, field := range strings.Split(settings, "@") {
		if name, _, _ := strings.Cut(field, "="); !slices.Contains(have, name) {
			return unknown("setting of "+id, name, have)
		}
	}
	return nil
}

func codecIDs(tools sweep.Tools) []string {
	var ids []string
	for _, c := range tools.Codecs.All() {
		ids = append(ids, c.Info().ID)
	}
	return ids
}

func metricIDs(tools sweep.Tools) []string {
	var ids []string
	for _, m := range tools.Metrics.All() {
		ids = append(ids, m.Info().ID)
	}
	return ids
}

func commandNames(root *cobra.Command) []string {
	var names []string
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	return names
}
