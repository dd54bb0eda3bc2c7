package workbench

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"codecworkbench/app/report"
	"codecworkbench/app/report/figure"
	"codecworkbench/app/sweep"
	"codecworkbench/metrics/rd"
)

// Plotted is one curve of the screen Curves, under the chosen convention.
type Plotted struct {
	Curve  rd.Curve
	Number int    // of the candidate; 0: an extra
	ID     string // of the extra
	Extra  bool
	From   string // of an extra: the file or the data set
	// Published curves are drawn as such.
	Published bool
	Slot      int    // colour and marker, as figures count them
	Note      string // in what it does not follow the convention
	measured  rd.Curve
}

// Plotted lists the curves that are shown on the screen Curves, candidates first.
func (w *Workbench) Plotted() []Plotted {
	var out []Plotted
	sets, numbers := w.curveSet(w.readyEntries())
	for i, c := range sets {
		if w.CurveShown(numbers[i]) && len(c.Points) > 0 {
			out = append(out, Plotted{measured: c, Number: numbers[i], Slot: numbers[i] - 1})
		}
	}
	for _, e := range w.library.extras {
		if w.extraShown(e) {
			p := Plotted{measured: w.scoped(e.Curve), ID: e.ID, Extra: true, From: e.From, Published: e.Published, Slot: w.colorOf(e.ID)}
			p.measured.Name = unusedName(out, p)
			out = append(out, p)
		}
	}
	o := w.setup.Plot.Convention()
	for i := range out {
		out[i].Curve, out[i].Note = out[i].measured.By(o)
		out[i].Curve.Points = withAxes(out[i].Curve.Points)
	}
	return out
}

// Measured is the curve as it was measured, under the usual convention.
func (p Plotted) Measured() rd.Curve { return p.measured }

func (w *Workbench) extraShown(e *Extra) bool { return slices.Contains(w.setup.Plot.Shown, e.ID) }

// scoped is an extra's curve of the current picture, where that is what is shown and
// the extra has it; else the extra's mean.
func (w *Workbench) scoped(c rd.Curve) rd.Curve {
	if w.setup.Plot.Scope != OnePicture || w.pictures.pic == nil || len(c.Images) < 2 {
		return c
	}
	hash, name := w.pictures.pic.Hash().String(), stemOf(w.pictures.pic.Source().Name)
	for _, image := range c.Images {
		if image.Hash == hash || image.Hash == "" && stemOf(image.Name) == name {
			c.Images, c.Points = []rd.ImageCurve{image}, nil
			c.Images[0].Hash = hash
			for _, p := range image.Points {
				if len(p.Values) > 0 {
					c.Points = append(c.Points, p)
				}
			}
			c.Images[0].Points = c.Points
			return c
		}
	}
	return c
}

// stemOf is a file's name without its ending, in lower case: pictures of one set have
// the same everywhere.
func stemOf(name string) string {
	name = strings.ToLower(filepath.Base(name))
	return strings.TrimSuffix(name, filepath.Ext(name))
}

// colorOf gives an extra the first colour that no candidate and no other extra has,
// and leaves it to it for as long as that holds.
func (w *Workbench) colorOf(id string) int {
	taken := map[int]bool{}
	for _, s := range w.setup.Slots {
		taken[s.Number-1] = true
	}
	if w.library.colors == nil {
		w.library.colors = map[string]int{}
	}
	for other, slot := range w.library.colors {
		if other != id && slices.Contains(w.setup.Plot.Shown, other) {
			taken[slot] = true
		}
	}
	slot := w.library.colors[id]
	if slot == 0 || taken[slot] {
		for slot = 1; taken[slot]; slot++ {
		}
	}
	w.library.colors[id] = slot
	return slot
}

// unusedName tells a curve apart from one of the same name: by where it comes from,
// and failing that by a number.
func unusedName(list []Plotted, p Plotted) string {
	taken := func(name string) bool {
		return slices.ContainsFunc(list, func(o Plotted) bool { return o.measured.Name == name })
	}
	name := p.measured.Name
	if taken(name) {
		name = fmt.Sprintf("%s (%s)", name, strings.TrimSuffix(p.From, filepath.Ext(p.From)))
	}
	for base, i := name, 2; taken(name); i++ {
		name = fmt.Sprintf("%s %d", base, i)
	}
	return name
}

// specOf reads the name of an opened curve as the codec that it names here.
func (w *Workbench) specOf(p Plotted) (sweep.Spec, bool) {
	if p.Published {
		return sweep.Spec{}, false
	}
	for _, e := range w.library.extras {
		if e.ID != p.ID {
			continue
		}
		spec, err := sweep.ParseSpec(e.Curve.Name)
		if err != nil || len(spec.Filters) > 0 {
			return sweep.Spec{}, false
		}
		_, err = w.config.Tools.Codecs.Codec(spec.Codec)
		return spec, err == nil
	}
	return sweep.Spec{}, false
}

// CanOpen reports whether OpenPoint has something to show for a curve's points.
func (w *Workbench) CanOpen(p Plotted) bool {
	_, ok := w.specOf(p)
	return p.Number != 0 || ok
}

// Anchor is the name of the curve that the others are compared with.
func (w *Workbench) Anchor() string { return w.anchorOf(w.Plotted()) }

func (w *Workbench) anchorOf(list []Plotted) string {
	for _, p := range list {
		if p.Curve.Name == w.setup.Plot.Anchor {
			return p.Curve.Name
		}
	}
	if len(list) > 0 {
		return list[0].Curve.Name
	}
	return ""
}

// ThisPicture is how MeasuredOn calls the current picture.
const ThisPicture = "this picture"

// kodak is how the Kodak set is called.
const kodak = "Kodak"

