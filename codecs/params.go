package codecs

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// ParamKind is the type of a parameter's value.
type ParamKind string

// The kinds of parameter.
const (
	Int     ParamKind = "int"
	Float   ParamKind = "float"
	Bool    ParamKind = "bool"
	Choice  ParamKind = "choice"
	Text    ParamKind = "text"
	File    ParamKind = "file"    // a path; results are keyed by the file's content
	PicFile ParamKind = "picture" // a path to a picture; keyed by its pixels
	Model   ParamKind = "model"   // a shipped model's name or a model file's path
)

// Param describes one parameter. Window controls, command-line flags and sweep
// grids are generated from it.
type Param struct {
	Name           string // "subsampling": lower case, as in --set
	Label          string // "Chroma subsampling"
	Kind           ParamKind
	Min, Max, Step float64  // Int and Float; Max <= Min: unbounded
	Choices        []string // Choice
	Default        string   // canonical text
	Unit           string
	Help           string
}

// Params holds a codec's settings as text, by name; q among them. Absent names
// have their defaults.
type Params map[string]string

// With returns a copy with one value changed.
func (p Params) With(name, value string) Params {
	out := make(Params, len(p)+1)
	for k, v := range p {
		out[k] = v
	}
	out[name] = value
	return out
}

// WithQ returns a copy with another quality.
func (p Params) WithQ(q float64) Params { return p.With("q", FormatNumber(q)) }

// String lists the settings as k=v, sorted by name.
func (p Params) String() string {
	names := make([]string, 0, len(p))
	for k := range p {
		names = append(names, k)
	}
	slices.Sort(names)
	for i, k := range names {
		names[i] = k + "=" + p[k]
	}
	return strings.Join(names, " ")
}

// FormatNumber writes a number in the shortest form that reads back the same.
func FormatNumber(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// Snap moves v into the range and onto the nearest step.
func (q Quality) Snap(v float64) float64 {
	if q.Step > 0 {
		// Decimal steps (0.1) are rounded through text, or 0.1*3 would show as 0.30000000000000004.
		v = q.Min + math.Round((v-q.Min)/q.Step)*q.Step
		v, _ = strconv.ParseFloat(strconv.FormatFloat(v, 'f', 9, 64), 64)
	}
	return min(max(v, q.Min), q.Max)
}

// Schema returns all parameters of the codec, q first where it has one.
func (i Info) Schema() []Param {
	if i.Quality == nil {
		return i.Params
	}
	q := Param{Name: "q", Label: "Quality", Kind: Float, Min: i.Quality.Min, Max: i.Quality.Max,
		Step: i.Quality.Step, Default: FormatNumber(i.Quality.Default), Help: i.Quality.Help}
	return append([]Param{q}, i.Params...)
}

// Resolve checks p against the schema and fills in defaults: the result has every
// parameter in canonical form. An unknown name or a value outside its range is an
// error that says what is allowed.
func (i Info) Resolve(p Params) (Params, error) {
	schema := i.Schema()
	for name := range p {
		if !slices.ContainsFunc(schema, func(s Param) bool { return s.Name == name }) {
			return nil, fmt.Errorf("%s has no parameter %q; it has: %s", i.ID, name, names(schema))
		}
	}
	out := make(Params, len(schema))
	for _, s := range schema {
		v, ok := p[s.Name]
		if !ok {
			v = s.Default
		}
		canonical, err := s.Check(v)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", i.ID, err)
		}
		out[s.Name] = canonical
	}
	return out, nil
}

func names(schema []Param) string {
	if len(schema) == 0 {
		return "none"
	}
	var out []string
	for _, s := range schema {
		out = append(out, s.Name)
	}
	return strings.Join(out, ", ")
}

// Check returns v in canonical form, or an error that says what is allowed.
func (s Param) Check(v string) (string, error) {
	switch s.Kind {
	case Int, Float:
		x, err := strconv.ParseFloat(v, 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) || s.Kind == Int && x != math.Trunc(x) {
			return "", fmt.Errorf("%s=%s is not %s", s.Name, v, map[ParamKind]string{Int: "a whole number", Float: "a number"}[s.Kind])
		}
		if s.Max > s.Min && (x < s.Min || x > s.Max) {
			return "", fmt.Errorf("%s=%s is outside %s to %s", s.Name, v, FormatNumber(s.Min), FormatNumber(s.Max))
		}
		return FormatNumber(x), nil
	case Bool:
		b, err := strconv.ParseBool(v)
		if err != nil {
			return "", fmt.Errorf("%s=%s is not true or false", s.Name, v)
		}
		return strconv.FormatBool(b), nil
	case Choice:
		if !slices.Contains(s.Choices, v) {
			return "", fmt.Errorf("%s=%s is none of %s", s.Name, v, strings.Join(s.Choices, ", "))
		}
	}
	return v, nil
}

// Float returns a number from resolved parameters; 0 for a name without one.
func (p Params) Float(name string) float64 {
	v, _ := strconv.ParseFloat(p[name], 64)
	return v
}

// Int returns a whole number from resolved parameters; 0 for a name without one.
func (p Params) Int(name string) int { return int(p.Float(name)) }

// Bool returns a switch from resolved parameters.
func (p Params) Bool(name string) bool { return p[name] == "true" }

// Q returns the quality from resolved parameters.
func (p Params) Q() float64 { return p.Float("q") }
