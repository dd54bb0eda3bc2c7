package figure

import (
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg"
)

// axis maps values to places on the canvas.
type axis struct {
	lo, hi   float64
	log      bool
	from, to vg.Length
	quarters bool // steps of 0.25, as rates have them
	ticks    []tick
}

type tick struct {
	value float64
	label string
}

// at is where a value lies.
func (a axis) at(v float64) vg.Length { return a.from + (a.to-a.from)*vg.Length(a.share(v)) }

// share is 0 at lo and 1 at hi.
func (a axis) share(v float64) float64 {
	if a.log {
		return math.Log(v/a.lo) / math.Log(a.hi/a.lo)
	}
	return (v - a.lo) / (a.hi - a.lo)
}

// value is the inverse of at.
func (a axis) value(at vg.Length) float64 {
	t := float64((at - a.from) / (a.to - a.from))
	if a.log {
		return a.lo * math.Pow(a.hi/a.lo, t)
	}
	return a.lo + t*(a.hi-a.lo)
}

// extent gathers the values that an axis must show.
type extent struct{ lo, hi float64 }

func newExtent() extent { return extent{math.Inf(1), math.Inf(-1)} }

func (e *extent) add(v float64) {
	if finite(v) {
		e.lo, e.hi = math.Min(e.lo, v), math.Max(e.hi, v)
	}
}

func (e extent) empty() bool { return e.lo > e.hi }

// rateAxis begins at 0 where the values come near it, unless it is logarithmic.
func rateAxis(e extent, given Range, log bool) axis {
	a := axis{log: log, quarters: true}
	switch {
	case given.given():
		a.lo, a.hi = given.Min, given.Max
	case e.empty():
		a.lo, a.hi = 0, 1
		if log {
			a.lo = .125
		}
	case log:
		pad := math.Max(math.Pow(e.hi/e.lo, .04), 1.05)
		a.lo, a.hi = e.lo/pad, e.hi*pad
	default:
		a.lo, a.hi = padded(e)
		if e.lo >= 0 && e.lo < .4*e.hi {
			a.lo = 0
		}
	}
	return a
}

func qualityAxis(e extent, given Range) axis {
	if given.given() {
		return axis{lo: given.Min, hi: given.Max}
	}
	if e.empty() {
		return axis{hi: 1}
	}
	var a axis
	a.lo, a.hi = padded(e)
	return a
}

// padded widens an extent, so that markers at its ends are not cut and one value
// alone stands in the middle.
func padded(e extent) (lo, hi float64) {
	pad := .045 * (e.hi - e.lo)
	if pad <= 1e-9*math.Max(math.Abs(e.lo), math.Abs(e.hi)) {
		pad = math.Max(.05*math.Abs(e.hi), 1e-6)
	}
	return e.lo - pad, e.hi + pad
}

// setTicks places as many ticks as fit says, at most so many if there still are two
// of them. fit is told the ticks' labels and the least distance of two of them as a
// share of the axis.
func (a *axis) setTicks(most int, fit func([]tick, float64) bool) {
	candidates := a.linearTicks
	if a.log && a.hi/a.lo >= 3 {
		candidates = a.doublings
	}
	a.ticks = nil
	for level := range 40 {
		ticks := candidates(level)
		if len(ticks) < 2 {
			if len(a.ticks) < 2 {
				a.ticks = ticks
			}
			return
		}
		if !fit(ticks, a.closest(ticks)) {
			continue
		}
		a.ticks = ticks
		if len(ticks) <= most {
			return
		}
	}
}

func (a axis) closest(ticks []tick) float64 {
	best := 1.
	for i := 1; i < len(ticks); i++ {
		best = math.Min(best, math.Abs(a.share(ticks[i].value)-a.share(ticks[i-1].value)))
	}
	return best
}

// linearTicks are multiples of 1, 2, 5 and perhaps 2.5 times a power of ten, ever
// fewer with a higher level.
func (a *axis) linearTicks(level int) []tick {
	mantissas := []float64{1, 2, 5}
	if a.quarters {
		mantissas = []float64{1, 2, 2.5, 5}
	}
	exponent := math.Floor(math.Log10((a.hi-a.lo)/20)) + float64(level/len(mantissas))
	mantissa := mantissas[level%len(mantissas)]
	step := mantissa * math.Pow(10, exponent)
	if !finite(step) || step <= 0 || (a.hi-a.lo)/step > 1000 {
		return []tick{{a.lo, number(a.lo)}, {a.hi, number(a.hi)}}
	}
	decimals := max(0, int(-exponent))
	if mantissa == 2.5 {
		decimals++
	}
	var ticks []tick
	slack := 1e-9 * (a.hi - a.lo)
	for i := math.Ceil((a.lo - slack) / step); i*step <= a.hi+slack && len(ticks) < 1000; i++ {
		ticks = append(ticks, tick{i * step, decimal(i*step, decimals)})
	}
	return ticks
}

// doublings are powers of two, then of four, eight, ...
func (a *axis) doublings(level int) []tick {
	every := level + 1
	var ticks []tick
	for i := math.Ceil(math.Log2(a.lo) - 1e-9); i <= math.Log2(a.hi)+1e-9 && len(ticks) < 200; i++ {
		if math.Mod(math.Abs(i), float64(every)) == 0 {
			v := math.Exp2(i)
			ticks = append(ticks, tick{v, number(v)})
		}
	}
	return ticks
}

// decimal writes v with at most so many decimals, without zeros at the end, and with a
// minus sign in place of a hyphen.
func decimal(v float64, decimals int) string {
	if math.Abs(v) >= 1e6 || decimals > 6 {
		return number(v)
	}
	s := strconv.FormatFloat(v, 'f', decimals, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	if s == "-0" {
		s = "0"
	}
	return strings.Replace(s, "-", "−", 1)
}

func number(v float64) string {
	return strings.ReplaceAll(strconv.FormatFloat(v, 'g', 4, 64), "-", "−")
}
