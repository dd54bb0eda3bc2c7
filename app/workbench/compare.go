package workbench

import (
	"fmt"
	"math"
	"slices"

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

// Sentence says what the curves of the two compared candidates mean, or why nothing
// can be said; it is empty while there is nothing yet. They are compared at the left
// one's quality, or, where the right one's curve does not reach it, at the right's.
func (w *Workbench) Sentence() []Span {
	l, r := w.Compared()
	left, okLeft := w.Slot(l)
	right, okRight := w.Slot(r)
	if !okLeft || !okRight || left.Codec == "" || right.Codec == "" || left.Number == right.Number || len(w.curve.metrics) == 0 {
		return nil
	}
	m, err := w.config.Tools.Metrics.Metric(w.curve.metrics[0])
	if err != nil {
		return nil
	}
	info := m.Info()
	at, known := w.standing(left, info)
	other, otherKnown := w.standing(right, info)
	if !known || !otherKnown {
		return nil
	}
	for _, s := range []Slot{left, right} {
		if p, _ := w.standing(s, info); math.IsInf(p.Quality, 0) {
			return []Span{{Text: w.nameOf(s) + " is identical to the original: there is no quality to compare at."}}
		}
	}
	if rate, err := rd.RateAt(w.withPresent(right, info.ID), info, at.Quality); err == nil {
		return w.say(info, at.Quality, right, left, rate/at.Rate)
	}
	if rate, err := rd.RateAt(w.withPresent(left, info.ID), info, other.Quality); err == nil {
		return w.say(info, other.Quality, right, left, other.Rate/rate)
	}
	if w.filling(left) || w.filling(right) {
		return nil // they may still reach each other's quality
	}
	return w.noCommonQuality(right, info, w.nameOf(right), at.Quality)
}

// standing is where a candidate stands: its rate and its quality as plotted.
func (w *Workbench) standing(s Slot, info metrics.Info) (rd.XY, bool) {
	r := w.Run(s.Number)
	if !r.Fresh {
		return rd.XY{}, false
	}
	v, ok := r.Result.Values[info.ID]
	return rd.XY{Rate: r.Result.BPP, Quality: info.Display(v.Number)}, ok && !math.IsNaN(v.Number)
}

// say compares two candidates that need bytes in a proportion for one quality.
func (w *Workbench) say(info metrics.Info, quality float64, s, than Slot, proportion float64) []Span {
	at := "At " + FormatQuality(info, quality) + " "
	a, b := w.nameOf(than), w.nameOf(s)
	change := 100 * (proportion - 1)
	if math.Abs(change) < 0.5 {
		return []Span{{Text: at}, {b, true}, {Text: " and " + a + " need the "}, {"same bytes", true}, {Text: "."}}
	}
	word := "fewer"
	if change > 0 {
		word = "more"
	}
	return []Span{{Text: at}, {b, true}, {Text: " needs "}, {fmt.Sprintf("%.0f %% %s bytes", math.Abs(change), word), true}, {Text: " than " + a + "."}}
}

// nameOf names a candidate in sentences: its codec, with its number where both
// sides have the same one.
func (w *Workbench) nameOf(s Slot) string {
	l, r := w.Compared()
	if s.Number == l {
		l = r
	}
	other, _ := w.Slot(l)
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
		// A setting of the ladder is on the curve already.
		v, ok := r.Result.Values[id]
		if ok && !slices.ContainsFunc(out.Points, func(p rd.Point) bool { return p.Values[id] == v.Number }) {
			out.Points = append(out.Points, rd.Point{Values: map[string]float64{rd.KeyBPP: r.Result.BPP, id: v.Number}})
		}
	}
	return out
}

// filling reports whether a candidate's curve lacks points.
func (w *Workbench) filling(s Slot) bool {
	if c := w.Curve(s.Number); c != nil {
		for i := range c.Qs {
			if !w.complete(c, i) {
				return true
			}
		}
	}
	return false
}

// noCommonQuality explains why there is no sentence for two complete curves.
func (w *Workbench) noCommonQuality(s Slot, info metrics.Info, name string, quality float64) []Span {
	here := FormatQuality(info, quality)
	points, _ := rd.XYs(w.withPresent(s, info.ID).Points, info)
	if codec, _ := w.Info(s); codec.Lossless || len(points) == 0 {
		return []Span{{Text: fmt.Sprintf("%s is lossless: it has no rate at %s.", name, here)}}
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
		return []Span{{Text: fmt.Sprintf("No comparison at %s: %s stands at %s only.", here, name, FormatQuality(info, lo))}}
	}
	return []Span{{Text: fmt.Sprintf("No comparison at %s: the curve of %s runs from %s to %s.", here, name, FormatQuality(info, lo), FormatQuality(info, hi))}}
}
