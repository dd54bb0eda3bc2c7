package workbench

import (
	"fmt"
	"math"

	"codecworkbench/metrics"
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
	rate, err := rd.RateAt(w.withPresent(right, id), info, quality)
	if err != nil {
		return w.noCommonQuality(right, info, b, quality)
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

// withPresent returns a slot's curve together with the point it stands at.
func (w *Workbench) withPresent(s Slot, id string) rd.Curve {
	out := rd.Curve{Name: w.Title(s)}
	if c := w.Curve(s.Number); c != nil {
		out.Points = c.Finished()
	}
	if r := w.Run(s.Number); r.Fresh {
		if v, ok := r.Result.Values[id]; ok {
			out.Points = append(out.Points, rd.Point{Values: map[string]float64{rd.KeyBPP: r.Result.BPP, id: v.Number}})
		}
	}
	return out
}

// noCommonQuality explains why there is no sentence, once the curve is complete.
func (w *Workbench) noCommonQuality(s Slot, info metrics.Info, name string, quality float64) []Span {
	if c := w.Curve(s.Number); c != nil {
		for i := range c.Qs {
			if !w.complete(c, i) {
				return nil
			}
		}
	}
	unit := unitOr(info.DisplayUnit(), info.Name)
	points, _ := rd.XYs(w.withPresent(s, info.ID).Points, info)
	if codec, _ := w.Info(s); codec.Lossless || len(points) == 0 {
		return []Span{{Text: fmt.Sprintf("%s is lossless: it has no rate at %.1f %s.", name, quality, unit)}}
	}
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, p := range points {
		q := p.Quality
		if info.Lower {
			q = -q
		}
		lo, hi = math.Min(lo, q), math.Max(hi, q)
	}
	if lo == hi {
		return []Span{{Text: fmt.Sprintf("No comparison at %.1f %s: %s stands at %.1f %s only.", quality, unit, name, lo, unit)}}
	}
	return []Span{{Text: fmt.Sprintf("No comparison at %.1f %s: the curve of %s runs from %.1f to %.1f %s.", quality, unit, name, lo, hi, unit)}}
}