// MeasuredOn says what a curve was measured on: "this picture", "Kodak", "24 pictures";
// empty where nobody knows.
func (w *Workbench) MeasuredOn(p Plotted) string { return w.on(p) }

func (w *Workbench) on(p Plotted) string {
	if len(p.measured.Images) == 0 && p.Published {
		set, _, _ := strings.Cut(p.From, " (")
		return set
	}
	return w.measuredOn(p.measured)
}

// measuredOn says which pictures a curve was measured on, as far as it tells.
func (w *Workbench) measuredOn(c rd.Curve) string {
	switch n := len(c.Images); {
	case n == 0:
		return ""
	case n == 1 && w.pictures.pic != nil && c.Images[0].Hash == w.pictures.pic.Hash().String():
		return ThisPicture
	case report.IsKodak(c):
		return kodak
	default:
		return Plural(n, "picture")
	}
}

// AnchorOn says what the curve that the others are compared with was measured on;
// empty: nobody knows.
func (w *Workbench) AnchorOn() string {
	list := w.Plotted()
	for _, p := range list {
		if p.Curve.Name == w.anchorOf(list) {
			return w.on(p)
		}
	}
	return ""
}

// otherPictures says why two curves can't be compared in numbers: they were measured
// on different pictures.
func (w *Workbench) otherPictures(a, b Plotted) string {
	x, y := w.on(a), w.on(b)
	if x == "" || y == "" {
		return ""
	}
	if x == y && (len(a.measured.Images) == 0 || len(b.measured.Images) == 0 || samePictures(a.measured, b.measured)) {
		return ""
	}
	if x == y {
		return fmt.Sprintf("not comparable: it was measured on other pictures than %s", a.Curve.Name)
	}
	return fmt.Sprintf("not comparable: it was measured on %s, %s on %s", y, a.Curve.Name, x)
}

// samePictures compares by what is in the pictures or, where one curve does not say, by
// their names.
func samePictures(a, b rd.Curve) bool {
	hashed := !slices.ContainsFunc(slices.Concat(a.Images, b.Images), func(i rd.ImageCurve) bool { return i.Hash == "" })
	keys := func(c rd.Curve) []string {
		var out []string
		for _, i := range c.Images {
			if hashed {
				out = append(out, i.Hash)
			} else {
				out = append(out, stemOf(i.Name))
			}
		}
		slices.Sort(out)
		return out
	}
	return slices.Equal(keys(a), keys(b))
}

// Figure returns the curves that are shown as a figure for the window and for files;
// nil while there is nothing to draw.
func (w *Workbench) Figure(list []Plotted) *figure.Figure {
	v := w.setup.Plot
	f := &figure.Figure{Legend: figure.LegendEnds, Log: v.Log, KeepOrder: true, Front: v.Front, Mean: v.Convention().Mean()}
	if axis := w.CurveAxis(); axis.ID != rd.KeyBPP {
		f.X = axis
	} else if v.Payload {
		f.X = axis
		f.X.Name = "Rate of the payload"
	}
	for _, id := range w.curve.metrics {
		f.Metrics = append(f.Metrics, report.Describe(w.config.Tools.Metrics, id))
	}
	for _, p := range list {
		s := figure.Series{Curve: p.Curve, Slot: p.Slot, Published: p.Published}
		if v.Scope != OnePicture && v.Spread != rd.NoSpread && len(p.Curve.Images) > 1 {
			s.Bands = w.bandsOf(p, f)
		}
		f.Series = append(f.Series, s)
	}
	if v.Scope == EachOfSet {
		f.Series = append(f.Series, faintSeries(list)...)
	}
	if len(list) == 0 || len(f.Metrics) == 0 {
		return nil
	}
	if axis := w.CurveAxis(); axis.ID == rd.KeyBPP {
		f.XRange = upTo(v.Most, f)
	}
	return f
}

// bandDraws is how many draws a band is made of: its edges are drawn, not read.
const bandDraws = 400

func (w *Workbench) bandsOf(p Plotted, f *figure.Figure) map[string][]figure.Interval {
	out := map[string][]figure.Interval{}
	for _, m := range f.Metrics {
		for _, i := range rd.Band(p.Curve, m, w.setup.Plot.Spread, rd.Options{Draws: bandDraws, Mean: f.Mean}) {
			out[m.ID] = append(out[m.ID], figure.Interval{Lo: i.Low, Hi: i.High})
		}
	}
	return out
}

// maxFaint bounds the curves of single pictures in one figure.
const maxFaint = 300

// faintSeries are the pictures' own curves behind the means.
func faintSeries(list []Plotted) []figure.Series {
	var out []figure.Series
	for _, p := range list {
		for _, image := range p.Curve.Images {
			if len(p.Curve.Images) > 1 && len(out) < maxFaint {
				c := rd.Curve{Name: p.Curve.Name, Points: withAxes(image.Points)}
				c.Images = []rd.ImageCurve{{Name: image.Name, Hash: image.Hash, Points: c.Points}}
				out = append(out, figure.Series{Curve: c, Slot: p.Slot, Faint: true})
			}
		}
	}
	return out
}

// upTo is the rate axis that ends at a rate; the zero range where all curves do, or
// where none begins before it.
func upTo(most float64, f *figure.Figure) figure.Range {
	lo, hi := math.Inf(1), 0.
	for _, s := range f.Series {
		for _, p := range s.Points {
			if r := p.Values[rd.KeyBPP]; r > 0 {
				lo, hi = min(lo, r), max(hi, r)
			}
		}
	}
	if most <= 0 || hi <= most || lo >= most {
		return figure.Range{}
	}
	if !f.Log {
		lo = 0
	}
	return figure.Range{Min: lo * 0.95, Max: most}
}
