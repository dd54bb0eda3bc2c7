package metrics

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Configurable is implemented by metrics with settings: "butteraugli@nits=203" is
// the metric that With returns for them.
type Configurable interface {
	Metric
	// Settings returns the metric's settings as they are, with their options.
	Settings() Settings
	// With returns the metric with other settings, which are of its own options.
	With(s Settings) Metric
}

// Option is a setting that a metric offers.
type Option struct {
	Name    string
	Summary string   // one sentence
	Choices []string // the words allowed, the default first; nil: a number
	// Of a number.
	Default, Min, Max float64
}

// Settings are values for options. The zero value has no options.
type Settings struct {
	options []Option
	values  map[string]string // what differs from the default
}

// NewSettings returns the defaults of these options.
func NewSettings(options ...Option) Settings { return Settings{options: options} }

// Options lists what can be set.
func (s Settings) Options() []Option { return slices.Clone(s.options) }

// Choice returns the value of an option with choices.
func (s Settings) Choice(name string) string {
	if v, ok := s.values[name]; ok {
		return v
	}
	for _, o := range s.options {
		if o.Name == name {
			return o.Choices[0]
		}
	}
	return ""
}

// Number returns the value of a numeric option.
func (s Settings) Number(name string) float64 {
	if v, ok := s.values[name]; ok {
		f, _ := strconv.ParseFloat(v, 64) // checked by Set
		return f
	}
	for _, o := range s.options {
		if o.Name == name {
			return o.Default
		}
	}
	return 0
}

// Set returns the settings with one more value. The error says what is allowed.
func (s Settings) Set(name, value string) (Settings, error) {
	i := slices.IndexFunc(s.options, func(o Option) bool { return o.Name == name })
	if i < 0 {
		var have []string
		for _, o := range s.options {
			have = append(have, o.Name)
		}
		if have == nil {
			return s, fmt.Errorf("no setting %q: there are none", name)
		}
		return s, fmt.Errorf("no setting %q; there are: %s", name, strings.Join(have, ", "))
	}
	value, isDefault, err := s.options[i].parse(value)
	if err != nil {
		return s, err
	}
	values := maps.Clone(s.values)
	if values == nil {
		values = map[string]string{}
	}
	delete(values, name)
	if !isDefault {
		values[name] = value
	}
	return Settings{s.options, values}, nil
}

// parse checks a value and returns it in its one spelling.
func (o Option) parse(value string) (canonical string, isDefault bool, err error) {
	if o.Choices != nil {
		if !slices.Contains(o.Choices, value) {
			return "", false, fmt.Errorf("%s=%s: allowed are %s", o.Name, value, strings.Join(o.Choices, ", "))
		}
		return value, value == o.Choices[0], nil
	}
	f, err := strconv.ParseFloat(value, 64)
	if err != nil || !(f >= o.Min && f <= o.Max) {
		return "", false, fmt.Errorf("%s=%s: allowed are numbers from %v to %v", o.Name, value, o.Min, o.Max)
	}
	return strconv.FormatFloat(f, 'g', -1, 64), f == o.Default, nil
}

// Label returns info with what differs from the defaults in its id and its name:
// "butteraugli@nits=203", "Butteraugli (nits 203)".
func (s Settings) Label(info Info) Info {
	var words []string
	for _, o := range s.options {
		if v, ok := s.values[o.Name]; ok {
			info.ID += "@" + o.Name + "=" + v
			words = append(words, o.Name+" "+v)
		}
	}
	if words != nil {
		info.Name += " (" + strings.Join(words, ", ") + ")"
	}
	return info
}
