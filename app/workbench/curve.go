package workbench

import (
	"context"
	"errors"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"codecworkbench/app/sweep"
	"codecworkbench/codecs"
	"codecworkbench/codecs/picture"
	"codecworkbench/metrics"
	"codecworkbench/metrics/rd"
)

// curveKey identifies one curve: a codec with its parameters on one picture.
type curveKey struct {
	picture picture.Hash
	codec   string // id, version and fingerprint
	params  string // without q
}

// String is the key as text, for tasks.
func (k curveKey) String() string { return k.picture.String() + "\n" + k.codec + "\n" + k.params }

// Curve is a codec's rate-distortion curve on one picture, filling in.
type Curve struct {
	Qs     []float64   // the ladder, rising; one NaN for codecs without quality
	Points []*rd.Point // by index of Qs; nil: not there yet
	Errors []error     // by index of Qs; nil: none
	took   time.Duration
	runs   int
}

// Finished returns the points that are there, in ladder order.
func (c *Curve) Finished() []rd.Point {
	var out []rd.Point
	for _, p := range c.Points {
		if p != nil {
			out = append(out, *p)
		}
	}
	return out
}

// curveSettings steer the filling of curves.
type curveSettings struct {
	stopped bool     // by the user
	metrics []string // ids that every point is measured with
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
	if slices.Equal(ids, w.curve.metrics) {
		return
	}
	w.curve.metrics = slices.Clone(ids)
	w.touched(Curves)
}

// curveKey returns the key of the curve that a slot lies on.
func (w *Workbench) curveKey(s Slot) curveKey {
	info, _ := w.Info(s)
	rest := make(codecs.Params, len(s.Params))
	for k, v := range s.Params {
		if k != "q" {
			rest[k] = v
		}
	}
	k := curveKey{codec: strings.Join([]string{info.ID, codecs.FormatNumber(float64(info.Version)), info.Fingerprint()}, " "), params: rest.String()}
	if w.pictures.pic != nil {
		k.picture = w.pictures.pic.Hash()
	}
	return k
}

// Curve returns the curve of a candidate on the current picture; nil for the
// original and for compressed files.
func (w *Workbench) Curve(number int) *Curve {
	s, ok := w.Slot(number)
	if !ok || s.Codec == "" || s.File != nil {
		return nil
	}
	return w.curveOf(s)
}

func (w *Workbench) curveOf(s Slot) *Curve {
	key := w.curveKey(s)
	c := w.curves[key]
	if c == nil {
		info, _ := w.Info(s)
		c = &Curve{Qs: []float64{math.NaN()}}
		if info.Quality != nil {
			c.Qs = info.Quality.Values()
		}
		c.Points = make([]*rd.Point, len(c.Qs))
		c.Errors = make([]error, len(c.Qs))
		w.curves[key] = c
	}
	return c
}

// curveSlots lists the candidates that have a curve, the shown ones first, each
// curve once.
func (w *Workbench) curveSlots() []Slot {
	var out []Slot
	seen := map[curveKey]bool{}
	for _, s := range w.byUrgency() {
		// A codec that failed or that the user stopped is not run eight times more.
		phase := w.Run(s.Number).Phase
		if s.Codec == "" || s.File != nil || phase == Failed || phase == Cancelled {
			continue
		}
		if key := w.curveKey(s); !seen[key] {
			seen[key] = true
			out = append(out, s)
		}
	}
	return out
}

// complete reports whether point i of a curve needs no more work.
func (w *Workbench) complete(c *Curve, i int) bool {
	if c.Errors[i] != nil {
		return true
	}
	if c.Points[i] == nil {
		return false
	}
	for _, id := range w.curve.metrics {
		if _, ok := c.Points[i].Values[id]; !ok {
			return false
		}
	}
	return true
}

// spreadOrder visits a ladder's ends first and then halves the gaps, so that a
// curve's shape shows early.
func spreadOrder(n int) []int {
	if n == 0 {
		return nil
	}
	order := []int{0}
	if n > 1 {
		order = append(order, n-1)
	}
	for step := n; step > 1; step = (step + 1) / 2 {
		for i := step / 2; i < n; i += max(step/2, 1) {
			if !slices.Contains(order, i) {
				order = append(order, i)
			}
		}
		if step == 2 {
			break
		}
	}
	return order
}

func (w *Workbench) nextCurve() *task {
	if w.curve.stopped {
		return nil
	}
	list, err := w.config.Tools.Metrics.Select(w.curve.metrics)
	if err != nil {
		return nil
	}
	for _, s := range w.curveSlots() {
		c := w.curveOf(s)
		for _, i := range spreadOrder(len(c.Qs)) {
			if !w.complete(c, i) {
				return w.curvePoint(s, c, i, list)
			}
		}
	}
	return nil
}

