package metrics

import "codecworkbench/metrics/internal/luma"

// lumaOption is the setting of metrics that measure brightness alone: which of the
// formulas in use they take, the default first.
func lumaOption(kinds ...luma.Kind) Option {
	o := Option{Name: luma.OptionName, Summary: luma.OptionSummary}
	for _, k := range kinds {
		o.Choices = append(o.Choices, string(k))
	}
	return o
}

// lumaKind is the formula that settings with a lumaOption name.
func lumaKind(s Settings) luma.Kind { return luma.Kind(s.Choice(luma.OptionName)) }
