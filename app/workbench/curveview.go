package workbench

import (
	"slices"

	"codecworkbench/app/report/figure"
	"codecworkbench/codecs"
	"codecworkbench/metrics"
	"codecworkbench/metrics/rd"
)

// CurveView is what the screen Curves shows and how. Undo brings it back and sessions
// keep it. Its slices are never changed in place.
type CurveView struct {
	X      string    `json:"x,omitempty"` // id of the horizontal axis, see CurveAxes; empty: the rate
	Log    bool      `json:"log,omitempty"`
	Most   float64   `json:"most,omitempty"` // where the rate axis ends, in bpp; 0: it shows all
	Scope  Scope     `json:"scope,omitempty"`
	Spread rd.Spread `json:"spread,omitempty"` // of the bands round means
	Front  bool      `json:"front,omitempty"`
	Anchor string    `json:"anchor,omitempty"` // name of the curve that others are compared with; empty: the first
	Hidden []int     `json:"hidden,omitempty"` // candidates without a curve
	Shown  []string  `json:"shown,omitempty"`  // ids of the extras that are drawn
	// Convention, in parts that sessions write.
	MeanMSE bool      `json:"mean_mse,omitempty"`
	Payload bool      `json:"payload,omitempty"`
	Method  rd.Method `json:"method,omitempty"` // empty: PCHIP
	// Metrics are the ids of the panels' metrics; empty: as at the start.
	Metrics []string `json:"-"`
}

// Convention is how many numbers become one.
func (v CurveView) Convention() rd.Convention {
	return rd.Convention{PSNRofMeanMSE: v.MeanMSE, Payload: v.Payload, Method: v.Method}
}

// Scope says over which pictures the curves are.
type Scope string

// The scopes of curves.
const (
	OnePicture Scope = ""     // the current picture
	MeanOfSet  Scope = "mean" // the mean over the opened pictures
	EachOfSet  Scope = "each" // the mean, with every picture's curve behind it
)

// Keys of horizontal axes that are computed for display.
const (
	axisEncode = "encode_ms"
	axisDecode = "decode_ms"
)

// CurveAxes lists the horizontal axes, the usual one first.
func CurveAxes() []metrics.Info {
	return []metrics.Info{
		{ID: rd.KeyBPP, Name: "Rate", Unit: "bpp", Lower: true},
		{ID: figure.RatioID, Name: "Compression ratio"},
		{ID: axisEncode, Name: "Encoding time", Unit: "ms", Lower: true},
		{ID: axisDecode, Name: "Decoding time", Unit: "ms", Lower: true},
	}
}

// CurveAxis is the horizontal axis of the curves.
func (w *Workbench) CurveAxis() metrics.Info {
	list := CurveAxes()
	if i := slices.IndexFunc(list, func(a metrics.Info) bool { return a.ID == w.setup.Plot.X }); i >= 0 {
		return list[i]
	}
	return list[0]
}

// withAxes returns the points with the values that only axes show.
func withAxes(points []rd.Point) []rd.Point {
	out := slices.Clone(points)
	for i, p := range out {
		if len(p.Values) == 0 {
			continue
		}
		values := make(map[string]float64, len(p.Values)+2)
		for k, v := range p.Values {
			values[k] = v
		}
		for key, from := range map[string]string{axisEncode: rd.KeyEncode, axisDecode: rd.KeyDecode} {
			if v, ok := values[from]; ok {
				values[key] = 1000 * v
			}
		}
		out[i].Values = values
	}
	return out
}

// CurveView returns what the screen Curves shows and how.
func (w *Workbench) CurveView() CurveView { return w.setup.Plot }

// ChangeCurveView changes what the screen Curves shows; undo takes it back.
func (w *Workbench) ChangeCurveView(change func(v *CurveView)) {
	v := w.setup.Plot
	change(&v)
	if sameView(v, w.setup.Plot) {
		return
	}
	w.record("")
	w.setup.Plot = v
	w.touched(Curves)
}

