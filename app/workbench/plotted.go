package workbench

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"codecworkbench/app/report"
	"codecworkbench/metrics"
	"codecworkbench/metrics/rd"
)

// Plotted is one curve of the screen Curves.
type Plotted struct {
	Curve  rd.Curve
	Number int    // of the candidate; 0: an extra
	ID     string // of the extra
	Extra  bool
	From   string // of an extra: the file or the data set
	// Published curves are drawn as such.
	Published bool
}

// Plotted lists the curves that are shown on the screen Curves, candidates first.
func (w *Workbench) Plotted() []Plotted {
	var out []Plotted
	sets, numbers := w.CurveSet()
	for i, c := range sets {
		if w.CurveShown(numbers[i]) && len(c.Points) > 0 {
			out = append(out, Plotted{Curve: c, Number: numbers[i]})
		}
	}
	for _, e := range w.library.extras {
		if e.Shown {
			p := Plotted{Curve: e.Curve, ID: e.ID, Extra: true, From: e.From, Published: e.Published}
			p.Curve.Name = unusedName(out, p)
			out = append(out, p)
		}
	}
	return out
}

// unusedName tells a curve apart from one of the same name: by where it comes from,
// and failing that by a number.
func unusedName(list []Plotted, p Plotted) string {
	taken := func(name string) bool {
		return slices.ContainsFunc(list, func(o Plotted) bool { return o.Curve.Name == name })
	}
	name := p.Curve.Name
	if taken(name) {
		name = fmt.Sprintf("%s (%s)", name, strings.TrimSuffix(p.From, filepath.Ext(p.From)))
	}
	for base, i := name, 2; taken(name); i++ {
		name = fmt.Sprintf("%s %d", base, i)
	}
	return name
}

// Anchor is the name of the curve that the others are compared with.
func (w *Workbench) Anchor() string {
	list := w.Plotted()
	for _, p := range list {
		if p.Curve.Name == w.library.anchor {
			return w.library.anchor
		}
	}
	if len(list) > 0 {
		return list[0].Curve.Name
	}
	return ""
}

// SetAnchor chooses the curve that the others are compared with.
func (w *Workbench) SetAnchor(name string) {
	if w.library.anchor != name {
		w.library.anchor = name
		w.notify(Curves)
	}
}

// Deltas compares the shown curves with the anchor over a metric, in the order of
// Plotted without the anchor. Intervals need several pictures and are left to sweeps.
func (w *Workbench) Deltas(m metrics.Info) []rd.Delta {
	list := w.Plotted()
	at := slices.IndexFunc(list, func(p Plotted) bool { return p.Curve.Name == w.Anchor() })
	if at < 0 {
		return nil
	}
	var out []rd.Delta
	for i, p := range list {
		if i == at {
			continue
		}
		if why := w.otherPictures(list[at], p); why != "" {
			out = append(out, rd.Delta{Anchor: list[at].Curve.Name, Test: p.Curve.Name, Metric: m.ID, Percent: math.NaN(),
				Quality: math.NaN(), Overlap: math.NaN(), Low: math.NaN(), High: math.NaN(), Note: why})
			continue
		}
		d, err := rd.Compare(context.Background(), list[at].Curve, p.Curve, m, rd.Options{Draws: -1})
		if err == nil {
			out = append(out, d)
		}
	}
	return out
}

// thisPicture is how measuredOn calls the current picture.
const thisPicture = "this picture"

// on says what a curve was measured on; empty: nobody knows.
func (w *Workbench) on(p Plotted) string {
	switch {
	case !p.Extra:
		return thisPicture
	case p.Published:
		set, _, _ := strings.Cut(p.From, " (")
		return set
	}
	return w.measuredOn(p.Curve)
}

// measuredOn says which pictures a file of results names.
func (w *Workbench) measuredOn(c rd.Curve) string {
	switch n := len(c.Images); {
	case n == 0:
		return ""
	case n == 1 && w.pictures.pic != nil && c.Images[0].Hash == w.pictures.pic.Hash().String():
		return thisPicture
	case report.IsKodak(c):
		return "Kodak"
	default:
		return Plural(n, "picture")
	}
}

// AnchorOn says what the curve that the others are compared with was measured on;
// empty: nobody knows.
func (w *Workbench) AnchorOn() string {
	for _, p := range w.Plotted() {
		if p.Curve.Name == w.Anchor() {
			return w.on(p)
		}
	}
	return ""
}

// otherPictures says why two curves can't be compared in numbers: they were measured
// on different pictures.
func (w *Workbench) otherPictures(a, b Plotted) string {
	x, y := w.on(a), w.on(b)
	if x == "" || y == "" || x == y {
		return ""
	}
	return fmt.Sprintf("not comparable: it was measured on %s, %s on %s", y, a.Curve.Name, x)
}
