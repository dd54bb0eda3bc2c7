// Package metrics measures how far a decoded picture is from its original.
//
// A metric is added by writing one file, or one package below this one where it is
// large, with a type that satisfies Metric, and naming it in the program's list.
// Definitions and their traps are cited at each metric; every one takes 8-bit sRGB.
// A metric may also have settings (Configurable) and maps of local error (Mapper).
package metrics

import (
	"context"
	"errors"
	"fmt"
	"math"
)

// Metric compares two pictures of one size.
type Metric interface {
	Info() Info
	// Compare returns the value for a pair whose sides are at least Info's MinSide,
	// without alpha unless Info says Alpha. It may be +Inf (identical pictures); a
	// value that is not defined for these pictures is an *Undefined error. Use
	// Measure, which sees to all that.
	Compare(ctx context.Context, p *Pair) (float64, error)
}

// Info describes a metric.
type Info struct {
	ID      string // as on the command line and in results: "psnr-rgb"
	Name    string // for people: "PSNR-RGB"
	Unit    string // "dB", or empty
	Summary string // one sentence for a newcomer
	Range   string // of values, in words, with the best one named: "0 to 1, 1 is identical"
	Paper   string
	Version int  // rises when values change
	Lower   bool // lower is better
	Digits  int  // decimals that mean something to a reader; 0: as many as the value's size asks for
	MinSide int  // smallest side in pixels; 0: any
	// DB metrics have 1 for identical pictures and enter plots and BD-rates as -10 log10(1 - v).
	DB bool
	// Alpha metrics handle alpha themselves; others get both pictures on white.
	Alpha bool
	// Unavailable says why a metric can't be computed here: its program is missing.
	// Empty for those that can.
	Unavailable string
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
// Only a cancelled ctx or a failure of the metric is an error.
func Measure(ctx context.Context, m Metric, p *Pair) (Value, error) {
	p, note, err := p.readyFor(m.Info())
	if err == nil {
		var v float64
		if v, err = m.Compare(ctx, p); err == nil && math.IsInf(v, 0) {
			note = "no difference to measure: infinite"
		}
		if err == nil && ctx.Err() == nil {
			return Value{v, note}, nil
		}
	}
	if err := ctx.Err(); err != nil {
		return Value{}, err
	}
	var undefined *Undefined
	if errors.As(err, &undefined) {
		return Value{math.NaN(), undefined.Reason}, nil
	}
	return Value{}, fmt.Errorf("%s: %w", m.Info().ID, err)
}