func sameView(a, b CurveView) bool {
	same := slices.Equal(a.Hidden, b.Hidden) && slices.Equal(a.Shown, b.Shown) && slices.Equal(a.Metrics, b.Metrics)
	return same && a.X == b.X && a.Log == b.Log && a.Most == b.Most && a.Scope == b.Scope && a.Spread == b.Spread &&
		a.Front == b.Front && a.Anchor == b.Anchor && a.Convention() == b.Convention()
}

// defaultCurveMetrics are the two that papers plot, or the first two there are.
func (w *Workbench) defaultCurveMetrics() []string {
	return w.registered(2, "psnr-rgb", "ms-ssim-rgb")
}

// CurveMetrics returns the ids of the metrics that curves are drawn over.
func (w *Workbench) CurveMetrics() []string { return slices.Clone(w.curve.metrics) }

// SetCurveMetrics changes what curves are drawn over. Points keep the values that they
// have; only what they lack is measured.
func (w *Workbench) SetCurveMetrics(ids ...string) {
	if slices.Equal(ids, w.curve.metrics) || len(ids) == 0 {
		return
	}
	if w.setup.Plot.Metrics == nil { // so that undo comes back to these
		w.setup.Plot.Metrics = w.curve.metrics
	}
	w.record("")
	w.setup.Plot.Metrics = slices.Clone(ids)
	w.plotRestored()
	w.touched(Curves)
}

// plotRestored takes over what the setup says of the plot, after undo too.
func (w *Workbench) plotRestored() {
	if ids := w.setup.Plot.Metrics; len(ids) > 0 {
		w.curve.metrics = ids
	}
}

// SetAnchor chooses the curve that the others are compared with.
func (w *Workbench) SetAnchor(name string) {
	w.ChangeCurveView(func(v *CurveView) { v.Anchor = name })
}

// ShowCurve shows or hides a candidate's curve on the screen Curves.
func (w *Workbench) ShowCurve(number int, show bool) {
	w.ChangeCurveView(func(v *CurveView) { v.Hidden = with(v.Hidden, number, !show) })
}

// CurveShown reports whether a candidate's curve is shown on the screen Curves.
func (w *Workbench) CurveShown(number int) bool { return !slices.Contains(w.setup.Plot.Hidden, number) }

// ShowExtra shows or hides a curve of the library.
func (w *Workbench) ShowExtra(id string, show bool) {
	if slices.ContainsFunc(w.library.extras, func(e *Extra) bool { return e.ID == id }) {
		w.ChangeCurveView(func(v *CurveView) { v.Shown = with(v.Shown, id, show) })
	}
}

// with returns a list that has an item or does not; the list itself stays.
func with[T comparable](list []T, item T, has bool) []T {
	if slices.Contains(list, item) == has {
		return list
	}
	if has {
		return append(slices.Clone(list), item)
	}
	return slices.DeleteFunc(slices.Clone(list), func(x T) bool { return x == item })
}

// AxisValue is where a candidate's present result stands on the horizontal axis; ok is
// false where it has none.
func (w *Workbench) AxisValue(number int) (x float64, ok bool) {
	s, _ := w.Slot(number)
	r := w.Run(number)
	if !r.Fresh || r.Result == nil {
		return 0, false
	}
	switch x = r.Result.BPP; w.CurveAxis().ID {
	case axisEncode:
		return r.Result.EncodeMS, r.Result.EncodeMS > 0
	case axisDecode:
		return r.Result.DecodeMS, true
	default:
		if codec := w.codecOf(s); w.setup.Plot.Payload && codec != nil {
			if n, err := codecs.PayloadSize(codec, r.Result.Stream); err == nil && r.Result.Bytes > 0 {
				x *= float64(n) / float64(r.Result.Bytes)
			}
		}
		if w.CurveAxis().ID == figure.RatioID {
			return 24 / x, x > 0
		}
		return x, true
	}
}
