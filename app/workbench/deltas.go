package workbench

import (
	"context"
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"strings"

	"codecworkbench/metrics"
	"codecworkbench/metrics/rd"
)

// Comparison is a curve against the anchor, over one metric.
type Comparison struct {
	rd.Delta
	Plotted Plotted
	// Usual is the BD-rate under the usual convention: what the chosen one changes; NaN
	// where there is none.
	Usual float64
	// Unknown: nobody knows whether the two were measured on the same pictures.
	Unknown bool
	// Waiting: the interval is being computed.
	Waiting bool
	job     *intervalJob // that computes it
}

// finished returns the deltas with their intervals, computing those that are not there;
// it may be called from any goroutine.
func finished(list []Comparison) []rd.Delta {
	out := make([]rd.Delta, len(list))
	for i, c := range list {
		if c.job != nil {
			if d, err := c.job.run(context.Background()); err == nil {
				c.take(d)
			}
		}
		out[i] = c.Delta
	}
	return out
}

// take adds what a delta with an interval knows more.
func (c *Comparison) take(d rd.Delta) {
	c.Low, c.High, c.Images = d.Low, d.High, d.Images
	if d.Images == 0 {
		c.Note = d.Note
	}
	c.Waiting, c.job = false, nil
}

// intervals are the bootstrap intervals that are known or being computed.
type intervals struct {
	known  map[string]rd.Delta // by what they follow from
	wanted string              // the keys of what is computed now
	cancel context.CancelFunc
}

// maxIntervals bounds how many are remembered.
const maxIntervals = 2000

// intervalLevel is the level of the intervals of BD-rates.
const intervalLevel = 0.95

// Deltas compares the shown curves with the anchor over a metric, in the order of
// Plotted without the anchor.
func (w *Workbench) Deltas(m metrics.Info) []Comparison {
	return w.Compare(w.Plotted(), m)[0]
}

// Compare compares curves with the anchor among them over each metric. Intervals are
// computed on another goroutine and come later.
func (w *Workbench) Compare(list []Plotted, over ...metrics.Info) [][]Comparison {
	out := make([][]Comparison, len(over))
	at := slices.IndexFunc(list, func(p Plotted) bool { return p.Curve.Name == w.anchorOf(list) })
	if at < 0 {
		return out
	}
	o := w.setup.Plot.Convention()
	var jobs []intervalJob
	for k, m := range over {
		for i, p := range list {
			if i == at {
				continue
			}
			c := w.compare(list[at], p, m, o)
			if !math.IsNaN(c.Percent) && len(p.Curve.Images) > 1 && len(list[at].Curve.Images) > 1 {
				job := intervalJob{list[at].Curve, p.Curve, m, o, intervalKey(list[at].Curve, p.Curve, m, o)}
				if d, ok := w.library.intervals.known[job.key]; ok {
					c.take(d)
				} else {
					c.Waiting, c.job = true, &job
					jobs = append(jobs, job)
				}
			}
			out[k] = append(out[k], c)
		}
	}
	w.computeIntervals(jobs)
	return out
}

// compare is one comparison without its interval.
func (w *Workbench) compare(anchor, test Plotted, m metrics.Info, o rd.Convention) Comparison {
	nan := math.NaN()
	if o.Method == "" {
		o.Method = rd.PCHIP
	}
	c := Comparison{Plotted: test, Usual: nan, Delta: rd.Delta{Anchor: anchor.Curve.Name, Test: test.Curve.Name, Metric: m.ID, Method: o.Method,
		Percent: nan, Quality: nan, Overlap: nan, Low: nan, High: nan}}
	if c.Note = w.otherPictures(anchor, test); c.Note != "" {
		return c
	}
	for _, p := range []Plotted{test, anchor} {
		if xys, _ := rd.XYs(p.Curve.Points, m); len(xys) == 0 {
			c.Note = fmt.Sprintf("%s has no %s", p.Curve.Name, m.Name)
			return c
		}
	}
	options := rd.Options{Draws: -1, Method: o.Method, Mean: o.Mean()}
	d, err := rd.Compare(context.Background(), anchor.Curve, test.Curve, m, options)
	if err != nil {
		return c
	}
	c.Delta = d
	if !o.Usual() {
		if u, err := rd.Compare(context.Background(), anchor.measured, test.measured, m, rd.Options{Draws: -1}); err == nil {
			c.Usual = u.Percent
		}
	}
	named := strings.NewReplacer("the anchor curve", anchor.Curve.Name, "the test curve", test.Curve.Name).Replace(c.Note)
	c.Unknown = (w.on(anchor) == "") != (w.on(test) == "")
	if c.Unknown {
		named = strings.TrimPrefix(named+"; on unknown pictures", "; ")
	}
	c.Note = strings.Join(slices.DeleteFunc([]string{named, test.Note}, func(s string) bool { return s == "" }), "; ")
	return c
}