// curvePoint returns the task that computes what point i of a slot's curve lacks.
func (w *Workbench) curvePoint(s Slot, c *Curve, i int, list []metrics.Metric) *task {
	at := s
	if !math.IsNaN(c.Qs[i]) {
		at.Params = s.Params.WithQ(c.Qs[i])
	}
	job := pointJob{codec: w.codecOf(s), slot: at, picture: w.pictures.pic}
	if c.Points[i] != nil {
		job.have = c.Points[i].Values
	}
	for _, m := range list {
		if _, ok := job.have[m.Info().ID]; !ok {
			job.lacks = append(job.lacks, m)
		}
	}
	// A setting that was looked at needs no second encode, unless its times are poor.
	if known := w.cache.get(w.resultKey(at)); known != nil && !known.Beside {
		job.known, job.measured = known, maps.Clone(known.Values)
	}
	return &task{kind: curveTask, slot: s.Number, key: w.curveKey(s).String(), do: func(t *task) func() {
		start := time.Now()
		values, err := job.run(t.ctx)
		if errors.Is(err, context.Canceled) {
			return nil
		}
		took := time.Since(start)
		return func() {
			c.Errors[i] = err
			if err == nil {
				c.Points[i] = &rd.Point{Q: c.Qs[i], Values: values}
				c.took, c.runs = c.took+took, c.runs+1
			}
			w.forgetCurves()
			w.notify(Curves)
		}
	}}
}

// curveFailed marks the points of a curve whose codec broke down, so that they are
// not tried for ever.
func (w *Workbench) curveFailed(t *task, err error) {
	s, ok := w.Slot(t.slot)
	if !ok {
		return
	}
	c := w.curveOf(s)
	for i := range c.Qs {
		if c.Points[i] == nil {
			c.Errors[i] = err
		}
	}
	w.notify(Curves)
}

// maxCurves bounds how many curves are remembered over pictures and settings.
const maxCurves = 400

// forgetCurves drops curves of other pictures once there are many.
func (w *Workbench) forgetCurves() {
	if len(w.curves) <= maxCurves || w.pictures.pic == nil {
		return
	}
	for k := range w.curves {
		if k.picture != w.pictures.pic.Hash() {
			delete(w.curves, k)
		}
	}
}

// CurveProgress says how far the curves of the current picture are.
type CurveProgress struct {
	Done, Total int
	Left        time.Duration // an estimate; 0 while there is nothing to judge by
	Stopped     bool          // by the user
}

// CurveProgress returns how far the curves of the current picture are.
func (w *Workbench) CurveProgress() CurveProgress {
	p := CurveProgress{Stopped: w.curve.stopped}
	if w.pictures.pic == nil {
		return p
	}
	var took time.Duration
	runs := 0
	type rest struct {
		c    *Curve
		left int
	}
	var open []rest
	for _, s := range w.curveSlots() {
		c := w.curveOf(s)
		left := 0
		for i := range c.Qs {
			if !w.complete(c, i) {
				left++
			}
		}
		p.Total += len(c.Qs)
		p.Done += len(c.Qs) - left
		took, runs = took+c.took, runs+c.runs
		open = append(open, rest{c, left})
	}
	if runs == 0 {
		return p
	}
	for _, r := range open {
		each := took / time.Duration(runs)
		if r.c.runs > 0 {
			each = r.c.took / time.Duration(r.c.runs)
		}
		p.Left += time.Duration(r.left) * each
	}
	return p
}

// StopCurves stops the filling of curves, or lets it go on.
func (w *Workbench) StopCurves(stop bool) {
	if w.curve.stopped == stop {
		return
	}
	w.curve.stopped = stop
	w.notify(Progress)
	w.schedule()
}

// CurveSet returns the curves of the current picture as rd.Curves, named as on the
// command line, for figures and files.
func (w *Workbench) CurveSet() (curves []rd.Curve, numbers []int) {
	if w.pictures.pic == nil {
		return nil, nil
	}
	slots := w.curveSlots()
	slices.SortFunc(slots, func(a, b Slot) int { return a.Number - b.Number })
	for _, s := range slots {
		info, _ := w.Info(s)
		points := w.curveOf(s).Finished()
		c := rd.Curve{Name: w.specName(s), Description: info.Name, Points: points,
			Images: []rd.ImageCurve{{Name: w.pictures.pic.Source().Name, Hash: w.pictures.pic.Hash().String(), Points: points}},
			Meta: map[string]any{"program": w.config.Program, "codec": info.ID, "codec_version": info.Version,
				"machine": sweep.Machine(), "timing": "one job at a time, single runs"}}
		curves, numbers = append(curves, c), append(numbers, s.Number)
	}
	return curves, numbers
}

// specName is the candidate's SPEC without its range: its codec and the parameters
// that are not at their defaults.
func (w *Workbench) specName(s Slot) string {
	info, _ := w.Info(s)
	spec := sweep.Spec{Codec: info.ID, Params: codecs.Params{}}
	for _, p := range info.Params {
		if v := s.Params[p.Name]; v != p.Default {
			spec.Params[p.Name] = v
		}
	}
	return spec.Name()
}
