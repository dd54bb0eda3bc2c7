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
	near    *Entry   // another picture of the set that is kept for its points
	pic     *picture.Picture
	peek    peek
}

// curveKey returns the key of the curve that a slot lies on, on the current picture.
func (w *Workbench) curveKey(s Slot) curveKey {
	var hash picture.Hash
	if w.pictures.pic != nil {
		hash = w.pictures.pic.Hash()
	}
	return w.curveKeyOn(s, hash)
}

func (w *Workbench) curveKeyOn(s Slot, hash picture.Hash) curveKey {
	info, _ := w.Info(s)
	rest := make(codecs.Params, len(s.Params))
	for k, v := range s.Params {
		if k != "q" {
			rest[k] = v
		}
	}
	return curveKey{picture: hash, codec: strings.Join([]string{info.ID, codecs.FormatNumber(float64(info.Version)), info.Fingerprint()}, " "), params: rest.String()}
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

func (w *Workbench) curveOf(s Slot) *Curve { return w.curveAt(s, w.curveKey(s)) }

// curveAt returns the curve of a key, that is of the slot's.
func (w *Workbench) curveAt(s Slot, key curveKey) *Curve {
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
		if _, ok := c.Points[i].Values[id]; ok {
			continue
		}
		if _, err := w.config.Tools.Metrics.Metric(id); err == nil { // else only files have it
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

// nextCurve returns the most urgent work on curves: a point that the mouse is on, the
// current picture's curves, then those of the other pictures where a mean is wanted.
func (w *Workbench) nextCurve() *task {
	if t := w.nextPeek(); t != nil {
		return t
	}
	if w.curve.stopped {
		return nil
	}
	list, _ := w.known(w.curve.metrics)
	slots := w.curveSlots()
	if s, c, ok := w.leastDone(slots); ok {
		return w.nextPoint(s, c, w.pictures.pic, list)
	}
	return w.nextOfSet(slots, list)
}

// leastDone returns the current picture's curve that lacks the largest share of its
// points, of equal ones the first, so that all grow together.
func (w *Workbench) leastDone(slots []Slot) (slot Slot, curve *Curve, ok bool) {
	least := 1.
	for _, s := range slots {
		c := w.curveOf(s)
		done := 0
		for i := range c.Qs {
			if w.complete(c, i) {
				done++
			}
		}
		if share := float64(done) / float64(len(c.Qs)); share < least {
			least, slot, curve, ok = share, s, c, true
		}
	}
	return slot, curve, ok
}

// nextPoint returns the task of a curve's next point; nil where it is complete.
func (w *Workbench) nextPoint(s Slot, c *Curve, p *picture.Picture, list []metrics.Metric) *task {
	for _, i := range spreadOrder(len(c.Qs)) {
		if !w.complete(c, i) {
			return w.curvePoint(s, c, i, p, list)
		}
	}
	return nil
}

// curvePoint returns the task that computes what point i of a slot's curve lacks.
func (w *Workbench) curvePoint(s Slot, c *Curve, i int, p *picture.Picture, list []metrics.Metric) *task {
	at := s
	if !math.IsNaN(c.Qs[i]) {
		at.Params = s.Params.WithQ(c.Qs[i])
	}
	job := pointJob{codec: w.codecOf(s), slot: at, picture: p}
	if c.Points[i] != nil {
		job.have = c.Points[i].Values
	}
	for _, m := range list {
		if _, ok := job.have[m.Info().ID]; !ok {
			job.lacks = append(job.lacks, m)
		}
	}
	// A setting that was looked at needs no second encode, unless its times are poor.
	if known := w.cache.get(w.resultKey(at)); known != nil && !known.Beside && p == w.pictures.pic {
		job.known, job.measured = known, maps.Clone(known.Values)
	}
	return &task{kind: curveTask, slot: s.Number, key: w.curveKeyOn(s, p.Hash()).String(), do: func(t *task) func() {
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
	c := w.curveWithKey(t.key)
	if c == nil {
		w.peekFailed(t)
		return
	}
	for i := range c.Qs {
		if c.Points[i] == nil {
			c.Errors[i] = err
		}
	}
	w.notify(Curves)
}

// maxCurves bounds how many curves are remembered over pictures and settings.
const maxCurves = 4000

// forgetCurves drops curves of other pictures once there are many.
func (w *Workbench) forgetCurves() {
	if len(w.curves) <= maxCurves || w.pictures.pic == nil {
		return
	}
	set := map[picture.Hash]bool{w.pictures.pic.Hash(): true}
	for _, e := range w.curveEntries() {
		set[e.hash] = true
	}
	for k := range w.curves {
		if !set[k.picture] {
			delete(w.curves, k)
		}
	}
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