type intervalJob struct {
	anchor, test rd.Curve
	metric       metrics.Info
	convention   rd.Convention
	key          string
}

func (j *intervalJob) run(ctx context.Context) (rd.Delta, error) {
	return rd.Compare(ctx, j.anchor, j.test, j.metric, rd.Options{Method: j.convention.Method, Mean: j.convention.Mean(), Level: intervalLevel})
}

// intervalKey changes with everything that an interval follows from.
func intervalKey(a, t rd.Curve, m metrics.Info, o rd.Convention) string {
	h := fnv.New128a()
	for _, c := range []rd.Curve{a, t} {
		for _, image := range c.Images {
			fmt.Fprint(h, image.Name, image.Hash)
			for _, p := range image.Points {
				fmt.Fprint(h, math.Float64bits(p.Values[rd.KeyBPP]), math.Float64bits(p.Values[m.ID]), " ")
			}
		}
	}
	return fmt.Sprintf("%x %s %s %t", h.Sum(nil), m.ID, o.Method, o.PSNRofMeanMSE)
}

// computeIntervals computes what is not known yet, in place of what was computed until
// now.
func (w *Workbench) computeIntervals(jobs []intervalJob) {
	var wanted strings.Builder
	for _, j := range jobs {
		wanted.WriteString(j.key + "\n")
	}
	s := &w.library.intervals
	if s.wanted == wanted.String() {
		return
	}
	if s.cancel != nil {
		s.cancel()
	}
	s.wanted = wanted.String()
	if len(jobs) == 0 || w.closed {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	go func() {
		defer cancel()
		for _, j := range jobs {
			d, err := j.run(ctx)
			if err != nil {
				return
			}
			w.config.Post(func() { w.intervalKnown(j.key, d) })
		}
	}()
}

func (w *Workbench) intervalKnown(key string, d rd.Delta) {
	if w.closed {
		return
	}
	if w.library.intervals.known == nil || len(w.library.intervals.known) >= maxIntervals {
		w.library.intervals.known = map[string]rd.Delta{}
	}
	w.library.intervals.known[key] = d
	w.notify(Curves)
}

// noteworthy is the change in percent from which a sentence says more than "the same".
const noteworthy = 0.5

// CurveSentence says what a comparison means: of the curve that saves most, or else of
// the one that costs least more; and where none can be compared, why not.
func (w *Workbench) CurveSentence(m metrics.Info, list []Comparison) []Span {
	var best *Comparison
	for i, c := range list {
		if !math.IsNaN(c.Percent) && (best == nil || c.Percent < best.Percent) {
			best = &list[i]
		}
	}
	if best == nil {
		for _, c := range list {
			if c.Note != "" {
				return []Span{{Text: "No BD-rate for "}, {c.Test, true}, {Text: " against " + c.Anchor + ": " + strings.TrimPrefix(c.Note, "refused: ") + "."}}
			}
		}
		return nil
	}
	spans := []Span{{Text: "For equal " + m.Name + " "}, {best.Test, true}, {Text: " needs "}}
	word := "fewer"
	if best.Percent > 0 {
		word = "more"
	}
	if math.Abs(best.Percent) < noteworthy {
		spans = append(spans, Span{"the same bits", true}, Span{Text: " as " + best.Anchor})
	} else {
		spans = append(spans, Span{fmt.Sprintf("%.1f %% %s bits", math.Abs(best.Percent), word), true}, Span{Text: " than " + best.Anchor})
	}
	if best.Images > 0 {
		lo, hi := math.Abs(best.Low), math.Abs(best.High)
		switch {
		case best.Low < 0 && best.High > 0:
			spans = append(spans, Span{Text: fmt.Sprintf(" (95 %% interval %+.1f to %+.1f %%: it may be none)", best.Low, best.High)})
		default:
			spans = append(spans, Span{Text: fmt.Sprintf(" (95 %% interval %.1f to %.1f)", min(lo, hi), max(lo, hi))})
		}
	}
	if best.Unknown {
		return append(spans, Span{Text: ", if both were measured on the same pictures."})
	}
	return append(spans, Span{Text: "."})
}
