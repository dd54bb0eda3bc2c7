package workbench

import (
	"fmt"
	"math"
	"slices"

	"codecworkbench/metrics/rd"
)

// Span is a piece of a sentence.
type Span struct {
	Text string
	Bold bool
}

// Plain joins the pieces of a sentence.
func Plain(spans []Span) string {
	var s string
	for _, p := range spans {
		s += p.Text
	}
	return s
}

// Sentence says what the curves of the two shown candidates mean at the left one's
// quality, or why nothing can be said; it is empty while there is nothing yet.
func (w *Workbench) Sentence() []Span {
	left, okLeft := w.Slot(w.setup.Left)
	right, okRight := w.Slot(w.setup.Right)
	if !okLeft || !okRight || left.Codec == "" || right.Codec == "" || left.Number == right.Number || len(w.curve.metrics) == 0 {
		return nil
	}
	id := w.curve.metrics[0]
	m, err := w.config.Tools.Metrics.Metric(id)
	if err != nil {
		return nil
	}
	info := m.Info()
	a, b := w.nameOf(left), w.nameOf(right)
	rl, rr := w.Run(left.Number), w.Run(right.Number)
	if !rl.Fresh || !rr.Fresh {
		return nil
	}
	v, ok := rl.Result.Values[id]
	if !ok {
		return nil
	}
	if math.IsInf(v.Number, 0) {
		return []Span{{Text: a + " is identical to the original: no quality to compare at."}}
	}
	if math.IsNaN(v.Number) {
		return nil
	}
	quality := info.Display(v.Number)
	rate, ok := rateAt(w.pointsOf(right, id), info.Display, quality, info.Lower)
	if !ok {
		return w.noCommonQuality(right, id, b, info.Display, quality, info.DisplayUnit())
	}
	at := fmt.Sprintf("At %.1f %s ", quality, unitOr(info.DisplayUnit(), info.Name))
	change := 100 * (rate/rl.Result.BPP - 1)
	if math.Abs(change) < 0.5 {
		return []Span{{Text: at}, {b, true}, {Text: " and " + a + " need the "}, {"same bytes", true}, {Text: "."}}
	}
	word := "fewer"
	if change > 0 {
		word = "more"
	}
	return []Span{{Text: at}, {b, true}, {Text: " needs "}, {fmt.Sprintf("%.0f %% %s bytes", math.Abs(change), word), true}, {Text: " than " + a + "."}}
}

func unitOr(unit, name string) string {
	if unit == "" {
		return name
	}
	return unit
}

// nameOf names a candidate in sentences: its codec, with its number where both
// sides have the same one.
func (w *Workbench) nameOf(s Slot) string {
	other, _ := w.Slot(w.Other(s.Number))
	if t := w.Title(s); t != w.Title(other) {
		return t
	}
	return fmt.Sprintf("%s (%d)", w.Title(s), s.Number)
}

// pointsOf returns a slot's curve together with the point it stands at.
func (w *Workbench) pointsOf(s Slot, id string) []ratePoint {
	var out []ratePoint
	add := func(bpp, v float64) {
		if bpp > 0 && !math.IsNaN(v) && !math.IsInf(v, 0) {
			out = append(out, ratePoint{bpp, v})
		}
	}
	if c := w.Curve(s.Number); c != nil {
		for _, p := range c.Finished() {
			if v, ok := p.Values[id]; ok {
				add(p.Values[rd.KeyBPP], v)
			}
		}
	}
	if r := w.Run(s.Number); r.Fresh {
		if v, ok := r.Result.Values[id]; ok {
			add(r.Result.BPP, v.Number)
		}
	}
	return out
}

type ratePoint struct{ bpp, value float64 }

// rateAt returns the rate at which a curve reaches a quality, by straight lines over
// the logarithm of the rate between neighbouring points; ok is false outside the
// curve. For lower-is-better metrics the curve falls.
func rateAt(points []ratePoint, display func(float64) float64, quality float64, lower bool) (bpp float64, ok bool) {
	slices.SortFunc(points, func(a, b ratePoint) int {
		switch {
		case a.bpp < b.bpp:
			return -1
		case a.bpp > b.bpp:
			return 1
		}
		return 0
	})
	sign := 1.0
	if lower {
		sign = -1
	}
	for i := 1; i < len(points); i++ {
		q0, q1 := sign*display(points[i-1].value), sign*display(points[i].value)
		q := sign * quality
		if q < q0 || q > q1 {
			continue
		}
		if q1 == q0 {
			return points[i-1].bpp, true
		}
		t := (q - q0) / (q1 - q0)
		return math.Exp((1-t)*math.Log(points[i-1].bpp) + t*math.Log(points[i].bpp)), true
	}
	return 0, false
}

// noCommonQuality explains why there is no sentence, once the curve is complete.
func (w *Workbench) noCommonQuality(s Slot, id, name string, display func(float64) float64, quality float64, unit string) []Span {
	c := w.Curve(s.Number)
	if c == nil {
		return nil
	}
	for i := range c.Qs {
		if !w.complete(c, i) {
			return nil
		}
	}
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, p := range w.pointsOf(s, id) {
		lo, hi = math.Min(lo, display(p.value)), math.Max(hi, display(p.value))
	}
	if lo > hi {
		return []Span{{Text: name + " is lossless: it has no rate at " + fmt.Sprintf("%.1f %s.", quality, unit)}}
	}
	return []Span{{Text: fmt.Sprintf("No comparison at %.1f %s: the curve of %s runs from %.1f to %.1f %s.", quality, unit, name, lo, hi, unit)}}
}
