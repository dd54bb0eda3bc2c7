// Package metrics measures how far a decoded picture is from its original.
//
// A metric is added by writing one file with a type that satisfies Metric and
// naming it in the program's list. Definitions and their traps are cited at each
// metric; every one takes 8-bit sRGB.
package metrics

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"codecworkbench/codecs/picture"
)

// Metric compares two pictures of one size.
type Metric interface {
	Info() Info
	// Compare returns the value for a distorted picture against its reference, both
	// without alpha. It may be +Inf (identical pictures); a value that is not defined
	// for these pictures is an *Undefined error.
	Compare(ctx context.Context, ref, dist *picture.Picture) (float64, error)
}

// Info describes a metric.
type Info struct {
	ID      string // as on the command line and in results: "psnr-rgb"
	Name    string // for people: "PSNR-RGB"
	Unit    string // "dB", or empty
	Summary string // one sentence for a newcomer
	Paper   string
	Version int  // rises when values change
	Lower   bool // lower is better
	MinSide int  // smallest side in pixels; 0: any
	// DB metrics lie in 0..1 and enter plots and BD-rates as -10 log10(1 - v).
	DB bool
	// Alpha metrics handle alpha themselves; others get both pictures on white.
	Alpha bool
}

// Undefined is the error of a metric that has no value for a pair, with the reason.
type Undefined struct{ Reason string }

func (u *Undefined) Error() string { return u.Reason }

// Display returns a value as plots and BD-rates use it: DB metrics in dB.
func (i Info) Display(v float64) float64 {
	if i.DB {
		return -10 * math.Log10(1-v)
	}
	return v
}

// DisplayUnit is the unit of Display's values.
func (i Info) DisplayUnit() string {
	if i.DB {
		return "dB"
	}
	return i.Unit
}

// Value is one measured number: Number is NaN where the metric is undefined,
// +Inf for identical pictures under PSNR; Note then says why.
type Value struct {
	Number float64
	Note   string
}

// Finite reports whether there is a number to print, average or plot.
func (v Value) Finite() bool { return !math.IsNaN(v.Number) && !math.IsInf(v.Number, 0) }

// Measure computes one metric, after checks and compositing that all share.
// Only a cancelled ctx or a difference in size is an error.
func Measure(ctx context.Context, m Metric, ref, dist *picture.Picture) (Value, error) {
	info := m.Info()
	if ref.Width() != dist.Width() || ref.Height() != dist.Height() {
		return Value{}, fmt.Errorf("%s: the pictures differ in size: %d x %d and %d x %d",
			info.ID, ref.Width(), ref.Height(), dist.Width(), dist.Height())
	}
	if min(ref.Width(), ref.Height()) < info.MinSide {
		return Value{math.NaN(), fmt.Sprintf("needs sides of at least %d pixels", info.MinSide)}, nil
	}
	note := ""
	if !info.Alpha && (ref.Alpha() || dist.Alpha()) {
		ref, dist = ref.OnWhite(), dist.OnWhite()
		note = "measured on white"
	}
	v, err := m.Compare(ctx, ref, dist)
	if err := ctx.Err(); err != nil {
		return Value{}, err
	}
	if u, ok := err.(*Undefined); ok {
		return Value{math.NaN(), u.Reason}, nil
	}
	if err != nil {
		return Value{}, fmt.Errorf("%s: %w", info.ID, err)
	}
	if math.IsInf(v, 0) {
		return Value{v, "no difference to measure: infinite"}, nil
	}
	return Value{v, note}, nil
}

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

// Metric finds a metric by id. The error lists what there is.
func (r *Registry) Metric(id string) (Metric, error) {
	var have []string
	for _, m := range r.metrics {
		if m.Info().ID == id {
			return m, nil
		}
		have = append(have, m.Info().ID)
	}
	return nil, fmt.Errorf("no metric %q; there are: %s", id, strings.Join(have, ", "))
}

// Select finds several metrics by id, each once; "all" stands for every one.
func (r *Registry) Select(ids []string) ([]Metric, error) {
	var out []Metric
	for i, id := range ids {
		if id == "all" {
			return r.All(), nil
		}
		m, err := r.Metric(id)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(ids[:i], id) {
			out = append(out, m)
		}
	}
	return out, nil
}
