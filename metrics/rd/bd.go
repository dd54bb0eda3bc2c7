package rd

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// XY is one point of a rate-distortion curve: a rate above 0 in any unit, and a
// quality of which more is better.
type XY struct{ Rate, Quality float64 }

// Method says how a curve runs between its points.
type Method string

// The three methods in use. With a curve of more than four points Cubic is a fit;
// the others go through every point.
const (
	PCHIP Method = "pchip" // monotone piecewise cubic: JVET, AWCY; the default
	Cubic Method = "cubic" // one least-squares polynomial: VCEG-M33, most papers
	Akima Method = "akima" // Akima's piecewise cubic: Herglotz et al., arXiv 2202.12565
)

// ParseMethod finds a method by name; an empty name is PCHIP.
func ParseMethod(name string) (Method, error) {
	switch m := Method(strings.ToLower(name)); m {
	case "":
		return PCHIP, nil
	case PCHIP, Cubic, Akima:
		return m, nil
	}
	return "", fmt.Errorf("no interpolation %q; there are: %s, %s, %s", name, PCHIP, Cubic, Akima)
}

// points is how many points a curve must have.
func (m Method) points() int {
	if m == Cubic {
		return 4
	}
	return 2
}

func (m Method) through(x, y []float64) function {
	switch m {
	case Cubic:
		return fitCubic(x, y)
	case Akima:
		return akima(x, y)
	}
	return pchip(x, y)
}

// DefaultMinOverlap is the overlap below which a Bjontegaard delta says little:
// the methods then differ by several percent.
const DefaultMinOverlap = 0.2

// Options are the conventions of a comparison. The zero value is the default of
// each.
type Options struct {
	Method     Method  // empty: PCHIP
	MinOverlap float64 // 0..1; 0: DefaultMinOverlap, negative: none is required
	Draws      int     // of the bootstrap; 0: 1000, negative: no interval
	Level      float64 // of the interval, within 0..1; 0: 0.95
	Seed       uint64  // of the bootstrap; the same seed gives the same interval
	Mean       MeanOptions
}

func (o Options) minOverlap() float64 {
	if o.MinOverlap == 0 {
		return DefaultMinOverlap
	}
	return o.MinOverlap
}

// BD is a Bjontegaard delta. Value is NaN where the delta is undefined or was
// refused, and Note then says why; beside a value, Note is a warning or empty.
type BD struct {
	Value  float64
	Method Method
	// Overlap is the interval that both curves cover divided by the one that either
	// covers, in 0..1; 0 where there is none.
	Overlap float64
	Note    string
}

// BDRate returns how much more rate the test curve needs for the same quality, in
// percent (below 0: it needs less), as Bjontegaard, VCEG-M33 (2001): the mean
// difference of the logarithm of the rate over the qualities that both reach,
// integrated exactly. Points are sorted by quality first. It is undefined without
// common qualities, with fewer than 2 points (Cubic: 4), with two points of one
// quality and with numbers that are not finite.
func BDRate(anchor, test []XY, o Options) BD {
	r := delta(anchor, test, o, func(p XY) (x, y float64) { return p.Quality, math.Log(p.Rate) }, "quality")
	r.Value = 100 * math.Expm1(r.Value)
	return r.checked()
}

// BDQuality returns how much more quality the test curve has at the same rate, in
// the quality's unit: the mean difference over the logarithm of the rates that
// both reach. Overlap is of the logarithms. Otherwise it is as BDRate.
func BDQuality(anchor, test []XY, o Options) BD {
	r := delta(anchor, test, o, func(p XY) (x, y float64) { return math.Log(p.Rate), p.Quality }, "rate")
	return r.checked()
}

var errNumbers = errors.New("the points are too far apart or too close together to compute with")

// checked gives a value that left the range of numbers its note.
func (r BD) checked() BD {
	if math.IsNaN(r.Value) || math.IsInf(r.Value, 0) {
		r.Value = math.NaN()
		if r.Note == "" {
			r.Note = errNumbers.Error()
		}
	}
	return r
}

// delta is the mean difference of y, test - anchor, over the common interval of x.
func delta(anchor, test []XY, o Options, axes func(XY) (x, y float64), abscissa string) BD {
	r := BD{Value: math.NaN(), Method: o.Method}
	if r.Method == "" {
		r.Method = PCHIP
	}
	if _, err := ParseMethod(string(r.Method)); err != nil {
		r.Note = err.Error()
		return r
	}
	a, note := newAxis(anchor, r.Method, axes, "anchor", abscissa)
	if note != "" {
		r.Note = note
		return r
	}
	t, note := newAxis(test, r.Method, axes, "test", abscissa)
	if note != "" {
		r.Note = note
		return r
	}
	lo, hi := max(a.lo(), t.lo()), min(a.hi(), t.hi())
	if lo >= hi {
		r.Note = "the curves have no " + abscissa + " in common"
		return r
	}
	r.Overlap = (hi - lo) / (max(a.hi(), t.hi()) - min(a.lo(), t.lo()))
	if least := o.minOverlap(); r.Overlap < least {
		r.Note = fmt.Sprintf("refused: the curves share %.0f %% of their %s range, less than %.0f %%", math.Floor(100*r.Overlap), abscissa, 100*least)
		return r
	}
	r.Value = (r.Method.through(t.x, t.y).integral(lo, hi) - r.Method.through(a.x, a.y).integral(lo, hi)) / (hi - lo)
	r.Note = joinNotes(a.falls("anchor"), t.falls("test"))
	return r
}

// axis is a curve in the form that the methods take: x rising strictly.
type axis struct{ x, y []float64 }

func (a axis) lo() float64 { return a.x[0] }
func (a axis) hi() float64 { return a.x[len(a.x)-1] }

// newAxis sorts a curve and checks it; the note says what is wrong with it.
func newAxis(points []XY, m Method, axes func(XY) (x, y float64), name, abscissa string) (a axis, note string) {
	if len(points) < m.points() {
		return axis{}, fmt.Sprintf("the %s curve has %d of the at least %d points that %s needs", name, len(points), m.points(), m)
	}
	for _, p := range points {
		switch {
		case !finite(p.Rate) || !finite(p.Quality):
			return axis{}, fmt.Sprintf("the %s curve has a point that is not finite", name)
		case p.Rate <= 0:
			return axis{}, fmt.Sprintf("the %s curve has a rate of %g, which has no logarithm", name, p.Rate)
		}
	}
	sorted := slices.Clone(points)
	slices.SortFunc(sorted, func(p, q XY) int {
		px, _ := axes(p)
		qx, _ := axes(q)
		if px < qx {
			return -1
		}
		if px > qx {
			return 1
		}
		return 0
	})
	a = axis{make([]float64, len(points)), make([]float64, len(points))}
	for i, p := range sorted {
		a.x[i], a.y[i] = axes(p)
		if i > 0 && a.x[i] == a.x[i-1] {
			return axis{}, fmt.Sprintf("the %s curve has two points of one %s", name, abscissa)
		}
	}
	return a, ""
}

// falls warns of a curve that is not monotone.
func (a axis) falls(name string) string {
	for i := 1; i < len(a.y); i++ {
		if a.y[i] < a.y[i-1] {
			return fmt.Sprintf("the %s curve is not monotone: a point costs more and is worse than another", name)
		}
	}
	return ""
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// joinNotes joins what there is to say.
func joinNotes(notes ...string) string {
	notes = slices.DeleteFunc(slices.Clone(notes), func(s string) bool { return s == "" })
	return strings.Join(slices.Compact(notes), "; ")
}
