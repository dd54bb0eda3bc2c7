package metrics

import (
	"fmt"
	"strings"
)

// Registry is the list of metrics of one program.
type Registry struct{ metrics []Metric }

// NewRegistry checks that ids differ.
func NewRegistry(list []Metric) (*Registry, error) {
	seen := map[string]bool{}
	for _, m := range list {
		if seen[m.Info().ID] {
			return nil, fmt.Errorf("metric %q is registered twice", m.Info().ID)
		}
		seen[m.Info().ID] = true
	}
	return &Registry{metrics: list}, nil
}

// All returns the metrics in the program's order.
func (r *Registry) All() []Metric { return append([]Metric(nil), r.metrics...) }

// Metric finds a metric by its id, which settings may follow: "flip@ppd=60". The
// error lists what there is.
func (r *Registry) Metric(id string) (Metric, error) {
	base, settings, configured := strings.Cut(id, "@")
	var have []string
	for _, m := range r.metrics {
		if m.Info().ID == base {
			if !configured {
				return m, nil
			}
			return configure(m, settings)
		}
		have = append(have, m.Info().ID)
	}
	return nil, fmt.Errorf("no metric %q; there are: %s", base, strings.Join(have, ", "))
}

// configure returns a metric with settings: "name=value@name=value".
func configure(m Metric, settings string) (Metric, error) {
	c, ok := m.(Configurable)
	if !ok {
		return nil, fmt.Errorf("%s has no settings", m.Info().ID)
	}
	s := c.Settings()
	for _, field := range strings.Split(settings, "@") {
		name, value, ok := strings.Cut(field, "=")
		if !ok {
			return nil, fmt.Errorf("%s: setting %q should be NAME=VALUE", m.Info().ID, field)
		}
		var err error
		if s, err = s.Set(name, value); err != nil {
			return nil, fmt.Errorf("%s: %w", m.Info().ID, err)
		}
	}
	return c.With(s), nil
}

// Select finds several metrics by id, each once; "all" stands for every one.
func (r *Registry) Select(ids []string) ([]Metric, error) {
	var out []Metric
	seen := map[string]bool{}
	add := func(m Metric) {
		if id := m.Info().ID; !seen[id] {
			seen[id] = true
			out = append(out, m)
		}
	}
	for _, id := range ids {
		if id == "all" {
			for _, m := range r.metrics {
				add(m)
			}
			continue
		}
		m, err := r.Metric(id)
		if err != nil {
			return nil, err
		}
		add(m)
	}
	return out, nil
}
